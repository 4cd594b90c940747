"""A selector on one input as an SVG picture: which keys each query selects.

Queries are rows, keys are columns, both labelled with their tokens. The text of a picture depends
on nothing but what it shows, and its colours can be read on a light and on a dark page.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

CELL, GLYPH, GAP, SIZE = 18, 7, 6, 12
STYLE = (
    f"text{{font:{SIZE}px monospace;fill:#57606a}}"
    ".keys{text-anchor:middle}.queries{text-anchor:end}"
    ".grid{fill:none;stroke:#8c959f;stroke-opacity:.5}.selected{fill:#0969da}"
    "@media(prefers-color-scheme:dark){text{fill:#9ea7b1}.selected{fill:#58a6ff}}"
)


def picture(title: str, tokens: Sequence[str], rows: Sequence[Sequence[bool]]) -> str:
    """The picture of ``rows[query][key]`` on tokens as they are shown."""
    longest = max(map(len, tokens))
    width, count = max(CELL, GLYPH * longest + GAP), len(tokens)
    left, top = GLYPH * max(longest, len("query")) + GAP, 2 * CELL
    right, bottom = left + count * width, top + count * CELL
    keys = (_text(left + k * width + width // 2, top - GAP, t) for k, t in enumerate(tokens))
    queries = (_text(left - GAP, top + k * CELL + CELL - GAP, t) for k, t in enumerate(tokens))
    selected = (
        f"M{left + k * width + 1} {top + q * CELL + 1}h{width - 2}v{CELL - 2}h{2 - width}z"
        for q, row in enumerate(rows)
        for k, bit in enumerate(row)
        if bit
    )
    grid = [f"M{left + k * width}.5 {top}v{bottom - top}" for k in range(count + 1)]
    grid += [f"M{left} {top + k * CELL}.5h{right - left}" for k in range(count + 1)]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right + GAP}" height="{bottom + GAP}">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<path class="selected" d="{"".join(selected)}"/>',
        f'<path class="grid" d="{"".join(grid)}"/>',
        f'<g class="keys">{_text((left + right) // 2, SIZE, "key")}{"".join(keys)}</g>',
        f'<g class="queries">{_text(left - GAP, top - GAP, "query")}{"".join(queries)}</g>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _text(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(text)}</text>'
