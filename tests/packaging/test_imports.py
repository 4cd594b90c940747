"""What is loaded: heavy libraries only where they are needed."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import rasp_lang

HEAVY = ("numpy", "jax", "haiku", "scipy")
PROGRAM = """# vocab: 1,2,3
# max-len: 5
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);
"""


def _loaded(code: str, folder: Path) -> set[str]:
    """The heavy libraries in memory after running ``code`` in a fresh process."""
    report = f"import sys; print('loaded', *[m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def _command(*arguments: str) -> str:
    """Code that runs a command of raspc, which must succeed."""
    return (
        f"import sys; sys.argv = {['raspc', *arguments]!r}\n"
        "from raspc.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code"
    )


def test_importing_the_library_loads_neither_numpy_nor_jax(tmp_path: Path) -> None:
    assert _loaded("import rasp_lang", tmp_path) == set()


def test_interpreting_loads_neither_numpy_nor_jax(tmp_path: Path) -> None:
    code = "import rasp_lang; rasp_lang.loads('a = length;').evaluate('a', 'abc')"
    assert _loaded(code, tmp_path) == set()


def test_checking_without_a_vocabulary_loads_no_numpy(tmp_path: Path) -> None:
    (tmp_path / "some.rasp").write_text("a = length;")
    assert _loaded(_command("check", "some.rasp"), tmp_path) == set()


@pytest.mark.parametrize(
    "arguments", [(), ("reverse",), ("--search", "sort"), ("sort", "--copy", "here")]
)
def test_the_shipped_programs_are_listed_without_numpy(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    assert _loaded(_command("programs", *arguments), tmp_path) == set()


@pytest.mark.parametrize(
    "arguments",
    [("compile", "some.rasp"), ("check", "some.rasp"), ("eval", "some.rasp", "1,2,3")],
    ids=lambda arguments: arguments[0],
)
def test_a_command_loads_no_jax(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "some.rasp").write_text(PROGRAM)
    assert not _loaded(_command(*arguments), tmp_path) & {"jax", "haiku", "scipy"}


@pytest.mark.parametrize("name", rasp_lang.__all__)
def test_a_public_name_stays_what_it_is_when_every_module_is_imported(name: str) -> None:
    for module in pkgutil.iter_modules(rasp_lang.__path__):
        importlib.import_module(f"rasp_lang.{module.name}")
    assert not isinstance(getattr(rasp_lang, name), ModuleType)
