"""Whether an article credits the one that it takes from.

A name in the middle of a text is no credit: a rewrite of an interview still says whom the person
spoke to. A credit stands at the head, at the foot, in a sentence that speaks of publishing, or in
a line that cleaning took away (`Article.credits`). So does the address that a page or a feed item
names as the original's (`Article.credited_url`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from detector.clean.credits import publishing
from detector.hosts import site_of
from detector.records import Article, Attributed

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


def attributed(suspect: Article, source: Article) -> Attributed | None:
    """Tell whether an article names the one that it was taken from.

    Returns
    -------
    "yes", "no" or None
        None where there is nobody else to name: both stand on one site, or the source's site is
        not known and nothing is named. Who is licensed, the caller knows: `detector.licences`.
    """
    if source.site and source.site == suspect.site:
        return None
    if credit(suspect, source) is not None:
        return "yes"
    return "no" if source.site else None


# Once for the evidence and once for the verdict.
@lru_cache(maxsize=256)
def credit(suspect: Article, source: Article) -> str | None:
    """Give the passage or the address by which an article credits another, None where none does.

    It credits the other by naming its site, or by naming the agency that the other names too: of
    two customers of a wire the later one took nothing from the earlier.

    Examples
    --------
    >>> source = Article("a", "It rained.", site="harbourtimes.example")
    >>> credit(Article("b", "It is open. First published in the Harbour Times."), source)
    'First published in the Harbour Times.'
    >>> told = "It rained. " * 40 + "She told the Harbour Times so. " + "It rained. " * 40
    >>> credit(Article("b", told), source) is None
    True
    """
    if source.site and site_of(suspect.credited_url) == source.site:
        return suspect.credited_url
    named = _passage(suspect, source.site) if source.site else None
    return named or _shared_agency(suspect, source)


def _shared_agency(suspect: Article, source: Article) -> str | None:
    """Give the passage that names an agency which the source names too."""
    named = ((_passage(suspect, agency), agency) for agency in _AGENCIES)
    return next((p for p, agency in named if p and _passage(source, agency)), None)


def _passage(article: Article, site: str) -> str | None:
    """Give the passage in which an article credits a site."""
    return next((p for p in _passages(article) if _names(p, site)), None)


# Each article is asked for every agency.
@lru_cache(maxsize=256)
def _passages(article: Article) -> tuple[str, ...]:
    """Give the places where a credit stands, the plainest first."""
    text = article.text
    speaking = (_sentence_around(text, place) for place in publishing(text))
    return (*article.credits.splitlines(), *speaking, text[:HEAD], text[-FOOT:])


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
    return label in _plain(passage) and label in _names_in_words(passage, label)


def _names_in_words(passage: str, label: str) -> Iterator[str]:
    """Join neighbouring words that start as names do, as a domain would."""
    words = _WORD.findall(passage)
    for start, first in enumerate(words):
        if not first[0].isupper() or not label.startswith(_plain(first)):
            continue
        for end in range(start + 1, min(start + NAME_WORDS, len(words)) + 1):
            yield "".join(map(_plain, words[start:end]))


@lru_cache(maxsize=4096)
def _plain(passage: str) -> str:
    """Keep small letters and digits, as in a domain."""
    return re.sub(r"[^a-z0-9]+", "", passage.lower())
