"""The Python interface of a compiled model."""

import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_made_models import fractions, random_artifact, reverse_artifact, with_outputs

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom
from rasp_lang.transformer import npz
from rasp_lang.transformer.model import Backend, Model

BACKENDS: tuple[Backend, ...] = ("numpy", "jax")
both = pytest.mark.parametrize("backend", BACKENDS)


@both
def test_a_reversal_made_by_hand_reverses_every_input(backend: Backend) -> None:
    model = Model(reverse_artifact(), backend)
    inputs = [list(x) for n in range(1, 6) for x in itertools.product((1, 2, 3), repeat=n)]
    assert model.batch(inputs) == [x[::-1] for x in inputs]
    assert [model(x) for x in inputs[::60]] == [x[::-1] for x in inputs[::60]]


@both
def test_a_long_reversal_is_right_too(backend: Backend) -> None:
    model = Model(reverse_artifact("abc", 60), backend)
    draw = np.random.default_rng(0)
    inputs = ["".join(draw.choice(list("abc"), n)) for n in (60, 1, 33, 59)]
    assert model.batch(inputs) == [list(x[::-1]) for x in inputs]


@both
@pytest.mark.parametrize("causal", [False, True])
def test_an_input_has_the_same_answer_alone_and_among_longer_ones(
    backend: Backend, causal: bool
) -> None:
    model = Model(random_artifact(causal=causal), backend)
    inputs = ["".join(x) for n in (1, 2, 3, 7) for x in itertools.product("abc", repeat=n)][::40]
    together = model.batch(inputs)
    assert together == [model(x) for x in inputs]
    assert len({str(answer["kind"]) for answer in together}) > 10
    assert [len(answer["fraction"]) for answer in together] == [len(x) for x in inputs]


def test_both_backends_give_the_same_answers() -> None:
    inputs = ["".join(x) for x in itertools.product("abc", repeat=5)]
    for seed in range(3):
        answers = [Model(random_artifact(seed), backend).batch(inputs) for backend in BACKENDS]
        assert answers[0] == answers[1]


