"""Stage 10: say why, in plain sentences that point at the places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from detector.features.comparison import COPIED, MOVED, Comparison, Swap
from detector.records import Evidence, Segments, Span

# Shorter runs are idiom; eight equal words in a row seldom meet by chance.
RUN_WORDS = 8
RUNS_SHOWN = 3
SWAPS_SHOWN = 5
QUOTATIONS_SHOWN = 3
EXCERPT_CHARACTERS = 90
# Below these, "order kept" and "swapped words" would be said of two or three places.
FEWEST_MATCHES = 4
FEWEST_SWAPS = 4


def evidence(comparison: Comparison) -> tuple[Evidence, ...]:
    """Collect what the alignment shows, strongest kinds first.

    Each item's spans are characters of the two articles' texts, in reading order.
    """
    kinds: tuple[Callable[[Comparison], Iterable[Evidence]], ...] = (
        _counterparts,
        _changed_quotations,
        _swapped_words,
        _spellings,
        _copied_runs,
        _kept_quotations,
        _order,
        _own_material,
    )
    return tuple(item for kind in kinds for item in kind(comparison))


def _counterparts(c: Comparison) -> Iterator[Evidence]:
    """Say how much of the suspect has a counterpart at all."""
    sentences = len(c.alignment.pair.suspect.sentences)
    matches = c.alignment.matches
    if not sentences:
        return
    yield Evidence(
        "counterparts",
        f"{len(matches)} of {_count(sentences, 'sentence')} "
        f"{'has' if len(matches) == 1 else 'have'} a counterpart in the source; "
        f"{c.alignment.coverage:.0%} of the words derive from it.",
        tuple(c.alignment.pair.suspect.sentences[m.suspect] for m in matches),
        tuple(c.alignment.pair.source.sentences[m.sources[0]] for m in matches),
    )


def _copied_runs(c: Comparison) -> Iterator[Evidence]:
    """Show the longest runs of equal words, and how much of the suspect they make up."""
    runs = [(a, b, j) for a, b, j in _equal_runs(c) if b - a >= RUN_WORDS]
    if not runs:
        return
    words = sum(b - a for a, b, _ in runs)
    longest = sorted(runs, key=lambda run: run[0] - run[1])[:RUNS_SHOWN]
    a, b, _ = longest[0]
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    yield Evidence(
        "copied_run",
        f"{words / len(c.ours):.0%} of the words stand in the source in runs of {RUN_WORDS} and "
        f"more; the longest is {b - a} words: {_quote(suspect, (a, b))}.",
        tuple(_characters(suspect, (a, b)) for a, b, _ in longest),
        tuple(_characters(source, (j, j + b - a)) for a, b, j in longest),
    )


def _equal_runs(c: Comparison) -> Iterator[tuple[int, int, int]]:
    """Yield stretches of equal words as (start, end, place in the source)."""
    kind, origin = c.fates
    equal = np.isin(kind, (COPIED, MOVED))
    start = 0
    for k in range(1, len(kind) + 1):
        if k == len(kind) or not equal[k] or not equal[start] or origin[k] != origin[k - 1] + 1:
            if equal[start]:
                yield start, k, int(origin[start])
            start = k


def _swapped_words(c: Comparison) -> Iterator[Evidence]:
    """Count the changed words that are swaps for a synonym, with examples."""
    synonyms = [swap for swap in c.content_swaps if swap.kind == "synonym"]
    if len(synonyms) < FEWEST_SWAPS:
        return
    yield _swaps(
        c,
        "swapped_words",
        synonyms,
        f"{len(synonyms)} of {len(c.content_swaps)} exchanged content words are swaps for a "
        f"synonym: {_examples(synonyms)}.",
    )


def _spellings(c: Comparison) -> Iterator[Evidence]:
    """Show swaps between British and American spelling."""
    spellings = [swap for swap in c.swaps if swap.kind == "spelling"]
    if spellings:
        yield _swaps(
            c,
            "changed_spelling",
            spellings,
            f"{_count(len(spellings), 'word')} changed between British and American spelling: "
            f"{_examples(spellings)}.",
        )


def _swaps(c: Comparison, kind: str, swaps: list[Swap], text: str) -> Evidence:
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    return Evidence(
        kind,
        text,
        tuple(suspect.word_spans[swap.suspect] for swap in swaps),
        tuple(source.word_spans[swap.source] for swap in swaps),
    )


def _examples(swaps: list[Swap]) -> str:
    common = Counter((swap.replaced, swap.by) for swap in swaps).most_common(SWAPS_SHOWN)
    return ", ".join(f"{replaced} -> {by}" for (replaced, by), _ in common)


def _changed_quotations(c: Comparison) -> Iterator[Evidence]:
    """Show quotations that say something else than in the source."""
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    changed = [quoted for quoted in c.quotations if quoted.fate == "changed"]
    for quoted in changed[:QUOTATIONS_SHOWN]:
        yield Evidence(
            "changed_quotation",
            f"A quotation is altered: {_quote(suspect, quoted.suspect)} stands in the source as "
            f"{_quote(source, quoted.source)}.",
            (_characters(suspect, quoted.suspect),),
            (_characters(source, quoted.source),),
        )


def _kept_quotations(c: Comparison) -> Iterator[Evidence]:
    """Count quotations shared word for word: two honest reports may have them in common."""
    kept = [quoted for quoted in c.quotations if quoted.fate == "kept"]
    if not kept:
        return
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    yield Evidence(
        "kept_quotations",
        f"{len(kept)} of {_count(len(c.quotations), 'quotation')} "
        f"{'stands' if len(kept) == 1 else 'stand'} in the source word for word.",
        tuple(_characters(suspect, quoted.suspect) for quoted in kept),
        tuple(_characters(source, quoted.source) for quoted in kept),
    )


def _order(c: Comparison) -> Iterator[Evidence]:
    """Say whether the sentences follow the source's order."""
    kept = c.in_order
    if len(kept) < FEWEST_MATCHES:
        return
    yield Evidence(
        "kept_order" if sum(kept) > 0.8 * len(kept) else "changed_order",
        f"{sum(kept)} of {_count(len(kept), 'matched sentence')} follow the source's order.",
    )


def _own_material(c: Comparison) -> Iterator[Evidence]:
    """Say what speaks against: sentences that the source has not."""
    matched = {match.suspect for match in c.alignment.matches}
    own = [k for k in range(len(c.alignment.pair.suspect.sentences)) if k not in matched]
    if own:
        yield Evidence(
            "own_material",
            f"Against it: {_count(len(own), 'sentence')} of the suspect "
            f"{'has' if len(own) == 1 else 'have'} no counterpart in the source.",
            tuple(c.alignment.pair.suspect.sentences[k] for k in own),
        )


def _characters(segments: Segments, words: Span) -> Span:
    """Turn a non-empty range of words into characters of the text."""
    return segments.word_spans[words[0]][0], segments.word_spans[words[1] - 1][1]


def _quote(segments: Segments, words: Span) -> str:
    start, end = _characters(segments, words)
    text = " ".join(segments.article.text[start:end].split())
    cut = text if len(text) <= EXCERPT_CHARACTERS else text[:EXCERPT_CHARACTERS].rstrip() + "..."
    return f"\N{LEFT DOUBLE QUOTATION MARK}{cut}\N{RIGHT DOUBLE QUOTATION MARK}"


def _count(number: int, noun: str) -> str:
    """Count with the noun in the right number.

    >>> _count(1, "word"), _count(3, "word")
    ('1 word', '3 words')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
