"""``raspc apply``: a compiled model on one input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rasp_lang.display import plain_text
from rasp_lang.results import Values, to_json
from raspc.answer import Answer

if TYPE_CHECKING:
    from rasp_lang.graph import Atom


def apply_model(path: str, text: str, backend: Literal["numpy", "jax"]) -> Answer:
    """Run a model on an INPUT. Several outputs are told apart by their names."""
    from rasp_lang.inputs import parse_input
    from rasp_lang.transformer import npz
    from rasp_lang.transformer.model import Model

    model = Model(npz.read(path), backend)
    decoded = model(list(parse_input(text, model.vocabulary)))
    if isinstance(decoded, dict):
        lines = [f"{name}: {plain_text(values)}" for name, values in decoded.items()]
        return Answer("\n".join(lines), {name: _json(values) for name, values in decoded.items()})
    return Answer(plain_text(decoded), _json(decoded))


def _json(values: list[Atom]) -> dict[str, object]:
    return to_json(Values(tuple(values)))
