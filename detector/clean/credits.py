"""Which of the lines that cleaning takes away say whose the text is.

They are no part of what the author wrote, so nothing is measured on them. But they tell a licensed
copy from a stolen one, so they are kept beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A longer paragraph that is gone was a repeat, a caption, or changed and kept.
_LONGEST = 300
# Words that speak of publishing, inside a sentence or a line, in small letters. Every branch begins
# with a letter that stands for itself, so that the search skips what begins otherwise.
_PUBLISHING = re.compile(
    "|".join(
        rf"{when}\s+(?:published|appeared|reported|written)"
        for when in ("original(?:ly)?", "first", "previously")
    )
    + r"|re-?published|reprinted|syndicat\w+|courtesy\s+of|by\s+permission|with\s+permission"
    r"|licen[cs]ed?\b|all\s+rights\s+reserved|©|source(?<=\bsource)\s*:|via(?<=\bvia)\b"
    r"|read\s+the\s+(?:full|original)|contributed\s+(?:reporting\s+)?(?:to|for)\s+this\b"
)
# Whole lines that credit somebody by their form: bylines and those who contributed, copyright,
# newsrooms, the address of the original.
_FORMS = re.compile(
    r"\W{0,3}(?:(?:additional |writing |contributing )?(?:reporting|writing|written|compiled|edited"
    r"|editing|story|words|analysis) )?by\b.+"
    r"|contributing: .+|special (?:for|to) .+|.+\bnews ?(?:room|desk)\b.*"
    r"|\W{0,3}(?:©|\(c\)|copyright)\W?.+|.+\bmay not be (?:published|reproduced|redistributed)\b.*"
    r"|(?:read|see) (?:more|(?:it |the )?(?:full|original)\b.*) (?:at|on) .+"
    r"|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)
# Signatures: "— Associated Press", "(Reuters)", and "(AFP)" behind a sentence.
_SIGNATURE = re.compile(
    r"[—-] ?(?:[A-Z][\w.'-]*+ ?){1,4}|\((?:[A-Z][\w.'-]*+ ?){1,4}\)\.?"
    r"|.*\((?:[A-Z]{2,4}|Reuters)\)\.?"
)
# The picture's credit says nothing of the text.
_PICTURE = re.compile(
    r"\W{0,3}(?:file |stock )?(?:photo|image|media|picture|illustration|video|graphics?|credits?"
    r"|caption|enlarge|toggle|hide|show|watch)\w*\b",
    re.IGNORECASE,
)


def credits_among(before: list[str], after: list[str]) -> list[str]:
    """Choose from the paragraphs that are gone those that say whose the text is.

    Parameters
    ----------
    before, after : paragraphs before boilerplate was taken away, and after

    Examples
    --------
    >>> credits_among(["It rained.", "— Associated Press", "Share"], ["It rained."])
    ['— Associated Press']
    """
    kept = set(after)
    gone = dict.fromkeys(p for p in before if p not in kept and len(p) <= _LONGEST)
    return [paragraph for paragraph in gone if is_credit(paragraph)]


def is_credit(paragraph: str) -> bool:
    """Say whether a line that is no part of the text says whose the text is.

    >>> is_credit("By Ida Brun, Reuters"), is_credit("Photo by Reuters"), is_credit("Share this")
    (True, False, False)
    """
    if _PICTURE.match(paragraph):
        return False
    whole = _FORMS.fullmatch(paragraph) or _SIGNATURE.fullmatch(paragraph)
    return whole is not None or next(publishing(paragraph), None) is not None


def publishing(text: str) -> Iterator[int]:
    """Say where a text speaks of publishing, in whatever case.

    >>> list(publishing("It rained. FIRST published in Oslo."))
    [11]
    """
    # As `re.IGNORECASE` has it, which would try every branch at every letter.
    small = text.replace("İ", "i").lower().replace("ſ", "s").replace("ı", "i")
    return (match.start() for match in _PUBLISHING.finditer(small))
