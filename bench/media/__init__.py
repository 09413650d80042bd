"""What recording and forwarding cost; see `python -m bench.media --help`."""
