"""Reasons in quotations: what was altered, and what both articles have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from detector.evidence.reasons import Weighed, counted, many, quote
from detector.features.comparison import Comparison
from detector.quoting import Quoted
from detector.records import Evidence

QUOTATIONS_SHOWN = 3


def changed_quotations(c: Comparison) -> Iterator[Weighed]:
    """Show quotations that say something else than in the source."""
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    changed = [quoted for quoted in c.quotations if _altered(c, quoted)]
    for turn, quoted in enumerate(changed[:QUOTATIONS_SHOWN], start=1):
        ours, theirs = c.ours[slice(*quoted.suspect)], c.theirs[slice(*quoted.source)]
        foreign = (Counter(ours) - Counter(theirs)).total()
        reason = Evidence(
            "changed_quotation",
            f"A quotation is altered: {quote(suspect, quoted.suspect)} stands in the source as "
            f"{quote(source, quoted.source)}.",
            (suspect.characters(quoted.suspect),),
            (source.characters(quoted.source),),
        )
        # The second says little that the first has not said.
        yield Weighed(many(1 + foreign, 1) / turn, reason)


def _altered(c: Comparison, quoted: Quoted) -> bool:
    """Tell whether a quotation says something else, by more than its spelling."""
    if quoted.fate not in ("edited", "changed"):
        return False
    key = c.suspect.lexicon.spelling_key
    ours, theirs = c.ours[slice(*quoted.suspect)], c.theirs[slice(*quoted.source)]
    return list(map(key, ours)) != list(map(key, theirs))


def kept_quotations(c: Comparison) -> Iterator[Weighed]:
    """Count quotations shared word for word: two honest reports may have them in common."""
    kept = [q for q in c.quotations if q.fate in ("kept", "changed") and not _altered(c, q)]
    if not kept:
        return
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    reason = Evidence(
        "kept_quotations",
        f"{len(kept)} of {counted(len(c.quotations), 'quotation')} "
        f"{'stands' if len(kept) == 1 else 'stand'} in the source unaltered.",
        tuple(suspect.characters(quoted.suspect) for quoted in kept),
        tuple(source.characters(quoted.source) for quoted in kept),
    )
    yield Weighed(len(kept) / len(c.quotations) * many(len(kept), 1), reason)
