"""How hard an article reads: textstat's formulas on counts taken once.

Every value equals textstat's for the article's text. Where textstat answers 0.0 for want of words
or syllables, the answer here is ``nan``. The formulas are of English.
"""

from __future__ import annotations

from collections import Counter
from math import ceil, floor, nan, sqrt

from detector.features.profile import Profile
from detector.features.registry import Feature, feature

_GRADE = "US school grade, higher reads harder"
_SHARE = "share of words, 1 = all"


def _per_word(p: Profile, number: int) -> float:
    """Divide a count by the number of words."""
    return number / p.counts.words if p.counts.words else nan


def _per_cent(p: Profile, number: int) -> float:
    """Give a count as a percentage of the words, in textstat's order of operations."""
    return 100 * number / p.counts.words if p.counts.words else nan


def _per_sentence(p: Profile, number: int) -> float:
    """Divide a count by the number of sentences, of a text that has words."""
    return number / p.counts.sentences if p.counts.words else nan


@feature(unit="words a sentence", low=1, source="textstat")
def words_per_sentence(p: Profile) -> float:
    """Words / sentences; sentences end at full stops, question and exclamation marks."""
    return _per_sentence(p, p.counts.words)


@feature(unit="syllables a word", low=0, source="textstat")
def syllables_per_word(p: Profile) -> float:
    """Syllables / words; by dictionary, else by hyphenation."""
    return _per_word(p, p.counts.syllables) if p.counts.syllables else nan


@feature(unit="letters a word", low=1, source="textstat")
def letters_per_word(p: Profile) -> float:
    """Letters and digits / words."""
    return _per_word(p, p.counts.letters)


@feature(unit="characters a word", low=1, source="textstat")
def characters_per_word(p: Profile) -> float:
    """Characters / stretches without white space; punctuation counts."""
    return p.counts.characters / p.counts.tokens if p.counts.words else nan


# Ceiling: one word a sentence, hardly a syllable a word ("hmm" has none). There is no floor.
@feature(unit="points, higher reads easier", high=205.82, source="Flesch 1948")
def flesch_reading_ease(p: Profile) -> float:
    """206.835 - 1.015 words/sentence - 84.6 syllables/word."""
    return 206.835 - 1.015 * words_per_sentence(p) - 84.6 * syllables_per_word(p)


@feature(unit=_GRADE, low=-15.2, source="Kincaid et al. 1975")
def flesch_kincaid_grade(p: Profile) -> float:
    """0.39 words/sentence + 11.8 syllables/word - 15.59."""
    return 0.39 * words_per_sentence(p) + 11.8 * syllables_per_word(p) - 15.59


@feature(unit=_GRADE, low=0.4, source="Gunning 1952")
def gunning_fog(p: Profile) -> float:
    """0.4 (words/sentence + 100 difficult words of three syllables / words)."""
    hard = _per_cent(p, p.counts.very_difficult_words)
    return 0.4 * (words_per_sentence(p) + hard)


@feature(unit=_GRADE, low=3.1291, source="McLaughlin 1969; meant for 30 sentences")
def smog_index(p: Profile) -> float:
    """1.043 sqrt(30 polysyllables/sentence) + 3.1291."""
    return 1.043 * sqrt(30 * _per_sentence(p, p.counts.polysyllables)) + 3.1291


@feature(unit=_GRADE, low=-39.6, source="Coleman & Liau 1975")
def coleman_liau_index(p: Profile) -> float:
    """0.058 letters/100 words - 0.296 sentences/100 words - 15.8."""
    letters = letters_per_word(p) * 100
    sentences = _per_word(p, p.counts.sentences) * 100
    return 0.058 * letters - 0.296 * sentences - 15.8


@feature(unit=_GRADE, low=-16.22, source="Smith & Senter 1967")
def automated_readability_index(p: Profile) -> float:
    """4.71 characters/word + 0.5 words/sentence - 21.43."""
    return 4.71 * characters_per_word(p) + 0.5 * words_per_sentence(p) - 21.43


@feature(unit=_GRADE, low=0.0496, source="Dale & Chall 1948")
def dale_chall_readability_score(p: Profile) -> float:
    """0.1579 % hard words + 0.0496 words/sentence, + 3.6365 above 5 % hard words."""
    hard = _per_cent(p, p.counts.hard_words)
    score = 0.1579 * hard + 0.0496 * words_per_sentence(p)
    return score + 3.6365 if hard > 5 else score


@feature(unit=_GRADE, low=0.0496, source="Chall & Dale 1995")
def dale_chall_readability_score_v2(p: Profile) -> float:
    """0.1579 % difficult words + 0.0496 words/sentence, + 3.6365 above 0.05."""
    difficult = _per_cent(p, p.counts.difficult_words)
    score = 0.1579 * difficult + 0.0496 * words_per_sentence(p)
    return score + 3.6365 if score > 0.05 else score


