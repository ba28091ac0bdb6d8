"""Two texts side by side: sentences in rows, each cut into pieces that fared alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from detector.features.comparison import Comparison
from detector.pages.rendering import shown
from detector.records import COPIED, MOVED, SUBSTITUTED, Segments

KINDS = {COPIED: "copied", SUBSTITUTED: "swapped", MOVED: "moved"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that fared alike; plain where ``kind`` is empty."""

    text: str
    kind: str = ""  # copied, swapped, moved, new, dropped
    place: int = -1  # the same in both texts where they correspond; -1 without a counterpart


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its number, counted from 1."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class Row:
    """A suspect sentence beside what it comes from, or a source sentence left out."""

    suspect: Sentence | None
    sources: list[Sentence] = field(default_factory=list)
    seen_above: list[int] = field(default_factory=list)  # source sentences shown in earlier rows


@dataclass(frozen=True)
class Marks:
    """Kind and place of each word of one side."""

    kinds: list[str]
    places: list[int]


def rows(comparison: Comparison) -> list[Row]:
    """Lay a comparison out in rows: the suspect in its order, the source beside it.

    Source sentences that nothing comes from follow the one before them in the source.
    """
    ours, theirs = marks(comparison)
    suspect, source = comparison.alignment.pair.suspect, comparison.alignment.pair.source
    matched = {m.suspect: sorted(m.sources) for m in comparison.alignment.matches}
    used = {j for found in matched.values() for j in found}
    left_out = [j for j in range(len(source.sentences)) if j not in used]
    laid: list[Row] = []
    seen: set[int] = set()
    _leave_out(laid, source, theirs, left_out, after=-1, used=used)
    for i in range(len(suspect.sentences)):
        row = Row(_sentence(suspect, ours, i))
        for j in matched.get(i, []):
            if j in seen:
                row.seen_above.append(j + 1)
            else:
                row.sources.append(_sentence(source, theirs, j))
        laid.append(row)
        for j in matched.get(i, []):
            if j not in seen:
                seen.add(j)
                _leave_out(laid, source, theirs, left_out, after=j, used=used)
    return laid


def _leave_out(
    laid: list[Row],
    source: Segments,
    theirs: Marks,
    left_out: list[int],
    *,
    after: int,
    used: set[int],
) -> None:
    """Add the source sentences that follow one and that nothing comes from."""
    following = after + 1
    while following in left_out and following not in used:
        laid.append(Row(None, [_sentence(source, theirs, following)]))
        following += 1


def marks(comparison: Comparison) -> tuple[Marks, Marks]:
    """Give the pieces of both sides numbers, so that what corresponds has one number.

    A swap is a piece of its own; other pieces are stretches of equal words within a sentence.
    """
    kind, origin = comparison.kind, comparison.origin
    suspect, source = comparison.alignment.pair.suspect, comparison.alignment.pair.source
    ours = Marks(["new"] * len(suspect.words), [-1] * len(suspect.words))
    theirs = Marks(["dropped"] * len(source.words), [-1] * len(source.words))
    starts = {a for a, _ in suspect.sentence_words}
    their_starts = {a for a, _ in source.sentence_words}
    place = -1
    for i, (fate, j) in enumerate(zip(kind.tolist(), origin.tolist(), strict=True)):
        if fate not in KINDS:
            continue
        goes_on = i and fate != SUBSTITUTED and kind[i - 1] == fate and origin[i - 1] == j - 1
        if not goes_on or i in starts or j in their_starts or theirs.places[j] >= 0:
            place += 1
        ours.kinds[i], ours.places[i] = KINDS[fate], place
        if theirs.places[j] < 0:
            theirs.kinds[j], theirs.places[j] = KINDS[fate], place
    return ours, theirs


def _sentence(segments: Segments, side: Marks, index: int) -> Sentence:
    return Sentence(index + 1, tuple(_pieces(segments, side, index)))


def _pieces(segments: Segments, side: Marks, index: int) -> Iterator[Piece]:
    """Cut a sentence into pieces; together they are its text."""
    text, (place, end) = segments.article.text, segments.sentences[index]
    words = range(*segments.sentence_words[index])
    for (kind, number), group in groupby(words, lambda k: (side.kinds[k], side.places[k])):
        held = list(group)
        start, stop = segments.characters((held[0], held[-1] + 1))
        if start > place:
            yield Piece(shown(text[place:start]))
        yield Piece(shown(text[start:stop]), kind, number)
        place = stop
    if place < end:
        yield Piece(shown(text[place:end]))


def counts(laid: list[Row]) -> dict[str, int]:
    """Count the pieces of each kind, those of the suspect and the dropped ones of the source."""
    found = dict.fromkeys(("copied", "swapped", "moved", "new", "dropped"), 0)
    for row in laid:
        ours = row.suspect.pieces if row.suspect else ()
        theirs = (piece for sentence in row.sources for piece in sentence.pieces)
        for piece in (*ours, *(p for p in theirs if p.kind == "dropped")):
            if piece.kind:
                found[piece.kind] += 1
    return found
