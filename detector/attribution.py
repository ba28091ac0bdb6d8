"""Whether an article credits the site that it takes from.

A name in the middle of a text is no credit: a rewrite of an interview still says whom the person
spoke to. A credit stands at the head, at the foot, in a sentence that speaks of publishing, or in
a line that cleaning took away (`Article.credits`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from detector.clean.credits import PUBLISHING

# Characters in which datelines ("OSLO (Reuters) -") and last lines ("... for the Harbour Times.")
# stand; two lines of a newspaper.
HEAD = 160
FOOT = 240
# A name of this many words at most: "The New York Times" after its article has gone.
NAME_WORDS = 4

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
# Agencies whose credit is not their domain.
_AGENCIES = {
    "apnews.com": ("AP", "Associated Press"),
    "reuters.com": ("Reuters",),
    "afp.com": ("AFP", "Agence France-Presse"),
    "upi.com": ("UPI",),
    "pa.media": ("PA Media", "Press Association"),
    "dpa.com": ("dpa",),
    "theconversation.com": ("The Conversation",),
}


def is_credited(site: str, text: str, credited: str = "") -> bool:
    """Tell whether an article credits the site that it was taken from.

    Parameters
    ----------
    site : registrable domain of the source, "" where it is unknown
    text, credited : text and `credits` of the article; in the latter a name may stand anywhere

    Examples
    --------
    >>> is_credited("harbourtimes.example", "It is open. First published in the Harbour Times.")
    True
    >>> told = "It rained. " * 40 + "She told the Harbour Times so. " + "It rained. " * 40
    >>> is_credited("harbourtimes.example", told)
    False
    """
    return credit(site, text, credited) is not None


def credit(site: str, text: str, credited: str = "") -> str | None:
    """Give the passage in which an article credits a site, None where it does not.

    The parameters are those of `is_credited`.
    """
    if not site:
        return None
    return next((p for p in _passages(text, credited) if _names(p, site)), None)


def _passages(text: str, credited: str) -> Iterator[str]:
    """Give the places where a credit stands, the plainest first."""
    yield from credited.splitlines()
    for match in PUBLISHING.finditer(text):
        yield _sentence_around(text, match.start())
    yield text[:HEAD]
    yield text[-FOOT:]


def _sentence_around(text: str, place: int) -> str:
    """Cut out the sentence and a half around a place."""
    start = max(0, place - FOOT)
    pieces = _SENTENCE_END.split(text[start : place + FOOT])
    ends = accumulate(len(piece) + 1 for piece in pieces)
    here = next((i for i, end in enumerate(ends) if start + end > place), len(pieces) - 1)
    return " ".join(pieces[here : here + 2])


def _names(passage: str, site: str) -> bool:
    """Tell whether a passage names the site: its domain, an agency's name, or its own in words."""
    if site in passage.lower():
        return True
    names = _AGENCIES.get(site, ())
    if any(re.search(rf"\b{re.escape(name)}\b", passage) for name in names):
        return True
    label = site.partition(".")[0].replace("-", "")
    return label in _names_in_words(passage, label)


def _names_in_words(passage: str, label: str) -> Iterator[str]:
    """Join neighbouring words that start as names do, as a domain would."""
    words = _WORD.findall(passage)
    for start, first in enumerate(words):
        if not first[0].isupper() or not label.startswith(_plain(first)):
            continue
        for end in range(start + 1, min(start + NAME_WORDS, len(words)) + 1):
            yield "".join(map(_plain, words[start:end]))


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())
