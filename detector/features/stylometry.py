"""How an article is worded: the kinds of its words, their rarity, and the company they keep.

Nothing here reads case or spacing, which change without anybody writing a word.
"""

from __future__ import annotations

from math import nan

import numpy as np
from numpy.typing import NDArray

from detector.features.profile import Profile
from detector.features.registry import Feature, feature
from detector.features.traits import CONNECTIVE_PAIRS, Trait

_PER_1000 = "per 1,000 words"
_SHARE_WORDS = "share of words, 1 = all"
_OWN = "unspun"

# Shares of a kind of word pair need so many pairs to say anything.
_FEWEST_PAIRS = 10
# A word that fewer than one background article in 1,000 holds.
_RARE_IDF = 6.9


def _rate(p: Profile, number: float) -> float:
    """Count per 1,000 words; nan without words."""
    return 1000 * number / len(p.words) if p.words else nan


def _having(p: Profile, trait: Trait) -> NDArray[np.bool_]:
    """Tell which words have a trait; shape (words,)."""
    return np.asarray((p.traits & int(trait)) != 0, dtype=np.bool_)


def _share(p: Profile, trait: Trait) -> float:
    """Share of the words with a trait; nan without words."""
    return np.count_nonzero(_having(p, trait)) / len(p.words) if p.words else nan


def _trait_rate(p: Profile, trait: Trait) -> float:
    return _rate(p, int(np.count_nonzero(_having(p, trait))))


def _part(part: float, whole: float, *, fewest: float = 1) -> float:
    """Divide; nan where the whole is too small to say anything."""
    return float(part / whole) if whole >= fewest else nan


# ---- kinds of words


@feature(unit="letters a word", low=1, source=_OWN)
def word_length_mean(p: Profile) -> float:
    """Mean letters a word."""
    return sum(map(len, p.words)) / len(p.words) if p.words else nan


@feature(unit=_SHARE_WORDS, low=0, high=1, source=_OWN)
def function_word_share(p: Profile) -> float:
    """Share of articles, pronouns, prepositions, conjunctions and auxiliaries."""
    return _share(p, Trait.FUNCTION)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def article_rate(p: Profile) -> float:
    """How often "the", "a" and "an", which translation adds and drops."""
    return _trait_rate(p, Trait.ARTICLE)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def of_rate(p: Profile) -> float:
    """How often "of", which translation sets for possessives and compound nouns."""
    return _trait_rate(p, Trait.OF)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def possessive_rate(p: Profile) -> float:
    """Words on 's that are no contractions."""
    return _trait_rate(p, Trait.POSSESSIVE)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def contraction_rate(p: Profile) -> float:
    """Contractions ("don't", "it's")."""
    return _trait_rate(p, Trait.CONTRACTION)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def number_rate(p: Profile) -> float:
    """Numbers in digits."""
    return _trait_rate(p, Trait.NUMBER)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def first_person_rate(p: Profile) -> float:
    """Pronouns of the first person."""
    return _trait_rate(p, Trait.FIRST_PERSON)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def second_person_rate(p: Profile) -> float:
    """Pronouns of the second person."""
    return _trait_rate(p, Trait.SECOND_PERSON)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def third_person_rate(p: Profile) -> float:
    """Personal pronouns of the third person, "it" aside."""
    return _trait_rate(p, Trait.THIRD_PERSON)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def modal_rate(p: Profile) -> float:
    """Modal verbs."""
    return _trait_rate(p, Trait.MODAL)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def passive_rate(p: Profile) -> float:
    """Forms of "be" with what may be a participle one or two words after."""
    be, participle = _having(p, Trait.BE), _having(p, Trait.PARTICIPLE)
    next_one = np.append(participle[1:], False)[: len(be)]
    next_two = np.append(participle[2:], [False, False])[: len(be)]
    return _rate(p, int((be & (next_one | next_two)).sum()))


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def nominal_rate(p: Profile) -> float:
    """Nouns made of verbs and adjectives, by their ending (-tion, -ment, -ness, -ity, -ance)."""
    return _trait_rate(p, Trait.NOMINAL)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def adverb_rate(p: Profile) -> float:
    """Adverbs on -ly."""
    return _trait_rate(p, Trait.ADVERB)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def connective_rate(p: Profile) -> float:
    """Rate of connectives of one or two words ("moreover", "in addition")."""
    pairs = sum(map(CONNECTIVE_PAIRS.__contains__, zip(p.words, p.words[1:], strict=False)))
    return _rate(p, int(_having(p, Trait.CONNECTIVE).sum()) + pairs)


