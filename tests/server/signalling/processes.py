"""The processes our own process has started."""

from contextlib import suppress

import psutil


def children(word: str) -> list[psutil.Process]:
    """Those whose command line holds this word; a dead one that waits to be reaped has no command line."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if any(word in part for part in child.cmdline()):
                found.append(child)
    return found
