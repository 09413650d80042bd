"""`python3 -m tools.bootstrap run|test|e2e|bench|check|lock`: see Makefile.

The first lines run on any Python 3, to find one that is new enough; the rest needs that one.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWEST = 14


def main():  # type: ignore[no-untyped-def]
    """Hand over to a Python that is new enough, or say which one is missing."""
    if sys.version_info >= OLDEST:
        from tools.bootstrap.steps import main as prepare

        return prepare(sys.argv[1:])
    for minor in range(NEWEST, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, "-m", "tools.bootstrap", *sys.argv[1:]])
    sys.stderr.write(
        f"viva: Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]} "
        f"and there is no python3.11 to python3.{NEWEST} on PATH.\n"
        "      Debian 12 and Ubuntu 24.04 have one: apt-get install python3 python3-venv\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[no-untyped-call]
