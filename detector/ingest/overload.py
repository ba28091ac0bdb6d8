"""Markup that is cheap to write and dear to parse."""

from __future__ import annotations

import re

from detector.ingest.limits import MAX_ATTRIBUTES

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
