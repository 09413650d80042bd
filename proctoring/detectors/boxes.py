"""Boxes around faces: how two of them relate, and what belongs to one."""

from proctoring.types import Box

CELLS_ACROSS, CELLS_DOWN = 16, 9


def body(box: Box) -> tuple[Box, Box]:
    """Where the rest of somebody with this face is: the head, and below it the shoulders."""
    middle, chin = box.x + box.width / 2, box.y + box.height
    head = Box(middle - 1.1 * box.width, box.y - 0.8 * box.height, 2.2 * box.width, 1.9 * box.height)
    torso = Box(middle - 1.5 * box.width, chin - 0.2 * box.height, 3.0 * box.width, max(0.0, 1.2 - chin))
    return head, torso


def grown(box: Box) -> Box:
    """A little more than the face, so that at least one cell of a 16 x 9 grid has its centre in it."""
    width, height = max(box.width, 1.1 / CELLS_ACROSS), max(box.height, 1.1 / CELLS_DOWN)
    return Box(box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height)


def near(first: Box, second: Box) -> bool:
    """Whether two boxes can be one face in two pictures."""
    off_x = abs(first.x + first.width / 2 - second.x - second.width / 2)
    off_y = abs(first.y + first.height / 2 - second.y - second.height / 2)
    width, height = max(first.width, second.width), max(first.height, second.height)
    return off_x < 0.8 * width and off_y < 0.8 * height and width < 2.5 * min(first.width, second.width)


def centered_in(inner: Box, outer: Box) -> bool:
    """A vague face within a known one is what is left of it, not somebody else."""
    x, y = inner.x + inner.width / 2 - outer.x, inner.y + inner.height / 2 - outer.y
    return 0 <= x <= outer.width and 0 <= y <= outer.height


def rounded(box: Box) -> Box:
    """As it is told: a tenth of a pixel of a 720p picture."""
    return Box(round(box.x, 4), round(box.y, 4), round(box.width, 4), round(box.height, 4))
