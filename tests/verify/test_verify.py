from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rasp_lang
from rasp_lang import RaspError, pipeline, verification
from rasp_lang.graph import Atom
from rasp_lang.transformer import npz
from rasp_lang.transformer.artifact import Artifact, CategoricalDecoder
from rasp_lang.transformer.decode import Coded
from rasp_lang.transformer.model import Model
from rasp_lang.verification import Counterexample, faster_backend, same_atom, verify

HISTOGRAM = "histogram = selector_width(select(tokens, tokens, ==));"


def _artifact(
    text: str,
    vocab: Sequence[Atom] = "ab",
    max_len: int = 4,
    output: str | list[str] | None = None,
    causal: bool = False,
) -> Artifact:
    return pipeline.compile(rasp_lang.loads(text), list(vocab), max_len, output, causal)


def _model(*args: object, **options: object) -> Model:
    return Model(_artifact(*args, **options), "numpy")  # type: ignore[arg-type]


def _renamed(artifact: Artifact, values: dict[Atom, Atom]) -> Model:
    """The model with other values in its only, categorical, decoder."""
    [decoder] = artifact.decoders
    assert isinstance(decoder, CategoricalDecoder)
    others = tuple(values.get(value, value) for value in decoder.values)
    changed = dataclasses.replace(decoder, values=others)
    return Model(dataclasses.replace(artifact, decoders=(changed,)), "numpy")


class _Lying(Model):
    """A model that answers ``lie(tokens, answer)``."""

    def __init__(
        self, artifact: Artifact, lie: Callable[[tuple[Atom, ...], list[Atom]], list[Atom]]
    ) -> None:
        super().__init__(artifact, "numpy")
        self._lie = lie

    def coded(self, ids):  # type: ignore[no-untyped-def]
        [found] = super().coded(ids)
        rows = [tuple(self.vocabulary[k] for k in row) for row in ids.tolist()]
        lies = [self._lie(tokens, found.at(i)) for i, tokens in enumerate(rows)]
        atoms = np.empty(ids.size, dtype=object)
        atoms[:] = [value for answer in lies for value in answer]
        return [Coded(np.arange(ids.size).reshape(ids.shape), atoms)]


def test_a_right_model_is_verified_on_all_its_inputs() -> None:
    report = verify(_model(HISTOGRAM, "abc", 5), exhaustive=True)
    assert report.ok
    assert (report.checked, report.skipped) == (3 + 9 + 27 + 81 + 243, 0)
    assert report.exhaustive


def test_a_sample_of_a_larger_model_is_verified() -> None:
    report = verify(_model(HISTOGRAM, "abcdefgh", 12), samples=700, seed=4)
    assert (report.ok, report.checked, report.exhaustive, report.seed) == (True, 700, False, 4)


def test_few_inputs_are_all_tried() -> None:
    report = verify(_model(HISTOGRAM, "ab", 3), samples=10_000)
    assert (report.exhaustive, report.checked) == (True, 14)


def test_inputs_on_which_the_interpreter_fails_are_skipped_and_counted() -> None:
    report = verify(_model("y = 6 / (tokens - 1);", [1, 2, 3], 3), exhaustive=True)
    assert report.ok
    assert (report.checked, report.skipped) == (2 + 4 + 8, 1 + 5 + 19)


def test_an_output_that_fails_does_not_hide_another() -> None:
    text = "good = tokens + 1; bad = 6 / (tokens - 1);"
    report = verify(_model(text, [1, 2], 2, ["good", "bad"]), exhaustive=True)
    assert (report.ok, report.checked, report.skipped) == (True, 6, 0)


def test_a_causal_model_is_compared_with_the_causal_reading() -> None:
    model = _model("n = length;", "ab", 4, causal=True)
    assert model(["a", "b", "a"]) == [1, 2, 3]
    assert verify(model, exhaustive=True).ok


def test_a_wrong_value_gives_the_smallest_input_on_which_it_shows() -> None:
    artifact = _artifact('y = aggregate(select(indices, 2, ==), tokens, "none");', "ab", 5)
    report = verify(_renamed(artifact, {"a": "b"}), exhaustive=True)
    wrong = report.counterexample
    assert wrong == Counterexample(("a", "a", "a"), "y", 0, "a", "b")
    assert not report.ok


@pytest.mark.parametrize("seed", range(5))
def test_a_counterexample_of_a_sample_is_shrunk(seed: int) -> None:
    def lie(tokens: tuple[Atom, ...], answer: list[Atom]) -> list[Atom]:
        return [*answer[:-1], 99] if tokens.count("c") > 2 else answer

    model = _Lying(_artifact(HISTOGRAM, "abcdefgh", 12), lie)
    report = verify(model, samples=500, seed=seed)
    assert report.counterexample == Counterexample(("c",) * 3, "histogram", 2, 3, 99)


def test_a_value_of_another_type_is_wrong() -> None:
    report = verify(
        _Lying(_artifact(HISTOGRAM), lambda _, answer: [float(v) for v in answer]), exhaustive=True
    )
    assert report.counterexample == Counterexample(("a",), "histogram", 0, 1, 1.0)


def test_the_output_that_is_wrong_is_named() -> None:
    artifact = _artifact("one = tokens; two = tokens;", "ab", 2, ["one", "two"])
    second = dataclasses.replace(artifact.decoders[1], values=("b", "a"))
    model = Model(dataclasses.replace(artifact, decoders=(artifact.decoders[0], second)), "numpy")
    assert verify(model).counterexample == Counterexample(("a",), "two", 0, "a", "b")


