"""From what a user gives a model to token ids."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.diagnostics.suggest import closest
from rasp_lang.graph import Atom

#: A string is its characters.
Input = str | Sequence[Atom]
_SEQUENCES = {str, list, tuple}


@dataclass(frozen=True, eq=False)
class Encoded:
    """Inputs as token ids: those of all inputs one after the other, and the inputs' lengths."""

    ids: NDArray[np.int32]
    lengths: NDArray[np.intp]

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        return np.cumsum(self.lengths) - self.lengths


class Vocabulary:
    """The tokens of a model, told apart by type and value: ``True``, ``1``, ``1.0`` are three."""

    def __init__(self, tokens: Sequence[Atom], max_len: int) -> None:
        self._tokens = tuple(tokens)
        self._max_len = max_len
        self._ids = {(type(token), token): i for i, token in enumerate(tokens)}

    def encode(self, tokens: Input) -> list[int]:
        """The ids of an input's tokens.

        Raises RaspError with everything that is wrong: RASP0311 (no sequence of tokens), RASP0512
        (a token outside the vocabulary), RASP0513 (too long), RASP0514 (empty)."""
        if isinstance(tokens, str | list | tuple) and 0 < len(tokens) <= self._max_len:
            try:
                return [self._ids[type(token), token] for token in tokens]
            except (KeyError, TypeError):
                pass  # numpy's numbers, or something to complain about
        return self._encode_any(tokens)

    def encode_all(self, inputs: Sequence[Input]) -> Encoded:
        """Many inputs at once. Raises what the first wrong one raises."""
        try:
            lengths = np.fromiter(map(len, inputs), np.intp, len(inputs))
            if set(map(type, inputs)) <= _SEQUENCES and self._fit(lengths):
                flat = list(chain.from_iterable(inputs))
                keys = zip(map(type, flat), flat, strict=True)
                found = map(self._ids.__getitem__, keys)
                return Encoded(np.fromiter(found, np.int32, len(flat)), lengths)
        except (KeyError, TypeError):
            pass  # one of them needs a closer look
        one_by_one = [self.encode(tokens) for tokens in inputs]
        flat_ids = np.array([*chain.from_iterable(one_by_one)], np.int32)
        return Encoded(flat_ids, np.array([*map(len, one_by_one)], np.intp))

    def _fit(self, lengths: NDArray[np.intp]) -> bool:
        return not len(lengths) or (lengths.min() > 0 and lengths.max() <= self._max_len)

    def rows(self, encoded: Encoded, chosen: NDArray[np.intp]) -> NDArray[np.int32]:
        """``[B, T]``: BOS, the ids of a chosen input, then PAD, for the longest of them."""
        starts, lengths = encoded.starts[chosen], encoded.lengths[chosen]
        places = np.arange(lengths.max())
        ids = np.full((len(chosen), len(places) + 1), len(self._tokens) + 1, np.int32)
        ids[:, 0] = len(self._tokens)
        found = encoded.ids.take(starts[:, None] + places, mode="clip")
        np.copyto(ids[:, 1:], found, where=places < lengths[:, None])
        return ids

    def _encode_any(self, tokens: object) -> list[int]:
        items = _items(tokens)
        problems = self._length_problems(len(items))
        problems += [_not_a_token(item) for item in items if not _is_atom(item)]
        atoms = [(type(item), item) for item in items if _is_atom(item)]
        unknown = dict.fromkeys(key for key in atoms if key not in self._ids)
        problems += [self._outside(item) for _, item in unknown]
        if problems:
            raise RaspError(problems)
        return [self._ids[key] for key in atoms]

    def batch(self, encoded: Sequence[Sequence[int]], rows: int) -> NDArray[np.int32]:
        """``[B, rows]``: BOS, the ids, then PAD."""
        bos, pad = len(self._tokens), len(self._tokens) + 1
        ids = np.full((len(encoded), rows), pad, np.int32)
        ids[:, 0] = bos
        for row, sequence in zip(ids, encoded, strict=True):
            row[1 : len(sequence) + 1] = sequence
        return ids

    def _length_problems(self, length: int) -> list[Diagnostic]:
        if length == 0:
            return [Diagnostic("RASP0514", "the input is empty", help="give at least one token")]
        if length > self._max_len:
            message = f"the input has {length} tokens, the model takes at most {self._max_len}"
            help_text = f"shorten it, or compile with a maximum length of {length}"
            return [Diagnostic("RASP0513", message, help=help_text)]
        return []

    def _outside(self, item: Atom) -> Diagnostic:
        message = f"{_shown(item)} is not in the vocabulary"
        near = self._near(item)
        if near is None:
            known = [_shown(token) for token in self._tokens[:10]]
            known += ["..."] if len(self._tokens) > 10 else []
            return Diagnostic("RASP0512", message, help=f"the tokens are {', '.join(known)}")
        return Diagnostic("RASP0512", message, help=f"did you mean {_shown(near)}?")

    def _near(self, item: Atom) -> Atom | None:
        """The token of another type with the same value or text, or the most similar text."""
        texts = {_text(token): token for token in reversed(self._tokens)}
        same = [token for token in self._tokens if token == item]
        if same or _text(item) in texts:
            return same[0] if same else texts[_text(item)]
        guess = closest(item, texts) if isinstance(item, str) else None
        return None if guess is None else texts[guess]


def _items(tokens: object) -> list[Atom]:
    if isinstance(tokens, str):
        return list(tokens)
    if isinstance(tokens, np.ndarray):
        tokens = tokens.tolist()  # of no dimension: a token, no list
    if not isinstance(tokens, list | tuple):
        message = f"the input is {_article(tokens)}, not a sequence of tokens"
        raise RaspError(Diagnostic("RASP0311", message, help="give a string or a list of tokens"))
    return [item.item() if isinstance(item, np.generic) else item for item in tokens]


def _is_atom(item: object) -> bool:
    return type(item) in (int, float, str, bool)


def _not_a_token(item: object) -> Diagnostic:
    message = f"{_article(item)} is not a token"
    return Diagnostic("RASP0311", message, help="use ints, floats, strings and truth values")


_KINDS = {"int": "an int", "float": "a float", "bool": "a truth value", "dict": "a dictionary",
          "list": "a list", "tuple": "a list", "NoneType": "nothing"}  # fmt: skip


def _article(item: object) -> str:
    return _KINDS.get(type(item).__name__, "a host object")


def _shown(token: Atom) -> str:
    text = json.dumps(token) if isinstance(token, str) else _text(token)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:37]}...`"


def _text(token: Atom) -> str:
    try:
        return str(token)
    except ValueError:  # the host writes no int of so many digits
        return "a number of thousands of digits"
