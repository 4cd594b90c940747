"""Files that are no model files, or not any more: a diagnostic each, never another exception."""

import io
import json
import os
import pickle
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_made_models import random_artifact, reverse_artifact

from rasp_lang.diagnostics import RaspError
from rasp_lang.transformer import npz
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.model import Model

Arrays = dict[str, np.ndarray[Any, Any]]


def code_of(path: Path | str) -> str:
    with pytest.raises(RaspError) as caught:
        npz.read(path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.help
    assert "\n" not in diagnostic.message
    return diagnostic.code


def arrays_of(artifact: Artifact) -> Arrays:
    with np.load(io.BytesIO(npz.encode(artifact))) as arrays:
        return dict(arrays)


def saved(path: Path, arrays: Arrays) -> Path:
    np.savez(path, **arrays)
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return path


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.npz") == "RASP0001"


def test_what_is_no_readable_file_gets_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / "x", "nul\0byte", "x" * 5000, os.devnull):
        assert code_of(path) == "RASP0002"


def test_a_file_without_permission_gets_a_diagnostic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.npz"
    npz.write(reverse_artifact(), path)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert code_of(path) == "RASP0002"


@pytest.mark.parametrize(
    "contents", [b"", b"P", b"reverse = tokens;\n", b"\x93NUMPY\x01\x00", pickle.dumps({"a": 1})]
)
def test_other_files_are_foreign(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "f").write_bytes(contents)
    assert code_of(tmp_path / "f") == "RASP0009"


def test_other_archives_are_foreign(tmp_path: Path) -> None:
    objects = np.array([print, {}], object)
    assert code_of(saved(tmp_path / "a.npz", {"a": np.array(1)})) == "RASP0009"
    assert code_of(saved(tmp_path / "b.npz", {"a": objects})) == "RASP0009"
    assert code_of(zipped(tmp_path / "c.npz", {"hello.txt": b"hello"})) == "RASP0009"
    assert code_of(zipped(tmp_path / "d.npz", {})) == "RASP0009"
    other = np.array(b'{"format": "other", "version": 1}')
    assert code_of(saved(tmp_path / "e.npz", {"raspc.json": other})) == "RASP0009"


@pytest.mark.parametrize("version", [0, 2, "1", 1.0, True, None, [1]])
def test_another_version_is_named(tmp_path: Path, version: object) -> None:
    arrays = arrays_of(reverse_artifact())
    document = json.loads(arrays["raspc.json"].item())
    document["version"] = version
    arrays["raspc.json"] = np.array(json.dumps(document).encode())
    assert code_of(saved(tmp_path / "m.npz", arrays)) == "RASP0011"


def test_a_truncated_file_is_damaged_at_every_length(tmp_path: Path) -> None:
    contents = npz.encode(reverse_artifact())
    for length in range(2, len(contents), 97):
        (tmp_path / "m").write_bytes(contents[:length])
        assert code_of(tmp_path / "m") == "RASP0010"


def change_document(change: Callable[[dict[str, Any]], None]) -> Callable[[Arrays], None]:
    def edit(arrays: Arrays) -> None:
        document = json.loads(arrays["raspc.json"].item())
        change(document)
        arrays["raspc.json"] = np.array(json.dumps(document).encode())

    return edit


def set_item(*path: str | int, value: Any) -> Callable[[Arrays], None]:
    def change(document: dict[str, Any]) -> None:
        item: Any = document
        for key in path[:-1]:
            item = item[key]
        item[path[-1]] = value

    return change_document(change)


def set_array(name: str, change: Callable[[Any], Any]) -> Callable[[Arrays], None]:
    return lambda arrays: arrays.update({name: np.asarray(change(arrays[name]))})


QUERY = "transformer/layer_0/attn/query/w"


def put_nan(array: Any) -> Any:
    array.flat[3] = np.nan
    return array


