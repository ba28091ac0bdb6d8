"""The rewritten part of a suspect, so that it can be judged by itself.

A rewrite can be diluted: with paragraphs of other articles or of the source, word for word, with a
site's notes. Measured as a whole such a suspect is an average of all that; what was neither brought
along nor copied is the rewrite again: docs/decisions/0083-rewritten-part.md. Or it can be shuffled:
then it is put back into the source's order: docs/decisions/0085-source-order.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from detector.align import align
from detector.clean import MIN_WORDS
from detector.features.comparison import Comparison, compare
from detector.features.ordering import one_to_one, order_kept
from detector.features.profile import profile
from detector.records import COPIED, NEW, Evidence, Pair, Span
from detector.respelling import respelt
from detector.segment import segment

# A sentence has to do with the source where it is matched, or half of its words derive from there.
DERIVED = 0.5
# A paragraph of which nine words in ten are the source's own was copied, whoever did it.
WORD_FOR_WORD = 0.9
# A rewritten part that is less of what derives from the source is a paragraph or two of a copy that
# somebody edited, which speak for no rewrite: docs/decisions/0100-false-accusations.md.
LEAST_PART = 1 / 3
# So many sentences between two that derive are the rewriter's own; more were brought along.
OWN = 2
# A suspect is shuffled where fewer of its sentences than this follow the source's order, though at
# least this many of them are one sentence of the source each, and so much of it derives from there.
# Evidence: docs/decisions/0085-source-order.md.
IN_ORDER = 0.8
ONE_TO_ONE = 0.4
DERIVED_OF_SHUFFLED = 0.45


class Part(NamedTuple):
    """The rewritten part of a suspect, compared with the source, and where it stands."""

    comparison: Comparison
    spans: tuple[Span, ...]  # characters of the whole suspect, a sentence each
    reordered: bool  # as the source has its sentences

    def reason(self, of: int) -> Evidence:
        """Say that it is this part that was judged.

        Parameters
        ----------
        of : words of the whole suspect
        """
        words = len(self.comparison.ours)
        order = ", put back into its order" if self.reordered else ""
        return Evidence(
            "judged_part",
            f"Judged by themselves were {words} of {of} words, without what was copied word for "
            f"word or has nothing to do with the source{order}.",
            self.spans,
        )


def rewritten_part(whole: Comparison) -> Part | None:
    """Compare what was rewritten of a suspect with the source.

    Returns
    -------
    Part or None
        None where that is all of the suspect, or fewer words than can be judged or than speak for
        what derives from the source.
    """
    segments = whole.alignment.pair.suspect
    passages, reordered = rewritten_passages(whole), shuffled(whole)
    kept = [i for passage in passages for i in passage]
    words = sum(b - a for a, b in (segments.sentence_words[i] for i in kept))
    fewest = max(MIN_WORDS, LEAST_PART * whole.alignment.coverage * len(segments.words))
    if words < fewest or (words == len(segments.words) and not reordered):
        return None
    if reordered:
        passages = in_source_order(passages, whole)
    text, article = segments.article.text, segments.article
    spans = [segments.sentences[i] for i in kept]
    paragraphs = (" ".join(text[slice(*segments.sentences[i])] for i in p) for p in passages)
    source = whole.source
    part = respelt(segment(replace(article, text="\n\n".join(paragraphs))), source.segments)
    comparison = compare(align(Pair(part, source.segments)), profile(part), source)
    return Part(comparison, tuple(spans), reordered)


def shuffled(whole: Comparison) -> bool:
    """Tell whether a suspect has the source's sentences in another order, and little else."""
    return (
        order_kept(whole) < IN_ORDER
        and one_to_one(whole) >= ONE_TO_ONE
        and whole.alignment.coverage >= DERIVED_OF_SHUFFLED
    )


def in_source_order(passages: list[list[int]], whole: Comparison) -> list[list[int]]:
    """Put passages, or the sentences of a single one, into the order of the source.

    Each stands where the first of its sentences that is matched does; what has none stays behind
    the one before it.
    """
    place = {match.suspect: match.sources[0] for match in whole.alignment.matches}
    parts = passages if len(passages) > 1 else [[i] for p in passages for i in p]
    places, last = [], -1
    for part in parts:
        last = next((place[i] for i in part if i in place), last)
        places.append(last)
    found = [part for _, part in sorted(zip(places, parts, strict=True), key=lambda x: x[0])]
    return found if len(passages) > 1 else [[i for part in found for i in part]]


def rewritten_passages(whole: Comparison) -> list[list[int]]:
    """Give the sentences that were rewritten, a list for each paragraph that has any.

    What was brought along stands before the first sentence that derives from the source, behind the
    last, or in a run of its own between; paragraphs copied word for word are left out whole.
    """
    matched = {match.suspect for match in whole.alignment.matches}
    words = whole.alignment.pair.suspect.sentence_words

    def derives(sentence: int) -> bool:
        fates = whole.kind[slice(*words[sentence])]
        return sentence in matched or (fates != NEW).sum() >= DERIVED * len(fates)

    def copied(sentences: Sequence[int]) -> bool:
        first, last = words[sentences[0]][0], words[sentences[-1]][1]
        return bool((whole.kind[first:last] >= COPIED).mean() >= WORD_FOR_WORD)

    paragraphs = (p for p in _paragraphs(whole) if not copied(p))
    return [kept for p in paragraphs if (kept := _bridged([i for i in p if derives(i)]))]


def _paragraphs(whole: Comparison) -> Iterator[list[int]]:
    """Give the sentences with words, paragraph by paragraph."""
    segments = whole.alignment.pair.suspect
    starts = [start for start, _ in segments.paragraphs]
    found: dict[int, list[int]] = {}
    for i, ((start, _), (a, b)) in enumerate(
        zip(segments.sentences, segments.sentence_words, strict=True)
    ):
        if b > a:
            found.setdefault(bisect_right(starts, start), []).append(i)
    yield from found.values()


def _bridged(sentences: list[int]) -> list[int]:
    """Fill gaps between sentences that are no wider than a rewriter's own words."""
    kept = sentences[:1]
    for before, after in pairwise(sentences):
        kept += range(before + 1 if after - before - 1 <= OWN else after, after + 1)
    return kept