@feature(unit=_PER_1000, low=0, high=1000, source=_OWN)
def hedge_rate(p: Profile) -> float:
    """Words that take back a little ("perhaps", "reportedly")."""
    return _trait_rate(p, Trait.HEDGE)


@feature(unit=_PER_1000, low=0, high=1000, source="unspun; list in detector/features/traits.py")
def machine_word_rate(p: Profile) -> float:
    """Words that language models and spinners set for plainer ones ("delve", "utilize")."""
    return _trait_rate(p, Trait.MACHINE)


@feature(unit="share of reporting verbs, 1 = all", low=0, high=1, source=_OWN)
def said_share(p: Profile) -> float:
    """Share of "say" among the verbs that report speech; nan where there are none."""
    said = int(_having(p, Trait.SAID).sum())
    return _part(said, int(_having(p, Trait.REPORTING).sum()))


@feature(unit="share, 1 = all British", low=0, high=1, source=_OWN)
def british_share(p: Profile) -> float:
    """Share of British spellings among words that both countries spell; nan where none stands."""
    british = int(_having(p, Trait.BRITISH).sum())
    return _part(british, british + int(_having(p, Trait.AMERICAN).sum()))


# ---- rarity and company


@feature(unit="nats, higher is rarer", low=0, source=_OWN)
def content_idf_mean(p: Profile) -> float:
    """Mean idf of the content words."""
    return float(p.idf[p.content].mean()) if p.content.any() else nan


@feature(unit="nats", low=0, source=_OWN)
def content_idf_sd(p: Profile) -> float:
    """Spread (standard deviation) of the content words' idf."""
    return float(p.idf[p.content].std()) if p.content.sum() > 1 else nan


@feature(unit="share of content words, 1 = all", low=0, high=1, source=_OWN)
def rare_word_share(p: Profile) -> float:
    """Share of content words that fewer than one background article in 1,000 holds."""
    return float((p.idf[p.content] > _RARE_IDF).mean()) if p.content.any() else nan


@feature(unit=_SHARE_WORDS, low=0, high=1, source=_OWN)
def unknown_word_share(p: Profile) -> float:
    """Share of words that the background does not know."""
    return _share(p, Trait.UNKNOWN)


@feature(unit="share of neighbouring words, 1 = all", low=0, high=1, source=_OWN)
def unseen_pair_share(p: Profile) -> float:
    """Share of neighbouring words that never met in the background."""
    return _part(int(p.unseen.sum()), int(p.within.sum()), fewest=_FEWEST_PAIRS)


@feature(unit="share of common neighbours, 1 = all", low=0, high=1, source=_OWN)
def unseen_common_pair_share(p: Profile) -> float:
    """Share of neighbours, both common words, that never met: the mark of word-by-word spinning."""
    pairs = p.common_pairs
    return _part(int((p.unseen & pairs).sum()), int(pairs.sum()), fewest=_FEWEST_PAIRS)


@feature(unit="share of common content neighbours, 1 = all", low=0, high=1, source=_OWN)
def unseen_content_pair_share(p: Profile) -> float:
    """Share of neighbouring common content words that never met ("bosom peril")."""
    pairs = p.common_pairs & p.content[:-1] & p.content[1:]
    return _part(int((p.unseen & pairs).sum()), int(pairs.sum()), fewest=_FEWEST_PAIRS)


@feature(unit="share of function-word neighbours, 1 = all", low=0, high=1, source=_OWN)
def unseen_function_pair_share(p: Profile) -> float:
    """Share of a function word beside a common content word, never met ("depends of")."""
    pairs = p.common_pairs & (p.content[:-1] ^ p.content[1:])
    return _part(int((p.unseen & pairs).sum()), int(pairs.sum()), fewest=_FEWEST_PAIRS)


STYLOMETRY: tuple[Feature[Profile], ...] = (
    word_length_mean,
    function_word_share,
    article_rate,
    of_rate,
    possessive_rate,
    contraction_rate,
    number_rate,
    first_person_rate,
    second_person_rate,
    third_person_rate,
    modal_rate,
    passive_rate,
    nominal_rate,
    adverb_rate,
    connective_rate,
    hedge_rate,
    machine_word_rate,
    said_share,
    british_share,
    content_idf_mean,
    content_idf_sd,
    rare_word_share,
    unknown_word_share,
    unseen_pair_share,
    unseen_common_pair_share,
    unseen_content_pair_share,
    unseen_function_pair_share,
)
