"""What the benchmarks run over: news of the mirror, or the bundled fictional crawl."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from detector.clean import clean, unfit
from detector.demo import crawl
from detector.ingest import read
from detector.records import Article, Segments
from detector.segment import segment

# Bounds in words of the length classes that articles are drawn from evenly.
CLASSES = (80, 150, 400, 800, 3000)
DRAWN = 3200  # articles of the mirror: enough for the crawl of its default size, without a repeat
SWAPPED = 0.2  # of the words of a suspect

_NAME = re.compile(r"\b[A-Z][a-z]+\b")
_WORD = re.compile(r"\b[a-z]+\b")


@dataclass(frozen=True)
class Material:
    """Articles, cleaned and segmented, and a suspect made from each."""

    name: str
    articles: tuple[Article, ...]
    segments: tuple[Segments, ...]
    suspects: tuple[Article, ...]
    news: tuple[Article, ...]  # all that they were chosen from, cleaned


def material(mirror: Path | None, size: int) -> Material:
    """Choose articles: of the mirror by length class, without one all of the bundled crawl."""
    found = _news(mirror) if mirror else [a for a in read([crawl()]) if isinstance(a, Article)]
    cleaned = [article for article in map(clean, found) if not unfit(article)]
    chosen = _by_length(cleaned, size) if mirror else cleaned[:size]
    suspects = tuple(clean(with_swaps(article, i)) for i, article in enumerate(chosen))
    name = "news of the mirror" if mirror else "fictional crawl"
    return Material(name, tuple(chosen), tuple(map(segment, chosen)), suspects, tuple(cleaned))


def _news(mirror: Path) -> list[Article]:
    from training.corpora import load
    from training.readers import READERS

    originals = READERS["bbc"](load("bbc", mirror)).originals
    originals += READERS["c50"](load("c50", mirror)).originals
    drawn = random.Random(1).sample(originals, min(len(originals), DRAWN))
    return [Article(id=str(i), text=original.text) for i, original in enumerate(drawn)]


def _by_length(articles: Sequence[Article], size: int) -> list[Article]:
    """Take as many articles of each length class, as far as they go."""
    classes: list[list[Article]] = [[] for _ in CLASSES[1:]]
    for article in articles:
        words = len(article.text.split())
        for bucket, low, high in zip(classes, CLASSES, CLASSES[1:], strict=False):
            if low <= words < high:
                bucket.append(article)
    return [article for bucket in classes for article in bucket[: size // len(classes)]]


def with_swaps(article: Article, seed: int) -> Article:
    """Swap one word in five for another of the same article."""
    chance = random.Random(seed)
    words = article.text.split()
    blocks = [
        " ".join(chance.choice(words) if chance.random() < SWAPPED else w for w in block.split())
        for block in article.text.split("\n\n")
    ]
    return Article(id=f"suspect {seed}", text="\n\n".join(blocks))


def endless(news: Sequence[Article]) -> Iterator[Article]:
    """Give the news round after round; in all but the first, names have changed places."""
    small = {word for article in news for word in _WORD.findall(article.text)}
    capitals = {word for article in news for word in _NAME.findall(article.text)}
    names = sorted(name for name in capitals if name.lower() not in small)
    for turn in count():
        drawn = random.Random(turn).sample(names, len(names)) if turn else names
        others = dict(zip(names, drawn, strict=True))
        for article in news:
            text = _NAME.sub(lambda name: others.get(name[0], name[0]), article.text)  # noqa: B023
            yield Article(id=f"{article.id} of round {turn}", text=text)


def joined(news: Sequence[Article], length: int) -> Article:
    """Make one article of so many words, paragraph after paragraph of the news."""
    kept: list[str] = []
    missing = length
    for article in endless(news):
        for paragraph in article.text.split("\n\n"):
            words = paragraph.split()[:missing]
            missing -= len(words)
            kept.append(" ".join(words))
            if not missing:
                return Article(id=f"{length} words", text="\n\n".join(kept))
    raise AssertionError("news without words")
