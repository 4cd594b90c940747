"""``raspc verify``: a compiled model against the interpreter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    pass

Backend = Literal["numpy", "jax"]


def is_model(file: str) -> bool:
    """Whether a file is meant as a compiled model rather than as a program."""
    path = Path(file)
    if path.suffix == ".npz":
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(2) == b"PK"
    except (OSError, ValueError):
        return False
