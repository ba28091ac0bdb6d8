"""Stage 2: what the author wrote, in one spelling, without what the page put around it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from detector.clean.boilerplate import (
    without_boilerplate,
    without_foreign,
    without_preamble,
    without_repeats,
    without_title,
)
from detector.clean.characters import disguising_accents, fold, without_disguise
from detector.clean.credits import credits_among
from detector.clean.disguise import disguise_of
from detector.clean.spacing import paragraphs_of
from detector.language import UNKNOWN, detect

if TYPE_CHECKING:
    from detector.records import Article

__all__ = ["MIN_WORDS", "clean", "unfit"]

# Shorter texts share too few words with anything for a verdict to rest on.
MIN_WORDS = 40
# Tables of results and prices are no prose; in 1,000 news articles at most .2 of the words are
# numbers.
_MOST_NUMBERS = 0.5
# These put no spaces between words, so that counting words says nothing about them.
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})

_WORD = re.compile(r"[^\W_]++(?:['.,-][^\W_]++)*+")


def clean(article: Article) -> Article:
    """Return the article in one spelling and without boilerplate.

    Characters get one form each (NFC, straight quotation marks, ``—`` for long dashes, plain
    spaces, no invisible characters, no letters that only look Latin), wrongly decoded quotation
    marks are mended, paragraphs stand one blank line apart. Lines that pages, agencies and
    language models leave around a text go, and the title where the text repeats it; those that
    say whose the text is are kept in ``credits``. Paragraphs in another language go where most of
    the text is English. Disguised words are counted. The language is detected, whatever the input
    declared. Cleaning a clean article changes nothing.

    Parameters
    ----------
    article : as ingest found it
    """
    title = " ".join(_spelt(fold(article.title).replace("\n", " ")))
    given = _spelt(article.text)
    paragraphs = without_boilerplate(given)
    while (fewer := _fewer(paragraphs, title)) != paragraphs:
        paragraphs = without_boilerplate(fewer)
    text = "\n\n".join(paragraphs)
    credited = [*article.credits.splitlines(), *credits_among(given, paragraphs)]
    disguise = disguise_of(article.text)
    accented = disguising_accents("\n\n".join(given))
    return replace(
        article,
        title=title,
        text=text,
        lang=detect(text),
        credits="\n".join(credited),
        lookalike_words=article.lookalike_words + disguise.lookalike + len(accented),
        parted_words=article.parted_words + disguise.parted,
    )


def _spelt(text: str) -> list[str]:
    """Return the paragraphs in their one spelling; a mended dash can make sense of a letter."""
    paragraphs = paragraphs_of(fold(text))
    while (again := fold(joined := "\n\n".join(paragraphs))) != joined:
        paragraphs = paragraphs_of(again)
    return paragraphs


def _fewer(paragraphs: list[str], title: str) -> list[str]:
    """Drop preamble, title, repeats, foreign lines; what is first then can be boilerplate again.

    So can a line that had been disguised, and only with boilerplate gone is it plain that it was.
    """
    kept = without_title(without_preamble(without_foreign(paragraphs)), title)
    kept = without_repeats(kept)
    return without_disguise("\n\n".join(kept)).split("\n\n") if kept else []


def unfit(article: Article) -> str | None:
    """Say why a cleaned article cannot be judged, or None if it can.

    Returns
    -------
    str or None
        "no_text", "fewer_than_40_words", "not_prose" (mostly numbers) or "not_english".
    """
    words = _WORD.findall(article.text)
    if not words:
        return "no_text"
    if article.lang in _UNSPACED_LANGUAGES:
        return "not_english"
    if len(words) < MIN_WORDS:
        return f"fewer_than_{MIN_WORDS}_words"
    if sum([word[0].isdigit() for word in words]) > _MOST_NUMBERS * len(words):
        return "not_prose"
    return None if article.lang in {"en", UNKNOWN} else "not_english"
