"""Reasons in whole passages: what was copied, in which order, and what is the suspect's own."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from detector.attribution import credit
from detector.evidence.reasons import Weighed, counted, cut, quote
from detector.features.comparison import Comparison
from detector.quoting import NO_OTHER_WORDS
from detector.records import COPIED, Evidence

# Shorter runs are idiom; eight equal words in a row seldom meet by chance.
RUN_WORDS = 8
RUNS_SHOWN = 3
# Below this, "order kept" would be said of two or three places.
FEWEST_MATCHES = 4
# A licence or an agency's name explains everything else; only an altered quotation outweighs it.
CREDIT_STRENGTH = 0.9
# That there are counterparts at all says least of how the suspect was made.
COUNTERPART_STRENGTH = 0.5


def counterparts(c: Comparison) -> Iterator[Weighed]:
    """Say how much of the suspect has a counterpart at all."""
    sentences = len(c.alignment.pair.suspect.sentences)
    matches = c.alignment.matches
    if not sentences:
        return
    reason = Evidence(
        "counterparts",
        f"{len(matches)} of {counted(sentences, 'sentence')} "
        f"{'has' if len(matches) == 1 else 'have'} a counterpart in the source; "
        f"{c.alignment.coverage:.0%} of the words derive from it.",
        tuple(c.alignment.pair.suspect.sentences[m.suspect] for m in matches),
        tuple(c.alignment.pair.source.sentences[m.sources[0]] for m in matches),
    )
    yield Weighed(COUNTERPART_STRENGTH * c.alignment.coverage, reason)


def copied_runs(c: Comparison) -> Iterator[Weighed]:
    """Show the longest runs of equal words, and how much of the suspect they make up.

    What stands in a quotation is left to the quotations: two honest reports may share it.
    """
    said = _said(c)
    long = (run for run in _equal_runs(c) if run[1] - run[0] >= RUN_WORDS)
    runs = [(a, b, j) for a, b, j in long if b - a - int(said[a:b].sum()) >= RUN_WORDS]
    if not runs:
        return
    words = sum(b - a for a, b, _ in runs)
    longest = sorted(runs, key=lambda run: run[0] - run[1])[:RUNS_SHOWN]
    a, b, _ = longest[0]
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    reason = Evidence(
        "copied_run",
        f"{words / len(c.ours):.0%} of the words stand in the source in runs of {RUN_WORDS} and "
        f"more; the longest is {b - a} words: {quote(suspect, (a, b))}.",
        tuple(suspect.characters((a, b)) for a, b, _ in longest),
        tuple(source.characters((j, j + b - a)) for a, b, j in longest),
    )
    yield Weighed(max(words / len(c.ours), 1 - RUN_WORDS / (b - a)), reason)


def _said(c: Comparison) -> NDArray[np.bool_]:
    """Mark the suspect's words inside quotations that the source has too."""
    said = np.zeros(len(c.ours), dtype=bool)
    for quoted in c.quotations:
        if quoted.fate in NO_OTHER_WORDS:
            said[slice(*quoted.suspect)] = True
    return said


def _equal_runs(c: Comparison) -> Iterator[tuple[int, int, int]]:
    """Yield stretches of equal words as (start, end, place in the source)."""
    kind, origin = c.kind, c.origin
    equal = kind >= COPIED
    start = 0
    for k in range(1, len(kind) + 1):
        if k == len(kind) or not equal[k] or not equal[start] or origin[k] != origin[k - 1] + 1:
            if equal[start]:
                yield start, k, int(origin[start])
            start = k


def order(c: Comparison) -> Iterator[Weighed]:
    """Say whether the sentences follow the source's order."""
    kept, all_ = sum(c.in_order), len(c.in_order)
    if all_ < FEWEST_MATCHES:
        return
    text = f"{kept} of {counted(all_, 'matched sentence')} follow the source's order."
    if kept > 0.8 * all_:
        # Of n sentences in any order, the longest run that ascends holds about 2 * sqrt(n).
        by_chance = min(1.0, 2 / sqrt(all_))
        yield Weighed(max(0.0, kept / all_ - by_chance), Evidence("kept_order", text))
    else:
        yield Weighed(1 - kept / all_, Evidence("changed_order", f"Only {text}"))


def credited_source(c: Comparison) -> Iterator[Weighed]:
    """Say that the suspect names whose the text is, as licensed copies do."""
    suspect, source = c.alignment.pair.suspect.article, c.alignment.pair.source.article
    if source.site and source.site == suspect.site:
        return
    passage = credit(suspect, source)
    if passage is not None:
        text = f"The suspect names where it comes from: {cut(passage)}."
        yield Weighed(CREDIT_STRENGTH, Evidence("credited_source", text))


def own_material(c: Comparison) -> Iterator[Weighed]:
    """Say how much of the suspect the source has not."""
    suspect = c.alignment.pair.suspect
    matched = {match.suspect for match in c.alignment.matches}
    own = [k for k in range(len(suspect.sentences)) if k not in matched]
    if own and c.ours:
        share = sum(b - a for a, b in (suspect.sentence_words[k] for k in own)) / len(c.ours)
        reason = Evidence(
            "own_material",
            f"{share:.0%} of the suspect, {len(own)} of "
            f"{counted(len(suspect.sentences), 'sentence')}, has no counterpart in the source.",
            tuple(suspect.sentences[k] for k in own),
        )
        yield Weighed(share, reason)
