"""The project works from a wheel, from a source archive and installed editable.

Each is installed into an empty environment that borrows the dependencies of this one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from console_blocks import blocks

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    "*.egg-info",
    "__pycache__",
    "build",
    "dist",
    ".*_cache",
    "*.npz",
    ".hypothesis",
)

pytestmark = pytest.mark.slow


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with its wheel and its source archive in ``dist``; the wheel is built
    from the archive."""
    folder = tmp_path_factory.mktemp("project") / "raspc"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    _run(sys.executable, "-m", "build", "--no-isolation", cwd=folder)
    return folder


@pytest.fixture(params=["wheel", "source archive", "editable"])
def environment(request: pytest.FixtureRequest, checkout: Path, tmp_path: Path) -> Path:
    """The ``bin`` folder of an environment with the project installed."""
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=False, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    what = {
        "wheel": [*checkout.glob("dist/*.whl")],
        "source archive": [*checkout.glob("dist/*.tar.gz")],
        "editable": ["-e", checkout],
    }[request.param]
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install"]
    _run(*pip, "--no-deps", "--no-build-isolation", "--ignore-installed", *what, cwd=tmp_path)
    return folder / "bin"


def _main_job() -> list[str]:
    """The arguments of raspc in the README's first command."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = next(block for block in blocks(readme) if block.language == "sh")
    return first.text.rpartition(".venv/bin/raspc ")[2].split()


def test_an_installed_raspc_does_its_main_job(environment: Path, tmp_path: Path) -> None:
    raspc = environment / "raspc"
    place = _run(
        environment / "python",
        "-c",
        "import importlib.util as u, rasp_lang; print(rasp_lang.__file__, u.find_spec('cli'))",
        cwd=tmp_path,
    )
    assert place.startswith(str(tmp_path.parent.parent)), place
    assert place.endswith("None\n")
    _run(raspc, *_main_job(), cwd=tmp_path)
    assert (tmp_path / "reverse.npz").is_file()
    assert _run(raspc, "apply", "reverse.npz", "1,2,3", cwd=tmp_path) == "[3, 2, 1]\n"
    assert _run(raspc, "explain", "RASP0201", cwd=tmp_path).startswith("# RASP0201")
    assert "reverse" in _run(raspc, "programs", cwd=tmp_path)
