"""What an input is, told by its first bytes and never by its name."""

from __future__ import annotations

import csv
import io
import re
from typing import Literal, TypeAlias

from detector.ingest.charset import decode, wide_mark
from detector.ingest.fields import KNOWN_FIELDS, PAGE_FIELDS, TEXT_FIELDS, squashed
from detector.ingest.pages import looks_like_page

Kind: TypeAlias = Literal[
    "empty", "warc", "parquet", "feed", "page", "json", "csv", "table", "text", "binary", "xml"
]

# The two packings besides gzip that archives of the web come in.
PACKED_ARCHIVES = (
    b"\x04\x22\x4d\x18",
    b"\x28\xb5\x2f\xfd",
    b"\x50\x2a\x4d\x18",
    b"\x5d\x2a\x4d\x18",
)
_ARCHIVE = re.compile(rb"(?:\xef\xbb\xbf)?\s*+WARC/")
_OTHER_FORMATS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"BZh",
    b"\xfd7zXZ",
)
_PROLOGUE = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_PAGE_INSIDE = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
# Control characters that no text has.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Share of the first bytes. Damaged texts hold a few controls; every tenth byte of random ones is.
_BINARY_SHARE = 0.02
# JSON lines whose first is broken: the next two, or as many as there are, begin a record.
_LINES_OF_JSON = re.compile(r"[^\n]++\n\s*+\{\s*+\"[^\n]*+\n?+\s*+(?:\{\s*+\"|\Z)")
_DELIMITERS = ",\t;|"
_LONGEST_FIELD_NAME = 64
# A line with which spreadsheets say what parts the columns.
SEPARATOR = re.compile(rf"\Asep=[{_DELIMITERS}]\r?\n")
_PLAIN_NAME = re.compile(r"[\w.:/#-]{1,64}")


def kind_of(head: bytes) -> Kind:
    """Tell what an unpacked input is.

    Parameters
    ----------
    head : the first bytes, all of them where the input is short
    """
    if head.startswith(PACKED_ARCHIVES) or _ARCHIVE.match(head):
        return "warc"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_OTHER_FORMATS) or _is_binary(head):
        return "binary"
    return _kind_of_text(decode(head))


def _is_binary(head: bytes) -> bool:
    """Tell bytes that no charset makes a text of."""
    if wide_mark(head) or not head:
        return False
    return len(_CONTROLS.findall(head)) > _BINARY_SHARE * len(head)


def _kind_of_text(text: str) -> Kind:
    """Tell the kinds of text apart by how they begin."""
    start = text.lstrip("\ufeff \t\r\n\x00")
    if not start:
        return "empty"
    if start.startswith("<"):
        return _kind_of_markup(start)
    if re.match(r"\{\s*[\"}]|\[\s*[\[{\]]", start) or _LINES_OF_JSON.match(start):
        return "json"
    table = SEPARATOR.sub("", start)
    if delimiter_of(start) or _is_column_of_texts(table):
        return "csv"
    return "table" if any(_is_table(table, delimiter) for delimiter in _DELIMITERS) else "text"


def _kind_of_markup(text: str) -> Kind:
    """Tell feeds, pages and other XML apart by their root."""
    root, _ = prologue(text)
    if root.lower() in _FEED_ROOTS:
        return "feed"
    if looks_like_page(text) or root.lower() == "html" or _PAGE_INSIDE.search(text):
        return "page"
    return "xml" if text.startswith("<?xml") else "text"


def prologue(text: str) -> tuple[str, bool]:
    """Read what stands before a document's root.

    Returns
    -------
    tuple of str and bool
        The root's local name, "" when the text shows none; whether a document
        type stands before it.
    """
    position, typed = 0, False
    while position < len(text):
        if skipped := _PROLOGUE.match(text, position):
            position = skipped.end()
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            typed = True
            position = _after_type(text, position)
        elif root := _ROOT.match(text, position):
            return root[1], typed
        else:
            break
    return "", typed


def _after_type(text: str, position: int) -> int:
    """Find the end of a document type, past the subset in its brackets."""
    subset, end = text.find("[", position), text.find(">", position)
    if -1 < subset < end:
        end = text.find(">", max(text.find("]", subset), subset))
    return end + 1 if end > -1 else len(text)


def delimiter_of(text: str) -> str:
    """Give the delimiter of a table whose header has a name that ingest knows; "" for no table."""
    first = next(iter(SEPARATOR.sub("", text).splitlines()), "")
    for delimiter in _DELIMITERS:
        names = next(csv.reader([first], delimiter=delimiter), [])
        known = {squashed(name) for name in names} & KNOWN_FIELDS
        short = all(len(name) <= _LONGEST_FIELD_NAME for name in names)
        # One known name is enough where no name is several words, as those of a sentence are.
        single = not any(" " in name.strip() for name in names)
        holds_text = bool(known & {*TEXT_FIELDS, *PAGE_FIELDS})
        if len(names) > 1 and short and (len(known) > 1 or (holds_text and single)):
            return delimiter
    return ""


def _is_column_of_texts(text: str) -> bool:
    """Tell a table of one column, of texts, by quotes around a whole line; prose has none."""
    name = squashed(text.partition("\n")[0][:_LONGEST_FIELD_NAME])
    if '\n"' not in text or name not in {*TEXT_FIELDS, *PAGE_FIELDS}:
        return False
    rows = _rows(text, ",")
    return rows != [[]] and all(len(row) < 2 for row in rows)


def _is_table(text: str, delimiter: str) -> bool:
    """Tell a table whose header is unknown: one word a name, and every row as wide."""
    if delimiter not in text.partition("\n")[0]:
        return False  # before all of it is taken apart
    header, *rows = _rows(text, delimiter)
    if len(header) < 2 or len(rows) < 2 or not all(map(_PLAIN_NAME.fullmatch, header)):
        return False
    *whole, last = map(len, rows)  # the last may be cut
    return set(whole) == {len(header)} and 0 < last <= len(header)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Take a text apart as a strict table; one empty row where it is none."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        # The text is the beginning of one that may end inside quotes.
        if "unexpected end" not in str(error):
            return [[]]
    return rows or [[]]
