"""``raspc apply``: a compiled model on one input."""

from __future__ import annotations

from typing import Literal

from raspc.answer import Answer
from raspc.values import sequence_json, sequence_text


def apply_model(path: str, text: str, backend: Literal["numpy", "jax"]) -> Answer:
    """Run a model on an INPUT; one line an output."""
    from rasp_lang.transformer.model import load_model

    from rasp_lang.head import parse_input

    model = load_model(path, backend=backend)
    answer = model(parse_input(text, model.vocabulary))
    if isinstance(answer, dict):
        lines = [f"{name}: {sequence_text(values)}" for name, values in answer.items()]
        return Answer(
            "\n".join(lines), {name: sequence_json(values) for name, values in answer.items()}
        )
    return Answer(sequence_text(answer), sequence_json(answer))
