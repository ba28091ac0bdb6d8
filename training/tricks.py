"""What the owner of a spinner does to a text so that a detector does not know it again.

Each trick takes a text and what it may draw on, and gives the text as it would be published: plain,
or as an HTML fragment where markup is the trick. Character tricks leave what a reader sees as it
was; textual ones change it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from types import MappingProxyType
from typing import Literal, TypeAlias

from training.rewriters.copyedit import boilerplate
from training.rewriters.prose import joined, paragraphs

Kind: TypeAlias = Literal["character", "textual"]


@dataclass(frozen=True, slots=True)
class Material:
    """What a trick may draw on besides the text."""

    source: str  # the article that the suspect was made from
    other: str  # another suspect of the same sample
    rng: random.Random


Change: TypeAlias = Callable[[str, Material], str]


@dataclass(frozen=True, slots=True)
class Trick:
    """One way to disguise a text."""

    change: Change
    kind: Kind
    rewrites: bool = False  # makes an honest text a machine's, so says nothing of honest pairs


# ---------------------------------------------------------------- characters

_CYRILLIC = str.maketrans("aeopcyxABEKMHOPCTX", "аеорсухАВЕКМНОРСТХ")
_GREEK = str.maketrans("oviAEHIKMNOPTXYZ", "ονιΑΕΗΙΚΜΝΟΡΤΧΥΖ")
_RARE = str.maketrans("aceghijnopsuvwxyz", "ɑϲеɡһіјոօρѕսνԝхуᴢ")
_FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in map(chr, range(0x21, 0x7F))}
_BOLD = {
    **{ord("a") + k: 0x1D41A + k for k in range(26)},
    **{ord("A") + k: 0x1D400 + k for k in range(26)},
}
_WORD = re.compile(r"[A-Za-z]{3,}")


def _on_some_words(
    text: str, rng: random.Random, share: float, change: Callable[[str], str]
) -> str:
    """Change a share of the words."""
    return _WORD.sub(lambda word: change(word[0]) if rng.random() < share else word[0], text)


def _spelt_with(letters: Mapping[int, int | str], share: float = 0.3) -> Change:
    """Spell a share of the words in other letters."""
    table = dict(letters)
    return lambda text, m: _on_some_words(text, m.rng, share, lambda w: w.translate(table))


def _all_spelt_with(letters: Mapping[int, int | str]) -> Change:
    """Spell every letter so; no word is left that is wholly Latin."""
    table = dict(letters)
    return lambda text, _: text.translate(table)


def _with_inside(*marks: str, share: float = 0.3) -> Change:
    """Put a mark inside a share of the words."""

    def change(text: str, m: Material) -> str:
        def cut(word: str) -> str:
            place = m.rng.randrange(1, len(word))
            return word[:place] + m.rng.choice(marks) + word[place:]

        return _on_some_words(text, m.rng, share, cut)

    return change


def _between_letters(mark: str) -> Change:
    """Put a mark behind every letter."""
    return lambda text, _: re.sub(r"(?<=[A-Za-z])(?=[A-Za-z])", mark, text)


def _hidden(style: str) -> Change:
    """Put paragraphs of another text between the paragraphs, where no reader sees them."""

    def change(text: str, m: Material) -> str:
        others = paragraphs(m.other)
        shown = (f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs(text))
        hidden = (f"<div {style}><p>{escape(m.rng.choice(others))}</p></div>" for _ in iter(int, 1))
        return "".join(part for pair in zip(shown, hidden, strict=False) for part in pair)

    return change


# ---------------------------------------------------------------- text


def _boilerplate(text: str, m: Material) -> str:
    """Set a page's furniture around the text."""
    return boilerplate(boilerplate(text, m.rng), m.rng)


def _random_paragraphs(text: str, m: Material) -> str:
    """Add paragraphs of another text, a quarter of its own number and one at least."""
    own, others = paragraphs(text), paragraphs(m.other)
    for _ in range(max(1, len(own) // 4)):
        own.insert(m.rng.randrange(len(own) + 1), m.rng.choice(others))
    return joined(own)


def _reordered(text: str, m: Material) -> str:
    """Shuffle paragraphs, or the sentences where there is one paragraph."""
    blocks = paragraphs(text)
    if len(blocks) > 1:
        return joined(m.rng.sample(blocks, len(blocks)))
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z\"])", text)
    return " ".join(m.rng.sample(sentences, len(sentences)))


def _interleaved(text: str, m: Material) -> str:
    """Take paragraphs of two texts in turn."""
    pairs = zip_longest(paragraphs(text), paragraphs(m.other), fillvalue="")
    return joined(paragraph for pair in pairs for paragraph in pair)


_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_MORE = "fifteen sixteen seventeen eighteen nineteen"
_NUMBERS = dict(enumerate(f"{_ONES} {_MORE}".split()))
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelt(number: int) -> str:
    """Write a number below a million in words.

    >>> spelt(7), spelt(42), spelt(1205)
    ('seven', 'forty-two', 'one thousand two hundred five')
    """
    if number < 20:
        return _NUMBERS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_NUMBERS[ones]}" if ones else "")
    unit, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    head, rest = divmod(number, unit)
    return f"{spelt(head)} {name}" + (f" {spelt(rest)}" if rest else "")


