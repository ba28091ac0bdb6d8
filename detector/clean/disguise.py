"""How many words were written so that readers see one thing and programs another.

Counted is what cleaning takes away and no honest hand puts there. Not counted are soft hyphens
where typesetters break words, invisible characters outside Latin words (emoji and other scripts
need them), words wholly of another alphabet, ligatures, and accents as people write them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from detector.clean.characters import FOREIGN_LETTERS, decoded, mixes_alphabets

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_SOFT = "\u00ad"
_UNSEEN = (
    "\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
# Marks that NFC joins to no letter, and rings and squares around one.
_MARKS = "\u0300-\u034e\u0350-\u036f\u0488\u0489\u1abe\u20dd-\u20e0\u20e2-\u20e4\ua670-\ua672"
# Full-width and mathematical letters.
_OTHER_FORMS = "\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7cb"

# Looked for first: nearly every text has none of them.
_SIGN = re.compile(f"[{_SOFT}{_UNSEEN}{_MARKS}{_OTHER_FORMS}{FOREIGN_LETTERS}]")
_INVISIBLE = re.compile(f"[{_SOFT}{_UNSEEN}]")
_PARTED_WORD = re.compile(f"[{_LATIN}]++(?:[{_SOFT}{_UNSEEN}]++[{_LATIN}]++)++")
# No typesetter parts the first or the last letter from a word, or breaks at one place twice.
_UNTYPESET = re.compile(f"[{_UNSEEN}]|{_SOFT}{_SOFT}|^.{_SOFT}|{_SOFT}.$")
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*+")
# An "i" with a second dot is what lower case makes of the Turkish capital.
_OTHERWISE_SPELT = re.compile(f"(?!i\u0307)[{_LATIN}][{_MARKS}]|[{_OTHER_FORMS}]")


class Disguise(NamedTuple):
    """How many different words were disguised."""

    lookalike: int  # spelt with other letters that look the same, or with marks on letters
    parted: int  # with invisible characters inside


def disguise_of(text: str) -> Disguise:
    """Count the disguised words of a text; a folded one has none."""
    text = decoded(text)
    if not _SIGN.search(text):
        return Disguise(0, 0)
    parted = {word for word in _PARTED_WORD.findall(text) if _UNTYPESET.search(word)}
    words = set(_WORD.findall(_INVISIBLE.sub("", text)))
    lookalike = {word for word in words if _OTHERWISE_SPELT.search(word) or mixes_alphabets(word)}
    return Disguise(len(lookalike), len(parted))
