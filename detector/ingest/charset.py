"""Bytes to text, whatever the bytes say about themselves."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs that are no character sets, that hide markup from a check of the text, or that take
# quadratic time.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "utf-7"})
# What pages and feeds that declare these mean by them; every browser reads them so.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252"}
# How much of a long text decides whether it has UTF-16's zeros.
_SAMPLE = 4096


def decode(data: bytes, *, declared: str = "") -> str:
    """Decode text by its mark, by its bytes, by what it declares, in that order.

    Valid UTF-8 with any character beyond ASCII is hardly ever anything else,
    so it wins over a declaration. Nothing fails: what no charset explains is
    read as UTF-8 with replacements where that mostly holds, else as cp1252.

    Parameters
    ----------
    data : the bytes of one text
    declared : the charset that a header, a page or a feed names; may be wrong
    """
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    for charset in ("utf-8", known_charset(declared), _wide(data)):
        if charset:
            try:
                return data.decode(charset)
            except (ValueError, LookupError):
                continue
    return _damaged(data)


def wide_mark(head: bytes) -> str:
    """Name the UTF-16 charset that a text's first bytes announce; "" for any other."""
    for mark, charset in _BOMS[1:]:
        if head.startswith(mark):
            return charset
    return _wide(head)


def known_charset(name: str) -> str:
    """Name the codec for a declared charset; "" where it is unknown or refused."""
    try:
        codec = codecs.lookup(name.strip(" \"'\x00").lower()).name if name else ""
        b"".decode(codec or "utf-8")  # of codecs, some are of no characters
    except (LookupError, ValueError):
        return ""
    return "" if codec in _REFUSED else _MEANT.get(codec, codec)


def _wide(data: bytes) -> str:
    """Recognise UTF-16 without a mark: Latin text in it has a zero in every second byte."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 2:
        return ""
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else ""


def _damaged(data: bytes) -> str:
    """Read text that no charset explains in full."""
    read = data.decode("utf-8", "replace")
    lost = read.count("\ufffd")
    beyond_ascii = sum(1 for character in read if character > "\x7f") - lost
    if beyond_ascii > lost:
        return read
    # cp1252 leaves five bytes undefined; they are rare enough to lose.
    return data.decode("cp1252", "replace")
