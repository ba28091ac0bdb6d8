"""The rows of the table: what is measured, ours and theirs, on the same input.

Equal values are asserted in the tests of the features, not here.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from difflib import SequenceMatcher
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from inputs import Material
from row import Row, Work, each

from detector.align import align
from detector.classify import load_model
from detector.features.lexical import hdd, mattr, mtld
from detector.features.profile import Profile, profile
from detector.features.readability import READABILITY
from detector.pipeline import judge_pairs
from detector.readability import PANEL, textstat
from detector.records import Pair, Segments
from detector.segment import segment
from detector.sketch import sketch

SHINGLE = 3  # words, as near-duplicate tools have it
PERMUTATIONS = 128
STUDY_PAIRS_A_SECOND = 50  # of the feasibility study's code, on another machine


def _anew(material: Material) -> list[Segments]:
    """Copy the segments, so that nothing remembered of them helps."""
    return [copy(segments) for segments in material.segments]


def _readability(material: Material) -> Iterator[Row]:
    formulas = [f for f in READABILITY if f.name in PANEL]
    tool = textstat().textstat

    def theirs(text: str) -> list[float]:
        return [getattr(tool, formula.name)(text) for formula in formulas]

    blanks = count(1)

    def forgetful() -> Work:
        # textstat remembers texts by their letters: a blank more, and it has to read them again.
        end = " " * next(blanks)
        return each(theirs, [article.text + end for article in material.articles])

    def measured(segments: Segments) -> list[float]:
        known = profile(segments)
        return [formula(known) for formula in formulas]

    name = f"{len(formulas)} readability formulas"
    yield Row(name, "textstat", 15, lambda: each(measured, _anew(material)), forgetful)


def _richness(material: Material) -> Iterator[Row]:
    from lexicalrichness import LexicalRichness

    def ours(known: Profile) -> tuple[float, ...]:
        return mattr(known), mtld(known), hdd(known)

    def theirs(words: Sequence[str]) -> tuple[float, ...]:
        tool = LexicalRichness(list(words), preprocessor=None, tokenizer=None)
        return tool.mattr(window_size=50), tool.mtld(threshold=0.72), tool.hdd(draws=42)

    words = [segments.words for segments in material.segments]
    yield Row(
        "MATTR, MTLD, HD-D",
        "lexicalrichness",
        40,
        lambda: each(ours, [profile(segments) for segments in _anew(material)]),
        lambda: each(theirs, words),
    )


def _segmentation(material: Material) -> Iterator[Row]:
    import nupunkt
    import pysbd

    word = re.compile(r"\w+(?:['’]\w+)*")
    splitter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    ours = partial(each, segment, material.articles)
    texts = [article.text for article in material.articles]

    def punkt(text: str) -> tuple[list[Any], list[Any]]:
        spans = list(nupunkt.sent_spans(text))
        return spans, [match.span() for match in word.finditer(text)]

    yield Row("sentences and words", "nupunkt + re", 1, ours, partial(each, punkt, texts))
    yield Row("sentences and words", "pysbd", 100, ours, partial(each, splitter.segment, texts))


def _alignment(material: Material) -> Iterator[Row]:
    suspects = [segment(article) for article in material.suspects]

    def fresh() -> Work:
        sides = zip(map(copy, suspects), _anew(material), strict=True)
        return each(align, [Pair(suspect, source) for suspect, source in sides])

    def theirs(pair: tuple[Sequence[str], Sequence[str]]) -> object:
        return SequenceMatcher(None, *pair, autojunk=False).get_opcodes()

    sides = zip(suspects, material.segments, strict=True)
    words = [(source.words, suspect.words) for suspect, source in sides]
    yield Row("alignment of a pair", "difflib", 30, fresh, lambda: each(theirs, words))


def _sketches(material: Material) -> Iterator[Row]:
    from datasketch import MinHash
    from rensa import RMinHash

    def shingles(words: Sequence[str]) -> list[str]:
        return [" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]

    def with_datasketch(words: Sequence[str]) -> object:
        hashes = MinHash(num_perm=PERMUTATIONS)
        hashes.update_batch([shingle.encode() for shingle in shingles(words)])
        return hashes.digest()

    def with_rensa(words: Sequence[str]) -> object:
        hashes = RMinHash(num_perm=PERMUTATIONS, seed=1)
        hashes.update(shingles(words))
        return hashes.digest()

    words = [segments.words for segments in material.segments]
    ours = lambda: each(sketch, _anew(material))  # noqa: E731
    yield Row("sketch", "datasketch", 3, ours, lambda: each(with_datasketch, words))
    yield Row("sketch", "rensa", 1, ours, lambda: each(with_rensa, words))


def _starts(_: Material) -> Iterator[Row]:
    def called(*arguments: str) -> Callable[[], Work]:
        call = [sys.executable, *arguments]
        return lambda: lambda: subprocess.run(call, check=False, capture_output=True)

    score = ["-m", "detector", "score", str(Path(__file__)), "--source", str(Path(__file__))]
    rival = called("-c", "import sklearn")
    yield Row("unspun --help, cold", "import sklearn", 1, called("-m", "detector", "--help"), rival)
    yield Row("unspun score, cold", "import sklearn", 1, called(*score), rival)


def pairs(material: Material) -> Work:
    """Make work of judging every pair, on one core with the model loaded."""
    model = load_model()
    sides = zip(material.suspects, material.articles, strict=True)
    asked = [(suspect.id, suspect, source) for suspect, source in sides]
    return lambda: list(judge_pairs(asked, model))


BUILDERS = {
    "readability": _readability,
    "richness": _richness,
    "segmentation": _segmentation,
    "alignment": _alignment,
    "sketches": _sketches,
    "starts": _starts,
}
