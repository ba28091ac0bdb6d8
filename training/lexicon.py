"""Derive the word lists that the detector ships: ``python -m training.lexicon --mirror FOLDER``.

Frequencies and word pairs come from background text that never supplies a pair for training or
evaluation, so that a rare word pair of a training article is as unseen as that of a new one.
Everything that is written is counted or hashed; no stretch of text can be read back.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import re
import tarfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from math import ceil, log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.lexicon import (
    FILES,
    STOP_WORDS,
    base_forms,
    bloom_positions,
    pair_hashes,
    synonym_hash,
    word_hash,
)
from detector.records import Article, Segments
from detector.segment import segment

ARTICLES = "ramybaly+Article-Bias-Prediction@ced8111a7209.tar.xz"
REUTERS = "colibri17+TextCategorization@b6c2ca3d46a2.tar.xz"
PRONUNCIATIONS = "cmusphinx+cmudict@0f8072f81430.tar.xz"
WORDNET = Path("/usr/share/wordnet")

# A word of one document only is a misspelling or a name as often as a word.
LEAST_DOCUMENTS = 2
# Shorter background texts are headlines and notes ("******BLUE CHIP CORP").
LEAST_WORDS = 20
# Share of unseen word pairs that the filter takes for seen; 8.1 bits a pair.
FALSE_POSITIVES = 0.02

_BODY = re.compile(r"<BODY>(.*?)</BODY>", re.DOTALL)
_WORD = re.compile(r"[a-z]{2,}")


def is_background(source_url: str) -> bool:
    """Tell whether an outlet's articles make word lists; they then never make pairs."""
    return hashlib.sha256(source_url.encode()).digest()[0] % 2 == 0


# ---- background text


def members(archive: Path, suffix: str) -> Iterator[bytes]:
    """Yield the contents of an archive's files, in its order, whose names end in ``suffix``."""
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(suffix):
                file = tar.extractfile(member)
                if file is not None:
                    yield file.read()


def background(mirror: Path) -> Iterator[str]:
    """Yield every background text once."""
    seen = set()
    for text in _background_texts(mirror):
        key = hashlib.blake2b(text.encode(), digest_size=8).digest()
        if key not in seen:
            seen.add(key)
            yield text


def _background_texts(mirror: Path) -> Iterator[str]:
    for raw in members(mirror / ARTICLES, ".json"):
        record = json.loads(raw)
        if is_background(record.get("source_url") or ""):
            yield unicodedata.normalize("NFC", record["content_original"])
    for raw in members(mirror / REUTERS, ".sgm"):
        for body in _BODY.findall(raw.decode("latin-1")):
            yield html.unescape(body)


class Background:
    """Document frequencies and neighbouring words, counted article by article."""

    def __init__(self) -> None:
        self.documents = 0
        self.words = 0
        self.frequencies: Counter[str] = Counter()
        self._pairs: list[NDArray[np.uint64]] = []

    def add(self, segments: Segments) -> None:
        """Count one article."""
        self.documents += 1
        self.words += len(segments.words)
        self.frequencies.update(set(segments.words))
        hashes = np.fromiter(map(word_hash, segments.words), dtype=np.uint64)
        within = np.ones(len(hashes) - 1, dtype=np.bool_)
        within[[start - 1 for start, _ in segments.sentence_words if start]] = False
        self._pairs.append(np.unique(pair_hashes(hashes[:-1], hashes[1:])[within]))

    def pairs(self) -> NDArray[np.uint64]:
        """Give the distinct hashes of all neighbouring words."""
        return np.unique(np.concatenate(self._pairs))


def count_background(texts: Iterable[str]) -> Background:
    """Count all background texts of a useful length."""
    counted = Background()
    for text in texts:
        segments = segment(Article(id="", text=text.strip()))
        if len(segments.words) >= LEAST_WORDS:
            counted.add(segments)
    return counted


