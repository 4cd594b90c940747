"""The catalogue of the shipped programs, made from them: docs/catalogue.md and its pictures.

    python benchmarks/catalogue.py            write them
    python benchmarks/catalogue.py --check    status 1 where they are not what would be written

Prose, vocabulary and lengths are those of the programs' heads, answers are the interpreter's,
figures those of `programs/figures.json`. The picture shows the selector of the last aggregate (or
width) that the output depends on.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from attention_picture import picture
from catalogue_examples import example_of

from rasp_lang.display import plain_text, value_text
from rasp_lang.graph import Node
from rasp_lang.head import Head
from rasp_lang.library_figures import Figures, library_figures
from rasp_lang.library_files import ShippedProgram, shipped_programs
from rasp_lang.program import Program, load_shipped

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = "catalogue"
_BETWEEN = re.compile(r"\n\s*\n")
_MARKUP = re.compile(r"([\\`*_<>\[\]|])")
_INTRODUCTION = """\
# The shipped programs

This page is made from the programs by `python benchmarks/catalogue.py`. Each program runs and
compiles under its name (`raspc compile reverse`); `raspc programs` lists, searches and copies them.

The figures are those of the program compiled for the vocabulary and the maximum length that are
named with it; the interpreter and the model gave the same on the inputs that are counted, each
counted once for each way of reading. A picture shows the key selector, the one of the last
aggregate that the output depends on, on the example: a row is a query, a column a key.
"""


def pages() -> dict[str, str]:
    """The texts of all files by their path in ``docs``."""
    files: dict[str, str] = {}
    parts = [_INTRODUCTION, *_contents()]
    for chapter, members in groupby(shipped_programs(), key=lambda program: program.chapter):
        parts.append(f"## {chapter}\n")
        for shipped in members:
            parts += _entry(shipped, files)
    files["catalogue.md"] = "\n".join(parts)
    return files


def _contents() -> Iterator[str]:
    for chapter, members in groupby(shipped_programs(), key=lambda program: program.chapter):
        links = ", ".join(f"[{program.name}](#{program.name})" for program in members)
        yield f"- **{chapter}**: {links}"
    yield ""


def _entry(shipped: ShippedProgram, files: dict[str, str]) -> Iterator[str]:
    """The lines on one program; its picture goes to the files."""
    program = load_shipped(shipped)
    head = program.head
    yield f"### {shipped.name}\n"
    yield from _prose(head)
    yield f"- Source: [{shipped.path}](../programs/{shipped.path})"
    if head.library:
        names = ", ".join(f"`{name}`" for name in program.names)
        yield f"- Loaded by other programs for {names}\n"
        return
    if head.variant_of:
        yield f"- A variant of [{head.variant_of}](#{head.variant_of})"
    vocabulary = ", ".join(map(value_text, head.vocab or ()))
    yield f"- Vocabulary {_code(vocabulary)}, at most {head.max_len} tokens"
    figures = library_figures().get(shipped.name)
    if figures is not None:
        yield from _figures(figures)
    yield from _example(shipped, program, files)


def _prose(head: Head) -> Iterator[str]:
    """The first sentence, then how the program works."""
    first, *others = (" ".join(text.split()) for text in _BETWEEN.split(head.description))
    for paragraph in (head.summary, first.removeprefix(head.summary).strip(), *others):
        if paragraph:
            yield f"{_escaped(paragraph)}\n"


def _figures(figures: Figures) -> Iterator[str]:
    layers = "1 layer" if figures.layers == 1 else f"{figures.layers} layers"
    yield (
        f"- {layers}, heads {[*figures.heads]}, d_model {figures.d_model}, "
        f"{figures.parameters:,} parameters"
    )
    extent = "all of them" if figures.exhaustive else "all short ones, a sample of the others"
    readings = " and ".join(figures.readings)
    yield f"- Checked on {figures.checked:,} inputs ({extent}), read {readings}"


def _example(shipped: ShippedProgram, program: Program, files: dict[str, str]) -> Iterator[str]:
    """The answer to one input, and the picture if there is a selector."""
    example = example_of(program)
    if example is None:
        yield ""
        return
    given = plain_text(list(example.tokens))
    yield f"- {_code(given)} gives {_code(plain_text(example.answer))}\n"
    if example.selector is None:
        return
    what = _named(example.selector, shipped.path)
    name = f"{PICTURES}/{shipped.name}.svg"
    files[name] = picture(f"{what} on {given}", [*map(str, example.tokens)], example.rows)
    yield f"{_code(what)}:\n"
    yield f"![the keys that each query of the selector picks]({name})\n"


def _named(selector: Node, path: str) -> str:
    """A selector's name with its text, where the program's own text has it."""
    span = selector.span
    text = " ".join(span.text.split()) if span and span.path == path else ""
    return " = ".join(dict.fromkeys(filter(None, (selector.name, text)))) or "the selector"


def _code(text: str) -> str:
    """A text as code in Markdown, whatever is in it."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    inner = f" {text} " if "`" in text else text
    return f"{fence}{inner}{fence}"


def _escaped(prose: str) -> str:
    return _MARKUP.sub(r"\\\1", prose)


def differences(files: Mapping[str, str]) -> list[str]:
    """The files in ``docs`` that are not what would be written."""
    there = {f"{PICTURES}/{path.name}" for path in (DOCS / PICTURES).glob("*")}
    missing = {name for name in files if not (DOCS / name).exists()}
    stale = {
        name
        for name in files.keys() - missing
        if (DOCS / name).read_text(encoding="utf-8") != files[name]
    }
    return sorted(missing | stale | (there - files.keys()))


def write(files: Mapping[str, str]) -> None:
    """Write all files; pictures of programs that are gone are removed."""
    (DOCS / PICTURES).mkdir(exist_ok=True)
    for name in differences(files):
        if name in files:
            (DOCS / name).write_text(files[name], encoding="utf-8")
        else:
            (DOCS / name).unlink()


def main() -> int:
    """Write the catalogue, or compare it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    files = pages()
    changed = differences(files)
    if not check:
        write(files)
    for name in changed:
        print(name)
    return bool(check and changed)


if __name__ == "__main__":
    sys.exit(main())
