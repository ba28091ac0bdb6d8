"""What is known about English words: syllables, rarity, inflection, synonyms and company kept.

The tables are derived by ``training.lexicon`` and shipped beside the model (see NOTICE for where
they come from). Each is read when it is first asked for. All words are asked for as
`detector.segment` gives them: lower case, straight apostrophes.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detector.errors import DetectorError

if TYPE_CHECKING:
    import Stemmer
    from pyphen import Pyphen

FILES = (
    "bigrams.npy",
    "frequencies.txt.gz",
    "lemmas.txt.gz",
    "spellings.txt.gz",
    "syllables.txt.gz",
    "synonyms.npy",
    "wordnet.txt.gz",
)

# Bits looked at per word pair. Near the optimum m/n ln 2 = 5.6 for the shipped 8.1 bits a pair,
# where one pair in fifty that was never seen passes for seen.
BLOOM_PROBES = 5

_FUNCTION_WORDS = (
    # Articles, pronouns and determiners.
    "a an the i me my mine myself we us our ours ourselves you your yours yourself yourselves he "
    "him his himself she her hers herself it its itself they them their theirs themselves one "
    "this that these those who whom whose which what some any each every either neither both all "
    "another other others such no none nothing something anything everything someone anyone "
    "everyone somebody anybody nobody everybody few many much more most less least several own "
    # Prepositions and conjunctions.
    "of in on at by for with from to into onto upon about above below over under after before "
    "between among through during against within without toward towards across along behind beyond "
    "near off out up down around since until till per via as than like and or but nor so yet if "
    "unless although though because while whereas whether once except despite "
    # Auxiliaries.
    "am is are was were be been being have has had having do does did doing done can could will "
    "would shall should may might must ought cannot "
    # Adverbs that carry no matter.
    "not there here then now when where why how again also just only very too even still ever "
    "never always often already almost quite rather "
    # Contractions.
    "i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd "
    "it'll we're we've we'd we'll they're they've they'd they'll that's that'll that'd there's "
    "here's what's who's who'd who'll where's how's let's isn't aren't wasn't weren't hasn't "
    "haven't hadn't doesn't don't didn't won't wouldn't can't couldn't shouldn't mustn't mightn't "
    "ain't"
)
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())

# WordNet's rules of detachment, longer suffixes first. Doubled consonants ("stopped") stand in its
# exception lists, not here.
_DETACHMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "verb": (
        ("ies", "y"),
        ("es", "e"),
        ("es", ""),
        ("s", ""),
        ("ed", "e"),
        ("ed", ""),
        ("ing", "e"),
        ("ing", ""),
    ),
    "noun": (
        ("ches", "ch"),
        ("shes", "sh"),
        ("ses", "s"),
        ("xes", "x"),
        ("zes", "z"),
        ("ies", "y"),
        ("men", "man"),
        ("s", ""),
    ),
    "adj": (("est", "e"), ("est", ""), ("er", "e"), ("er", "")),
}


def models_folder() -> Path:
    """Find the folder of shipped models: inside the wheel, else in the repository.

    Raises
    ------
    DetectorError
        Where neither exists.
    """
    package = Path(__file__).parent
    for folder in (package / "_models", package.parent / "models"):
        if folder.is_dir():
            return folder
    raise DetectorError(
        f"no model folder beside {package}", hint="reinstall unspun, or run it from a clone"
    )


def base_forms(word: str, known: dict[str, frozenset[str]]) -> list[tuple[str, str]]:
    """List what a regular inflection may come from, as (base form, part of speech).

    Parameters
    ----------
    word : lower case
    known : base forms by part of speech ("verb", "noun", "adj")
    """
    found = []
    for pos, rules in _DETACHMENTS.items():
        for suffix, ending in rules:
            base = word[: -len(suffix)] + ending
            if len(base) > 1 and word.endswith(suffix) and base in known[pos]:
                found.append((base, pos))
    return found


@lru_cache(maxsize=1 << 17)
def word_hash(word: str) -> int:
    """Hash a word to 64 bits, alike on every machine; all words with a digit are one word."""
    if not word.isalpha() and any(letter.isdigit() for letter in word):
        word = "0"
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def pair_hashes(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the hashes of ordered pairs of words; both arguments and the result shape (n,)."""
    mixed = first * np.uint64(0x9E3779B97F4A7C15) + second * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return mixed


