"""``rasp_lang.compile``: its arguments, right and wrong."""

from __future__ import annotations

import pytest

import rasp_lang

PROGRAM = rasp_lang.loads("twice = tokens + tokens; half = tokens / 2;")


def test_one_output_is_answered_as_a_list_and_several_by_name() -> None:
    def answer(output: str | list[str] | None) -> object:
        return rasp_lang.compile(PROGRAM, [1, 2], 3, output, backend="numpy")([2, 1])

    assert answer(None) == [1.0, 0.5]
    assert answer("twice") == answer(["twice"]) == answer(["twice", "twice"]) == [4, 2]
    assert answer(["half", "twice"]) == {"half": [1.0, 0.5], "twice": [4, 2]}


@pytest.mark.parametrize(
    ("vocab", "max_len", "output", "code"),
    [
        ([], 3, None, "RASP0004"),
        ([1, 1], 3, None, "RASP0005"),
        ([1, "a"], 3, None, "RASP0006"),
        ([1], 0, None, "RASP0007"),
        ([1], True, None, "RASP0007"),
        ([1], 5_000, None, "RASP0605"),
        ([1], 3, [], "RASP0016"),
        ([1], 3, "nothing", "RASP0201"),
        ([1], 3, "full_s", "RASP0017"),
    ],
)
def test_wrong_arguments_get_their_diagnostics(
    vocab: list[object], max_len: int, output: str | list[str] | None, code: str
) -> None:
    with pytest.raises(rasp_lang.RaspError) as caught:
        rasp_lang.compile(PROGRAM, vocab, max_len, output)  # type: ignore[arg-type]
    assert [found.code for found in caught.value.diagnostics] == [code]


@pytest.mark.parametrize("opt", [-1, 3, "1", None])
def test_an_optimisation_level_that_does_not_exist_is_refused(opt: object) -> None:
    with pytest.raises(ValueError, match="opt is 0, 1 or 2"):
        rasp_lang.compile(PROGRAM, [1], 3, opt=opt)  # type: ignore[arg-type]