@both
def test_large_batches_are_split(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(reverse_artifact(), backend)
    inputs = [[1 + (i * k) % 3 for k in range(1 + i % 5)] for i in range(50)]
    monkeypatch.setattr("rasp_lang.transformer.model._NUMBERS", 600)
    assert model.batch(inputs) == [x[::-1] for x in inputs]


@both
def test_parts_keep_the_order_of_inputs_and_pad_the_shorter_ones(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model(random_artifact(), backend)
    inputs = ["".join(x) for n in (3, 1, 7, 2) for x in itertools.product("abc", repeat=n)][::9]
    whole = model.batch(inputs)
    monkeypatch.setattr("rasp_lang.transformer.model._NUMBERS", 2000)
    assert model.batch(inputs) == whole
    monkeypatch.setattr("rasp_lang.transformer.model._NUMBERS", 1)
    assert model.batch(inputs[:20]) == whole[:20] == [model(x) for x in inputs[:20]]


def test_codes_of_many_inputs_are_the_answers_of_a_batch() -> None:
    model = Model(random_artifact(), "numpy")
    inputs = list(itertools.product("abc", repeat=4))
    ids = np.array(list(itertools.product(range(3), repeat=4)))
    kinds, fractions_ = model.coded(ids)
    assert kinds.codes.shape == (81, 4)
    answers = [{"kind": kinds.at(i), "fraction": fractions_.at(i)} for i in range(81)]
    assert repr(answers) == repr(model.batch(inputs))


def test_inputs_of_all_sorts_make_one_batch() -> None:
    model = Model(reverse_artifact((1, "1", True)), "numpy")
    inputs: list[Any] = [[1, True], (True,), "11", np.array([1, 1]), [np.int64(1), "1"]]
    expected = [[True, 1], [True], ["1", "1"], [1, 1], ["1", 1]]
    assert repr(model.batch(inputs)) == repr(expected)
    assert repr(model.batch(inputs[:3])) == repr(expected[:3])


@pytest.mark.parametrize(("wrong", "code"), [
    ([2.0], "RASP0512"), ([], "RASP0514"), ([1] * 6, "RASP0513"), ({1: 2}, "RASP0311"),
    ([[1]], "RASP0311"), (3, "RASP0311"), ("1", "RASP0512"), ([True], "RASP0512"),
])  # fmt: skip
def test_one_wrong_input_of_a_batch_is_refused_as_it_is_alone(wrong: Any, code: str) -> None:
    model = Model(reverse_artifact(), "numpy")
    found = problems(model, wrong)
    assert [d.code for d in found] == [code]
    with pytest.raises(RaspError) as caught:
        model.batch([[1, 2], wrong, [3], None])
    assert list(caught.value.diagnostics) == found


@both
def test_apply_shows_every_shape_that_it_states(backend: Backend) -> None:
    model = Model(random_artifact(), backend)
    applied = model.apply("abca")
    assert applied.decoded == model("abca")
    assert {name: x.shape for name, x in applied.logits.items()} == {
        "kind": (5, 5), "fraction": (5, 1)
    }  # fmt: skip
    assert applied.residuals.shape == (5, 5, 8)
    assert applied.layer_outputs.shape == (4, 5, 8)
    assert applied.attn_logits.shape == (2, 2, 5, 5)
    sums = applied.residuals[:-1] + applied.layer_outputs
    np.testing.assert_allclose(applied.residuals[1:], sums, rtol=1e-4, atol=1e-5)


@both
def test_apply_of_one_output_has_no_names(backend: Backend) -> None:
    applied = Model(reverse_artifact(), backend).apply([1, 2])
    assert applied.decoded == [2, 1]
    assert applied.logits.shape == (3, 3)
    assert applied.logits[1:].argmax(axis=1).tolist() == [1, 0]


def test_apply_of_a_model_without_layers_has_empty_arrays() -> None:
    for backend in BACKENDS:
        applied = Model(random_artifact(layers=0), backend).apply("ab")
        assert applied.residuals.shape == (1, 3, 8)
        assert applied.layer_outputs.shape == (0, 3, 8)
        assert applied.attn_logits.shape == (0, 2, 3, 3)


def test_an_empty_batch_has_no_answers() -> None:
    assert Model(reverse_artifact(), "numpy").batch([]) == []


def identity(vocabulary: tuple[Atom, ...]) -> Model:
    """A model that answers its input."""
    return Model(reverse_artifact(vocabulary, 1), "numpy")


def test_tokens_are_told_apart_by_type_and_value() -> None:
    model = identity((1, True, 1.0, "1"))
    for token in (1, True, 1.0, "1"):
        (answer,) = model([token])
        assert (type(answer), answer) == (type(token), token)


def test_strings_tuples_and_arrays_are_inputs_too() -> None:
    assert Model(reverse_artifact("abc"), "numpy")("abb") == ["b", "b", "a"]
    model = Model(reverse_artifact(), "numpy")
    assert model((1, 2)) == model(np.array([1, 2])) == model([np.int64(1), 2]) == [2, 1]


def problems(model: Model, tokens: Any) -> list[Diagnostic]:
    with pytest.raises(RaspError) as caught:
        model(tokens)
    return list(caught.value.diagnostics)


def test_an_empty_input_is_refused() -> None:
    for tokens in ("", [], ()):
        (found,) = problems(identity(("a",)), tokens)
        assert (found.code, found.message) == ("RASP0514", "the input is empty")


def test_a_long_input_is_refused() -> None:
    (found,) = problems(identity(("a",)), "aaa")
    assert found.code == "RASP0513"
    assert found.message == "the input has 3 tokens, the model takes at most 1"
    assert found.help == "shorten it, or compile with a maximum length of 3"


@pytest.mark.parametrize(
    ("vocabulary", "token", "message", "help_text"),
    [
        ((1, 2), 3, "`3` is not in the vocabulary", "the tokens are `1`, `2`"),
        ((1, 2), 2.0, "`2.0` is not in the vocabulary", "did you mean `2`?"),
        ((1, 2), True, "`True` is not in the vocabulary", "did you mean `1`?"),
        ((1, 2), "1", '`"1"` is not in the vocabulary', "did you mean `1`?"),
        (("left", "right"), "rigth", '`"rigth"` is not in the vocabulary',
         'did you mean `"right"`?'),
        (("a",), "\n", '`"\\n"` is not in the vocabulary', 'the tokens are `"a"`'),
        (tuple(range(12)), 70, "`70` is not in the vocabulary",
         "the tokens are `0`, `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, `9`, ..."),
    ],
)  # fmt: skip
def test_an_unknown_token_gets_a_hint(
    vocabulary: tuple[Atom, ...], token: Atom, message: str, help_text: str
) -> None:
    (found,) = problems(identity(vocabulary), [token])
    assert (found.code, found.message, found.help) == ("RASP0512", message, help_text)


def test_everything_wrong_with_an_input_is_said_at_once() -> None:
    found = problems(identity(("a",)), ["b", "a", "b", 1, None, ["a"], float("nan"), 10**5000])
    assert [d.code for d in found] == ["RASP0513", "RASP0311", "RASP0311"] + ["RASP0512"] * 4
    assert found[1].message == "nothing is not a token"


@pytest.mark.parametrize("tokens", [None, 3, True, {"a": 1}, object(), iter("a"), np.array(1)])
def test_what_is_no_sequence_is_refused(tokens: object) -> None:
    assert [d.code for d in problems(identity(("a",)), tokens)] == ["RASP0311"]


def test_weights_that_overflow_give_a_diagnostic_instead_of_an_answer() -> None:
    artifact = reverse_artifact()
    artifact.params["unembed_0"]["w"].fill(3e38)
    artifact.params["token_embed"]["embeddings"].fill(3e38)
    for backend in BACKENDS:
        assert [d.code for d in problems(Model(artifact, backend), [1])] == ["RASP0010"]


def test_numerical_and_categorical_outputs_come_under_their_names() -> None:
    artifact = with_outputs(reverse_artifact(), (fractions("f", 5), fractions("g", 5)))
    artifact.params["unembed_1"]["b"][:] = 0.45
    assert Model(artifact, "numpy")([1, 2, 3]) == {"f": [0.0] * 3, "g": [0.0, 0.5, 1 / 3]}


def test_a_model_shows_what_it_is_made_of(tmp_path: Path) -> None:
    artifact = random_artifact()
    model = Model(artifact)
    assert model.config.d_model == 8
    assert model.params["transformer/layer_0/attn/query"]["w"].shape == (8, 8)
    assert model.certificate == {"margin": 0.25}
    assert model.vocabulary == ("a", "b", "c")
    assert repr(model) == "<Model kind, fraction: 2 layers, 10 parameters>"
    model.save(tmp_path / "m.npz")
    assert Model(npz.read(tmp_path / "m.npz"), "numpy")("abc") == model("abc")


def test_a_backend_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'torch'"):
        Model(reverse_artifact(), "torch")  # type: ignore[arg-type]


def test_the_numpy_backend_runs_without_jax() -> None:
    script = """
import sys
from hand_made_models import reverse_artifact
from rasp_lang.transformer import npz
from rasp_lang.transformer.model import Model
model = Model(reverse_artifact(), "numpy")
assert model([1, 2, 3]) == [3, 2, 1] and model.apply([1, 2]).decoded == [2, 1]
npz.encode(model.artifact)
Model(reverse_artifact())
assert not {"jax", "jaxlib", "haiku"} & set(sys.modules)
"""
    environment = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
