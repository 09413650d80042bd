"""Which camera names belong to programs that make a picture instead of filming one."""

import re

_NAMES = (
    r"obs[ -]?(virtual|camera)",
    r"obs-camera",
    r"virtual[ -]?cam",
    r"manycam",
    r"xsplit",
    r"snap camera",
    r"e2esoft",
    r"vcam\b",
    r"splitcam",
    r"sparkocam",
    r"altercam",
    r"fakewebcam",
    r"webcamoid",
    r"youcam",
    r"chromacam",
    r"mmhmm",
    r"prism live",
    r"camtwist",
    r"nvidia broadcast",
    r"v4l2 ?loopback",
    r"dummy video device",
    r"iriun|droidcam|epoccam|ivcam",  # a phone as camera: its app can show anything
    r"deepfacelive|avatarify",
)
_VIRTUAL = re.compile("|".join(_NAMES), re.IGNORECASE)


def is_virtual_camera(label: str) -> bool:
    """Whether a camera that calls itself so is known to be a program; a renamed one is not noticed."""
    return _VIRTUAL.search(label) is not None
