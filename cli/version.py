"""Which raspc this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def version() -> str:
    """The version that is installed; ``(not installed)`` when run from a bare checkout."""
    try:
        return version_of("raspc")
    except PackageNotFoundError:
        return "(not installed)"
