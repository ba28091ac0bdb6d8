from __future__ import annotations

from html import escape

import pytest

from detector.ingest import from_record, read_bytes
from detector.ingest.feed_items import items_one_by_one
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


def articles(field: str, around: str = "") -> list[Article]:
    """Read an article as a field, escaped, as a feed's item, and as a page with furniture."""
    page = f"<html><body>{around}<article>{field}</article>{around}</body></html>"
    feed = f"<rss><channel><item><description>{escape(field)}</description></item></channel></rss>"
    found = [
        from_record({"text": field}, input="x", position=""),
        from_record({"text": escape(field)}, input="x", position=""),
        *read_bytes(feed.encode(), name="x"),
        *items_one_by_one([feed], "x"),
        *read_bytes(page.encode(), name="x"),
    ]
    return [outcome for outcome in found if isinstance(outcome, Article)]


def with_aside(attribute: str, aside: str = f"<p>{ASIDE}</p>") -> str:
    """Set a marked element between the paragraphs of a story."""
    return f"<p>{STORY}</p><div {attribute}>{aside}</div><p>{STORY} It is the last.</p>"


def article_texts(attribute: str) -> list[str]:
    """Read a story with a marked paragraph inside."""
    return [article.text for article in articles(with_aside(attribute))]


@pytest.mark.parametrize("attribute", HIDING)
def test_what_no_reader_sees_is_no_part_of_the_text(attribute: str) -> None:
    """An element that its markup hides is left out, and what follows it is not."""
    texts = article_texts(attribute)

    assert ["orchards" in text for text in texts] == [False] * 5
    assert ["It is the last." in text for text in texts] == [True] * 5


@pytest.mark.parametrize("attribute", SHOWING)
def test_what_readers_see_stays(attribute: str) -> None:
    """Small, shifted and translucent text is read."""
    assert ["orchards" in text for text in article_texts(attribute)] == [True] * 5


def test_an_article_that_a_script_shows_is_read() -> None:
    """Where the hidden element holds the article itself, it is the text."""
    page = f"<html><body><p>Menu</p><div style='display:none'><p>{STORY}</p></div></body></html>"
    (article,) = read_bytes(page.encode(), name="x")

    assert isinstance(article, Article)
    assert "swing bridge" in article.text


@pytest.mark.parametrize("attribute", HIDING)
def test_words_hidden_between_paragraphs_are_counted(attribute: str) -> None:
    """Whichever way the article came, the record tells how many words readers were not shown."""
    assert [a.hidden_words for a in articles(with_aside(attribute))] == [len(ASIDE.split())] * 5


@pytest.mark.parametrize(
    "field",
    [
        f"<p>{STORY}</p><div hidden><p>{ASIDE}</p></div>",
        f"<div hidden><p>{ASIDE}</p></div><p>{STORY}</p>",
    ],
    ids=["behind", "before"],
)
def test_words_hidden_beside_the_only_paragraph_are_counted(field: str) -> None:
    """A text of one paragraph has no place between two."""
    assert [a.hidden_words for a in articles(field)] == [len(ASIDE.split())] * 5


@pytest.mark.parametrize("attribute", SHOWING)
def test_what_readers_see_is_not_counted(attribute: str) -> None:
    """Text that is shown hides nothing."""
    assert [a.hidden_words for a in articles(with_aside(attribute))] == [0] * 5


def test_hidden_furniture_is_not_counted() -> None:
    """Menus and dialogs beside the article, and labels inside it, are ordinary."""
    dialog = f"<div hidden><p>{ASIDE}</p><p>{ASIDE}</p></div><p>Menu</p>"
    label = '<span style="position:absolute;left:-9999px">opens in a new window</span>'
    story = with_aside("hidden", "Share this story") + f"<p>{STORY} {label} {STORY}</p>"

    assert [a.hidden_words for a in articles(story, dialog)] == [0] * 5


def test_hidden_passages_are_counted_once() -> None:
    """A hidden element inside a hidden one, scripts in it and its neighbour count once each."""
    inner = f"<p hidden>{ASIDE}</p><script>let a = 'much code that no reader sees';</script>"
    twice = f"<p>{STORY}</p>{f'<div hidden>{inner}</div>' * 2}<p>{STORY} It is the last.</p>"

    assert {a.hidden_words for a in articles(twice)} == {2 * len(ASIDE.split())}
