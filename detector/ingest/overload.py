"""Markup that is cheap to write and dear to parse."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from detector.ingest.limits import MAX_ATTRIBUTES, MAX_DEPTH

if TYPE_CHECKING:
    from lxml.etree import XPath, _Element

TOO_MANY_ATTRIBUTES = f"an element of over {MAX_ATTRIBUTES} attributes"
# What stands between "<" and ">" may also be a piece of a script, which tells names apart by more
# than spaces; it has not nearly so many that differ.
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{2 * MAX_ATTRIBUTES},}}+")
_ATTRIBUTE = re.compile(r"""([^\s"'=/]++)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s"']*+))?+""")


def has_overloaded_tag(markup: str) -> bool:
    """Tell whether an element has more attributes than any page or feed has use for."""
    return any(
        len(set(_ATTRIBUTE.findall(tag[0]))) > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(markup)
    )


class TooDeepError(ValueError):
    """Elements are nested beyond what a parser reads to the end."""

    def __init__(self) -> None:
        super().__init__(f"elements nested over {MAX_DEPTH} deep")


def check_depth(root: _Element) -> None:
    """Refuse a tree of more levels than the bound.

    Raises
    ------
    TooDeepError
    """
    if _beyond_the_bound()(root):
        raise TooDeepError


@cache
def _beyond_the_bound() -> XPath:
    """Ask for one level more than there may be: a step a level, so every element is met once."""
    from lxml import etree  # noqa: PLC0415 - slow, and plain text does not need it

    return etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
