"""Progress for people at a terminal; elsewhere steps only print what they did."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(items: Iterable[T], total: int, title: str) -> Iterator[T]:
    """Yield the items, drawing a bar on standard error while it is a terminal."""
    yield from tqdm(items, total=total, desc=title, leave=False, disable=not sys.stderr.isatty())
