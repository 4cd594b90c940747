"""The package list in pyproject.toml is the truth about what is installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = SETTINGS["tool"]["setuptools"]


def _folder(package: str) -> Path:
    """Where a package lies: the mapping of its nearest mapped parent, then its own name."""
    mapped = package
    while mapped not in SETUPTOOLS["package-dir"]:
        mapped = mapped.rpartition(".")[0]
    rest = package[len(mapped) :].replace(".", "/").lstrip("/")
    return ROOT / SETUPTOOLS["package-dir"][mapped] / rest


def _folders_with_modules(top: str) -> set[Path]:
    return {path.parent for path in (ROOT / top).rglob("*.py")}


def test_the_package_list_is_what_lies_on_the_disk() -> None:
    listed = {_folder(package) for package in SETUPTOOLS["packages"]}
    on_disk = set().union(
        *(_folders_with_modules(top) for top in ("rasp_lang", "cli", "grammar", "programs")),
        _folders_with_modules("docs/errors"),
    )
    assert listed == on_disk


def test_every_package_opens_with_a_description() -> None:
    for package in SETUPTOOLS["packages"]:
        text = (_folder(package) / "__init__.py").read_text(encoding="utf-8")
        assert text.startswith('"""'), package


def test_every_file_that_is_no_module_is_package_data_or_left_out_on_purpose() -> None:
    data = SETUPTOOLS["package-data"]
    for package in SETUPTOOLS["packages"]:
        folder = _folder(package)
        shipped = {path for pattern in data.get(package, []) for path in folder.glob(pattern)}
        modules = set(folder.glob("*.py"))
        others = {path for path in folder.iterdir() if path.is_file()} - modules - shipped
        assert others == set(), package


def test_no_import_package_is_called_cli() -> None:
    assert not [name for name in SETUPTOOLS["packages"] if name.split(".")[0] == "cli"]


def test_the_lock_and_the_constraints_name_the_same_versions() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {(entry["name"], entry["version"]) for entry in lock["package"]} - {
        ("raspc", SETTINGS["project"]["version"])
    }
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {
        tuple(line.split(";")[0].strip().split("==")) for line in lines if not line.startswith("#")
    }
    assert pinned == locked


def test_the_lock_names_public_addresses_only() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    for entry in lock["package"]:
        assert entry["source"] in ({"registry": "https://pypi.org/simple"}, {"editable": "."})
        for file in [*entry.get("wheels", []), *filter(None, [entry.get("sdist")])]:
            if entry["name"] != "raspc":
                assert file["url"].startswith("https://files.pythonhosted.org/packages/")
