"""Reasons in single words: swaps, spellings, and what language models like to set or drop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from detector.evidence.reasons import Weighed, counted, many
from detector.features.comparison import Comparison, Swap
from detector.features.wording import brought_along
from detector.records import Evidence
from detector.shift import Shift

SWAPS_SHOWN = 5
WORDS_SHOWN = 5
# Below this, "swapped words" would be said of two or three places.
FEWEST_SWAPS = 4
# Half of a spinner's content swaps and more are synonyms of the word lists.
SPUN_SHARE = 0.5
# So many words that language models like, or drop, and more than two for each of the other kind:
# of 2,166 rewrites by them .34 bring such as they like and .04 such as they drop, of 411 texts that
# people rewrote .03 and .45 (decision 0093).
FEWEST_WORDS = 3
MOST_FOR_OTHERS = 2
HALF_BEYOND = 6  # beyond that bound; so that three are a reason among the last


def swapped_words(c: Comparison) -> Iterator[Weighed]:
    """Count the changed words that are swaps for a synonym, with examples."""
    synonyms = [swap for swap in c.content_swaps if swap.kind == "synonym"]
    if len(synonyms) < FEWEST_SWAPS:
        return
    share = len(synonyms) / len(c.content_swaps)
    reason = _swaps(
        c,
        "swapped_words",
        synonyms,
        f"{len(synonyms)} of {len(c.content_swaps)} exchanged content words are swaps for a "
        f"synonym: {_examples(synonyms)}.",
    )
    yield Weighed(min(1.0, share / SPUN_SHARE) * many(len(synonyms), FEWEST_SWAPS), reason)


def spellings(c: Comparison) -> Iterator[Weighed]:
    """Show swaps between British and American spelling, which desks make and machines seldom."""
    respelt = [swap for swap in c.swaps if swap.kind == "spelling"]
    if respelt:
        reason = _swaps(
            c,
            "changed_spelling",
            respelt,
            f"{counted(len(respelt), 'word')} changed between British and American spelling: "
            f"{_examples(respelt)}.",
        )
        yield Weighed(many(len(respelt), len(c.swaps)), reason)


def _swaps(c: Comparison, kind: str, swaps: list[Swap], text: str) -> Evidence:
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    return Evidence(
        kind,
        text,
        tuple(suspect.characters((swap.suspect, swap.suspect + 1)) for swap in swaps),
        tuple(source.characters((swap.source, swap.source + 1)) for swap in swaps),
    )


def _examples(swaps: list[Swap]) -> str:
    common = Counter((swap.replaced, swap.by) for swap in swaps).most_common(SWAPS_SHOWN)
    return ", ".join(f"{replaced} -> {by}" for (replaced, by), _ in common)


def brought_words(c: Comparison, shift: Shift) -> Iterator[Weighed]:
    """Name words that the suspect brings, where language models like most of them, or drop them."""
    places = brought_along(c)
    lean = dict(zip(places, shift.leanings(places.values()), strict=True))
    liked = sorted((k for k in places if lean[k] > 0), key=lambda k: -lean[k])
    dropped = sorted((k for k in places if lean[k] < 0), key=lambda k: lean[k])
    for kind, manner, most, others in (
        ("machine_words", "like to set", liked, dropped),
        ("plain_words", "drop", dropped, liked),
    ):
        beyond = len(most) - MOST_FOR_OTHERS * len(others)
        if len(most) < FEWEST_WORDS or beyond <= 0:
            continue
        named = ", ".join(c.ours[k] for k in most[:WORDS_SHOWN])
        text = (
            f"The suspect brings {len(most)} words that language models {manner} when they "
            f"rewrite ({named}), and {len(others) or 'none'} of the other kind."
        )
        suspect = c.alignment.pair.suspect
        spans = tuple(suspect.characters((k, k + 1)) for k in sorted(most))
        yield Weighed(many(beyond, HALF_BEYOND), Evidence(kind, text, spans))
