"""textstat by name, for whoever asks for its figures; it never downloads anything here.

Importing textstat takes seconds, for it imports nltk and that scikit-learn, and left alone it
fetches its pronouncing dictionary from the network. So it is imported when first asked for, and
counts syllables with the table that we ship.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from math import nan
from types import ModuleType

from detector.lexicon import lexicon

# textstat's functions, in the order of the panel, and how to read them.
PANEL: Mapping[str, str] = {
    "text_standard": "US school grade that most formulas agree on",
    "flesch_reading_ease": "points, higher reads easier; news lies near 50",
    "flesch_kincaid_grade": "US school grade",
    "gunning_fog": "US school grade",
    "smog_index": "US school grade",
    "coleman_liau_index": "US school grade",
    "automated_readability_index": "US school grade",
    "dale_chall_readability_score": "4.9 and below: grade 4; 9 and above: college",
    "dale_chall_readability_score_v2": "4.9 and below: grade 4; 9 and above: college",
    "spache_readability": "US school grade, for primary school",
    "linsear_write_formula": "US school grade",
    "mcalpine_eflaw": "points, 25 and below are easy for foreigners",
    "lix": "points, 25 easy, 55 hard",
    "rix": "long words a sentence",
    "lexicon_count": "words",
    "sentence_count": "sentences",
    "syllable_count": "syllables",
    "polysyllabcount": "words of three syllables or more",
    "difficult_words": "different words of two syllables or more that are not easy",
    "reading_time": "seconds",
}


class _Pronunciations(Mapping[str, list[list[str]]]):
    """Our syllable table in the shape of CMUdict: one pronunciation of as many stressed phones."""

    def __init__(self, syllables: Mapping[str, int]) -> None:
        self.syllables = syllables

    def __getitem__(self, word: str) -> list[list[str]]:
        return [["0"] * self.syllables[word]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.syllables)

    def __len__(self) -> int:
        return len(self.syllables)


@lru_cache(maxsize=1)
def textstat() -> ModuleType:
    """Import textstat and give it our syllable table, so that it never downloads one."""
    module = import_module("textstat")
    counting = import_module("textstat.backend.counts._count_syllables")
    pronunciations = _Pronunciations(lexicon().syllable_table)
    counting.get_cmudict = lambda lang: pronunciations  # type: ignore[attr-defined]
    return module


def panel(text: str) -> dict[str, float]:
    """Measure a text with textstat.

    Returns
    -------
    dict
        One value for each name in ``PANEL``, in its order; nan for a text without words, where
        textstat says 0.
    """
    tool = textstat().textstat
    if not tool.lexicon_count(text):
        return dict.fromkeys(PANEL, nan)
    values = {name: getattr(tool, name) for name in PANEL if name != "text_standard"}
    standard = float(tool.text_standard(text, float_output=True))
    return {"text_standard": standard, **{n: float(f(text)) for n, f in values.items()}}
