from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest import from_record
from detector.ingest.fields import TEXT_FIELDS, squashed
from detector.records import Article, Rejected

BODY = "The swing bridge at Eastmere closes on Monday for a year of repairs."
DAY = datetime(2018, 6, 5, 10, 30, tzinfo=UTC)
# The shape in which each tool writes an article; the values are invented.
EXPORTS = {
    "news-please": {
        "authors": ["Ann Vale"], "date_download": "2018-06-06 01:00:00", "date_modify": None,
        "date_publish": "2018-06-05 10:30:00", "description": "A teaser.", "filename": "x.json",
        "image_url": "https://example.com/i.jpg", "language": "en", "localpath": None,
        "maintext": BODY, "source_domain": "www.example.com", "title": "Bridge closes",
        "title_page": None, "title_rss": None, "url": "https://www.example.com/bridge",
    },
    "trafilatura": {
        "title": "Bridge closes", "author": "Ann Vale", "hostname": "example.com",
        "date": "2018-06-05T10:30:00", "fingerprint": "1f", "id": None, "license": None,
        "comments": "", "raw_text": BODY.upper(), "text": BODY, "language": None,
        "source": "https://www.example.com/bridge", "source-hostname": "Example",
        "filedate": "2018-06-06 01:00:00", "excerpt": "A teaser.", "categories": "", "tags": "",
    },
    "scrapy": {
        "headline": ["Bridge closes"], "body": [BODY], "link": ["https://www.example.com/bridge"],
        "pubDate": ["Tue, 05 Jun 2018 10:30:00 GMT"], "scraped_at": [1528246800], "views": 7,
    },
    "schema.org": {
        "@type": "NewsArticle", "headline": "Bridge closes", "articleBody": BODY,
        "url": "https://www.example.com/bridge", "datePublished": "2018-06-05T10:30:00Z",
        "dateDownload": "2018-06-06T01:00:00Z",
    },
    "collection": {
        "ID": None, "title": "Bridge closes", "content": BODY.lower(), "content_original": BODY,
        "source": "The Eastmere Post", "source_url": "www.example.com",
        "url": "https://www.example.com/bridge", "date": "2018-06-05 10:30",
        "crawl_date": "20180606010000",
    },
}  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_each_tools_export_is_read_as_it_comes(export: dict[str, object]) -> None:
    """Text, headline, address, site and both dates are found under each tool's own names."""
    article = from_record(export, input="x", position="line 1")

    assert isinstance(article, Article)
    assert article.text == BODY
    assert article.title == "Bridge closes"
    assert (article.url, article.site) == ("https://www.example.com/bridge", "example.com")
    assert article.published == DAY
    assert article.fetched == datetime(2018, 6, 6, 1, tzinfo=UTC)


def test_a_bare_text_is_an_article() -> None:
    """A string stands for a record with a text."""
    bare = from_record(BODY, input="x", position="line 1")

    assert bare == from_record({"text": BODY}, input="x", position="line 9")


@pytest.mark.parametrize(
    "record", [{}, {"title": "x"}, {"text": ""}, {"text": None}, {"body": "NaN"}, {"text": 7},
               {"text": float("nan")}, {"text": "<p> </p>"}, {"text": {"a": 1}}, "", " \n "]
)  # fmt: skip
def test_a_record_without_text_is_refused_as_that(record: dict[str, object] | str) -> None:
    """Absent, empty, missing by any spelling, or not a text: the reason is the same."""
    assert from_record(record, input="x", position="line 3") == Rejected("x", "line 3", "no_text")


def test_what_is_no_record_is_refused_as_that() -> None:
    """A number where a record belongs is named as such."""
    outcome = from_record(7, input="x", position="line 3")  # type: ignore[arg-type]

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "not_a_record"


@pytest.mark.parametrize(("given_id", "expected"), [(7, "7"), ("a/7", "a/7"), (7.0, "7")])
def test_a_given_id_is_kept(given_id: object, expected: str) -> None:
    """Numbers and texts both name the article."""
    article = from_record({"id": given_id, "text": BODY}, input="x", position="")

    assert isinstance(article, Article)
    assert article.id == expected


def test_an_empty_field_gives_way_to_the_next() -> None:
    """The first field with text wins, and the first date that is one."""
    record = {"text": " ", "content": BODY, "published": True, "date": "June 5, 2018 10:30"}
    article = from_record(record, input="x", position="")

    assert isinstance(article, Article)
    assert (article.text, article.published) == (BODY, DAY)


def test_an_outlets_name_is_not_taken_for_an_address() -> None:
    """A source called "Reuters" or "example.com" gives no URL; the host gives the site."""
    article = from_record({"text": BODY, "source": "example.com"}, input="x", position="")

    assert isinstance(article, Article)
    assert (article.url, article.site) == ("", "example.com")


def test_markup_in_a_field_becomes_paragraphs() -> None:
    """HTML in the body and in the headline leaves its text."""
    record = {"title": "<b>Bridge</b>", "body": f"<p>{BODY}</p><p>More.</p>"}
    article = from_record(record, input="x", position="")

    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Bridge", f"{BODY}\n\nMore.")


def test_a_whole_page_in_a_field_is_read_as_a_page() -> None:
    """A crawler's raw HTML goes through extraction, known facts first."""
    page = f"<!DOCTYPE html><html><head><title>Other</title></head><body><nav>Home</nav>{BODY * 9}"
    records = ({"html": page, "title": "Known"}, {"body": page, "title": "Known"})
    articles = [from_record(record, input="x", position="") for record in records]

    assert [getattr(article, "title", "") for article in articles] == ["Known", "Known"]


def test_names_are_compared_without_case_and_punctuation() -> None:
    """date_publish, datePublish and Date-Publish are one name."""
    assert {squashed(name) for name in ("date_publish", "datePublish", "Date-Publish")} == {
        "datepublish"
    }


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NAMES = st.sampled_from([*TEXT_FIELDS, "url", "date", "id", "title", "html", "site"]) | st.text()


@given(st.dictionaries(NAMES, VALUES | st.lists(VALUES, max_size=3) | st.binary(max_size=9)))
def test_any_record_gives_an_article_or_a_reason(record: dict[str, object]) -> None:
    """Nothing in a record makes reading fail."""
    outcome = from_record(record, input="x", position="line 1")

    assert isinstance(outcome, Article) != isinstance(outcome, Rejected)


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"canonical_url": "https://wire.example/b?utm_source=x"}, "https://wire.example/b"),
        ({"external_url": "https://wire.example/b"}, "https://wire.example/b"),
        ({"credited_url": "https://wire.example/b"}, "https://wire.example/b"),
        ({"canonical_url": "https://amp.isle.example/b"}, ""),
        ({"canonical_url": "Wire"}, ""),
        ({}, ""),
    ],
)
def test_a_record_names_the_page_of_its_original(fields: dict[str, str], address: str) -> None:
    """A canonical or external address on another site is kept, in its one spelling."""
    record = {"text": "The bridge closes.", "url": "https://isle.example/b", **fields}
    article = from_record(record, input="x", position="line 1")

    assert isinstance(article, Article)
    assert (article.site, article.credited_url) == ("isle.example", address)
