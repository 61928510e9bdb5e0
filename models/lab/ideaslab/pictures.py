"""Measures of pictures and their perceptual hash, by the definitions of internal/picture.

The Go program measures what founders upload; this module measures the pictures
of a data set, so that the launch-time head learns from the numbers that it will
meet. `internal/picture/testdata/measures.jsonl` holds both to the same values:
equal pixels give equal hashes and measures to a relative 1e-6. Files of lossy
formats may decode to pixels that differ by a level, and then measures differ in
the third digit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.fft import dct

from .metrics import Floats

WORK_SIDE = 512  # most pixels in each direction of what is measured
HASH_SIDE, HASH_BANDS = 32, 8
MARGIN = 1.0  # grey levels
EVEN_LUMA = 1.0
FLAT_SIDE, FLAT_LUMA = 8, 2.0
ALIKE = 18  # most bits that differ between nearly equal pictures

FEATURES = (
    "log_megapixels", "log_aspect", "log_sharpness", "brightness", "contrast",
    "colourfulness", "saturation", "entropy", "flat",
)


@dataclass(frozen=True)
class Measures:
    """What there is to say about a picture in numbers; ranges as in internal/picture."""

    width: int
    height: int
    sharpness: float
    brightness: float
    contrast: float
    colourfulness: float
    saturation: float
    entropy: float
    flat: float
    hash: str

    def features(self) -> list[float]:
        """Return the launch-time features, in the order of FEATURES."""
        if self.width <= 0 or self.height <= 0:
            return [0.0] * len(FEATURES)
        return [
            math.log1p(self.width * self.height / 1e6), math.log(self.width / self.height), math.log1p(self.sharpness),
            self.brightness, self.contrast, self.colourfulness / 100, self.saturation, self.entropy, self.flat,
        ]


def mean_features(pictures: Sequence[Measures]) -> Floats:
    """Return the mean of several pictures' features; zeros where there is none."""
    if not pictures:
        return np.zeros(len(FEATURES))
    return np.asarray(np.mean([p.features() for p in pictures], axis=0), dtype=np.float64)


def cover(length: int, parts: int) -> Floats:
    """Return the matrix [parts, length] that averages a line of pixels by area into equal parts."""
    size = length / parts
    edges = np.arange(parts + 1) * size
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(length)[None, :]
    covered = np.minimum(right, pixel + 1) - np.maximum(left, pixel)
    return np.asarray(np.clip(covered, 0, None) / size, dtype=np.float64)


def resized(plane: Floats, width: int, height: int) -> Floats:
    """Average a plane [h, w] or picture [h, w, 3] into another size."""
    rows, columns = cover(plane.shape[0], height), cover(plane.shape[1], width)
    return np.asarray(np.einsum("ya,ab...,xb->yx...", rows, plane, columns, optimize=True), dtype=np.float64)


def measure(pixels: Floats) -> Measures:
    """Measure a picture of red, green and blue [height, width, 3] in 0..255."""
    height, width = pixels.shape[:2]
    scale = min(1.0, WORK_SIDE / max(width, height))
    small = resized(pixels.astype(np.float64), _shorter(width, scale), _shorter(height, scale))
    grey = luma(small)
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    most = small.max(axis=2)
    saturated = np.where(most > 0, (most - small.min(axis=2)) / np.where(most > 0, most, 1), 0)
    return Measures(
        width=width, height=height, sharpness=_sharpness(grey),
        brightness=float(grey.mean() / 255), contrast=float(grey.std() / 255),
        colourfulness=float(
            math.hypot(red_green.std(), yellow_blue.std()) + 0.3 * math.hypot(red_green.mean(), yellow_blue.mean())
        ),
        saturation=float(saturated.mean()), entropy=_entropy(grey), flat=_flat(grey), hash=perceptual_hash(grey),
    )


