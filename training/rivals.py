"""What others would do, on the same splits: the figures that ours must beat.

None of them tells *how* words were changed. Most look at the pair and one number of it, one only at
the suspect's characters, one only for phrases that nobody would write. The last is no rival but a
guard: it sees nothing but the make-up of both texts as they are judged, and must find nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.clean import clean
from detector.records import Article
from training.splits import Split, class_balance
from training.table import Table

Floats: TypeAlias = NDArray[np.float64]
Texts: TypeAlias = Sequence[tuple[str, str]]

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Characters read of a text by the style rival: enough for a style, and it bounds its cost.
STYLE_CHARACTERS = 3000
STYLE_FEATURES = 2**18
# Rows that the style rival learns from: it must not cost more than the model it is compared with.
STYLE_ROWS = 6000


def words(text: str) -> list[str]:
    """Lower-case words of a text."""
    return [match[0].lower() for match in WORD.finditer(text)]


def overlap(suspect: Sequence[str], source: Sequence[str]) -> float:
    """Share of the suspect's words that stand in the source, each as often as it does there."""
    common = Counter(suspect) & Counter(source)
    return sum(common.values()) / max(len(suspect), 1)


def shingles(tokens: Sequence[str], size: int = 3) -> set[tuple[str, ...]]:
    """Give the runs of `size` words."""
    return {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}


def jaccard(suspect: Sequence[str], source: Sequence[str]) -> float:
    """Shared word 3-grams among all of both: what MinHash estimates."""
    ours, theirs = shingles(suspect), shingles(source)
    return len(ours & theirs) / max(len(ours | theirs), 1)


def cosine(suspect: Sequence[str], source: Sequence[str], idf: Callable[[str], float]) -> float:
    """Cosine of the tf-idf vectors (1 + log tf)."""
    ours, theirs = (
        {word: (1 + log(n)) * idf(word) for word, n in Counter(side).items()}
        for side in (suspect, source)
    )
    dot = sum(weight * theirs.get(word, 0.0) for word, weight in ours.items())
    norm = sqrt(sum(w * w for w in ours.values()) * sum(w * w for w in theirs.values()))
    return dot / norm if norm else 0.0


def tortured(suspect: Sequence[str], source: Sequence[str], phrases: Mapping[str, str]) -> float:
    """Tortured phrases a thousand words of the suspect, doubly where the source has it right."""
    if not suspect:
        return 0.0
    theirs = f" {' '.join(source)} "
    grams = Counter(" ".join(gram) for size in (2, 3, 4) for gram in _grams(suspect, size))
    hits = sum(
        count * (2 if f" {phrases[gram]} " in theirs else 1)
        for gram, count in grams.items()
        if gram in phrases
    )
    return 1000 * hits / len(suspect)


def _grams(tokens: Sequence[str], size: int) -> Iterable[tuple[str, ...]]:
    return zip(*(tokens[i:] for i in range(size)), strict=False)


