"""Frames in, proctoring incidents out: a library that knows nothing of the server."""
