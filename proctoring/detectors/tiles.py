"""Squares of a picture that are searched for small faces: after motion first, the others in turn."""

import math
from dataclasses import dataclass

import numpy as np

from proctoring.detectors.changes import Moving, inside
from proctoring.types import Box

TILE_PX = 480
"""A face of 60 px is 24 px wide for the model then, which is plenty in dim light too."""
OVERLAP_PX = 70
MAX_TILES = 12
STALE_MS = 60_000
COVERED_SHARE = 0.5

Square = tuple[float, float, int]
"""Centre, relative to the picture, and side in pixels."""


@dataclass(slots=True)
class _Tile:
    square: Square
    box: Box
    searched_ms: int | None = None
    changed: bool = True
    cells: Moving | None = None


class Tiles:
    """The squares of one stream's picture, and which of them have been searched since they changed."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        side = min(width, height, max(TILE_PX, max(width, height) // 3))
        across, down = _starts(width, side), _starts(height, side)
        self._tiles = [
            _Tile(
                ((x + side / 2) / width, (y + side / 2) / height, side),
                Box(x / width, y / height, side / width, side / height),
            )
            for y in down
            for x in across
        ][:MAX_TILES]

    def changed(self, moving: Moving) -> None:
        """Cells that moved where nobody is known: what covers them has to be searched again."""
        for tile in self._tiles:
            if tile.cells is None or tile.cells.shape != moving.shape:
                tile.cells = inside(moving, [tile.box])
            if not tile.changed and bool((tile.cells & moving).any()):
                tile.changed = True

    @property
    def unsearched(self) -> bool:
        """Whether there is a place nobody has looked at since it changed."""
        return any(tile.changed for tile in self._tiles)

    def next(self, faces: list[Box], offset_ms: int) -> Square | None:
        """The square to search next, changed ones first; None when faces fill them all."""
        open_tiles = [tile for tile in self._tiles if not _filled(tile, faces)]
        for tile in self._tiles:
            if _filled(tile, faces):
                tile.searched_ms, tile.changed = offset_ms, False
        if not open_tiles:
            return None
        tile = min(open_tiles, key=lambda each: (not each.changed, _age_key(each)))
        tile.searched_ms, tile.changed = offset_ms, False
        return tile.square

    def thorough(self, offset_ms: int) -> bool:
        """Whether all of the picture has been searched since it changed."""
        return all(
            not tile.changed
            and tile.searched_ms is not None
            and 0 <= offset_ms - tile.searched_ms <= STALE_MS
            for tile in self._tiles
        )


def around_motion(box: Box, width: int, height: int) -> Square:
    """The square that shows the head of whatever moves in the box."""
    side = round(min(width, height, max(0.75 * TILE_PX, min(TILE_PX, 1.2 * box.width * width))))
    center_x = box.x + box.width / 2
    center_y = box.y + min(box.height / 2, 0.4 * side / height)
    return _pulled_in(center_x, side / width), _pulled_in(center_y, side / height), side


def _pulled_in(center: float, share: float) -> float:
    return min(max(center, share / 2), 1 - share / 2)


def _age_key(tile: _Tile) -> float:
    return -math.inf if tile.searched_ms is None else tile.searched_ms


def _filled(tile: _Tile, faces: list[Box]) -> bool:
    return any(tile.box.intersection(face) > COVERED_SHARE * tile.box.area for face in faces)


def _starts(length: int, side: int) -> list[int]:
    count = 1 if length <= side else 1 + math.ceil((length - side) / (side - OVERLAP_PX))
    return [round(start) for start in np.linspace(0, length - side, count)]