def _numbers_written_out(text: str, _: Material) -> str:
    return re.sub(
        r"(?<![\w.,$£€])\d{1,6}(?![\w%]|[.,]\d)", lambda number: spelt(int(number[0])), text
    )


def _without_quotations(text: str, _: Material) -> str:
    """Drop every sentence part in quotation marks."""
    return re.sub(r" {2,}", " ", re.sub(r'"[^"\n]{1,2000}"|“[^”\n]{1,2000}”', "", text))


def _misspelt(text: str, m: Material) -> str:
    """Swap two letters in every twentieth word."""

    def swapped(word: str) -> str:
        place = m.rng.randrange(len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return _on_some_words(text, m.rng, 0.05, swapped)


def _with_emoji(text: str, m: Material) -> str:
    """Set an emoji behind every third sentence."""
    return re.sub(
        r"(?<=[.!?]) (?=[A-Z])",
        lambda _: f" {m.rng.choice('😀🔥👍🚢📰')} " if m.rng.random() < 1 / 3 else " ",
        text,
    )


def _foreign_headline(text: str, _: Material) -> str:
    """Set a headline in another language above the text."""
    return f"Las autoridades dicen que pronto habrá más noticias del asunto\n\n{text}"


def _random_words(text: str, m: Material) -> str:
    """Change every tenth word for one of another text."""
    words = _WORD.findall(m.other) or ["and"]
    return _on_some_words(text, m.rng, 0.1, lambda _: m.rng.choice(words).lower())


def _every_third_copied(text: str, m: Material) -> str:
    """Set a paragraph of the source behind every second one."""
    own, copied = paragraphs(text), paragraphs(m.source)
    for place in range(2, len(own) + len(own) // 2 + 1, 3):
        own.insert(place, copied[(place // 3) % len(copied)])
    return joined(own if len(own) > 1 else [*own, copied[0]])


TRICKS: Mapping[str, Trick] = MappingProxyType(
    {
        "homoglyphs, Cyrillic": Trick(_spelt_with(_CYRILLIC), "character"),
        "homoglyphs, Cyrillic, every word": Trick(_all_spelt_with(_CYRILLIC), "character"),
        "homoglyphs, Greek": Trick(_spelt_with(_GREEK), "character"),
        "homoglyphs, rare alphabets": Trick(_spelt_with(_RARE), "character"),
        "full-width letters": Trick(_spelt_with(_FULL_WIDTH), "character"),
        "mathematical bold letters": Trick(_spelt_with(_BOLD), "character"),
        "zero-width characters": Trick(
            _with_inside("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"), "character"
        ),
        "soft hyphens": Trick(_with_inside("\u00ad", share=0.9), "character"),
        "soft hyphens, every letter": Trick(_between_letters("\u00ad"), "character"),
        "joiners, selectors, tags": Trick(
            _with_inside("\u034f", "\ufe0f", "\U000e0041", "\U000e0101", "\u2063"), "character"
        ),
        "combining marks": Trick(_with_inside("\u0323", "\u0335", "\u0489"), "character"),
        "hidden by display": Trick(_hidden('style="display: none"'), "character"),
        "hidden by the attribute": Trick(_hidden("hidden"), "character"),
        "hidden off-screen": Trick(_hidden('style="position:absolute; left:-9999px"'), "character"),
        "hidden by size": Trick(_hidden('style="font-size:0"'), "character"),
        "boilerplate added": Trick(_boilerplate, "textual"),
        "random paragraphs added": Trick(_random_paragraphs, "textual"),
        "paragraphs reordered": Trick(_reordered, "textual"),
        "two texts interleaved": Trick(_interleaved, "textual"),
        "numbers written out": Trick(_numbers_written_out, "textual"),
        "quotations dropped": Trick(_without_quotations, "textual"),
        "spelling errors": Trick(_misspelt, "textual"),
        "all capitals": Trick(lambda text, _: text.upper(), "textual"),
        "emoji": Trick(_with_emoji, "textual"),
        "headline translated": Trick(_foreign_headline, "textual"),
        "random words swapped": Trick(_random_words, "textual", rewrites=True),
        "every third paragraph copied": Trick(_every_third_copied, "textual"),
    }
)
