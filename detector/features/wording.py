"""Which words an article has and which stand side by side, as numbers of buckets.

Measurements say how a text is worded on the whole; a thesaurus and a translator also betray
themselves by single words and couples that people seldom choose ("bosom peril", "agreement of
peace stopped"), and a language model by those that it likes. Linear models weigh them
(`detector.estimators.Wording`): of an article that is judged alone, and of both sides of a pair,
where what the suspect has beyond its source counts (`detector.shift`).

Source: unspun; hashing after Weinberger et al., ICML 2009. Evidence:
docs/decisions/0069-style-alone.md, docs/decisions/0091-shift.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.features.comparison import Comparison
from detector.features.profile import Profile
from detector.lexicon import pair_hashes, word_hash

# Words and couples share so many weights, one byte each. An article of 300 words fills some 400.
BUCKETS = 1 << 19
# Raised whenever the same article may get other buckets.
VERSION = 1


def wording(profile: Profile) -> NDArray[np.uint32]:
    """List the buckets of an article's words and of its neighbours in one sentence.

    Returns
    -------
    ndarray of uint32, ascending, each once
        Numbers below ``BUCKETS``; all words with a digit are one word. Empty without words.
    """
    words = profile.tokens.known(word_hash, "Q")
    couples = pair_hashes(words[:-1], words[1:])[profile.within]
    return np.unique(np.concatenate([words, couples]) % np.uint64(BUCKETS)).astype(np.uint32)


def both_wordings(pair: Comparison) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Give the wordings of the suspect and of the source."""
    return wording(pair.suspect), wording(pair.source)


def brought_along(pair: Comparison) -> dict[int, int]:
    """Give the suspect's content words that the source has not, names and numbers left out.

    Returns
    -------
    dict
        The bucket of each such word by the place where it stands first, ascending.
    """
    segments, known = pair.alignment.pair.suspect, set(pair.theirs)
    text = segments.article.text
    found: dict[int, int] = {}
    for place in np.flatnonzero(pair.suspect.content).tolist():
        word = pair.ours[place]
        spelt = text[slice(*segments.characters((place, place + 1)))]
        if word not in known and word.isalpha() and spelt.islower():
            known.add(word)
            found[place] = word_hash(word) % BUCKETS
    return found
