"""Stage 11: from an opinion to a statement, or to saying that nothing can be told.

An accusation needs a score that clears the model's threshold, a pair of a kind that the model
knows, an alignment that shows what was taken, the source's numbers where there are several, and a
source that was not there later; where times of publication do not tell, the suspect must be the one
that looks like the copy. Where the model leans
towards an accusation that it may not make, the answer is `cannot_tell`, never a milder relation.
"""

from __future__ import annotations

from math import nan

import detector
from detector.attribution import attributed
from detector.classify import Model, Thresholds
from detector.dates import earlier
from detector.evidence import disguise
from detector.records import (
    FAMILIES,
    RELATIONS,
    Alignment,
    Article,
    Evidence,
    Family,
    First,
    Opinion,
    OtherSource,
    Relation,
    Verdict,
)

UNCERTAIN = "uncertain"
UNFAMILIAR = "unfamiliar"
NO_SOURCE = "no_source"
SUSPECT_FIRST = "published_before_the_source"
EITHER_FIRST = "either_may_be_the_original"
OTHER_NUMBERS = "other_numbers"

MACHINE: Relation = "automated_rewrite"

# A copy is the source but for light edits; what leaves out three tenths of it is an excerpt. Of the
# training excerpts 95 % keep less, of the training copies 6 %.
COPY_KEEPS = 0.7

# A rewrite tells the source's facts, the next issue of a report on one pattern tells others: where
# the suspect's matched sentences hold so many numbers, and the source has less than this share of
# them, it is not accused. Of 20,139 rewrites found in corpora left out that loses 12:
# docs/decisions/0100-false-accusations.md.
FEWEST_NUMBERS = 5
KNOWN_NUMBERS = 0.5


def decide(
    alignment: Alignment,
    opinion: Opinion,
    evidence: tuple[Evidence, ...],
    *,
    id: str,  # noqa: A002 - the verdict's own word
    model: Model,
    others: tuple[OtherSource, ...] = (),
) -> Verdict:
    """State what the suspect is to the source, or why that cannot be told.

    Parameters
    ----------
    alignment : the pair's alignment
    opinion : the model's opinion of the pair's features
    evidence : what there is to show; kept whatever is decided
    id : the verdict's id
    model : whose opinion it is; its thresholds decide
    others : what the suspect may come from besides
    """
    suspect, source = alignment.pair.suspect.article, alignment.pair.source.article
    told = alignment.coverage, alignment.used, alignment.numbers
    relation, doubt = judge_opinion(opinion, *told, model.thresholds)
    first = first_of(suspect, source)
    if relation == MACHINE and not order_is_known(alignment):
        derived = opinion.direction is not None and opinion.direction > 0
        evidence = (_looks(derived), *evidence)
        if not derived:
            relation, doubt = None, EITHER_FIRST
    if relation == MACHINE and first == "suspect":
        relation, doubt = None, SUSPECT_FIRST
    return Verdict(
        id=id,
        relation=relation,
        score=opinion.score,
        family=likely_family(opinion) if relation == MACHINE else None,
        coverage=alignment.coverage,
        degree=alignment.degree,
        cannot_tell=doubt,
        suspect=suspect,
        source=source,
        other_sources=others,
        first=first,
        attributed=attributed(suspect, source),
        evidence=evidence,
        model=model.id,
        version=detector.__version__,
    )


def order_is_known(alignment: Alignment) -> bool:
    """Tell whether times of publication say which of the two was first; else their style must."""
    suspect, source = alignment.pair.suspect.article, alignment.pair.source.article
    return earlier(suspect.published, source.published) != "unknown"


def accuses(opinion: Opinion, thresholds: Thresholds) -> bool:
    """Tell whether the score of a whole suspect is high enough for an accusation."""
    return opinion.score >= thresholds.flag