def bloom_filter(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Set the bits of a filter just large enough for ``FALSE_POSITIVES``; shape (bytes,)."""
    size = max(8, ceil(len(hashes) * -log(FALSE_POSITIVES) / log(2) ** 2 / 8))
    bits = np.zeros(8 * size, dtype=np.bool_)
    for start in range(0, len(hashes), 1 << 18):
        bits[bloom_positions(hashes[start : start + (1 << 18)], len(bits)).ravel()] = True
    return np.packbits(bits, bitorder="little")


# ---- dictionaries


def syllable_counts(dictionary: str) -> dict[str, int]:
    """Read word -> syllables from CMUdict's text: first pronunciation, stressed phones."""
    counts: dict[str, int] = {}
    for line in dictionary.splitlines():
        word, *phones = line.partition("#")[0].split()
        if re.fullmatch(r"[\w']+", word):
            counts.setdefault(word.lower(), sum(phone[-1].isdigit() for phone in phones))
    return counts


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


# ---- British and American spelling

# British infix, American one. A rule alone proves nothing ("four" is not "for"): the two words must
# also share a sense in WordNet.
_SPELLING_RULES = (
    ("our", "or"),
    ("is", "iz"),
    ("ys", "yz"),
    ("tre", "ter"),
    ("bre", "ber"),
    ("ogue", "og"),
    ("ence", "ense"),
    ("ae", "e"),
    ("oe", "e"),
    ("oeu", "eu"),
    ("mme", "m"),
    ("moul", "mol"),
    ("oul", "ol"),
    ("ough", "ow"),
    ("sce", "ske"),
    ("disc", "disk"),
    ("gement", "gment"),
    ("ctise", "ctice"),
    ("ium", "um"),
    ("grey", "gray"),
    ("tyre", "tire"),
    ("cheque", "check"),
    ("kerb", "curb"),
    ("pyjama", "pajama"),
    ("moustache", "mustache"),
    ("jewellery", "jewelry"),
    ("artefact", "artifact"),
)
# Either spelling may be the British one: "travelled", but "fulfil".
_DOUBLED = (("ll", "l"), ("l", "ll"))
# Pairs that satisfy a rule and share a sense, and yet are two words.
_TWO_WORDS = frozenset(
    {"apprise", "baisa", "bipartisan", "bise", "boule", "cheque", "colours", "congou", "coulter"}
    | {"daemon", "filet", "fillet", "fount", "palette", "partisan", "prise", "reprise", "storey"}
    | {"timbre", "vapours", "visor", "advertise", "advertisement", "advertiser", "advertising"}
)
# How a base form that ends in "e", in "y" or otherwise is inflected; the same for both spellings.
_ENDINGS = {
    "e": (("e", "es"), ("e", "ed"), ("e", "ing"), ("e", "er"), ("e", "ers")),
    "y": (("y", "ies"),),
    "": (("", "s"), ("", "ed"), ("", "ing"), ("", "er"), ("", "ers"), ("", "'s")),
}


def _rewritten(word: str, rules: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the words that one rule at one place makes of a word."""
    for before, after in rules:
        place = word.find(before)
        while place >= 0:
            yield word[:place] + after + word[place + len(before) :]
            place = word.find(before, place + 1)


def spelling_variants(wordnet: WordNet, frequencies: Counter[str]) -> dict[str, str]:
    """Map British spellings, inflected too, to the American ones of the same word.

    Parameters
    ----------
    frequencies : of words in American text, which tell "traveled" from "travelled"
    """
    pairs = synonym_pairs(wordnet)
    related = pairs | {(second, first) for first, second in pairs}
    variants = {}
    for word in sorted({first for first, _ in related} - _TWO_WORDS):
        for other in _rewritten(word, _SPELLING_RULES):
            if (word, other) in related:
                variants[word] = other
        for other in _rewritten(word, _DOUBLED):
            if (word, other) in related and _is_american(other, word, frequencies):
                variants[word] = other
    inflected = dict(_inflected(variants)) | _doubled_inflections(wordnet, frequencies)
    return _settled(inflected | variants)


def _is_american(word: str, other: str, frequencies: Counter[str]) -> bool:
    return (frequencies[word], -len(word)) > (frequencies[other], -len(other))


def _inflected(variants: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Inflect both spellings of each word alike."""
    for british, american in variants.items():
        kind = british[-1] if british[-1] in "ey" and american[-1] == british[-1] else ""
        for cut, ending in _ENDINGS[kind]:
            yield british.removesuffix(cut) + ending, american.removesuffix(cut) + ending
        if british.endswith("re") and american.endswith("er"):
            yield british + "d", american + "ed"
            yield british[:-1] + "ing", american + "ing"


def _doubled_inflections(wordnet: WordNet, frequencies: Counter[str]) -> dict[str, str]:
    """Find "cancelled" beside "canceled": an exception whose undoubled form is more in use."""
    found = {}
    for word, bases in wordnet.exceptions().items():
        for base, _ in bases:
            undoubled = base + word.removeprefix(base + base[-1:])
            doubled = base.endswith("l") and word.startswith(base + "l")
            if doubled and frequencies[undoubled] > frequencies[word]:
                found[word] = undoubled
    return found


def _settled(variants: dict[str, str]) -> dict[str, str]:
    """Follow chains ("colourise", "colorise", "colorize") to their end."""
    settled = {}
    for word, key in variants.items():
        for _ in range(4):
            key = variants.get(key, key)  # noqa: PLW2901 - walks the chain
        if key != word:
            settled[word] = key
    return settled


# ---- writing


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write gzipped lines, the same bytes for the same lines."""
    data = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))


def _grouped(table: dict[str, int]) -> list[str]:
    """Give one line a number with all its words."""
    groups: dict[int, list[str]] = defaultdict(list)
    for word in sorted(table):
        groups[table[word]].append(word)
    return [f"{number}\t{' '.join(words)}" for number, words in sorted(groups.items())]


def _keyed(table: dict[str, str]) -> list[str]:
    """Give one line a key with all the words that map to it."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(table):
        groups[table[word]].append(word)
    return [" ".join([key, *words]) for key, words in sorted(groups.items())]


def write_background(counted: Background, folder: Path) -> dict[str, int]:
    """Write document frequencies and the filter of neighbouring words; return what was counted."""
    kept = {w: n for w, n in counted.frequencies.items() if n >= LEAST_DOCUMENTS}
    lines = [str(counted.documents), *_grouped(kept)]
    _write_lines(folder / "frequencies.txt.gz", lines)
    pairs = counted.pairs()
    np.save(folder / "bigrams.npy", bloom_filter(pairs))
    return {
        "documents": counted.documents,
        "running_words": counted.words,
        "words": len(kept),
        "word_pairs": len(pairs),
    }


def write_dictionaries(
    pronunciations: str, wordnet: WordNet, frequencies: Counter[str], folder: Path
) -> dict[str, int]:
    """Write syllables, base forms, spellings and synonyms; return what was counted."""
    syllables = syllable_counts(pronunciations)
    lemmas = irregular_lemmas(wordnet)
    spellings = spelling_variants(wordnet, frequencies)
    synonyms = sorted({synonym_hash(*pair) for pair in synonym_pairs(wordnet)})
    _write_lines(folder / "syllables.txt.gz", _grouped(syllables))
    words = (f"{pos}\t{' '.join(sorted(words))}" for pos, words in wordnet.words.items())
    _write_lines(folder / "wordnet.txt.gz", words)
    _write_lines(folder / "lemmas.txt.gz", _keyed(lemmas))
    _write_lines(folder / "spellings.txt.gz", _keyed(spellings))
    np.save(folder / "synonyms.npy", np.array(synonyms, dtype=np.uint32))
    return {
        "syllables": len(syllables),
        "irregular_forms": len(lemmas),
        "spellings": len(spellings),
        "synonym_pairs": len(synonyms),
    }


def build(mirror: Path, folder: Path, wordnet: Path = WORDNET) -> dict[str, object]:
    """Build all word lists into ``folder`` and return the manifest that is written with them.

    Parameters
    ----------
    mirror : folder of the development corpora
    folder : receives the files of `detector.lexicon.FILES` and ``manifest.json``
    wordnet : WordNet's database files
    """
    folder.mkdir(parents=True, exist_ok=True)
    counted = count_background(background(mirror))
    counts = write_background(counted, folder)
    dictionary = next(members(mirror / PRONUNCIATIONS, "cmudict.dict")).decode("latin-1")
    counts |= write_dictionaries(dictionary, WordNet(wordnet), counted.frequencies, folder)
    manifest: dict[str, object] = {
        "sources": [ARTICLES, REUTERS, PRONUNCIATIONS, "WordNet 3.0 (Debian wordnet-base)"],
        "counts": counts,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return manifest


def main() -> None:
    """Build the word lists from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--mirror", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--out", type=Path, default=Path("models/lexicon"))
    parser.add_argument("--wordnet", type=Path, default=WORDNET)
    arguments = parser.parse_args()
    manifest = build(arguments.mirror, arguments.out, arguments.wordnet)
    print(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    main()
