"""The counts that readability formulas stand on, equal to textstat's, taken in one pass.

textstat counts again for each formula; here each word is looked at once. Mind three of its ways:

* apostrophes stay in contractions (before t, s, d, ve, ll, re), except where long and mini words
  and letters are counted, which lose them all;
* hyphens are deleted, not split;
* a sentence ends at ``.``, ``!`` or ``?`` only, and one of two words or fewer is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from detector.lexicon import Lexicon
from detector.tokens import Vocabulary, numbers_of

_QUOTING_APOSTROPHE = re.compile(r"'(?![tsd]|ve|ll|re)")
_BUT_APOSTROPHES = re.compile(r"[^\w\s']")
_PUNCTUATION = re.compile(r"[^\w\s]")
_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")

# textstat's: a sentence of so many words or fewer is not counted.
_FRAGMENT_WORDS = 2
# Tokens remembered before the table starts anew: about 50 MB.
VOCABULARY_LIMIT = 200_000
# Linsear Write looks at so many words.
_LINSEAR_WORDS = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """What textstat's formulas need to know of a text; the fields are named after its functions."""

    words: int
    tokens: int  # stretches without white space
    sentences: int
    characters: int  # without white space
    letters: int
    syllables: int
    polysyllables: int  # words of three syllables or more
    monosyllables: int
    long_words: int  # more than six letters
    mini_words: int  # three letters or fewer
    hard_words: int  # not on the list of easy words
    difficult_words: int  # of those, two syllables or more
    very_difficult_words: int  # of those, three syllables or more
    linsear_points: int  # of the first 100 words: 3 for polysyllables, 1 for others
    linsear_sentences: int  # that those words stand in


def strip_punctuation(text: str) -> str:
    """Remove all punctuation but the apostrophes of contractions."""
    return _BUT_APOSTROPHES.sub("", _QUOTING_APOSTROPHE.sub("", text))


def count_sentences(text: str) -> int:
    """Count sentences of at least three words; at least 1 unless the text is empty."""
    if not text:
        return 0
    return max(1, sum(not _is_fragment(match) for match in _SENTENCE.findall(text)))


def _is_fragment(sentence: str) -> bool:
    begun = 0
    for token in sentence.split(maxsplit=6)[:6]:
        begun += token[0].isalnum()
        # Three tokens that begin with a letter or digit leave three words, whatever is stripped.
        if begun > _FRAGMENT_WORDS:
            return False
    return len(strip_punctuation(sentence).split()) <= _FRAGMENT_WORDS


def count(text: str, lexicon: Lexicon) -> Counts:
    """Count a text once for all formulas.

    Parameters
    ----------
    text : any; textstat's counts are of English
    lexicon : knows syllables and easy words
    """
    tokens = text.split()
    facts = _facts(tokens, lexicon)
    total = dict(zip(_FACTS, facts.sum(axis=0).tolist(), strict=True))
    # Up to the token that the last of the first words is in.
    first = int(np.searchsorted(np.cumsum(facts[:, _WORDS]), _LINSEAR_WORDS)) + 1
    return Counts(
        **total | {"linsear_points": int(facts[:first, _POINTS].sum())},
        tokens=len(tokens),
        sentences=count_sentences(text),
        characters=sum(map(len, tokens)),
        linsear_sentences=count_sentences(" ".join(tokens[:first])),
    )


# What is known of a token, in this order; the names are those of `Counts`.
_FACTS = (
    "words",
    "letters",
    "syllables",
    "polysyllables",
    "monosyllables",
    "long_words",
    "mini_words",
    "hard_words",
    "difficult_words",
    "very_difficult_words",
    "linsear_points",
)
_WORDS, _POINTS = _FACTS.index("words"), _FACTS.index("linsear_points")


def _facts(tokens: list[str], lexicon: Lexicon) -> NDArray[np.int32]:
    """Look the tokens' facts up; shape (tokens, facts)."""
    if len(_table(lexicon)[0]) > VOCABULARY_LIMIT:
        _table.cache_clear()
    vocabulary, fact = _table(lexicon)
    return vocabulary.rows(fact, len(_FACTS), numbers_of(vocabulary.letters(tokens)))


@lru_cache(maxsize=1)
def _table(lexicon: Lexicon) -> tuple[Vocabulary, Callable[[str], tuple[int, ...]]]:
    """Keep what is known of tokens, with their case and punctuation, through one process."""
    return Vocabulary(), partial(_facts_of, lexicon=lexicon)


def _facts_of(token: str, lexicon: Lexicon) -> tuple[int, ...]:
    """Say all that is counted of a stretch without white space; it holds one word or none."""
    word, bare = strip_punctuation(token), _PUNCTUATION.sub("", token)
    if not word:
        return (0,) * len(_FACTS)
    lower = word.lower()
    alone = syllables_of(word, lexicon)
    hard = 0 if lower in lexicon.easy_words else syllables_of(lower, lexicon)
    return (
        1,
        len(bare),
        lexicon.syllables(lower),
        alone > 2,
        alone == 1,
        len(bare) > 6,
        0 < len(bare) <= 3,
        lower not in lexicon.easy_words,
        hard > 1,
        hard > 2,
        3 if alone > 2 else alone > 0,
    )


def syllables_of(word: str, lexicon: Lexicon) -> int:
    """Count the syllables of a word as a text of its own, whose punctuation goes first.

    Only outside ASCII does that make a difference: lower case can bring combining marks.
    """
    if word.isascii():
        return lexicon.syllables(word.lower())
    return sum(map(lexicon.syllables, strip_punctuation(word).lower().split()))