def counting(whole: Opinion, part: Opinion | None, thresholds: Thresholds) -> Opinion:
    """Choose the opinion that counts: the whole suspect's, or its rewritten part's.

    The part speaks only where it accuses and the whole does not; a milder opinion of it says
    nothing of the whole.
    """
    if part is None or accuses(whole, thresholds) or part.score < thresholds.part:
        return whole
    return part


def judge_opinion(
    opinion: Opinion,
    coverage: float,
    used: float,
    numbers: tuple[int, int],
    thresholds: Thresholds,
) -> tuple[Relation | None, str | None]:
    """Choose the relation, or the reason why none is told; exactly one of the two is None.

    Parameters
    ----------
    coverage : share of the suspect's words that derive from the source
    used : share of the source's words that are in the suspect
    numbers : those that the suspect's matched sentences tell, and those that the source has of them
    """
    honest = max(range(len(RELATIONS) - 1), key=lambda i: opinion.relations[i])
    leans = opinion.score > opinion.relations[honest]
    accused = accuses(opinion, thresholds)
    if coverage == 0 and not (accused or leans):
        return "unrelated", None
    if opinion.unfamiliarity > thresholds.unfamiliar:
        return None, UNFAMILIAR
    if accused and coverage > 0:
        return (None, OTHER_NUMBERS) if tells_other_numbers(*numbers) else (MACHINE, None)
    if accused or leans:
        return None, UNCERTAIN
    if RELATIONS[honest] == "copy" and used < COPY_KEEPS:
        return "excerpt", None
    return RELATIONS[honest], None


def tells_other_numbers(told: int, known: int) -> bool:
    """Say whether a suspect's numbers are too few of the source's for a rewrite of it."""
    return told >= FEWEST_NUMBERS and known < KNOWN_NUMBERS * told


def likely_family(opinion: Opinion) -> Family:
    """Name the family that the model finds most probable."""
    return FAMILIES[max(range(len(FAMILIES)), key=lambda i: opinion.families[i])]


def no_source(suspect: Article, score: float, *, id: str, model: Model) -> Verdict:  # noqa: A002
    """State that there is no source to compare with; the score rests on the suspect's style.

    Parameters
    ----------
    score : calibrated probability from the suspect alone, the weaker statement
    """
    return cannot_tell(suspect, None, NO_SOURCE, id=id, model=model, score=score)


def cannot_tell(
    suspect: Article,
    source: Article | None,
    reason: str,
    *,
    id: str,  # noqa: A002
    model: Model,
    score: float = nan,
) -> Verdict:
    """State that nothing can be told of the suspect, and why.

    Parameters
    ----------
    reason : ``snake_case``, says what is the case: "not_english", "fewer_than_40_words"
    score : nan when nothing was measured
    """
    return Verdict(
        id=id,
        relation=None,
        score=score,
        family=None,
        coverage=nan,
        degree=nan,
        cannot_tell=reason,
        suspect=suspect,
        source=source,
        other_sources=(),
        first=first_of(suspect, source),
        attributed=attributed(suspect, source) if source else None,
        evidence=disguise(suspect),
        model=model.id,
        version=detector.__version__,
    )


def first_of(suspect: Article, source: Article | None) -> First:
    """Tell which was first: published, or where times of that do not tell, seen by a crawl.

    What the texts suggest is no part of it.
    """
    if source is None:
        return "unknown"
    published = earlier(suspect.published, source.published)
    return earlier(suspect.fetched, source.fetched) if published == "unknown" else published


def _looks(derived: bool) -> Evidence:
    """Say which of the two looks like the copy, by how they differ."""
    if derived:
        return Evidence(
            "looks_derived",
            "Times of publication do not tell who was first; by how the two differ, this one looks "
            "made from the other.",
        )
    return Evidence(
        "looks_original",
        "Times of publication do not tell who was first; by how the two differ, this one looks "
        "like the original.",
    )


def flagged(verdict: Verdict) -> bool:
    """Tell whether the verdict accuses: an automated rewrite, and no abstention."""
    return verdict.relation == MACHINE and verdict.cannot_tell is None
