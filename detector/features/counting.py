"""The counts that readability formulas stand on, equal to textstat's, taken in one pass.

textstat counts again for each formula; here each word is looked at once. Mind three of its ways:

* apostrophes stay in contractions (before t, s, d, ve, ll, re), except where long and mini words
  and letters are counted, which lose them all;
* hyphens are deleted, not split;
* a sentence ends at ``.``, ``!`` or ``?`` only, and one of two words or fewer is not counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from detector.lexicon import Lexicon

_QUOTING_APOSTROPHE = re.compile(r"'(?![tsd]|ve|ll|re)")
_BUT_APOSTROPHES = re.compile(r"[^\w\s']")
_PUNCTUATION = re.compile(r"[^\w\s]")
_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")

# textstat's: a sentence of so many words or fewer is not counted.
_FRAGMENT_WORDS = 2
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
    tokens = sentence.split()
    # Three tokens that begin with a letter or digit leave three words, whatever is stripped.
    if sum(token[0].isalnum() for token in tokens[:6]) > _FRAGMENT_WORDS:
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
    bare = _PUNCTUATION.sub("", text).split()
    words = Counter(strip_punctuation(text).split())
    syllables = _Syllables(words, lexicon)
    points, sentences = _linsear(tokens, lexicon)
    return Counts(
        words=sum(words.values()),
        tokens=len(tokens),
        sentences=count_sentences(text),
        characters=sum(map(len, tokens)),
        letters=sum(map(len, bare)),
        syllables=syllables.total,
        polysyllables=syllables.polysyllables,
        monosyllables=syllables.monosyllables,
        long_words=sum(len(word) > 6 for word in bare),
        mini_words=sum(len(word) <= 3 for word in bare),
        hard_words=syllables.hard[0],
        difficult_words=syllables.hard[1],
        very_difficult_words=syllables.hard[2],
        linsear_points=points,
        linsear_sentences=sentences,
    )


class _Syllables:
    """Sums over the distinct words of a text."""

    def __init__(self, words: Counter[str], lexicon: Lexicon) -> None:
        self.total = self.polysyllables = self.monosyllables = 0
        self.hard = [0, 0, 0]
        easy = lexicon.easy_words
        for word, times in words.items():
            lower = word.lower()
            number = alone = lexicon.syllables(lower)
            if not word.isascii():
                alone = syllables_of(word, lexicon)
            self.total += times * number
            self.polysyllables += times * (alone > 2)
            self.monosyllables += times * (alone == 1)
            if lower not in easy:
                self._add_hard(alone if word.isascii() else syllables_of(lower, lexicon), times)

    def _add_hard(self, number: int, times: int) -> None:
        self.hard[0] += times
        self.hard[1] += times * (number > 1)
        self.hard[2] += times * (number > 2)


def syllables_of(word: str, lexicon: Lexicon) -> int:
    """Count the syllables of a word as a text of its own, whose punctuation goes first.

    Only outside ASCII does that make a difference: lower case can bring combining marks.
    """
    if word.isascii():
        return lexicon.syllables(word.lower())
    return sum(map(lexicon.syllables, strip_punctuation(word).lower().split()))


def _linsear(tokens: list[str], lexicon: Lexicon) -> tuple[int, int]:
    """Give points and sentences of the first 100 words, of all where there are fewer tokens."""
    points = seen = used = 0
    for token in tokens:
        if seen == _LINSEAR_WORDS:
            break
        used += 1
        for word in strip_punctuation(token).split():
            number = syllables_of(word, lexicon)
            points += 3 if number > 2 else number > 0
            seen += 1
    return points, count_sentences(" ".join(tokens[:used]))