def measure_file(path: Path) -> Measures:
    """Measure a picture file; transparent parts are white, as on a page."""
    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return measure(np.asarray(Image.alpha_composite(white, picture).convert("RGB"), dtype=np.float64))


def luma(pixels: Floats) -> Floats:
    """Return the luma [h, w] of a picture [h, w, 3]: Rec. ITU-R BT.601."""
    return np.asarray(0.299 * pixels[..., 0] + 0.587 * pixels[..., 1] + 0.114 * pixels[..., 2], dtype=np.float64)


def perceptual_hash(grey: Floats) -> str:
    """Return the hash of a picture's luma as 32 hexadecimal digits, "" when it is too even."""
    waves = dct(dct(resized(grey, HASH_SIDE, HASH_SIDE), axis=0, norm="ortho"), axis=1, norm="ortho")
    strong = waves[1 : HASH_BANDS + 1, 1 : HASH_BANDS + 1].ravel()
    if math.sqrt(float((strong**2).sum())) / HASH_SIDE < EVEN_LUMA:
        return ""
    small = resized(grey, HASH_BANDS + 1, HASH_BANDS)
    bits = np.concatenate([strong > np.median(strong) + MARGIN, (small[:, 1:] > small[:, :-1] + MARGIN).ravel()])
    return bytes(np.packbits(bits)).hex()


def distance(one: str, other: str) -> int:
    """Return the number of bits in which two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _shorter(length: int, scale: float) -> int:
    return max(1, int(length * scale + 0.5))


def _sharpness(grey: Floats) -> float:
    if min(grey.shape) < 3:
        return 0.0
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * grey[1:-1, 1:-1]).var())


def _entropy(grey: Floats) -> float:
    count = np.bincount(np.clip((grey + 0.5).astype(int), 0, 255).ravel(), minlength=256)
    share = count[count > 0] / grey.size
    return max(0.0, float(-(share * np.log2(share)).sum()))


def _flat(grey: Floats) -> float:
    area = 0
    for top in range(0, grey.shape[0], FLAT_SIDE):
        for left in range(0, grey.shape[1], FLAT_SIDE):
            tile = grey[top : top + FLAT_SIDE, left : left + FLAT_SIDE]
            if tile.var() < FLAT_LUMA**2:
                area += tile.size
    return area / grey.size


# Pictures for the golden values, made from whole numbers so that both languages make the same:
# name, width, height.
GOLDEN = (
    ("ramp", 300, 200), ("board", 64, 48), ("plaid", 700, 333), ("tower", 3, 50), ("noise", 97, 61),
    ("dot", 1, 1), ("panorama", 1900, 40),
)


def golden_pixels(name: str, width: int, height: int) -> Floats:
    """Return the pixels [height, width, 3] of one golden picture."""
    y, x = np.mgrid[0:height, 0:width]
    channels = {
        "ramp": (x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)),
        "board": ((x // 8 + y // 8) % 2 * 255, (x // 8 + y // 8) % 2 * 200, (x // 16) % 2 * 90),
        "plaid": (x * x // 50 % 256, (x * 3 + y * y // 40) % 256, x * y // 300 % 256),
        "tower": (y * 5 % 256, y * y % 256, x * 80),
        "noise": ((x * 7919 + y * 104729) % 251, (x * x * 31 + y * 17) % 241, (x * y * 13 + 5 * x) % 239),
        "dot": (x + 12, x + 200, x + 90),
        "panorama": (x // 8 % 256, (x // 25 * 37 + y) % 256, y * 6 % 256),
    }[name]
    return np.stack([np.broadcast_to(c, x.shape) for c in channels], axis=2).astype(np.float64)


def golden() -> str:
    """Return the golden file's text: one picture a line."""
    lines = [
        json.dumps({"picture": name, **asdict(measure(golden_pixels(name, w, h)))}, sort_keys=True)
        for name, w, h in GOLDEN
    ]
    return "\n".join(lines) + "\n"
