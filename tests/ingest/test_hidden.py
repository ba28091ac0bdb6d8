from __future__ import annotations

import pytest

from detector.ingest import from_record, read_bytes
from detector.records import Article

STORY = "The swing bridge of Sorrel closes on Monday and the ferry takes its place. " * 6
ASIDE = "Pears and plums are ripe in the orchards of Holm, and nobody picks them this year."

HIDING = (
    "hidden",
    'style="display: none"',
    'style="color:red;DISPLAY:NONE"',
    'style="visibility : hidden;"',
    'style="position:absolute; left:-9999px"',
    'style="text-indent: -5000em"',
    'style="font-size:0"',
    'style="font-size: 0px !important"',
    'style="opacity: 0.0"',
    'style="clip: rect(0 0 0 0)"',
)
SHOWING = (
    'style="opacity: 0.5"',
    'style="font-size: 0.9em"',
    'style="margin-left: -10px"',
    'style="display: block"',
    'class="hidden-gem"',
)


def article_texts(attribute: str) -> list[str]:
    """Read a story with a marked paragraph inside, as a field and as a page."""
    field = f"<p>{STORY}</p><div {attribute}><p>{ASIDE}</p></div><p>{STORY} It is the last.</p>"
    page = f"<html><body><article>{field}</article></body></html>".encode()
    found = [from_record({"text": field}, input="x", position=""), *read_bytes(page, name="x")]
    return [outcome.text for outcome in found if isinstance(outcome, Article)]


@pytest.mark.parametrize("attribute", HIDING)
def test_what_no_reader_sees_is_no_part_of_the_text(attribute: str) -> None:
    """An element that its markup hides is left out, and what follows it is not."""
    texts = article_texts(attribute)

    assert ["orchards" in text for text in texts] == [False, False]
    assert ["It is the last." in text for text in texts] == [True, True]


@pytest.mark.parametrize("attribute", SHOWING)
def test_what_readers_see_stays(attribute: str) -> None:
    """Small, shifted and translucent text is read."""
    assert ["orchards" in text for text in article_texts(attribute)] == [True, True]


def test_an_article_that_a_script_shows_is_read() -> None:
    """Where the hidden element holds the article itself, it is the text."""
    page = f"<html><body><p>Menu</p><div style='display:none'><p>{STORY}</p></div></body></html>"
    (article,) = read_bytes(page.encode(), name="x")

    assert isinstance(article, Article)
    assert "swing bridge" in article.text