@feature(unit=_GRADE, low=0.98, source="Spache 1953")
def spache_readability(p: Profile) -> float:
    """0.141 words/sentence + 0.086 % difficult words + 0.839."""
    difficult = _per_cent(p, p.counts.difficult_words)
    return 0.141 * words_per_sentence(p) + 0.086 * difficult + 0.839


@feature(unit=_GRADE, low=-1, source="O'Hayre 1966")
def linsear_write_formula(p: Profile) -> float:
    """Half of (words + 2 polysyllables) / sentences in the first 100 words; less 1 below 20."""
    if not p.counts.words:
        return nan
    number = p.counts.linsear_points / p.counts.linsear_sentences
    return (number if number > 20 else number - 2) / 2


@feature(unit="points, higher reads harder to foreigners", low=1, source="McAlpine 2006")
def mcalpine_eflaw(p: Profile) -> float:
    """(words + words of up to three letters) / sentences."""
    return _per_sentence(p, p.counts.words + p.counts.mini_words)


@feature(unit="points, higher reads harder", low=1, source="Björnsson 1968")
def lix(p: Profile) -> float:
    """words/sentence + % words of more than six letters."""
    return words_per_sentence(p) + _per_cent(p, p.counts.long_words)


@feature(unit="long words a sentence, higher reads harder", low=0, source="Anderson 1983")
def rix(p: Profile) -> float:
    """Words of more than six letters / sentences."""
    return _per_sentence(p, p.counts.long_words)


@feature(unit=_GRADE, low=1, high=18, source="textstat 0.7.13; older ones do not hold it to 1-18")
def text_standard(p: Profile) -> float:
    """Commonest whole grade around eight formulas, the first of them in a tie, held to 1-18."""
    if not p.counts.syllables:
        return nan
    grades: Counter[int] = Counter()
    for formula in _CONSENSUS:
        value = formula(p)
        grades.update((floor(value), ceil(value), round(value)))
        if formula is flesch_kincaid_grade:
            grades.update(_flesch_grades(flesch_reading_ease(p)))
    return float(max(1, min(18, grades.most_common(1)[0][0])))


_CONSENSUS = (
    flesch_kincaid_grade,
    smog_index,
    coleman_liau_index,
    automated_readability_index,
    dale_chall_readability_score,
    linsear_write_formula,
    gunning_fog,
)


def _flesch_grades(ease: float) -> tuple[int, ...]:
    """Translate a reading ease to school grades as textstat does, 100 and above to 13 too."""
    bands = (
        (90, (5,)),
        (80, (6,)),
        (70, (7,)),
        (60, (8, 9)),
        (50, (10,)),
        (40, (11,)),
        (30, (12,)),
    )
    if ease < 100:
        for lowest, grades in bands:
            if ease >= lowest:
                return grades
    return (13,)


@feature(unit=_SHARE, low=0, high=1, source="Dale & Chall 1948, list of easy words")
def hard_word_share(p: Profile) -> float:
    """Share of words that are not on the list of easy words."""
    return _per_word(p, p.counts.hard_words)


@feature(unit=_SHARE, low=0, high=1, source="textstat")
def difficult_word_share(p: Profile) -> float:
    """Share of words of two syllables or more that are not on the list of easy words."""
    return _per_word(p, p.counts.difficult_words)


@feature(unit=_SHARE, low=0, high=1, source="textstat")
def polysyllable_share(p: Profile) -> float:
    """Share of words of three syllables or more."""
    return _per_word(p, p.counts.polysyllables)


@feature(unit=_SHARE, low=0, high=1, source="textstat")
def monosyllable_share(p: Profile) -> float:
    """Share of words of one syllable."""
    return _per_word(p, p.counts.monosyllables)


@feature(unit=_SHARE, low=0, high=1, source="textstat")
def long_word_share(p: Profile) -> float:
    """Share of words of more than six letters."""
    return _per_word(p, p.counts.long_words)


@feature(unit=_SHARE, low=0, high=1, source="textstat")
def mini_word_share(p: Profile) -> float:
    """Share of words of up to three letters."""
    return _per_word(p, p.counts.mini_words)


READABILITY: tuple[Feature[Profile], ...] = (
    words_per_sentence,
    syllables_per_word,
    letters_per_word,
    characters_per_word,
    flesch_reading_ease,
    flesch_kincaid_grade,
    gunning_fog,
    smog_index,
    coleman_liau_index,
    automated_readability_index,
    dale_chall_readability_score,
    dale_chall_readability_score_v2,
    spache_readability,
    linsear_write_formula,
    mcalpine_eflaw,
    lix,
    rix,
    text_standard,
    hard_word_share,
    difficult_word_share,
    polysyllable_share,
    monosyllable_share,
    long_word_share,
    mini_word_share,
)
