"""What each stage costs as an article gets longer, in CPU seconds of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import process_time
from typing import Any, TypeVar

from inputs import Material, joined, with_swaps
from row import LONG_SECONDS

from detector.align import align
from detector.clean import clean
from detector.features import measure, measure_alone
from detector.features.comparison import compare
from detector.features.profile import profile
from detector.records import Article, Pair
from detector.segment import segment
from detector.sketch import sketch

LENGTHS = (700, 5000, 20_000, 50_000)  # words
STAGES = ("clean", "segment", "sketch", "align", "article features", "pair features")

Result = TypeVar("Result")


def growth(over: Material, longest: int, repeat: int) -> Iterator[dict[str, Any]]:
    """Measure an article of each length, and a copy of it with one word in five exchanged.

    Yields
    ------
    dict
        ``words`` and ``sentences`` after cleaning, ``repetitions``, and ``cpu_seconds`` by stage,
        the median.
    """
    _stages(joined(over.news, LENGTHS[0]))  # loads the word lists
    for length in LENGTHS:
        if length <= longest:
            yield _measured(joined(over.news, length), repeat)


def _measured(article: Article, repeat: int) -> dict[str, Any]:
    passes: list[dict[str, float]] = []
    while len(passes) < repeat:
        passes.append(_stages(article))
        if sum(passes[-1].values()) > LONG_SECONDS:
            break
    source = segment(clean(article))
    return {
        "words": len(source.words),
        "sentences": len(source.sentence_words),
        "repetitions": len(passes),
        "cpu_seconds": {s: round(median(spent[s] for spent in passes), 5) for s in STAGES},
    }


def _stages(article: Article) -> dict[str, float]:
    """Take an article and its copy through the stages, nothing remembered of either."""
    spent: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Result]) -> Result:
        start = process_time()
        result = work()
        spent[stage] = process_time() - start
        return result

    cleaned = timed("clean", lambda: clean(article))
    source = timed("segment", lambda: segment(cleaned))
    timed("sketch", lambda: sketch(source))
    suspect = segment(clean(with_swaps(cleaned, 0)))
    alignment = timed("align", lambda: align(Pair(suspect, source)))
    sides = profile(suspect), profile(source)
    timed("article features", lambda: [measure_alone(side) for side in sides])
    # The rows of both articles are remembered from the line before.
    timed("pair features", lambda: measure(compare(alignment, *sides)))
    return spent


def table(measured: list[dict[str, Any]]) -> Iterator[str]:
    """Lay the figures out as lines."""
    yield "CPU seconds of a stage by length"
    yield "".join(f"{head:>18}" for head in ("words", "sentences", *STAGES))
    for row in measured:
        counts = f"{row['words']:18,}{row['sentences']:18,}"
        yield counts + "".join(f"{row['cpu_seconds'][stage]:18.4f}" for stage in STAGES)
