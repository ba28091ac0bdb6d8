"""Two thesauri of synonym spinners, read alike: MyThes (en_US) and WordNet.

MyThes's list was derived from an older WordNet, so the two are relatives; they differ in what
stands beside the synonyms (MyThes has broader and related words too) and in the order of senses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from detector.errors import DetectorError

Pos: TypeAlias = Literal["noun", "verb", "adj", "adv"]

MYTHES = Path("/usr/share/mythes/th_en_US_v2.dat")
WORDNET = Path("/usr/share/wordnet")
POS: tuple[Pos, ...] = ("noun", "verb", "adj", "adv")

_POS_OF = {"noun": "noun", "verb": "verb", "adj": "adj", "adv": "adv"}
_NOTE = re.compile(r" \(([a-z]+) term\)$")
# A word of letters, or two: what a spinner can put into a sentence.
_USABLE = re.compile(r"[A-Za-z]{2,}(?:[ -][a-z]{2,})?")


@dataclass(frozen=True)
class Sense:
    """One meaning of a word."""

    pos: Pos
    synonyms: tuple[str, ...]
    loose: tuple[str, ...] = ()  # broader and related words, which careless spinners take too


@dataclass(frozen=True)
class Thesaurus:
    """Senses by word, in lower case, the most common sense first."""

    name: str
    senses: Mapping[str, tuple[Sense, ...]]

    def of(self, word: str, pos: Pos | None = None) -> tuple[Sense, ...]:
        """List a base form's senses, of one part of speech if one is given."""
        found = self.senses.get(word, ())
        return tuple(s for s in found if s.pos == pos) if pos else found


def _usable(word: str, headword: str) -> bool:
    return bool(_USABLE.fullmatch(word)) and word.lower() != headword


# ---- MyThes


@lru_cache(maxsize=1)
def mythes() -> Thesaurus:
    """Read Debian's ``mythes-en-us``.

    Raises
    ------
    DetectorError
        Where it is not installed.
    """
    if not MYTHES.is_file():
        raise DetectorError(f"{MYTHES} is missing", hint="apt-get install mythes-en-us")
    lines = iter(MYTHES.read_text("utf-8").splitlines()[1:])
    senses: dict[str, tuple[Sense, ...]] = {}
    for head in lines:
        word, _, count = head.rpartition("|")
        rows = [next(lines) for _ in range(int(count))]
        if _USABLE.fullmatch(word):
            senses[word] = tuple(sense for row in rows if (sense := _mythes_sense(row, word)))
    return Thesaurus("mythes", senses)


def _mythes_sense(row: str, word: str) -> Sense | None:
    kind, *entries = row.split("|")
    close: list[str] = []
    loose: list[str] = []
    for entry in entries:
        note = _NOTE.search(entry)
        plain = _NOTE.sub("", entry)
        if note is not None and note[1] == "antonym":
            continue
        if _usable(plain, word):
            (loose if note else close).append(plain)
    pos = _POS_OF.get(kind.strip("()"))
    if pos is None or not (close or loose):
        return None
    return Sense(pos, tuple(close), tuple(loose))  # type: ignore[arg-type]


# ---- WordNet


@lru_cache(maxsize=1)
def wordnet() -> Thesaurus:
    """Read Debian's ``wordnet-base``.

    Raises
    ------
    DetectorError
        Where it is not installed.
    """
    if not (WORDNET / "data.noun").is_file():
        raise DetectorError(f"{WORDNET} has no WordNet", hint="apt-get install wordnet-base")
    senses: dict[str, list[Sense]] = defaultdict(list)
    for pos in POS:
        synsets = dict(_synsets(pos))
        for word, offsets in _index(pos):
            for offset in offsets:
                members, pointers = synsets[offset]
                close = tuple(m for m in members if _usable(m, word))
                broader = (m for p in pointers for m in synsets[p][0] if _usable(m, word))
                loose = tuple(dict.fromkeys(broader))
                if close or loose:
                    senses[word].append(Sense(pos, close, loose))
    return Thesaurus("wordnet", {word: tuple(found) for word, found in senses.items()})


def _synsets(pos: Pos) -> Iterator[tuple[str, tuple[list[str], list[str]]]]:
    """Yield offset, words, and offsets of the broader and similar sets of the same kind."""
    for line in (WORDNET / f"data.{pos}").read_text("ascii").splitlines():
        if line.startswith(" "):
            continue
        fields = line.partition("|")[0].split()
        count = int(fields[3], 16)
        members = [w.partition("(")[0].replace("_", " ") for w in fields[4 : 4 + 2 * count : 2]]
        rest = fields[4 + 2 * count + 1 :]
        pointers = [
            rest[i + 1] for i in range(0, 4 * int(fields[4 + 2 * count]), 4) if rest[i] in "@&"
        ]
        yield fields[0], (members, pointers)


def _index(pos: Pos) -> Iterator[tuple[str, list[str]]]:
    for line in (WORDNET / f"index.{pos}").read_text("ascii").splitlines():
        fields = line.split()
        if not line.startswith(" ") and "_" not in fields[0] and _USABLE.fullmatch(fields[0]):
            yield fields[0], fields[-int(fields[2]) :]


@lru_cache(maxsize=1)
def irregular_forms() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Read WordNet's exception lists: (base form, part of speech) to its irregular forms."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pos in POS:
        path = WORDNET / f"{pos}.exc"
        lines = path.read_text("ascii").splitlines() if path.is_file() else []
        for form, *bases in (line.split() for line in lines if line.strip()):
            for base in bases:
                found[base, pos].append(form)
    return {key: tuple(forms) for key, forms in found.items()}
