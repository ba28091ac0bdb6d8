"""Markup that is cheap to write and dear to parse."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from detector.ingest.limits import MAX_ATTRIBUTES, MAX_DEPTH, MAX_PAGE_BYTES

if TYPE_CHECKING:
    from lxml.etree import XPath, _Element

# What stands between "<" and ">" may also be a piece of a script, which tells names apart by more
# than spaces; it has not nearly so many that differ.
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{2 * MAX_ATTRIBUTES},}}+")
_ATTRIBUTE = re.compile(r"""([^\s"'=/]++)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s"']*+))?+""")
_WIDEST = 4  # bytes of a character


class OverloadError(ValueError):
    """Markup is beyond what is parsed; `reason` is that of the rejection."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def check_markup(markup: str) -> None:
    """Refuse markup that a parser would not read to its end, or not in time.

    Raises
    ------
    OverloadError
    """
    check_size(markup)
    if has_overloaded_tag(markup):
        raise OverloadError("too_large", f"an element of over {MAX_ATTRIBUTES} attributes")


def check_size(text: str) -> None:
    """Refuse a text of more bytes than the bound.

    Raises
    ------
    OverloadError
    """
    may_be = _WIDEST * len(text) > MAX_PAGE_BYTES
    if may_be and len(text.encode("utf-8", "replace")) > MAX_PAGE_BYTES:
        raise OverloadError("too_large", f"over {MAX_PAGE_BYTES} bytes")


def has_overloaded_tag(markup: str) -> bool:
    """Tell whether an element has more attributes than any page or feed has use for."""
    return any(
        len(set(_ATTRIBUTE.findall(tag[0]))) > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(markup)
    )


def check_depth(root: _Element) -> None:
    """Refuse a tree of more levels than the bound.

    Raises
    ------
    OverloadError
    """
    if _beyond_the_bound()(root):
        raise OverloadError("too_deep", f"elements nested over {MAX_DEPTH} deep")


@cache
def _beyond_the_bound() -> XPath:
    """Ask for one level more than there may be: a step a level, so every element is met once."""
    from lxml import etree  # noqa: PLC0415 - slow, and plain text does not need it

    return etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
