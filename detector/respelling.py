"""A suspect's spelling errors and numbers, read as the words of the source that they stand for.

Two letters swapped in every twentieth word make a copy look as if its words had been exchanged, and
got honest people accused: docs/decisions/0084-spelling-errors.md. So did figures written out.
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from detector.lexicon import Lexicon, lexicon
from detector.numerals import renumbered
from detector.records import Segments

# A word that fewer of the background's documents have may be an error, where the source has a word
# one slip away (a letter more, less, other, or two swapped) that so many times more of them have,
# or any such word where none has ours.
RARE = 1 / 2000
COMMONER = 50
# Of two letters nearly any word is one slip away.
FEWEST_LETTERS = 3


def respelt(suspect: Segments, source: Segments) -> Segments:
    """Give the suspect with its spelling errors mended and its numbers as the source has them.

    The text stays as it is. The same object where there is nothing to mend.
    """
    suspect = renumbered(suspect, source)
    theirs = set(source.words)
    errors = _errors(set(suspect.words) - theirs, theirs, lexicon())
    if not errors:
        return suspect
    return replace(suspect, words=tuple(errors.get(word, word) for word in suspect.words))


def _errors(ours: set[str], theirs: set[str], lex: Lexicon) -> dict[str, str]:
    """Find for each of our words that is an error the one of theirs that it stands for."""
    rare = RARE * lex.documents
    doubtful = [word for word in ours if _spelt(word) and lex.document_frequency(word) < rare]
    if not doubtful:
        return {}
    # In a fixed order: which of several is nearest must not depend on the order of a set.
    known = sorted(filter(_spelt, theirs))
    found = {}
    for word in doubtful:
        nearest = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=1)
        if nearest and _commoner(nearest[0], word, lex):
            found[word] = nearest[0]
    return found


def _spelt(word: str) -> bool:
    return len(word) >= FEWEST_LETTERS and word.isalpha()


def _commoner(word: str, than: str, lex: Lexicon) -> bool:
    return lex.document_frequency(word) >= COMMONER * lex.document_frequency(than)
