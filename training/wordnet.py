"""WordNet's words as training needs them: base forms, exceptions and synonyms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from detector.lexicon import STOP_WORDS, base_forms

WORDNET = Path("/usr/share/wordnet")

_WORD = re.compile(r"[a-z]{2,}")


class WordNet:
    """WordNet's single lower-case words: base forms, exceptions, senses and how often tagged.

    Parameters
    ----------
    folder : of the database files, as Debian's ``wordnet-base`` installs them
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.synsets = [s for pos in ("noun", "verb", "adj", "adv") for s in self._synsets(pos)]
        self.words: dict[str, frozenset[str]] = {
            pos: frozenset(self._index(pos)) for pos in ("noun", "verb", "adj", "adv")
        }
        self.tagged = self._tagged()

    def _rows(self, name: str) -> Iterator[list[str]]:
        for line in (self.folder / name).read_text("ascii").splitlines():
            if not line.startswith(" "):
                yield line.split()

    def _synsets(self, pos: str) -> Iterator[frozenset[str]]:
        for fields in self._rows(f"data.{pos}"):
            lemmas = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            plain = (lemma.partition("(")[0] for lemma in lemmas)
            yield frozenset(lemma for lemma in plain if _WORD.fullmatch(lemma))

    def _index(self, pos: str) -> Iterator[str]:
        """Yield the words of a part of speech that some synset spells in lower case."""
        lower = frozenset().union(*self.synsets)
        return (f[0] for f in self._rows(f"index.{pos}") if f[0] in lower)

    def _tagged(self) -> Counter[tuple[str, str]]:
        """Count how often each word was met in tagged text, by part of speech."""
        kinds = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
        counts: Counter[tuple[str, str]] = Counter()
        for key, _, count in self._rows("cntlist.rev"):
            word, _, rest = key.partition("%")
            counts[word, kinds[rest[0]]] += int(count)
        return counts

    def exceptions(self) -> dict[str, list[tuple[str, str]]]:
        """Give the irregular forms as word -> (base form, part of speech)."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for pos in ("verb", "noun", "adj", "adv"):
            for word, *bases in self._rows(f"{pos}.exc"):
                if _WORD.fullmatch(word):
                    found[word] += [(b, pos) for b in bases if b in self.words[pos]]
        return found


# Inflected auxiliaries that WordNet's lists leave to its rules or to other readings.
_AUXILIARIES = {"being": "be", "having": "have", "does": "do", "doing": "do"}


def irregular_lemmas(wordnet: WordNet) -> dict[str, str]:
    """Decide the base form of each word where the detachment rules alone would not.

    Of all readings ("left": itself, or a form of "leave") the one most often tagged wins, the
    word itself in a tie. Stop words keep to the exception lists, for "his" is no plural.
    """
    exceptions = wordnet.exceptions()
    base_words = frozenset().union(*wordnet.words.values())
    decided = {}
    for word in sorted(base_words | exceptions.keys()):
        readings = [(word, pos) for pos, words in wordnet.words.items() if word in words]
        readings += exceptions.get(word, [])
        if word not in STOP_WORDS:
            readings += base_forms(word, wordnet.words)
        best = max(readings, key=lambda reading: wordnet.tagged[reading], default=(word, ""))[0]
        if best != word:
            decided[word] = best
    return decided | _AUXILIARIES


def synonym_pairs(wordnet: WordNet) -> set[tuple[str, str]]:
    """List the pairs of words that share a synset, each in alphabetical order."""
    return {pair for synset in wordnet.synsets for pair in combinations(sorted(synset), 2)}