def phrase_table(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Normalise (tortured, expected) phrases for `tortured`."""
    pairs = ((" ".join(words(odd)), " ".join(words(right))) for odd, right in entries)
    return {odd: right for odd, right in pairs if odd and odd != right}


# ---------------------------------------------------------------- on a table


@dataclass(frozen=True)
class Measures:
    """One number a pair for each rival that needs no training, and the style rival's matrix."""

    values: Mapping[str, Floats]
    characters: Any  # sparse, shape (n, STYLE_FEATURES)
    make_up: NDArray[np.float32]  # shape (n, 3 * number of marks): suspect, source, difference


def measures(texts: Texts, phrases: Mapping[str, str]) -> Measures:
    """Measure all pairs.

    Parameters
    ----------
    texts : (suspect, source) of each row of the table, in its order
    phrases : as `phrase_table` gives them
    """
    from detector.lexicon import lexicon  # noqa: PLC0415

    lex = lexicon()
    rows = []
    for suspect, source in texts:
        ours, theirs = words(suspect), words(source)
        rows.append(
            (
                overlap(ours, theirs),
                jaccard(ours, theirs),
                cosine(ours, theirs, lex.idf),
                tortured(ours, theirs, phrases),
            )
        )
    names = ("word_overlap", "trigram_jaccard", "tfidf_cosine", "tortured_phrases")
    values = dict(zip(names, np.array(rows, dtype=np.float64).T, strict=True))
    return Measures(values, _characters([suspect for suspect, _ in texts]), _make_ups(texts))


# What a text looks like when nobody reads it: a count of each, for each character of it.
MARKS = tuple(
    re.compile(mark)
    for mark in (
        r"[A-Z]",
        r"\b[A-Z]{2,}\b",
        r"\A[a-z]",
        r"\d",
        r"\n\n",
        r" {2,}",
        r"\s[,.;:!?]",
        r"[“”‘’]",
        r"[\"']",
        r"[–—]",
        r"\.{3}|…",
        r"[^\x00-\x7f]",
        r"[@#*_|~^<>{}\\]",
        r"[.!?\"'”’)]\Z",
    )
)


def _make_ups(texts: Texts) -> NDArray[np.float32]:
    seen: dict[str, list[float]] = {}
    for text in (side for pair in texts for side in pair):
        seen.setdefault(text, make_up(text))
    ours, theirs = (np.array([seen[pair[side]] for pair in texts]) for side in (0, 1))
    return np.hstack([ours, theirs, ours - theirs]).astype(np.float32)


def make_up(text: str) -> list[float]:
    """Count the marks of a text as the detector sees it, after cleaning."""
    cleaned = clean(Article(id="", text=text)).text
    return [len(mark.findall(cleaned)) / max(len(cleaned), 1) for mark in MARKS]


def _characters(suspects: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415

    reader = HashingVectorizer(
        analyzer="char", ngram_range=(3, 5), n_features=STYLE_FEATURES, alternate_sign=False
    )
    normal = [" ".join(text.lower().split())[:STYLE_CHARACTERS] for text in suspects]
    return reader.transform(normal).astype(np.float32)


def judge(table: Table, split: Split, found: Measures) -> dict[str, Floats]:
    """Score the test rows by each rival, learnt or tuned on the training rows.

    Returns
    -------
    Scores by rival; higher says automated rewrite.
    """
    scores: dict[str, Floats] = {}
    truth = table.machine[split.train]
    for name, values in found.values.items():
        if name == "tortured_phrases":
            scores[name] = values[split.test]
            continue
        rate = middle_band(values[split.train], truth)
        scores[name] = rate(values[split.test])
    scores["character_style"] = _style(table, split, found.characters)
    scores["make_up_only"] = _make_up_only(table, split, found.make_up)
    return scores


def _make_up_only(table: Table, split: Split, marks: NDArray[np.float32]) -> Floats:
    """Score pairs by their make-up alone, with the estimator that the model itself uses."""
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415

    part = table.take(split.train)
    trees = ExtraTreesClassifier(n_estimators=60, min_samples_leaf=20, random_state=0)
    trees.fit(marks[split.train], part.machine, sample_weight=class_balance(part))
    scores: Floats = trees.predict_proba(marks[split.test])[:, 1]
    return scores


def middle_band(values: Floats, positive: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    """Learn how likely a rewrite is at each value: rewriting lies between copy and stranger.

    Twenty bins of equal count on the training side, read with straight lines between them.
    """
    order = np.argsort(values, kind="stable")
    bins = [part for part in np.array_split(order, 20) if len(part)]
    centers = np.array([values[part].mean() for part in bins])
    rates = np.array([positive[part].mean() for part in bins])
    keep = np.concatenate([[True], np.array([b > a for a, b in pairwise(centers)], dtype=bool)])
    knots, heights = centers[keep], rates[keep]
    return lambda asked: np.interp(asked, knots, heights)


def _style(table: Table, split: Split, characters: Any) -> Floats:
    """Score suspects by character n-grams: tf-idf and logistic regression."""
    from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415

    rows = np.flatnonzero(split.train)
    random = np.random.default_rng(0)
    rows = np.sort(random.choice(rows, min(STYLE_ROWS, len(rows)), replace=False))
    part = table.take(rows)
    weigh = TfidfTransformer(sublinear_tf=True).fit(characters[rows])
    learner = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=30, tol=None, random_state=0)
    learner.fit(weigh.transform(characters[rows]), part.machine, sample_weight=class_balance(part))
    scores: Floats = learner.decision_function(weigh.transform(characters[split.test]))
    return scores