DAMAGE: dict[str, tuple[Callable[[Arrays], Any], str]] = {
    "missing array": (lambda a: a.pop(QUERY), f"`{QUERY}` is missing"),
    "array too many": (lambda a: a.update(x=np.ones(3, np.float32)), "`x` is one too many"),
    "wrong shape": (set_array(QUERY, lambda a: a[1:]), "has the shape (7, 8) instead of (8, 8)"),
    "wrong type": (set_array(QUERY, np.float64), "holds <f8 instead of float32"),
    "big-endian": (set_array(QUERY, lambda a: a.astype(">f4")), "holds >f4 instead of float32"),
    "objects": (set_array(QUERY, lambda a: a.astype(object)), "holds |O instead of float32"),
    "records": (
        set_array(QUERY, lambda a: np.zeros(a.shape, [("x", "<f4")])),
        f"`{QUERY}` is not a plain array of numbers",
    ),
    "not finite": (set_array(QUERY, put_nan), "has a number that is not finite"),
    "no text": (set_array("raspc.json", lambda a: a[None]), "is not one text"),
    "no JSON": (set_array("raspc.json", lambda a: b"{"), "is not JSON"),
    "deep JSON": (set_array("raspc.json", lambda a: b"[" * 100_000), "is not JSON"),
    "huge int": (set_array("raspc.json", lambda a: b"9" * 100_000), "is not JSON"),
    "member": (change_document(lambda d: d.pop("heads")), "`heads` is missing"),
    "type": (set_item("sources", value={}), "`sources` has the wrong type"),
    "config": (set_item("config", "causal", value=1), "`causal` has the wrong type"),
    "NaN": (set_item("vocabulary", 0, value=float("nan")), "is not JSON"),
    "infinity": (
        set_array("raspc.json", lambda a: a.item().replace(b'["a",', b"[1e999,")),
        "`vocabulary[0]` is not a value of RASP",
    ),
    "nested token": (set_item("vocabulary", 0, value=["a"]), "`vocabulary[0]` is not a value"),
    "duplicate token": (set_item("vocabulary", 0, value="b"), "the vocabulary has duplicates"),
    "token too many": (
        change_document(lambda d: d["vocabulary"].append("d")),
        "there are 4 tokens",
    ),
    "many layers": (set_item("config", "layers", value=10**12), "describes 1000000000000 layers"),
    "negative": (set_item("config", "d_model", value=-8), "`d_model` is -8, less than 1"),
    "huge size": (set_item("config", "max_len", value=10**15), "does not name the class"),
    "parameters": (set_item("config", "parameters", value=10**9), "`parameters` is 1000000000"),
    "no outputs": (set_item("decoders", value=[]), "there is no output"),
    "one name": (set_item("decoders", 0, "name", value="fraction"), "two outputs have one name"),
    "kind": (set_item("decoders", 0, "kind", value="other"), "is of an unknown kind"),
    "grouping": (set_item("decoders", 1, "grouping", value="x"), "has an unknown grouping"),
    "other grouping": (
        set_item("decoders", 1, "grouping", value="index_length"),
        "`class_of[0]` is not a list",
    ),
    "no values": (set_item("decoders", 0, "values", value=[]), "output `kind` has no values"),
    "class": (set_item("decoders", 1, "class_of", 2, value=7), "names a class that does not exist"),
    "class type": (set_item("decoders", 1, "class_of", 2, value=True), "does not name a class"),
    "negative class": (set_item("decoders", 1, "class_of", 2, value=-1), "does not exist"),
    "channels": (set_item("decoders", 1, "channels", value=2), "has 2 channels and 1 weights"),
    "weight": (set_item("decoders", 1, "weights", value=[0]), "a weight that is not positive"),
    "points": (
        set_item("decoders", 1, "classes", 0, "points", value=[[1.0], [0.0]]),
        "has points out of order in class 0",
    ),
    "ragged points": (
        set_item("decoders", 1, "classes", 0, "points", value=[[1.0], []]),
        "the points of `classes[0]` are not numbers",
    ),
    "points of strings": (
        set_item("decoders", 1, "classes", 0, "values", value=["a", "b"]),
        "the points of `classes[0]` are not numbers",
    ),
    "directions": (change_document(lambda d: d["directions"].pop()), "7 directions are explained"),
    "direction": (set_item("directions", 1, "name", value=None), "direction 1 has no name"),
    "line": (set_item("directions", 1, "line", value="1"), "has a `line` of the wrong type"),
    "head": (set_item("heads", 0, "layer", value=2), "head 0 is not of a layer that exists"),
    "source": (set_item("sources", 0, value=["a"]), "`sources[0]` is not a name with its text"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named(tmp_path: Path, damage: str) -> None:
    edit, expected = DAMAGE[damage]
    arrays = arrays_of(random_artifact())
    edit(arrays)
    path = saved(tmp_path / "m.npz", arrays)
    with pytest.raises(RaspError) as caught:
        npz.read(path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "RASP0010"
    assert expected in diagnostic.message


def test_all_arrays_that_do_not_fit_are_listed(tmp_path: Path) -> None:
    arrays = arrays_of(random_artifact())
    for part in ("query", "key", "value"):
        del arrays[f"transformer/layer_0/attn/{part}/w"]
    with pytest.raises(RaspError) as caught:
        npz.read(saved(tmp_path / "m.npz", arrays))
    notes = caught.value.diagnostics[0].notes
    assert notes == tuple(f"`transformer/layer_0/attn/{p}/w` is missing" for p in ("key", "value"))


def test_two_members_of_one_name_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    npz.write(reverse_artifact(), path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("raspc.json.npy", b"")
    assert code_of(path) == "RASP0010"


def test_a_declared_size_is_not_believed(tmp_path: Path) -> None:
    arrays = arrays_of(reverse_artifact())
    contents = {f"{name}.npy": npy(array) for name, array in arrays.items()}
    for shape in ("(1000000, 1000000)", "(999999999999999, 999999999999999)"):
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
        lying = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
        contents["token_embed/embeddings.npy"] = lying
        assert code_of(zipped(tmp_path / "m.npz", contents)) == "RASP0010"


def test_a_small_file_that_unpacks_to_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    npz.write(reverse_artifact(), path)
    contents = bytearray(path.read_bytes())
    place = contents.rindex(b"PK\x01\x02")  # the directory's entry of the last member
    contents[place + 24 : place + 28] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(contents)
    with pytest.raises(RaspError) as caught:
        npz.read(path)
    assert "claims to hold more" in caught.value.diagnostics[0].message


def npy(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array)
    return buffer.getvalue()


def mutate_bytes(draw: random.Random, contents: bytes) -> bytes:
    """One to four changes anywhere in the file."""
    changed = bytearray(contents)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(changed))
        length = draw.choice((1, 1, 2, 8, 64))
        kind = draw.randrange(5)
        if kind == 0:
            changed[place] ^= 1 << draw.randrange(8)
        elif kind == 1:
            changed[place : place + length] = draw.randbytes(length)
        elif kind == 2:
            del changed[place : place + length]
        elif kind == 3:
            changed[place:place] = draw.randbytes(length)
        else:
            changed = changed[: max(place, 1)]
    return bytes(changed)


JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1, 3, 2**70, 1.5, -1e308, "", "x", "a" * 300, [], [1], {}, {"name": 1},
)  # fmt: skip


def mutate_json(draw: random.Random, item: Any) -> Any:
    """The document with a random part replaced, left out or doubled."""
    if isinstance(item, dict | list) and item and draw.random() < 0.85:
        keys = list(item) if isinstance(item, dict) else list(range(len(item)))
        key = draw.choice(keys)
        if draw.random() < 0.1:
            del item[key]
        elif isinstance(item, list) and draw.random() < 0.1:
            item.append(item[key])
        else:
            item[key] = mutate_json(draw, item[key])
        return item
    return draw.choice(JUNK)


def mutate_arrays(draw: random.Random, arrays: Arrays) -> Arrays:
    name = draw.choice(sorted(arrays))
    array = arrays[name]
    if name != "raspc.json" and draw.random() < 0.3:
        numbers = array.copy()
        if numbers.size:
            numbers.flat[draw.randrange(numbers.size)] = draw.choice((np.nan, np.inf, 3e38, -3e38))
        change: Any = numbers
    else:
        document = mutate_json(draw, json.loads(arrays["raspc.json"].item()))
        name, change = "raspc.json", np.array(json.dumps(document).encode())
    return {**arrays, name: change}


def mutated(draw: random.Random, artifact: Artifact) -> bytes:
    if draw.random() < 0.5:
        return mutate_bytes(draw, npz.encode(artifact))
    buffer = io.BytesIO()
    np.savez(buffer, **mutate_arrays(draw, arrays_of(artifact)))
    return buffer.getvalue()


def test_500_mutated_model_files_run_or_get_a_diagnostic(tmp_path: Path) -> None:
    draw = random.Random(20261121)
    bases = [reverse_artifact(), random_artifact(), random_artifact(layers=1, causal=True)]
    path = tmp_path / "m.npz"
    codes: dict[str, int] = {}
    for _ in range(500):
        path.write_bytes(mutated(draw, draw.choice(bases)))
        try:
            model = Model(npz.read(path), backend="numpy")
            model.apply(model.vocabulary[:2])
            code = "runs"
        except RaspError as error:
            code = error.diagnostics[0].code
            assert code in {"RASP0009", "RASP0010", "RASP0011", "RASP0513"}
        codes[code] = codes.get(code, 0) + 1
    assert codes["runs"] > 20
    assert codes["RASP0010"] > 200
