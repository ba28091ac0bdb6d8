"""Stage 10: say why, in plain sentences that point at the places, the strongest first.

Strengths order the sentences and decide nothing: each says how far what was found is from what two
texts show that have nothing to do with each other, or, of what speaks against, from what a rewrite
shows. What speaks against is found as eagerly as the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from detector.evidence.disguise import disguised
from detector.evidence.passages import (
    copied_runs,
    counterparts,
    credited_source,
    order,
    own_material,
)
from detector.evidence.quotations import changed_quotations, kept_quotations
from detector.evidence.reasons import Weighed
from detector.evidence.words import brought_words, spellings, swapped_words
from detector.features.comparison import Comparison
from detector.records import Article, Evidence, Relation
from detector.shift import Shift

# As many reasons as a person reads before looking for herself.
SHOWN = 5
# Kinds that tell what readers and programs see differently.
DISGUISES = frozenset({"disguised_words", "hidden_text"})
# Kinds that say little of the relation: any may have counterparts, or be disguised.
OF_ANY = DISGUISES | {"counterparts"}
# Kinds that speak against a rewrite: for honest work.
AGAINST = frozenset(
    {
        "own_material",
        "kept_quotations",
        "changed_order",
        "changed_spelling",
        "credited_source",
        "plain_words",
        "looks_original",  # from `detector.verdict`, as it is the model's opinion
    }
)


def evidence(comparison: Comparison, shift: Shift) -> tuple[Evidence, ...]:
    """Collect what two articles show for and against, the strongest first.

    Each item's spans are characters of the two articles' texts, in reading order.

    Parameters
    ----------
    comparison : of the suspect and its source
    shift : of the model that judges; it knows which words language models like
    """
    kinds: tuple[Callable[[Comparison], Iterable[Weighed]], ...] = (
        lambda c: disguised(c.alignment.pair.suspect.article),
        changed_quotations,
        swapped_words,
        copied_runs,
        order,
        counterparts,
        credited_source,
        own_material,
        kept_quotations,
        spellings,
        partial(brought_words, shift=shift),
    )
    found = [weighed for kind in kinds for weighed in kind(comparison)]
    return tuple(w.reason for w in sorted(found, key=lambda w: -w.strength))


def speaks_against(reason: Evidence) -> bool:
    """Tell whether a reason speaks for honest work."""
    return reason.kind in AGAINST


def strongest(found: Sequence[Evidence], most: int = SHOWN) -> list[Evidence]:
    """Choose the strongest reasons; what speaks against is among them wherever there is any.

    Parameters
    ----------
    found : the strongest first
    """
    shown = list(found[:most])
    against = [reason for reason in found[most:] if speaks_against(reason)]
    if against and not any(map(speaks_against, shown)):
        shown[-1] = against[0]
    return shown


def most_telling(relation: Relation | None, found: Sequence[tuple[str, str]]) -> str:
    """Choose the sentence that explains a relation best, "" where nothing was found.

    Parameters
    ----------
    found : kind and text of each reason, the strongest first
    """
    honest = relation in ("unrelated", "independent")
    fitting = [(kind, text) for kind, text in found if (kind in AGAINST) == honest]
    particular = [text for kind, text in fitting if kind not in OF_ANY]
    return next(iter([*particular, *(text for _, text in (*fitting, *found))]), "")


def disguise(article: Article) -> tuple[Evidence, ...]:
    """Tell what an article shows programs and not readers, or the reverse, however it was made."""
    return tuple(weighed.reason for weighed in disguised(article))
