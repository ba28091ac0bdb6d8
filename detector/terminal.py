"""Lines, tables and colours for a terminal.

Text from articles is foreign: before it reaches a terminal, everything in it that could steer one
(control characters, direction overrides, lone surrogates) is replaced.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

Paint = Callable[[str, str], str]  # (text, colour name) -> text
_COLOURS = {"bold": "1", "red": "1;31", "yellow": "33", "green": "32", "dim": "2"}
_NARROWEST = 30  # columns; a narrower terminal breaks the lines itself


def plain(text: str, colour: str) -> str:
    """Leave the text as it is: the `Paint` for everything that is not a terminal."""
    return text


def ansi(text: str, colour: str) -> str:
    """Colour the text by ANSI codes: the `Paint` for terminals."""
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def wrap(text: str, width: int, *, first: str, rest: str) -> str:
    """Break foreign text into lines of the width, tamed; ``first`` and ``rest`` indent them."""
    width = max(width, _NARROWEST)
    lines, line, bare = [], first, True
    for word in tame(text).split():
        if not bare and columns(f"{line} {word}") > width:
            lines.append(line)
            line, bare = rest, True
        line += word if bare else f" {word}"
        bare = False
        while (end := _fitting(line, width)) < len(line):
            lines.append(line[:end])
            line = rest + line[end:]
    return "\n".join([*lines, line])


def _fitting(text: str, width: int) -> int:
    """Count the characters from the start that fit the width, in one pass."""
    taken = 0
    for end, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return end
    return len(text)


def tame(text: str) -> str:
    """Replace every character that could steer a terminal; join the lines."""
    flat = " ".join(text.split())
    unsafe = ("Cc", "Cf", "Cs", "Co", "Cn")
    return "".join("\N{REPLACEMENT CHARACTER}" if _kind(c) in unsafe else c for c in flat)


def _kind(character: str) -> str:
    # Zero-width joiners make up emoji and Indic letters and move nothing.
    return "Mn" if character in "\u200c\u200d" else unicodedata.category(character)


# ---------------------------------------------------------------- tables


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = 80) -> str:
    """Set rows in columns that fit the width; what is too long ends in an ellipsis.

    >>> print(table(["site", "articles"], [["harbour.example", "4"]]))
    site             articles
    harbour.example  4
    """
    # No cell is ever wider than the table: what is cut here would not have been seen.
    cells = [[tame(cell[: 4 * width]) for cell in row] for row in [head, *rows]]
    widths = _fit([max(map(columns, column)) for column in zip(*cells, strict=True)], width)
    lines = ("  ".join(map(_pad, row, widths)).rstrip() for row in cells)
    return "\n".join(lines)


def _fit(widths: list[int], width: int) -> list[int]:
    """Shorten the widest columns until all of them stand in the width, two apart."""
    room = max(width - 2 * (len(widths) - 1), 8 * len(widths))
    fitted = list(widths)
    while sum(fitted) > room:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _pad(text: str, width: int) -> str:
    if columns(text) > width:
        text = text[: _fitting(text, width - 1)].rstrip() + "…"
    return text + " " * (width - columns(text))


def columns(text: str) -> int:
    r"""Count the terminal columns that a text takes.

    >>> columns("news"), columns("新聞"), columns("e\N{COMBINING ACUTE ACCENT}")
    (4, 4, 1)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(_kind(c) in ("Mn", "Me") for c in text)
