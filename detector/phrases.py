"""What verdicts are told by, in words for people: relations, families, reasons, likelihoods."""

from __future__ import annotations

from detector.records import Attributed, Family, First, Relation
from detector.rollup import TAKEN
from detector.verdict import (
    EITHER_FIRST,
    NO_SOURCE,
    OTHER_NUMBERS,
    SUSPECT_FIRST,
    UNCERTAIN,
    UNFAMILIAR,
)

RELATION_WORDS: dict[Relation, str] = {
    "unrelated": "unrelated to the source",
    "independent": "written independently about the same event",
    "excerpt": "an excerpt of the source",
    "copy": "a copy of the source, verbatim or lightly edited",
    "human_rewrite": "rewritten by hand from the source",
    "automated_rewrite": "rewritten by machine from the source",
}
SHORT_RELATION_WORDS: dict[Relation, str] = {
    "unrelated": "unrelated",
    "independent": "independent",
    "excerpt": "excerpt",
    "copy": "copy",
    "human_rewrite": "rewritten by hand",
    "automated_rewrite": "rewritten by machine",
}
FAMILY_WORDS: dict[Family, str] = {
    "synonym_spinner": "synonym spinner",
    "round_trip_translation": "translated to another language and back",
    "language_model": "paraphrased by a language model",
}
FIRST_WORDS: dict[First, str] = {
    "source": "the source was published first, or else seen first",
    "suspect": "the suspect was published first, or else seen first, so no claim is made that it "
    "comes from this source",
    "unknown": "unknown, as times of publication and of fetching are missing, the same, or known "
    "to the day only",
}
ATTRIBUTED_WORDS: dict[Attributed, str] = {
    "yes": "the suspect names the source's site, or the agency that both print",
    "no": "the suspect does not name the source's site",
    "licensed": "the suspect's site is licensed to republish what the source's site publishes",
}
REASON_WORDS = {
    NO_SOURCE: "no source to compare with",
    EITHER_FIRST: "a machine seems to have made one from the other, but it is not known which was "
    "first, and this one may be the original",
    SUSPECT_FIRST: "a machine seems to have made one from the other, but this one was there first",
    OTHER_NUMBERS: "most of its numbers are not the source's, as in the next issue of a report on "
    "one pattern; a rewrite keeps them",
    UNCERTAIN: "the signs are mixed",
    UNFAMILIAR: "the pair is unlike those that the model knows",
    "broken_json": "it is broken JSON",
    "no_text": "there is no text",
    "not_english": "it is not in English",
    "fewer_than_40_words": "it has fewer than 40 words",
}
# Here the score is of the pair: it does not say that it is the suspect that was made.
OF_EITHER = frozenset({EITHER_FIRST, SUSPECT_FIRST})
# Lower bounds of the calibrated probability, so each word claims what the number says: nine in
# ten, six in ten, four in ten, one in ten. They decide nothing; the model's thresholds do.
LIKELIHOOD_WORDS = (
    (0.9, "very likely"),
    (0.6, "likely"),
    (0.4, "as likely as not"),
    (0.1, "unlikely"),
    (0.0, "very unlikely"),
)
NOT_MEASURED = "not measured"


def reason_in_words(reason: str) -> str:
    """Turn a ``snake_case`` reason, or ``prefix: snake_case``, into words.

    >>> reason_in_words("rejected: fewer_than_40_words")
    'rejected: it has fewer than 40 words'
    """
    head, colon, tail = reason.rpartition(": ")
    of_source = tail.removeprefix("source_")
    if of_source != tail and of_source in REASON_WORDS:
        return f"{head}{colon}of the source, {REASON_WORDS[of_source]}"
    return head + colon + REASON_WORDS.get(tail, tail.replace("_", " "))


def relation_in_words(relation: Relation, first: First) -> str:
    """Say what a suspect is to its source; of what was there first, that it is not called so.

    >>> relation_in_words("excerpt", "source"), relation_in_words("excerpt", "suspect")
    ('an excerpt of the source', 'published or seen first, so not called an excerpt of the source')
    """
    words = RELATION_WORDS[relation]
    if first == "suspect" and relation in TAKEN:
        return f"published or seen first, so not called {words}"
    return words


def likelihood_in_words(score: float) -> str:
    """Say a calibrated probability in words; ``nan`` is "not measured".

    >>> likelihood_in_words(0.97), likelihood_in_words(0.02)
    ('very likely', 'very unlikely')
    """
    words = (word for floor, word in LIKELIHOOD_WORDS if score >= floor)
    return next(words, NOT_MEASURED)


def of_a_hundred(score: float) -> str:
    """Say how many of a hundred pairs with a score are machine rewrites.

    >>> of_a_hundred(0.93), of_a_hundred(1.0), of_a_hundred(0.001)
    ('about 93', 'more than 99', 'fewer than one')
    """
    hundred = round(100 * score)
    return {0: "fewer than one", 100: "more than 99"}.get(hundred, f"about {hundred}")
