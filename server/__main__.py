"""`python -m server` is the command `viva`."""

import sys

from server.cli import main

sys.exit(main())