def bloom_positions(hashes: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    """Tell which bits stand for each hash; shape (BLOOM_PROBES, n), each below ``bits``."""
    low = hashes & np.uint64(0xFFFFFFFF)
    high = (hashes >> np.uint64(32)) | np.uint64(1)
    probes = np.arange(BLOOM_PROBES, dtype=np.uint64)[:, None]
    return (low + probes * high) % np.uint64(bits)


def synonym_hash(first: str, second: str) -> int:
    """Hash an unordered pair of base forms to 32 bits."""
    text = f"{first} {second}" if first < second else f"{second} {first}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


class Lexicon:
    """The shipped word lists.

    Parameters
    ----------
    folder : where ``training.lexicon`` wrote them
    """

    stop_words = STOP_WORDS

    def __init__(self, folder: Path) -> None:
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise DetectorError(
                f"word lists missing from {folder}: {', '.join(missing)}",
                hint="reinstall unspun, or build them with `python -m training.lexicon`",
            )
        self.folder = folder

    def _lines(self, name: str) -> list[str]:
        return gzip.decompress((self.folder / name).read_bytes()).decode().splitlines()

    @cached_property
    def id(self) -> str:
        """Hash of the files: whatever is computed with other word lists has another id."""
        digests = (hashlib.sha256((self.folder / name).read_bytes()).digest() for name in FILES)
        return hashlib.sha256(b"".join(digests)).hexdigest()[:12]

    # ---- pronunciation and easy words

    @cached_property
    def syllable_table(self) -> dict[str, int]:
        """Syllables of the words of the CMU pronouncing dictionary, first pronunciation."""
        table: dict[str, int] = {}
        for line in self._lines("syllables.txt.gz"):
            count, _, words = line.partition("\t")
            table.update(dict.fromkeys(words.split(" "), int(count)))
        return table

    @cached_property
    def _hyphenation(self) -> Pyphen:
        from pyphen import Pyphen  # noqa: PLC0415 - takes 30 ms, for unknown words only

        return Pyphen(lang="en_US")

    def syllables(self, word: str) -> int:
        """Count a word's syllables as textstat does: by dictionary, else by hyphenation."""
        count = self.syllable_table.get(word)
        if count is None:
            count = len(self._hyphenation.positions(word)) + 1
        return count

    @cached_property
    def easy_words(self) -> frozenset[str]:
        """The Dale-Chall list of words that children know, from textstat's own file."""
        spec = find_spec("textstat")
        if spec is None or spec.origin is None:
            raise DetectorError(
                "the package textstat is not installed", hint="pip install 'textstat>=0.7.8,<0.8'"
            )
        path = Path(spec.origin).parent / "resources" / "en" / "easy_words.txt"
        return frozenset(line.strip() for line in path.read_text("utf-8").split("\n"))

    # ---- rarity

    @cached_property
    def _frequencies(self) -> tuple[int, dict[str, int]]:
        head, *lines = self._lines("frequencies.txt.gz")
        table: dict[str, int] = {}
        for line in lines:
            count, _, words = line.partition("\t")
            table.update(dict.fromkeys(words.split(" "), int(count)))
        return int(head), table

    @property
    def documents(self) -> int:
        """Number of background documents."""
        return self._frequencies[0]

    @cached_property
    def _unknown_idf(self) -> float:
        return log(self.documents + 1)

    @cached_property
    def _idf(self) -> dict[str, float]:
        return {}

    def document_frequency(self, word: str) -> int:
        """Count the background documents with the word; 0 where it stood in fewer than two."""
        return self._frequencies[1].get(word, 0)

    def idf(self, word: str) -> float:
        """Tell how rare a word is: natural log of (documents + 1) / (frequency + 1)."""
        frequency = self._frequencies[1].get(word)
        if frequency is None:
            return self._unknown_idf
        known = self._idf.get(word)
        if known is None:
            known = self._idf[word] = self._unknown_idf - log(frequency + 1)
        return known

    # ---- inflection and spelling

    @cached_property
    def wordnet(self) -> dict[str, frozenset[str]]:
        """WordNet's single lower-case words by part of speech."""
        rows = (line.partition("\t") for line in self._lines("wordnet.txt.gz"))
        return {pos: frozenset(words.split(" ")) for pos, _, words in rows}

    @cached_property
    def _base_words(self) -> frozenset[str]:
        return frozenset().union(*self.wordnet.values())

    @cached_property
    def _lemmas(self) -> dict[str, str]:
        """Base forms that the rules do not give; grows by what was asked for."""
        return dict(_couples(self._lines("lemmas.txt.gz")))

    def lemma(self, word: str) -> str:
        """Undo a word's inflection after WordNet; an unknown word is its own base form."""
        known = self._lemmas.get(word)
        if known is None:
            known = self._lemmas[word] = self._regular_lemma(word)
        return known

    def _regular_lemma(self, word: str) -> str:
        if word.endswith(("'s", "s'")) and word not in STOP_WORDS:
            return self.lemma(word.removesuffix("'s").removesuffix("'"))
        if word in STOP_WORDS or word in self._base_words:
            return word
        found = base_forms(word, self.wordnet)
        return found[0][0] if found else word

    @cached_property
    def _stemmer(self) -> Stemmer.Stemmer:
        import Stemmer  # noqa: PLC0415 - needed by some callers only

        return Stemmer.Stemmer("english", 0)  # 0: `_stems` is the cache

    @cached_property
    def _stems(self) -> dict[str, str]:
        return {}

    def stem(self, word: str) -> str:
        """Cut a word to its Snowball (English) stem."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = self._stemmer.stemWord(word)
        return known

    @cached_property
    def spellings(self) -> dict[str, str]:
        """British spellings and the American ones of the same words."""
        return dict(_couples(self._lines("spellings.txt.gz")))

    @cached_property
    def british_spellings(self) -> dict[str, str]:
        """American spellings and a British one of the same words."""
        return {american: british for british, american in self.spellings.items()}

    def spelling_key(self, word: str) -> str:
        """Give both spellings of a word one key: the American spelling."""
        return self.spellings.get(word, word)

    # ---- meaning

    @cached_property
    def _synonyms(self) -> NDArray[np.uint32]:
        return np.asarray(np.load(self.folder / "synonyms.npy", allow_pickle=False))

    @cached_property
    def _known_synonyms(self) -> dict[tuple[str, str], bool]:
        return {}

    def synonyms(self, first: str, second: str) -> bool:
        """Tell whether two different words share a sense in WordNet, whatever their inflection.

        One pair in sixty thousand that shares none is taken to share one.
        """
        pair = self.lemma(first), self.lemma(second)
        if pair[0] == pair[1]:
            return False
        known = self._known_synonyms.get(pair)
        if known is None:
            known = self._known_synonyms[pair] = self._contains(synonym_hash(*pair))
        return known

    def _contains(self, pair: int) -> bool:
        place = int(np.searchsorted(self._synonyms, np.uint32(pair)))
        return place < len(self._synonyms) and int(self._synonyms[place]) == pair

    # ---- company

    @cached_property
    def _bigrams(self) -> NDArray[np.uint8]:
        return np.asarray(np.load(self.folder / "bigrams.npy", mmap_mode="r", allow_pickle=False))

    def seen_together(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which neighbouring words stood side by side, in one sentence, in the background.

        Parameters
        ----------
        words : in the order of the text; all numbers count as one word

        Returns
        -------
        ndarray of bool, shape (max(0, len(words) - 1),)
            False means never seen; of pairs never seen, one in fifty is True all the same.
        """
        return self.met(np.fromiter(map(word_hash, words), dtype=np.uint64, count=len(words)))

    def met(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Tell the same of words by what `word_hash` gives for them."""
        if len(hashes) < 2:
            return np.zeros(0, dtype=np.bool_)
        positions = bloom_positions(pair_hashes(hashes[:-1], hashes[1:]), 8 * len(self._bigrams))
        bytes_ = self._bigrams[positions >> np.uint64(3)]
        bits = bytes_ >> (positions & np.uint64(7)).astype(np.uint8) & np.uint8(1)
        return np.asarray(bits.all(axis=0), dtype=np.bool_)


def _couples(lines: list[str]) -> list[tuple[str, str]]:
    """Read lines of a key and the words that map to it."""
    rows = (line.split(" ") for line in lines)
    return [(word, key) for key, *words in rows for word in words]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Open the shipped word lists, once a process."""
    return Lexicon(models_folder() / "lexicon")
