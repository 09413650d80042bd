"""A decoded picture as its three planes, converted only as far as somebody asks."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Rgb = NDArray[np.uint8]

ANALYSIS_SIDE = 320
"""The detectors' input is 192 or 128 px wide; a quarter of 720p loses nothing there and costs a third."""
SNAPSHOT_SIDE = 640
SNAPSHOT_QUALITY = 80
LUMA_BLACK, LUMA_RANGE = 16.0, 219.0


@dataclass(slots=True)
class Picture:
    """Planes of a YUV 4:2:0 picture in video range: `y` is height x width, `u`, `v` half as wide and high."""

    y: Plane
    u: Plane
    v: Plane
    _small: Rgb | None = field(default=None, init=False, repr=False)

    @classmethod
    def from_rgb(cls, rgb: Rgb) -> "Picture":
        """Build a picture from RGB (height x width x 3, even sides)."""
        height, width = rgb.shape[:2]
        flat = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), dtype=np.uint8).ravel()
        luma, quarter = width * height, width * height // 4
        half = (height // 2, width // 2)
        return cls(
            flat[:luma].reshape(height, width),
            flat[luma : luma + quarter].reshape(half),
            flat[luma + quarter :].reshape(half),
        )

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.y.shape[0])

    def small_rgb(self) -> Rgb:
        """The whole picture in RGB, its longer side at most ANALYSIS_SIDE px; computed once."""
        if self._small is None:
            width, height = fit(self.width, self.height, ANALYSIS_SIDE)
            self._small = _to_rgb(self.y, self.u, self.v, width, height)
        return self._small

    def square_rgb(self, center_x: float, center_y: float, side: int, out_side: int) -> Rgb:
        """A square around a relative point, `side` px of this picture scaled to `out_side`; black outside."""
        side = max(16, side + side % 2)
        left = 2 * round((center_x * self.width - side / 2) / 2)
        top = 2 * round((center_y * self.height - side / 2) / 2)
        y = _cut(self.y, left, top, side, int(LUMA_BLACK))
        u = _cut(self.u, left // 2, top // 2, side // 2, 128)
        v = _cut(self.v, left // 2, top // 2, side // 2, 128)
        return _to_rgb(y, u, v, out_side, out_side)

    def brightness(self) -> float:
        """Mean luma, 0 (black) to 1 (white)."""
        mean = float(self.y[::4, ::4].mean())
        return min(1.0, max(0.0, (mean - LUMA_BLACK) / LUMA_RANGE))

    def sharpness(self) -> float:
        """Variance of the Laplacian at 320 px, in green; near 0 for a blank or strongly blurred picture."""
        green = cv2.extractChannel(self.small_rgb(), 1)
        return float(cv2.meanStdDev(cv2.Laplacian(green, cv2.CV_16S))[1][0, 0] ** 2)

    def jpeg(self) -> bytes:
        """A JPEG at most SNAPSHOT_SIDE px on its longer side, nothing drawn on it."""
        width, height = fit(self.width, self.height, SNAPSHOT_SIDE)
        rgb = self.small_rgb()
        if (rgb.shape[1], rgb.shape[0]) != (width, height):
            rgb = _to_rgb(self.y, self.u, self.v, width, height)
        done, data = cv2.imencode(
            ".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, SNAPSHOT_QUALITY]
        )
        if not done:
            raise ValueError(f"a {width}x{height} picture could not be encoded")
        return data.tobytes()


def fit(width: int, height: int, longer_side: int) -> tuple[int, int]:
    """Even width and height with the same shape, the longer one at most `longer_side`."""
    scale = min(1.0, longer_side / max(width, height))
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))


def _to_rgb(y: Plane, u: Plane, v: Plane, width: int, height: int) -> Rgb:
    planes = [
        shrink(y, width, height),
        shrink(u, width // 2, height // 2),
        shrink(v, width // 2, height // 2),
    ]
    flat = np.concatenate([plane.ravel() for plane in planes]).reshape(height * 3 // 2, width)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_YUV2RGB_I420), dtype=np.uint8)


def shrink(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Scale to width and height: halved while it can be, then linear.

    Averaging areas by any other factor than two costs five times as much and shows the models nothing more.
    """
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        half = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        even = pixels[: 2 * half[1], : 2 * half[0]]
        pixels = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
    if pixels.shape[:2] != (height, width):
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return pixels


def _cut(plane: Plane, left: int, top: int, side: int, fill: int) -> Plane:
    out = np.full((side, side), fill, np.uint8)
    height, width = plane.shape
    x0, x1 = max(0, left), min(width, left + side)
    y0, y1 = max(0, top), min(height, top + side)
    if x0 < x1 and y0 < y1:
        out[y0 - top : y1 - top, x0 - left : x1 - left] = plane[y0:y1, x0:x1]
    return out
