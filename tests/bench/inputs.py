"""What the benchmarks run over: news of the mirror, or the bundled fictional crawl."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.clean import clean, unfit
from detector.demo import crawl
from detector.ingest import read
from detector.records import Article, Segments
from detector.segment import segment

# Bounds in words of the length classes that articles are drawn from evenly.
CLASSES = (80, 150, 400, 800, 3000)
SWAPPED = 0.2  # of the words of a suspect


@dataclass(frozen=True)
class Material:
    """Articles, cleaned and segmented, and a suspect made from each."""

    name: str
    articles: tuple[Article, ...]
    segments: tuple[Segments, ...]
    suspects: tuple[Article, ...]


def material(mirror: Path | None, count: int) -> Material:
    """Choose articles: of the mirror by length class, without one all of the bundled crawl."""
    found = _news(mirror) if mirror else [a for a in read([crawl()]) if isinstance(a, Article)]
    cleaned = [article for article in map(clean, found) if not unfit(article)]
    chosen = _by_length(cleaned, count) if mirror else cleaned[:count]
    suspects = tuple(clean(_suspect(article, i)) for i, article in enumerate(chosen))
    name = "news of the mirror" if mirror else "fictional crawl"
    return Material(name, tuple(chosen), tuple(map(segment, chosen)), suspects)


def _news(mirror: Path) -> list[Article]:
    from training.corpora import load
    from training.readers import READERS

    originals = READERS["bbc"](load("bbc", mirror)).originals
    originals += READERS["c50"](load("c50", mirror)).originals
    drawn = random.Random(1).sample(originals, min(len(originals), 3000))
    return [Article(id=str(i), text=original.text) for i, original in enumerate(drawn)]


def _by_length(articles: Sequence[Article], count: int) -> list[Article]:
    """Take as many articles of each length class, as far as they go."""
    classes: list[list[Article]] = [[] for _ in CLASSES[1:]]
    for article in articles:
        size = len(article.text.split())
        for bucket, low, high in zip(classes, CLASSES, CLASSES[1:], strict=False):
            if low <= size < high:
                bucket.append(article)
    return [article for bucket in classes for article in bucket[: count // len(classes)]]


def _suspect(article: Article, seed: int) -> Article:
    """Swap one word in five for another of the same article."""
    chance = random.Random(seed)
    words = article.text.split()
    blocks = [
        " ".join(chance.choice(words) if chance.random() < SWAPPED else w for w in block.split())
        for block in article.text.split("\n\n")
    ]
    return Article(id=f"suspect {seed}", text="\n\n".join(blocks))
