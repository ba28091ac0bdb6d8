from __future__ import annotations

from datetime import UTC, datetime

from detector.ingest.articles import Facts, Place, article_or_reason, derived_id
from detector.records import Article, Rejected

PLACE = Place("crawl.jsonl", "line 4")


def test_an_article_is_built_from_facts_as_the_input_spells_them() -> None:
    """URL, site, headline and dates reach the record in their canonical forms."""
    facts = Facts(
        id="a-1",
        title="Tom &amp; Ann",
        url="HTTPS://www.Example.co.uk/a?utm_medium=x",
        published="June 5, 2018",
        fetched="2018-06-06T01:00:00+01:00",
    )

    assert article_or_reason("Some text", facts, PLACE) == Article(
        id="a-1",
        text="Some text",
        title="Tom & Ann",
        url="https://www.example.co.uk/a",
        site="example.co.uk",
        published=datetime(2018, 6, 5, tzinfo=UTC),
        fetched=datetime(2018, 6, 6, tzinfo=UTC),
    )


def test_an_article_without_text_is_refused_by_its_id() -> None:
    """The refusal names place, reason, address and id."""
    facts = Facts(id="a-1", url="https://example.com/a")

    assert article_or_reason("", facts, PLACE) == Rejected(
        "crawl.jsonl", "line 4", "no_text", "https://example.com/a", "a-1"
    )


def test_a_derived_id_depends_on_address_and_text_alone() -> None:
    """The same article has the same id in every run and every file; another has another."""
    assert derived_id("https://example.com/a", "text") == derived_id(
        "https://example.com/a", "text"
    )
    assert derived_id("https://example.com/a", "text") != derived_id(
        "https://example.com/b", "text"
    )
    assert len(derived_id("", "text")) == 16


def test_the_site_field_counts_where_there_is_no_address() -> None:
    """A host alone still names the site."""
    article = article_or_reason("text", Facts(site="www.example.com"), PLACE)

    assert isinstance(article, Article)
    assert article.site == "example.com"
