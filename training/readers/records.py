"""What readers give: originals, pairs, and the measures by which a pair is known to be sound."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import nan
from typing import Literal, TypeAlias

from detector.lexicon import STOP_WORDS
from detector.records import Family, Relation

Genre: TypeAlias = Literal["news", "other"]

# Two texts that begin with the same so many words are one original.
KEY_WORDS = 25

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Original:
    """A text that others can be made from."""

    corpus: str
    text: str  # paragraphs separated by one blank line
    genre: Genre
    topic: str = ""  # what the corpus files it under
    event: str = ""  # originals of one event never part at a split
    title: str = ""
    site: str = ""
    published: date | None = None
    key: str = ""  # of its first words; alike for alike texts in all corpora

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", key_of(self.text))


@dataclass(frozen=True, slots=True)
class Couple:
    """A suspect, its source, and how the one came from the other."""

    corpus: str
    suspect: str
    source: str
    relation: Relation
    tool: str  # the model, the program, the kind of hand
    original: str  # key of the original that the source is
    genre: Genre
    family: Family | None = None  # only of an automated rewrite
    degree: float = nan  # as the tool was told, 0 to 1; nan where it was told nothing
    strength: str = ""  # whatever else the tool was told
    event: str = ""
    kin: tuple[str, ...] = ()  # further keys that must not be parted from this pair
    crossed: bool = False  # made here from the corpus's originals


@dataclass(frozen=True)
class Corpus:
    """All that a reader found."""

    originals: Sequence[Original]
    couples: Sequence[Couple] = field(default_factory=tuple)


def words(text: str) -> list[str]:
    """List the words of a text in lower case, with straight apostrophes."""
    return _WORD.findall(text.lower().replace("’", "'"))


def key_of(text: str) -> str:
    """Name an original by its first words, whatever their case and punctuation."""
    head = " ".join(word.replace("'", "") for word in words(text[:600])[:KEY_WORDS])
    return hashlib.sha256(head.encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    """Trim lines, and put one blank line between paragraphs, none inside."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    flat = (" ".join(block.split()) for block in blocks)
    return "\n\n".join(block for block in flat if block)


def each_line_a_paragraph(text: str) -> str:
    """Read a text whose paragraphs are its lines."""
    return tidy("\n\n".join(text.splitlines()))


def shingles(text: str, size: int) -> list[tuple[str, ...]]:
    """List the word n-grams of a text."""
    found = words(text)
    return [tuple(found[i : i + size]) for i in range(len(found) - size + 1)]


def shared(suspect: str, source: str, size: int = 3) -> float:
    """Give the share of the suspect's word n-grams that stand in the source too, 0 to 1."""
    grams = shingles(suspect, size)
    known = set(shingles(source, size))
    return sum(gram in known for gram in grams) / len(grams) if grams else 0.0


def content_words(text: str) -> set[str]:
    """Give the distinct words that carry matter."""
    return {word for word in words(text) if len(word) > 2 and word not in STOP_WORDS}


def kept(suspect: str, source: str) -> float:
    """Give the share of the source's content words that the suspect still has, 0 to 1.

    Compared by their first five letters, so that inflection does not count as loss.
    """
    before = {word[:5] for word in content_words(source)}
    after = {word[:5] for word in content_words(suspect)}
    return len(before & after) / len(before) if before else 0.0


def length_ratio(suspect: str, source: str) -> float:
    """Divide the suspect's number of words by the source's."""
    return len(words(suspect)) / max(1, len(words(source)))


def unique(originals: Iterable[Original]) -> list[Original]:
    """Keep the first original of each key."""
    found: dict[str, Original] = {}
    for original in originals:
        found.setdefault(original.key, original)
    return list(found.values())
