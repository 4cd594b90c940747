"""What a compiled model may cost at most. Imports nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``max_params``: a larger model is refused, before the memory for it is taken. ``max_width``:
    a hidden layer's function of more neurons is computed in steps instead, by more layers."""

    max_params: int = 200_000_000
    max_width: int = 20_000


DEFAULT = Limits()
#: More weights than this, zeros aside, are not worked out: each takes a few hundred bytes.
MOST_WEIGHTS = 8_000_000
