"""How an article moves: lengths and openings of sentences, and punctuation.

Nothing here reads case, spacing or paragraphs: they change on an article's way through feeds and
corpora without anybody writing a word.
"""

from __future__ import annotations

import re
from math import nan

import numpy as np

from detector.features.profile import Profile
from detector.features.registry import Feature, feature
from detector.features.traits import CONNECTIVE_PAIRS, CONNECTIVES

_PER_1000 = "per 1,000 words"
_SHARE_SENTENCES = "share of sentences, 1 = all"
_OWN = "unspun"

# Below two sentences nothing varies; below four a spread says nothing.
_FEWEST_FOR_SPREAD = 4
_LONG_SENTENCE = 30
_SHORT_SENTENCE = 8
# Openings are compared over so many sentences, for variety falls with length.
_FIRST_SENTENCES = 10

_COMMA = re.compile(r",(?!\d)")
# Every branch begins with what it looks for, so that the rest of a text is skipped.
_DASH = re.compile(r"–|—|--|-(?<=\s-)(?=\s)")
_SERIAL_COMMA = re.compile(r",\s+(?:and|or)\b", re.IGNORECASE)
# ", highlighting ...", ", ultimately leading ...": a participle tacked on to a clause.
_TAIL = re.compile(r",\s+(?:[a-z]+ly\s+)?([a-z]{3,}ing)\b", re.IGNORECASE)
_NO_TAILS = frozenset(
    {"according", "including", "during", "following", "regarding", "concerning", "excluding"}
    | {"morning", "evening", "nothing", "something", "anything", "everything", "king", "spring"}
    | {"meaning", "being", "string", "thing", "beijing", "barring", "pending"}
)


def _rate(p: Profile, number: float) -> float:
    """Count per 1,000 words; nan without words."""
    return 1000 * number / len(p.words) if p.words else nan


def _part(part: float, whole: float, *, fewest: float = 1) -> float:
    """Divide; nan where the whole is too small to say anything."""
    return float(part / whole) if whole >= fewest else nan


# ---- sentences


@feature(unit="words a sentence", low=0, source=_OWN)
def sentence_length_mean(p: Profile) -> float:
    """Mean words a sentence."""
    return float(p.sentence_lengths.mean()) if len(p.sentence_lengths) else nan


@feature(unit="words", low=0, source=_OWN)
def sentence_length_sd(p: Profile) -> float:
    """Spread (standard deviation) of the sentences' words; nan below four sentences."""
    enough = len(p.sentence_lengths) >= _FEWEST_FOR_SPREAD
    return float(p.sentence_lengths.std()) if enough else nan


@feature(unit="share of the mean, higher is burstier", low=0, source=_OWN)
def burstiness(p: Profile) -> float:
    """Spread of the sentences' words as a share of their mean."""
    return _part(sentence_length_sd(p), sentence_length_mean(p))


@feature(unit="share of the mean, higher is burstier", low=0, source=_OWN)
def sentence_length_change(p: Profile) -> float:
    """Mean difference in words from one sentence to the next / mean words a sentence."""
    if len(p.sentence_lengths) < _FEWEST_FOR_SPREAD:
        return nan
    return _part(float(np.abs(np.diff(p.sentence_lengths)).mean()), sentence_length_mean(p))


@feature(unit=_SHARE_SENTENCES, low=0, high=1, source=_OWN)
def long_sentence_share(p: Profile) -> float:
    """Share of sentences of more than 30 words."""
    long = int((p.sentence_lengths > _LONG_SENTENCE).sum())
    return _part(long, len(p.sentence_lengths))


@feature(unit=_SHARE_SENTENCES, low=0, high=1, source=_OWN)
def short_sentence_share(p: Profile) -> float:
    """Share of sentences of fewer than eight words."""
    short = int((p.sentence_lengths < _SHORT_SENTENCE).sum())
    return _part(short, len(p.sentence_lengths))


@feature(unit="share, 1 = no two alike", low=0, high=1, source=_OWN)
def opening_variety(p: Profile) -> float:
    """Different first words among the first ten sentences; nan below ten."""
    first = p.openings[:_FIRST_SENTENCES]
    return _part(len(set(first)), len(first), fewest=_FIRST_SENTENCES)


@feature(unit=_SHARE_SENTENCES, low=0, high=1, source=_OWN)
def connective_opening_share(p: Profile) -> float:
    """Share of sentences that open with a connective ("moreover", "in addition")."""
    words = p.words
    opened = sum(
        words[a] in CONNECTIVES or words[a : a + 2] in CONNECTIVE_PAIRS
        for a, b in p.segments.sentence_words
        if b > a
    )
    return _part(opened, len(p.openings))


@feature(unit=_SHARE_SENTENCES, low=0, high=1, source=_OWN)
def and_opening_share(p: Profile) -> float:
    """Share of sentences that open with "and", "but" or "so", which machines avoid."""
    return _part(sum(word in {"and", "but", "so"} for word in p.openings), len(p.openings))


# ---- punctuation


@feature(unit=_PER_1000, low=0, source=_OWN)
def comma_rate(p: Profile) -> float:
    """Commas, those inside numbers aside."""
    return _rate(p, len(_COMMA.findall(p.text)))


@feature(unit=_PER_1000, low=0, source=_OWN)
def serial_comma_rate(p: Profile) -> float:
    """Commas before "and" or "or", which agency style leaves out of lists."""
    return _rate(p, len(_SERIAL_COMMA.findall(p.text)))


@feature(unit=_PER_1000, low=0, source=_OWN)
def dash_rate(p: Profile) -> float:
    """Dashes, however typed."""
    return _rate(p, len(_DASH.findall(p.text)))


@feature(unit=_PER_1000, low=0, source=_OWN)
def colon_rate(p: Profile) -> float:
    """Colons and semicolons, times and ratios included."""
    return _rate(p, p.text.count(":") + p.text.count(";"))


@feature(unit=_PER_1000, low=0, source=_OWN)
def parenthesis_rate(p: Profile) -> float:
    """Round and square brackets."""
    return _rate(p, p.text.count("(") + p.text.count("["))


@feature(unit=_PER_1000, low=0, source=_OWN)
def exclamation_rate(p: Profile) -> float:
    """Question and exclamation marks."""
    return _rate(p, p.text.count("?") + p.text.count("!"))


@feature(unit="share of characters, 1 = all", low=0, high=1, source=_OWN)
def quoted_share(p: Profile) -> float:
    """Share of the text between quotation marks."""
    return _part(sum(end - start for start, end in p.quotations), len(p.text))


@feature(unit="per sentence", low=0, source=_OWN)
def participial_tail_rate(p: Profile) -> float:
    """Participles tacked on after a comma (", highlighting ...") per sentence."""
    tails = sum(word.lower() not in _NO_TAILS for word in _TAIL.findall(p.text))
    return _part(tails, len(p.sentence_lengths))


RHYTHM: tuple[Feature[Profile], ...] = (
    sentence_length_mean,
    sentence_length_sd,
    burstiness,
    sentence_length_change,
    long_sentence_share,
    short_sentence_share,
    opening_variety,
    connective_opening_share,
    and_opening_share,
    comma_rate,
    serial_comma_rate,
    dash_rate,
    colon_rate,
    parenthesis_rate,
    exclamation_rate,
    quoted_share,
    participial_tail_rate,
)
