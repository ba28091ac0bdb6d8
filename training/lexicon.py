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
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import ceil, log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.lexicon import (
    FILES,
    bloom_positions,
    pair_hashes,
    synonym_hash,
    word_hash,
)
from detector.records import Article, Segments
from detector.segment import segment
from training.corpora import corpus, default_mirror, load
from training.spelling import spelling_variants
from training.wordnet import WORDNET, WordNet, irregular_lemmas, synonym_pairs

# Names in the registry.
ARTICLES = "article_bias"
REUTERS = "reuters21578"
PRONUNCIATIONS = "cmudict"

# A word of one document only is a misspelling or a name as often as a word.
LEAST_DOCUMENTS = 2
# Shorter background texts are headlines and notes ("******BLUE CHIP CORP").
LEAST_WORDS = 20
# Share of unseen word pairs that the filter takes for seen; 8.1 bits a pair.
FALSE_POSITIVES = 0.02

_BODY = re.compile(r"<BODY>(.*?)</BODY>", re.DOTALL)


def is_background(source_url: str) -> bool:
    """Tell whether an outlet's articles make word lists; they then never make pairs."""
    return hashlib.sha256(source_url.encode()).digest()[0] % 2 == 0


# ---- background text


def background(mirror: Path | None) -> Iterator[str]:
    """Yield every background text once."""
    seen = set()
    for text in _background_texts(mirror):
        key = hashlib.blake2b(text.encode(), digest_size=8).digest()
        if key not in seen:
            seen.add(key)
            yield text


def _background_texts(mirror: Path | None) -> Iterator[str]:
    for raw in load(ARTICLES, mirror).values():
        record = json.loads(raw)
        if is_background(record.get("source_url") or ""):
            yield unicodedata.normalize("NFC", record["content_original"])
    for raw in load(REUTERS, mirror).values():
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

    def kept(self) -> Counter[str]:
        """Give the document frequencies of the words that more than one document holds."""
        return Counter({w: n for w, n in self.frequencies.items() if n >= LEAST_DOCUMENTS})

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
    kept = counted.kept()
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


def build(mirror: Path | None, folder: Path, wordnet: Path = WORDNET) -> dict[str, object]:
    """Build all word lists into ``folder`` and return the manifest that is written with them.

    Parameters
    ----------
    mirror : folder of the development corpora; what it lacks is downloaded
    folder : receives the files of `detector.lexicon.FILES` and ``manifest.json``
    wordnet : WordNet's database files

    Raises
    ------
    DetectorError
        As `training.corpora.load` does: nothing is counted that the registry does not vouch for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counted = count_background(background(mirror))
    counts = write_background(counted, folder)
    dictionary = load(PRONUNCIATIONS, mirror)["cmudict.dict"].decode("latin-1")
    counts |= write_dictionaries(dictionary, WordNet(wordnet), counted.kept(), folder)
    archives = [f"{corpus(name).stem}.tar.xz" for name in (ARTICLES, REUTERS, PRONUNCIATIONS)]
    manifest: dict[str, object] = {
        "sources": [*archives, "WordNet 3.0 (Debian wordnet-base)"],
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
    parser.add_argument("--mirror", type=Path, default=default_mirror())
    parser.add_argument("--out", type=Path, default=Path("models/lexicon"))
    parser.add_argument("--wordnet", type=Path, default=WORDNET)
    arguments = parser.parse_args()
    manifest = build(arguments.mirror, arguments.out, arguments.wordnet)
    print(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    main()
