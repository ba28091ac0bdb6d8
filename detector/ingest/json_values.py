"""JSON values one at a time, from text that comes in parts and may be broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from detector.ingest.limits import MAX_JSON_DEPTH, MAX_LINE_BYTES

# Text before the reader's place is let go when it has grown to this many characters.
_LET_GO = 1_000_000
# An error this near to the end of what has been read may be the cut and no error: the longest
# token that a cut can spoil, apart from a string, is an escaped pair of surrogates.
_NEAR_THE_CUT = 16
# Where the next record begins after a broken one: an object at the start of a line.
_NEXT_OBJECT = re.compile(r"\n[ \t]*+[,\[]?+[ \t]*+(?=\{)")
_BETWEEN = re.compile(r"[\s,\ufeff]*")
_SHOWN = 80  # characters of what is refused
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch that is no JSON, or nested beyond the bound."""

    begin: str  # its first characters
    reason: str


def loads(text: str) -> object:
    """Parse one value; `Broken` where it is none."""
    try:
        return _bounded(json.loads(text, strict=False), text)
    except (ValueError, RecursionError) as error:
        return _broken(text, error)


def _broken(text: str, error: Exception) -> Broken:
    deep = isinstance(error, RecursionError)
    return Broken(text[:_SHOWN], "too_deep" if deep else "broken_json")


def _bounded(value: object, text: str) -> object:
    """Refuse a value whose arrays and objects stand in each other beyond the bound."""
    level = [value]
    for _ in range(MAX_JSON_DEPTH + 1):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return value
    return Broken(text[:_SHOWN], "too_deep")


def _members(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def values(parts: Iterable[str]) -> Iterator[object]:
    """Give the members of a top-level array, or the values that follow one another.

    Memory holds one value and one part at a time. The text of a broken value
    is skipped up to the next line that begins an object.

    Parameters
    ----------
    parts : pieces of the text, cut anywhere
    """
    window = _Window(parts)
    opened = False
    while begin := window.next_character():
        if begin == "[" and not opened:
            opened = True
            window.position += 1
        elif begin == "]":
            window.position += 1
        else:
            yield window.value()


class _Window:
    """The part of a long text that is being read."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts = iter(parts)
        self._text = ""
        self.position = 0

    def next_character(self) -> str:
        """Move past spaces and commas; give what stands there, "" at the end."""
        while True:
            found = _BETWEEN.match(self._text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self._text):
                return self._text[self.position]
            if not self._grow():
                return ""

    def value(self) -> object:
        """Read the value that stands here, or past what is none."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self.position)
            except (ValueError, RecursionError) as error:
                if self._may_be_cut(error) and self._grow():
                    continue
                return self._skipped(error)
            # "1e" reads as 1 until the next part shows that it is 1e5.
            cut_short = isinstance(value, (int, float)) and self._is_near_the_cut(end)
            if not cut_short or not self._grow():
                text = self._text[self.position : self.position + _SHOWN]
                self.position = end
                return _bounded(value, text)

    def _may_be_cut(self, error: Exception) -> bool:
        """Tell an error that more text could mend."""
        if len(self._text) - self.position > MAX_LINE_BYTES:
            return False
        if not isinstance(error, json.JSONDecodeError):
            return False
        return self._is_near_the_cut(error.pos) or error.msg.startswith("Unterminated string")

    def _is_near_the_cut(self, position: int) -> bool:
        """Tell a position at which the next part could still change what was read."""
        return position >= len(self._text) - _NEAR_THE_CUT

    def _grow(self) -> bool:
        """Read until the window has doubled, which keeps rereading linear; False at the end."""
        if self.position > _LET_GO:
            self._text, self.position = self._text[self.position :], 0
        wanted = 2 * (len(self._text) - self.position)
        gained = []
        for part in self._parts:
            gained.append(part)
            wanted -= len(part)
            if part and wanted <= 0:
                break
        self._text += "".join(gained)
        return bool(gained)

    def _skipped(self, error: Exception) -> Broken:
        """Move behind a broken value, to the next line that begins an object."""
        broken = _broken(self._text[self.position : self.position + _SHOWN], error)
        self.position += 1
        while not (found := _NEXT_OBJECT.search(self._text, self.position)):
            self.position = max(self.position, len(self._text) - _SHOWN)
            if not self._grow():
                self.position = len(self._text)
                return broken
        self.position = found.end()
        return broken
