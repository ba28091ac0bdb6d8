"""The pipeline that people write: MinHash, difflib, textstat, and a prediction for each row.

``naive.py index EARLIER INDEX`` prepares what is known before; ``naive.py judge NEW INDEX OUT`` is
timed. Two processes do what is done for each article and each pair.
"""

from __future__ import annotations

import json
import pickle
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from detector.features.readability import READABILITY
from detector.readability import PANEL, textstat

WORKERS = 2
SHINGLE = 3  # words
PERMUTATIONS = 128
# A copy with one word in five exchanged keeps a third of its shingles.
THRESHOLD = 0.2
FITTED = 25  # copies, and as many pairs of strangers, that the model is fitted on

Words = list[str]
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_IN_WORDS = "text_standard"  # a grade in words, no number
_FORMULAS = [f.name for f in READABILITY if f.name in PANEL and f.name != _IN_WORDS]


@dataclass(frozen=True)
class Index:
    """What is known of the earlier articles, and the model."""

    texts: dict[str, str]
    lsh: MinHashLSH
    model: Pipeline


def words_of(text: str) -> Words:
    """Split a text into words."""
    return _WORD.findall(text.lower())


def minhash(text: str) -> MinHash:
    """Hash a text's shingles."""
    words, hashes = words_of(text), MinHash(num_perm=PERMUTATIONS)
    shingles = (" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
    hashes.update_batch([shingle.encode() for shingle in shingles])
    return hashes


def readability(text: str) -> list[float]:
    """Measure a text with textstat."""
    tool = textstat().textstat  # with our syllables, so that it downloads none
    return [getattr(tool, name)(text) for name in _FORMULAS]


def shared(suspect: str, source: str) -> tuple[float, float]:
    """Give the share of the suspect's words in blocks of both texts, and of blocks in its words."""
    ours = words_of(suspect)
    matcher = SequenceMatcher(None, words_of(source), ours, autojunk=False)
    equal = [end - start for tag, _, _, start, end in matcher.get_opcodes() if tag == "equal"]
    return sum(equal) / len(ours), len(equal) / len(ours)


def row_of(suspect: str, sources: Sequence[str]) -> tuple[int, list[float]]:
    """Choose the source that most is shared with, and give the row of features of that pair.

    Returns
    -------
    place of the source, or -1 where there is none, and features
    """
    ours = readability(suspect)
    if not sources:
        return -1, [0.0, 0.0, *ours, *ours]
    aligned = [shared(suspect, source) for source in sources]
    place = aligned.index(max(aligned))
    return place, [*aligned[place], *ours, *readability(sources[place])]


def index(earlier: Path, path: Path) -> None:
    """Hash the earlier articles and fit a model on copies of some and on pairs of strangers."""
    from inputs import with_swaps  # not at the top: who judges need not wait for all of ours

    from detector.records import Article

    texts = _texts(earlier)
    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for name, text in texts.items():
        lsh.insert(name, minhash(text))
    some = list(texts.values())[: FITTED + 1]
    copies = [with_swaps(Article(id="", text=text), i).text for i, text in enumerate(some[1:])]
    rows = [row_of(copy, [text])[1] for copy, text in zip(copies, some[1:], strict=True)]
    rows += [row_of(one, [other])[1] for one, other in zip(some[1:], some, strict=False)]
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(np.array(rows), [1] * len(copies) + [0] * len(copies))
    path.write_bytes(pickle.dumps(Index(texts, lsh, model)))


def judge(new: Path, path: Path, verdicts: Path) -> None:
    """Judge the new articles in order, each against all before it."""
    known: Index = pickle.loads(path.read_bytes())  # noqa: S301 - written by `index`
    texts = _texts(new)
    everything = known.texts | texts
    textstat()  # before the processes part, so that it is imported once
    with ProcessPoolExecutor(WORKERS) as pool:
        candidates: list[list[Any]] = []
        hashed = pool.map(minhash, texts.values(), chunksize=16)
        for name, hashes in zip(texts, hashed, strict=True):
            candidates.append(known.lsh.query(hashes))
            known.lsh.insert(name, hashes)
        sources = [[everything[name] for name in names] for names in candidates]
        rows = pool.map(row_of, texts.values(), sources, chunksize=16)
        with verdicts.open("w", encoding="utf-8") as file:
            for name, names, (place, row) in zip(texts, candidates, rows, strict=True):
                score = known.model.predict_proba(np.array([row]))[0, 1]
                source = "" if place < 0 else names[place]
                file.write(json.dumps({"id": name, "source": source, "score": score}) + "\n")


def _texts(path: Path) -> dict[str, str]:
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {record["id"]: record["text"] for record in records}


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    {"index": index, "judge": judge}[command](*map(Path, paths))
