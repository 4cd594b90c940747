"""The model file: ``write`` and ``read``. ``docs/model-format.md`` describes it.

An ``.npz`` without pickle: the parameters as float32 arrays ``<module>/<name>`` under Haiku's names
and one JSON document (see ``document``) as the zero-dimensional bytes array ``raspc.json``.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.transformer import document, validate
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.document import Damaged, Foreign, OtherVersion

DOCUMENT = "raspc.json"
#: Limits of a file's contents, so that a small file cannot ask for all the memory there is.
MAX_BYTES = 2**31
MAX_DOCUMENT_BYTES = 2**27
#: Deflate cannot shrink data more than this.
MAX_RATIO = 1_040
#: The first moment that a zip file can name: a file must not depend on when it was written.
_DATE = (1980, 1, 1, 0, 0, 0)
_HEADER = re.compile(
    rb"\{'descr': '([^']{1,20})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,15},? ?){0,8})\), \} *\n"
)
#: What the zip layer raises on damaged files.
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, KeyError, OverflowError, OSError,
)  # fmt: skip


def write(artifact: Artifact, path: str | os.PathLike[str]) -> None:
    """Write the artifact; equal artifacts give equal bytes. The file appears, or is replaced, only
    when it is complete. Raises RaspError: RASP0003 (the path), RASP0605 (too large a model)."""
    contents = encode(artifact)
    target = os.fspath(path)
    try:
        _replace(Path(os.path.realpath(target)), contents)
    except (OSError, ValueError) as error:
        raise RaspError(_not_written(target, error)) from error


def read(path: str | os.PathLike[str]) -> Artifact:
    """Read and check a model file. The arrays are read-only. Raises RaspError: RASP0001 (not
    there), RASP0002 (cannot be read), RASP0009 (something else), RASP0010 (damaged) or
    RASP0011 (other version)."""
    name = os.fspath(path)
    try:
        with _open(Path(name)) as file:
            return _decode(file)
    except Foreign as error:
        raise RaspError(_foreign(name)) from error
    except OtherVersion as error:
        raise RaspError(_other_version(name, str(error))) from error
    except Damaged as error:
        raise RaspError(_damaged(name, error.problems)) from error
    except FileNotFoundError as error:
        raise RaspError(_not_found(name)) from error
    except (OSError, ValueError) as error:
        raise RaspError(_not_read(name, error)) from error


def encode(artifact: Artifact) -> bytes:
    """The bytes of the model file. Raises RaspError RASP0605 if they could not be read back."""
    arrays = validate.flat(artifact.params)
    text = document.dump(artifact)
    total = len(text) + sum(array.nbytes + 200 for array in arrays.values())
    if total > MAX_BYTES or len(text) > MAX_DOCUMENT_BYTES:
        message = f"a model of {total:,} bytes is more than a model file can hold"
        raise RaspError(Diagnostic("RASP0605", message, help="lower the maximum length"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, DOCUMENT, np.array(text))
        for name in sorted(arrays):
            _add(archive, name, np.asarray(arrays[name], "<f4"))
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, array: NDArray[np.float32 | np.bytes_]) -> None:
    info = zipfile.ZipInfo(f"{name}.npy", _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system, info.external_attr = 3, 0o644 << 16
    info.file_size = array.nbytes
    with archive.open(info, "w") as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


def _replace(target: Path, contents: bytes) -> None:
    """Put a complete file in place of what is there, which survives any failure."""
    if target.exists():
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if not target.is_file():  # a device or a pipe: it must stay what it is
            target.write_bytes(contents)
            return
    temporary = target.parent / f".raspc-{os.urandom(8).hex()}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(contents)
        if target.exists():
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except BaseException:  # an interrupt too must leave nothing behind
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    if not stat.S_ISREG(path.stat().st_mode):
        kind = "a directory" if path.is_dir() else "not a regular file"
        raise ValueError(f"it is {kind}")
    with open(path, "rb") as file:
        yield file


def _decode(file: IO[bytes]) -> Artifact:
    magic = file.read(4)
    size = file.seek(0, os.SEEK_END)
    if magic[:2] != b"PK":
        raise Foreign
    try:
        with zipfile.ZipFile(file) as archive:
            return _members(archive, size)
    except _ZIP_ERRORS as error:
        raise Damaged("it is cut short or its contents are garbled") from error


def _members(archive: zipfile.ZipFile, size: int) -> Artifact:
    infos = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    if f"{DOCUMENT}.npy" not in archive.namelist():
        raise Foreign
    if len(infos) != len(archive.infolist()):
        raise Damaged("it holds two arrays of one name")
    if sum(info.file_size for info in infos.values()) > min(MAX_BYTES, MAX_RATIO * size):
        raise Damaged("it claims to hold more than such a file can")
    described = document.parse(_text(archive, infos.pop(DOCUMENT)))
    if described.config.layers > len(infos):
        raise Damaged(f"it describes {described.config.layers} layers and does not hold them")
    _stop_at(validate.description_problems(described))
    headers = {name: _header(archive, info, name) for name, info in infos.items()}
    _stop_at(validate.parameter_problems(described, headers))
    arrays = {name: _array(archive, infos[name], headers[name]) for name in sorted(infos)}
    _stop_at(validate.number_problems(described, arrays))
    return replace(described, params=_modules(arrays))


def _stop_at(problems: tuple[str, ...]) -> None:
    if problems:
        raise Damaged(*problems)


def _modules(
    arrays: Mapping[str, NDArray[np.float32]],
) -> dict[str, dict[str, NDArray[np.float32]]]:
    modules: dict[str, dict[str, NDArray[np.float32]]] = {}
    for path, array in arrays.items():
        module, name = path.rsplit("/", 1)
        modules.setdefault(module, {})[name] = array
    return modules


@dataclass(frozen=True, slots=True)
class _Header:
    """The head of an ``.npy`` member: what is declared, before it is believed."""

    dtype: str
    fortran: bool
    shape: tuple[int, ...]
    offset: int


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> _Header:
    with archive.open(info) as member:
        start = member.read(1024)
    if start[:8] == b"\x93NUMPY\x01\x00":
        offset = 10
    elif start[:8] in (b"\x93NUMPY\x02\x00", b"\x93NUMPY\x03\x00"):
        offset = 12
    else:
        raise Damaged(f"`{name}` is not an array")
    length = int.from_bytes(start[8:offset], "little")
    match = _HEADER.fullmatch(start, offset, min(offset + length, len(start)))
    if match is None:
        raise Damaged(f"`{name}` is not a plain array of numbers")
    dtype = {"<f4": "float32"}.get(match[1].decode("ascii", "replace"), match[1].decode("latin-1"))
    shape = tuple(int(size) for size in re.findall(rb"\d+", match[3]))
    return _Header(dtype, match[2] == b"True", shape, offset + length)


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    header = _header(archive, info, DOCUMENT)
    size = info.file_size - header.offset
    if size > MAX_DOCUMENT_BYTES or header.shape != () or header.dtype != f"|S{size}":
        raise Damaged("its description is not one text")
    return archive.read(info)[header.offset :]


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, header: _Header) -> NDArray[np.float32]:
    contents = archive.read(info)
    array = np.frombuffer(contents, "<f4", offset=header.offset)
    return array.reshape(header.shape, order="F" if header.fortran else "C")


def _not_written(path: str, error: OSError | ValueError) -> Diagnostic:
    if isinstance(error, FileNotFoundError):
        help_text = "make the folder first, or write to another place with `-o`"
    else:
        help_text = "write to another place with `-o`"
    return Diagnostic("RASP0003", f"cannot write `{path}`: {_reason(error)}", help=help_text)


def _not_found(path: str) -> Diagnostic:
    help_text = "check the path; `raspc compile` makes model files"
    return Diagnostic("RASP0001", f"there is no file `{path}`", help=help_text)


def _not_read(path: str, error: OSError | ValueError) -> Diagnostic:
    help_text = "give the path of a model file that you may read"
    return Diagnostic("RASP0002", f"cannot read `{path}`: {_reason(error)}", help=help_text)


def _foreign(path: str) -> Diagnostic:
    help_text = "give a file that `raspc compile` or `Model.save` wrote"
    return Diagnostic("RASP0009", f"`{path}` is not a raspc model file", help=help_text)


def _other_version(path: str, version: str) -> Diagnostic:
    message = f"`{path}` has version {version} of the model file, not {document.VERSION}"
    return Diagnostic("RASP0011", message, help="compile the program again with this raspc")


def _damaged(path: str, problems: tuple[str, ...]) -> Diagnostic:
    more = len(problems) - 8
    notes = (*problems[1:8], *([f"and {more} more"] if more > 0 else []))
    help_text = "compile the program again, or take an undamaged copy"
    message = f"model file `{path}` is damaged: {problems[0]}"
    return Diagnostic("RASP0010", message, help=help_text, notes=notes)


def _reason(error: OSError | ValueError) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]
