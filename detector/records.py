"""The records that cross a stage boundary.

Each stage wraps the record of the one before: ``Article``, ``Segments``, ``Pair``, ``Alignment``,
``Verdict``. Offsets are half-open character offsets into ``Article.text``; ranges of words are
half-open ranges of indices into ``Segments.words``. All records are immutable.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

Span: TypeAlias = tuple[int, int]

Relation: TypeAlias = Literal[
    "unrelated", "independent", "excerpt", "copy", "human_rewrite", "automated_rewrite"
]
Family: TypeAlias = Literal["synonym_spinner", "round_trip_translation", "language_model"]
# Whether a suspect names the one that it was taken from, or may republish it.
Attributed: TypeAlias = Literal["yes", "no", "licensed"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
FAMILIES: tuple[Family, ...] = get_args(Family)


@dataclass(frozen=True, slots=True)
class Article:
    """One published text, as ingest found it or as `clean` left it."""

    id: str  # given by the input, else derived from URL and text
    text: str  # NFC, paragraphs separated by one blank line
    title: str = ""
    url: str = ""  # canonical; "" when unknown
    site: str = ""  # registrable domain, lower case; "" when unknown
    published: datetime | None = None  # UTC; None when the input does not say
    fetched: datetime | None = None  # UTC; when the crawler or the feed saw it
    lang: str = "und"  # BCP 47 primary tag; "und" until `clean` has looked
    # Lines that `clean` took from the text and that say whose it is; "" until it has looked.
    credits: str = ""
    # The page of another site that the page or feed item names as its original; "" for none.
    credited_url: str = ""
    # What readers and programs see differently. The first two count different words of the text as
    # it came, and are 0 until `clean` has looked.
    lookalike_words: int = 0  # spelt with letters or marks that only look like the plain ones
    parted_words: int = 0  # with invisible characters inside, where no typesetter breaks a word
    hidden_words: int = 0  # in passages by its paragraphs that markup hides


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that could not be judged, and why."""

    input: str  # path, or "-" for standard input
    position: str  # where inside the input: "line 12", "item 3", "" for all of it
    reason: str  # snake_case, states what is wrong: "no_text", "fewer_than_40_words"
    detail: str = ""  # for people
    id: str = ""  # the article's id, where it got far enough to have one


@dataclass(frozen=True)
class Segments:
    """An article's paragraphs, sentences and words."""

    article: Article
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]  # never across a paragraph boundary
    words: tuple[str, ...]  # lower case, straight apostrophes
    # Where each word begins and ends; apart, as a tuple a word takes longer than finding it.
    word_starts: tuple[int, ...]
    word_ends: tuple[int, ...]
    sentence_words: tuple[Span, ...]  # words, one range a sentence

    def characters(self, words: Span) -> Span:
        """Turn a range of words that is not empty into characters of the text."""
        return self.word_starts[words[0]], self.word_ends[words[1] - 1]


@dataclass(frozen=True, slots=True)
class Pair:
    """A suspect and the earlier article that it may come from."""

    suspect: Segments
    source: Segments


# What became of a word: brought along, swapped for another, taken over in its place or elsewhere.
NEW, SUBSTITUTED, COPIED, MOVED = range(4)


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """A suspect sentence and the source sentences that it derives from."""

    suspect: int  # index into `Segments.sentences`
    sources: tuple[int, ...]  # in order of strength, never empty
    strength: float  # share of the suspect sentence's information found there, 0 to 1


@dataclass(frozen=True, eq=False)
class Alignment:
    """Which words of the suspect come from where.

    Most are asked for no more than their coverage, so words are told one by one, in arrays; runs
    of them are made where they are needed.
    """

    pair: Pair
    matches: tuple[SentenceMatch, ...]  # in suspect order; unmatched sentences are absent
    kind: NDArray[np.int8]  # NEW, SUBSTITUTED, COPIED or MOVED; shape (suspect's words,)
    origin: NDArray[np.int64]  # the source's word that each comes from, -1 for a new one; as `kind`
    coverage: float  # share of the suspect's words that derive from the source, 0 to 1
    degree: float  # share of their wording that was changed; nan where coverage is 0

    @property
    def used(self) -> float:
        """Share of the source's words that the suspect took over or replaced."""
        words = len(self.pair.source.words)
        dropped = words - len({*self.origin.tolist()} - {-1})
        return 1 - dropped / words if words else 0.0

    @property
    def numbers(self) -> tuple[int, int]:
        """How many numbers the suspect's matched sentences tell, and how many the source has."""
        suspect, source = self.pair.suspect, self.pair.source
        ranges = (suspect.sentence_words[match.suspect] for match in self.matches)
        ours = Counter(_figures(word for a, b in ranges for word in suspect.words[a:b]))
        return ours.total(), (ours & Counter(_figures(source.words))).total()


_VALUE = re.compile(r"\d[\d.,:]*")


def _figures(words: Iterable[str]) -> Iterator[str]:
    """Give the numbers among words as figures alone: 14.2 for 14.2%, 1200 for 1,200, 5 for 5m."""
    found = (_VALUE.match(word) for word in words if word < ":")  # what follows the digits
    return (number[0].replace(",", "") for number in found if number)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of one feature row, before thresholds."""

    relations: tuple[float, ...]  # calibrated probabilities in the order of RELATIONS, sum 1
    score: float  # calibrated probability of automated_rewrite
    families: tuple[float, ...]  # in the order of FAMILIES, sum 1
    unfamiliarity: float  # 0 as in training, 1 like nothing seen there
    # Log odds that, if a machine made one of the two from the other, the suspect is the one made.
    # Swapping suspect and source turns the sign. None where it was not asked: times tell.
    direction: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, as a sentence and as the places that show it."""

    kind: str  # "copied_run", "swapped_words", "changed_quotation", "kept_order", ...
    text: str
    suspect: tuple[Span, ...] = ()  # characters
    source: tuple[Span, ...] = ()  # characters


# A further source explains words that no source before it does; a runner-up explains nothing new.
OtherRole: TypeAlias = Literal["further", "runner_up"]


@dataclass(frozen=True, slots=True)
class OtherSource:
    """An article that a suspect may come from besides its source."""

    role: OtherRole
    id: str
    url: str
    site: str
    coverage: float  # share of the suspect's words that derive from it; shares may overlap


First: TypeAlias = Literal["source", "suspect", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about one suspect, and why.

    ``relation`` is None where nothing can be told; ``cannot_tell`` then holds the reason.
    """

    id: str
    relation: Relation | None
    score: float  # calibrated probability of automated_rewrite; nan when not measured
    family: Family | None  # only of an automated rewrite
    coverage: float  # share of the suspect's words that derive from the source
    degree: float  # share of those whose wording was changed
    cannot_tell: str | None
    suspect: Article
    source: Article | None
    other_sources: tuple[OtherSource, ...]  # the further ones, then the runners-up
    first: First  # which of the two was published first
    attributed: Attributed | None  # None where there is no other site to name
    evidence: tuple[Evidence, ...]
    model: str  # model id
    version: str  # package version
