"""The committed parse tables are those of the grammar, and lark is not needed to use them."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from rasp_lang.syntax import tables as committed
from rasp_lang.syntax.build import BUILDERS
from rasp_lang.syntax.generate import tables


def test_tables_are_up_to_date() -> None:
    grammar = files("rasp_lang.grammar").joinpath("rasp.lark").read_text(encoding="utf-8")
    text = Path(committed.__file__).read_text(encoding="utf-8")
    assert text == tables(grammar), "run `python -m rasp_lang.syntax.generate`"


def test_every_alias_of_the_grammar_has_a_builder_and_the_other_way_round() -> None:
    assert {action for _, _, action in committed.RULES if action} == set(BUILDERS)


def test_rules_without_a_builder_have_one_symbol() -> None:
    assert {size for _, size, action in committed.RULES if not action} == {1}


def test_parsing_imports_neither_lark_nor_numpy() -> None:
    code = (
        "import sys\n"
        "from rasp_lang.source import Source\n"
        "from rasp_lang.syntax import parse\n"
        "assert parse(Source('a', 'a = 1;')).module.statements\n"
        "assert not {'lark', 'numpy', 'jax'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
