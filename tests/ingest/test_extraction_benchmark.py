"""The published measure of article extraction, on its own 181 pages."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from statistics import mean

import pytest
from mirror import archive

from detector.ingest.articles import Facts, Place
from detector.ingest.pages import article_of_page
from detector.records import Article

ARCHIVE = "scrapinghub+article-extraction-benchmark@4a3bc979f76c.tar.xz"
FLOOR = 0.95  # F1; 0.962 at the time of writing
Counts = tuple[int, int, int]  # 4-grams that both have, that only ours has, that only gold has


def gold_pages() -> Iterator[tuple[bytes, str]]:
    """Read each page and its gold body."""
    with tarfile.open(archive(ARCHIVE)) as tar:
        members = {member.name.partition("/")[2]: member for member in tar if member.isfile()}
        truth = json.load(tar.extractfile(members["ground-truth.json"]))  # type: ignore[arg-type]
        for key, gold in truth.items():
            page = tar.extractfile(members[f"html/{key}.html.gz"])
            assert page is not None
            yield gzip.decompress(page.read()), gold.get("articleBody", "")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    runs = [tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))]
    return Counter(run for run in runs if run)


def counts(gold: str, ours: str) -> Counts:
    """Compare two bodies as multisets of runs."""
    wanted, found = shingles(gold), shingles(ours)
    both = (wanted & found).total()
    return both, found.total() - both, wanted.total() - both


def share(hits: int, misses: int, other: int) -> float:
    """Give the share of hits; 1 where both bodies agree, in emptiness too."""
    return 1.0 if misses == other == 0 else hits / (hits + misses)


def precision_recall_f1(rows: list[Counts]) -> tuple[float, float, float]:
    """Average over the pages that the ratio is defined for, then combine the averages."""
    precision = mean(share(both, extra, lost) for both, extra, lost in rows if both + extra)
    recall = mean(share(both, lost, extra) for both, extra, lost in rows if both + lost)
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_the_measure_is_the_published_one() -> None:
    """Half of the runs in common give a half, by hand."""
    rows = [counts("a b c d e", "a b c d x"), counts("a b c d", "a b c d"), counts("a b", "")]
    precision, recall, f1 = precision_recall_f1(rows)

    assert rows == [(1, 1, 1), (1, 0, 0), (0, 0, 1)]
    assert (precision, recall) == (0.75, 0.5)
    assert f1 == pytest.approx(0.6)


@pytest.mark.slow
def test_extraction_reaches_its_floor() -> None:
    """F1 over the gold pages stays at .95 or above."""
    rows, seconds = [], 0.0
    for page, gold in gold_pages():
        start = time.perf_counter()
        outcome = article_of_page(page, Facts(), Place("page"))
        seconds += time.perf_counter() - start
        rows.append(counts(gold, outcome.text if isinstance(outcome, Article) else ""))
    precision, recall, f1 = precision_recall_f1(rows)
    print(  # noqa: T201 - the figure that is published
        f"{len(rows)} pages: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f},"
        f" {1000 * seconds / len(rows):.1f} ms a page"
    )

    assert len(rows) == 181
    assert f1 >= FLOOR