@pytest.mark.parametrize(
    "name", ["token_embed", "transformer/layer_0/attn/query", "transformer/layer_0/attn/value"]
)
def test_perturbed_weights_fail(name: str) -> None:
    artifact = _artifact(HISTOGRAM, "abc", 5)
    generator = np.random.default_rng(0)
    params = {
        module: {
            array: values if module != name
            else (values + generator.normal(0, 2, values.shape)).astype(np.float32)
            for array, values in arrays.items()
        }
        for module, arrays in artifact.params.items()
    }  # fmt: skip
    model = Model(dataclasses.replace(artifact, params=params), "numpy")
    assert not verify(model, exhaustive=True).ok


def test_small_blocks_give_the_same_report(monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = _artifact('y = aggregate(select(indices, 2, ==), tokens, "none");', "abc", 6)
    right, wrong = Model(artifact, "numpy"), _renamed(artifact, {"b": "a"})
    whole = [verify(model, exhaustive=True) for model in (right, wrong)]
    monkeypatch.setattr("rasp_lang.transformer.model._NUMBERS", 500)
    assert right.inputs_at_once(6) == 4
    small = [verify(model, exhaustive=True) for model in (right, wrong)]
    assert small[0] == whole[0]
    assert small[0].checked == 1092
    expected = Counterexample(("a", "a", "b"), "y", 0, "b", "a")
    assert small[1].counterexample == whole[1].counterexample == expected
    assert small[1].checked < whole[1].checked


@pytest.mark.parametrize("text", [HISTOGRAM, "y = aggregate(select(tokens, tokens, <=), indices);"])
def test_both_backends_report_the_same(text: str) -> None:
    artifact = _artifact(text, "abc", 5)
    reports = [verify(Model(artifact, backend), exhaustive=True) for backend in ("numpy", "jax")]  # type: ignore[arg-type]
    assert reports[0] == reports[1]
    assert reports[0].ok


def test_the_reference_interpreter_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate_codes = verification.evaluate_codes

    def mistaken(*args: Any, **options: Any) -> Any:
        return [
            dataclasses.replace(column, codes=np.zeros_like(column.codes))
            for column in evaluate_codes(*args, **options)
        ]

    monkeypatch.setattr(verification, "evaluate_codes", mistaken)
    report = verify(_model(HISTOGRAM, "ab", 4), exhaustive=True)
    assert (report.ok, report.checked) == (True, 30)


@pytest.mark.parametrize(("samples", "max_len", "backend"), [
    (None, 4, "numpy"), (10_000, 20, "numpy"), (None, 12, "jax"), (None, 100, "numpy"),
])  # fmt: skip
def test_jax_is_loaded_for_much_work_only(samples: int | None, max_len: int, backend: str) -> None:
    assert faster_backend(_artifact(HISTOGRAM, "abcd", max_len), samples) == backend


def test_progress_is_told_up_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    verify(_model(HISTOGRAM, "ab", 3), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (14, 14)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_too_many_inputs_are_refused_with_their_number() -> None:
    with pytest.raises(RaspError) as caught:
        verify(_model(HISTOGRAM, "abcdefghij", 8), exhaustive=True)
    [problem] = caught.value.diagnostics
    assert problem.code == "RASP0018"
    assert "111,111,110" in problem.message


def test_a_model_without_its_program_is_refused() -> None:
    artifact = dataclasses.replace(_artifact(HISTOGRAM), sources=())
    with pytest.raises(RaspError) as caught:
        verify(Model(artifact, "numpy"))
    assert [problem.code for problem in caught.value.diagnostics] == ["RASP0010"]


def test_a_report_is_json_data() -> None:
    artifact = _artifact("y = tokens;", "ab", 2)
    good = verify(Model(artifact, "numpy")).to_json()
    assert good == {"ok": True, "checked": 6, "skipped": 0, "exhaustive": True, "seed": None,
                    "counterexample": None}  # fmt: skip
    bad = verify(_renamed(artifact, {"b": "a"})).to_json()
    assert bad["counterexample"] == {
        "input": ["b"], "output": "y", "position": 0, "expected": "b", "got": "a",
    }  # fmt: skip


def test_a_model_is_verified_without_the_files_of_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, elsewhere = tmp_path / "program", tmp_path / "elsewhere"
    (folder / "parts").mkdir(parents=True)
    elsewhere.mkdir()
    files = {
        folder / "main.rasp": 'load "parts/first"; load "shared"; y = first + second + third;',
        folder / "parts" / "first.rasp": 'load "second.rasp"; first = second * 2;',
        folder / "parts" / "second.rasp": "second = tokens + 1;",
        elsewhere / "shared.rasp": 'load "core/increment"; third = tokens; second = tokens;',
        elsewhere / "core" / "increment.rasp": "unused = indices;",
    }
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    artifact = pipeline.compile(rasp_lang.load(folder / "main.rasp"), [1, 2], 3)
    npz.write(artifact, tmp_path / "y.npz")
    for path in files:
        path.unlink()
    model = Model(npz.read(tmp_path / "y.npz"), "numpy")
    assert model([1, 2]) == [6, 10]
    assert verify(model).ok


def test_files_that_lie_around_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "part.rasp").write_text("part = tokens;", encoding="utf-8")
    program = rasp_lang.loads('load "part"; y = part + 1;', directory=tmp_path)
    model = Model(pipeline.compile(program, [1, 2], 2), "numpy")
    (tmp_path / "part.rasp").write_text("part = tokens * 100;", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert verify(model).ok


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1, True), (1, 1.0, False), (1, True, False), ("1", 1, False), ("a", "a", True),
        (0.1 + 0.2, 0.3, True), (1e-13, 2e-13, False), (1.0, 1.0 + 1e-11, False), (0.0, -0.0, True),
    ],
)  # fmt: skip
def test_atoms_are_equal_in_type_and_to_twelve_digits(a: Atom, b: Atom, equal: bool) -> None:
    assert same_atom(a, b) is equal
