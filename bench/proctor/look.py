"""How somebody looks, and what their face does."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

Tone = Literal["very light", "light", "intermediate", "tan", "brown", "dark"]
TONES: dict[Tone, tuple[float, float, float]] = {
    "very light": (77, 9, 13),
    "light": (70, 11, 17),
    "intermediate": (62, 12, 18.5),
    "tan": (54, 13, 19),
    "brown": (42, 12, 16),
    "dark": (28, 9, 10),
}
"""CIELAB of the cheeks. ITA = atan((L - 50) / b): 64, 50, 33, 12, -27 and -66 degrees, each inside its class
after Chardon et al. (1991), whose bounds are 55, 41, 28, 10 and -30."""
HAIR: tuple[tuple[float, float, float], ...] = (
    (16, 1, 2),
    (26, 5, 8),
    (38, 8, 18),
    (52, 7, 27),
    (60, 0, 3),
    (33, 18, 22),
)
CLOTHES = ((45, -4, -26), (30, 2, -8), (62, 2, 4), (40, 30, 18), (50, -18, 14), (24, 0, 0), (72, 0, 14))


@dataclass(frozen=True)
class Look:
    """What makes one person differ from the next; lengths relative to the face of the picture.

    `photo` is the file the face is taken from; without one it is the astronaut's, in other colours.
    """

    tone: Tone = "light"
    hair: int = 2
    clothes: int = 0
    wide: float = 1.0
    tall: float = 1.0
    jaw: float = 0.0
    nose: float = 0.0
    eyes: float = 0.0
    mirrored: bool = False
    glasses: bool = False
    mask: bool = False
    photo: str = ""

    @staticmethod
    def of_photo(file: str, seed: int) -> "Look":
        """The person in a photograph, in some clothes; face, skin and hair are the photograph's."""
        rng = np.random.default_rng(seed)
        return Look(clothes=int(rng.integers(len(CLOTHES))), mirrored=bool(rng.random() < 0.5), photo=file)

    @staticmethod
    def random(seed: int, **given: Any) -> "Look":
        """Somebody; the same seed is the same person."""
        rng = np.random.default_rng(seed)
        tone: Tone = list(TONES)[int(rng.integers(len(TONES)))]
        dark = list(TONES).index(tone) >= 4
        look = Look(
            tone=tone,
            hair=int(rng.integers(0, 2 if dark else len(HAIR))),
            clothes=int(rng.integers(len(CLOTHES))),
            wide=float(rng.uniform(0.93, 1.08)),
            tall=float(rng.uniform(0.94, 1.08)),
            jaw=float(rng.uniform(-0.10, 0.12)),
            nose=float(rng.uniform(-0.15, 0.22)),
            eyes=float(rng.uniform(-0.12, 0.14)),
            mirrored=bool(rng.random() < 0.5),
            glasses=bool(rng.random() < 0.3),
        )
        return replace(look, **given)


@dataclass(frozen=True)
class Expression:
    """Eyelids (0 open, 1 shut), mouth (0 as it is, 1, 2 open) and gaze (-2..2 steps to the side)."""

    lids: int = 0
    mouth: int = 0
    gaze: int = 0
