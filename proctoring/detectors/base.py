"""What a stream's eyes need of a detector."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from proctoring.detectors.landmarks import Landmarker
from proctoring.detectors.picture import Picture
from proctoring.detectors.textures import KnownTextures
from proctoring.types import Box, Face


class Detector(Protocol):
    """Finds faces in one picture at a time; not thread-safe, to be closed when done."""

    @property
    def name(self) -> str:
        """Stored with every incident as `detector`."""

    @property
    def model_version(self) -> str:
        """Stored with every incident as `model_version`."""

    @property
    def landmarks(self) -> Landmarker:
        """Looks at one face more closely."""

    def detect(
        self,
        picture: Picture,
        known: KnownTextures | None = None,
        expected: Iterable[Box] = (),
        settled: Sequence[Box] = (),
    ) -> tuple[Face, ...]:
        """Faces in descending order of score; `known` is the stream's memory of what is no face."""

    def search(
        self, picture: Picture, square: tuple[float, float, int], known: KnownTextures
    ) -> tuple[Face, ...]:
        """Small faces in a square of the picture: centre (relative) and side (px)."""

    def close(self) -> None:
        """Free the native parts; idempotent."""
