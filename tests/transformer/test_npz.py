"""Writing and reading model files."""

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_made_models import random_artifact, reverse_artifact, with_outputs

from rasp_lang import diagnostics
from rasp_lang.transformer import npz, validate
from rasp_lang.transformer.artifact import Artifact, Candidates, NumericalDecoder


def code_of(caught: pytest.ExceptionInfo[diagnostics.RaspError]) -> str:
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.help
    return diagnostic.code


def assert_same(found: Artifact, expected: Artifact) -> None:
    assert found == expected
    arrays, originals = validate.flat(found.params), validate.flat(expected.params)
    assert arrays.keys() == originals.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, originals[name], strict=True)


@pytest.mark.parametrize("layers", [0, 1, 3])
@pytest.mark.parametrize("d_mlp", [0, 2])
def test_a_model_is_read_as_it_was_written(tmp_path: Path, layers: int, d_mlp: int) -> None:
    artifact = random_artifact(layers=layers, d_mlp=d_mlp, causal=layers == 1)
    assert validate.problems(artifact) == ()
    npz.write(artifact, tmp_path / "model.npz")
    assert_same(npz.read(str(tmp_path / "model.npz")), artifact)


def test_values_keep_their_types(tmp_path: Path) -> None:
    values = (1, 1.0, True, "1", 0, -0.0, False, 10**4000, 1e300, 5e-324, "\ud800\0\n", "")
    artifact = with_outputs(reverse_artifact(values, max_len=2), reverse_artifact(values).decoders)
    npz.write(artifact, tmp_path / "m")
    read = npz.read(tmp_path / "m")
    for found in (read.vocabulary, read.decoders[0].values):  # type: ignore[union-attr]
        assert [(type(v), repr(v)) for v in found] == [(type(v), repr(v)) for v in values]


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ((0, 0.5, 1), [[0.0], [0.5], [1.0]]),
        ((False, True), [[0.0], [3.5]]),
        (("b", "a"), [[-1.0], [1 / 3]]),
        ((0, 1), [[0.0, 5.0], [0.0, 1e-30]]),
        ((0, 10**400), [[0.0], [7.0]]),
    ],
)
def test_points_of_candidates_are_kept_exactly(
    tmp_path: Path, values: tuple[int | float | str | bool, ...], points: list[list[float]]
) -> None:
    array = np.array(points)
    channels = array.shape[1]
    decoder = NumericalDecoder(
        "x", channels, (0.1,) * channels, "all", (), (Candidates(values, array),)
    )
    npz.write(with_outputs(reverse_artifact(), (decoder,)), tmp_path / "m")
    (read,) = npz.read(tmp_path / "m").decoders
    assert read == decoder
    assert isinstance(read, NumericalDecoder)
    np.testing.assert_array_equal(read.classes[0].points, array, strict=True)


def test_the_file_opens_with_plain_numpy(tmp_path: Path) -> None:
    npz.write(reverse_artifact(), tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as arrays:
        assert arrays["raspc.json"].item().startswith(b'{"certificate":')
        assert arrays["transformer/layer_0/attn/query/w"].dtype == np.float32
        assert arrays["token_embed/embeddings"].shape == (5, 10)


def test_a_file_that_numpy_saved_again_is_read(tmp_path: Path) -> None:
    npz.write(random_artifact(), tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz") as arrays:
        edited = {name: np.asfortranarray(arrays[name]) for name in arrays}
    edited["raspc.json"] = edited["raspc.json"].reshape(())
    np.savez(tmp_path / "again.npz", **edited)
    assert_same(npz.read(tmp_path / "again.npz"), random_artifact())


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import sys; from hand_made_models import random_artifact; "
        "from rasp_lang.transformer import npz; npz.write(random_artifact(), sys.argv[1])"
    )
    files = [tmp_path / "first.npz", tmp_path / "second.npz"]
    for seed, file in enumerate(files):
        paths = os.pathsep.join(entry for entry in sys.path if entry)
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": paths}
        subprocess.run([sys.executable, "-c", script, str(file)], check=True, env=environment)
    assert files[0].read_bytes() == files[1].read_bytes() == npz.encode(random_artifact())


def test_the_order_in_which_a_compiler_fills_mappings_does_not_matter() -> None:
    artifact = random_artifact()
    turned = replace(
        artifact,
        params={name: artifact.params[name] for name in reversed(artifact.params)},
        options={"b": 1, "a": 2},
    )
    assert npz.encode(turned) == npz.encode(replace(artifact, options={"a": 2, "b": 1}))


def test_zeros_take_little_space() -> None:
    artifact = reverse_artifact(range(100), 100)
    assert sum(array.nbytes for array in validate.flat(artifact.params).values()) > 300_000
    assert len(npz.encode(artifact)) < 40_000


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["os.replace", "os.chmod"])
def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "model.npz"
    target.write_bytes(b"old")
    monkeypatch.setattr(step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        npz.write(reverse_artifact(), target)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("model.npz", b"old")
    ]


def test_a_full_disk_leaves_the_old_file_and_a_diagnostic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model.npz"
    target.write_bytes(b"old")
    monkeypatch.setattr("os.replace", no_space)
    with pytest.raises(diagnostics.RaspError) as caught:
        npz.write(reverse_artifact(), target)
    assert code_of(caught) == "RASP0003"
    assert "no space left on device" in caught.value.diagnostics[0].message
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_places_that_cannot_be_written_get_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (".", "missing/model.npz", "file/model.npz", "x" * 300, "nul\0byte"):
        with pytest.raises(diagnostics.RaspError) as caught:
            npz.write(reverse_artifact(), f"{tmp_path}/{place}")
        assert code_of(caught) == "RASP0003"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "model.npz"
    target.write_bytes(b"old")
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(diagnostics.RaspError) as caught:
        npz.write(reverse_artifact(), target)
    assert code_of(caught) == "RASP0003"
    assert target.read_bytes() == b"old"


def test_a_link_and_the_permissions_of_the_file_behind_it_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "model.npz", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    npz.write(reverse_artifact(), link)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o600
    assert npz.read(link) == reverse_artifact()


def test_a_device_is_written_to_and_not_replaced() -> None:
    npz.write(reverse_artifact(), os.devnull)
    assert not Path(os.devnull).is_file()


def test_a_description_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz, "MAX_DOCUMENT_BYTES", 1000)
    with pytest.raises(diagnostics.RaspError) as caught:
        npz.encode(reverse_artifact())
    assert code_of(caught) == "RASP0605"


def test_nothing_in_the_file_depends_on_time_or_place(tmp_path: Path) -> None:
    npz.write(reverse_artifact(), tmp_path / "m.npz")
    with zipfile.ZipFile(tmp_path / "m.npz") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert str(tmp_path).encode() not in (tmp_path / "m.npz").read_bytes()
