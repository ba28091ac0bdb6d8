"""Markup that is cheap to write and dear to parse."""

from __future__ import annotations

import re

from detector.ingest.limits import MAX_ATTRIBUTES

TOO_MANY_ATTRIBUTES = f"an element of over {MAX_ATTRIBUTES} attributes"
# An attribute takes two characters at least: a space and a letter.
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{2 * MAX_ATTRIBUTES},}}+")
_ATTRIBUTE = re.compile(r"""[^\s"'=/]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s"']*+))?+""")


def has_overloaded_tag(markup: str) -> bool:
    """Tell whether an element has more attributes than any page or feed has use for."""
    return any(
        sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > MAX_ATTRIBUTES + 1
        for tag in _LONG_TAG.finditer(markup)
    )
