from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.ingest import feeds, read_bytes
from detector.ingest.feed_ids import lasting_id
from detector.ingest.feed_items import items_one_by_one, pieces_of
from detector.ingest.feeds import read_feed
from detector.records import Article, Rejected

FIRST = "The swing bridge at Eastmere closes on Monday."
SECOND = "Ferries – one every ten minutes – will run."
HTML = f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;"
LINK = "https://www.example.com/bridge"
MOMENT = datetime(2018, 6, 5, 10, 30, tzinfo=UTC)
RSS2 = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Post</title><link>https://www.example.com/</link>
<item><title>Bridge closes</title><link>{LINK}?utm_source=rss</link><guid>{LINK}</guid>
<media:title>A photo</media:title><media:content url="x.jpg"/>
<pubDate>Tue, 05 Jun 2018 11:30:00 +0100</pubDate><description>A teaser.</description>
<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND}</p>]]></content:encoded></item>
</channel></rss>"""
RSS1 = f"""<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://www.example.com/"><title>Post</title></channel>
<item rdf:about="{LINK}"><title>Bridge closes</title><link>{LINK}</link>
<dc:date>2018-06-05T10:30:00Z</dc:date><description>{HTML}</description></item></rdf:RDF>"""
RSS09 = f"""<rss version="0.91"><channel><title>Post</title><link>https://www.example.com/</link>
<item><title>Bridge closes</title><link>{LINK}</link><pubDate>5 Jun 2018 10:30 GMT</pubDate>
<description>{HTML}</description></item></channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><link href="https://www.example.com/"/>
<entry><id>{LINK}</id><title type="html">Bridge closes</title>
<link rel="enclosure" href="https://www.example.com/a.mp3"/><link rel="alternate" href="{LINK}"/>
<published>2018-06-05T10:30:00Z</published><updated>2018-06-09T00:00:00Z</updated>
<summary>A teaser.</summary><content type="html">{HTML}</content></entry></feed>"""
ATOM_XHTML = ATOM.replace(
    f'<content type="html">{HTML}</content>',
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
    f"<p>{FIRST}</p><p>{SECOND}</p></div></content>",
)
XHTML_BODY = RSS2.replace(
    f"<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND}</p>]]></content:encoded>",
    f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{FIRST}</p><p>{SECOND}</p></body>',
).replace("<description>A teaser.</description>", "")
FEEDS = {"RSS 2.0": RSS2, "RSS 1.0": RSS1, "RSS 0.91": RSS09, "Atom": ATOM, "XHTML": ATOM_XHTML}
FEEDS_OF_ITEMS = FEEDS | {
    "XHTML of an item": XHTML_BODY,
    "XHTML of a summary": ATOM_XHTML.replace("<summary>A teaser.</summary>", "").replace(
        "content", "summary"
    ),
}


def is_the_article(outcome: Article | Rejected) -> bool:
    """Check every fact of the one item above."""
    return isinstance(outcome, Article) and (
        outcome.text, outcome.title, outcome.url, outcome.site, outcome.published
    ) == (f"{FIRST}\n\n{SECOND}", "Bridge closes", LINK, "example.com", MOMENT)  # fmt: skip


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
@pytest.mark.parametrize("way", ["whole", "one by one"])
def test_every_version_gives_the_same_article_in_both_ways(
    feed: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsed whole or item by item: the same body, headline, address and time of publication."""
    monkeypatch.setattr(feeds, "items_one_by_one", None)
    outcomes = (
        read_feed(io.BytesIO(feed.encode()), "feed")
        if way == "whole"
        else items_one_by_one([feed], "feed")
    )

    assert [is_the_article(outcome) for outcome in outcomes] == [True]


@pytest.mark.parametrize("feed", FEEDS_OF_ITEMS.values(), ids=FEEDS_OF_ITEMS)
def test_a_text_that_one_parser_does_not_find_is_found(feed: str) -> None:
    """Where an item comes without its text it is read by itself."""
    assert [is_the_article(o) for o in read_bytes(feed.encode(), name="feed")] == [True]


@pytest.mark.parametrize("charset", ["utf-16", "windows-1252"])
def test_a_feed_is_read_in_its_declared_charset(charset: str) -> None:
    """The XML declaration or the mark tells the charset."""
    feed = RSS2.replace("utf-8", charset, 1).encode(charset)

    assert [is_the_article(outcome) for outcome in read_bytes(feed, name="feed")] == [True]


@pytest.mark.parametrize("bound", [0, 10**9])
def test_a_feed_with_a_document_type_is_refused(
    bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entities are never expanded, in a small feed or in a large one."""
    monkeypatch.setattr(feeds, "MAX_FEED_IN_MEMORY", bound)
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + RSS09
    (outcome,) = read_bytes(bomb.encode(), name="feed")

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "document_type"


def test_a_large_feed_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the bound the items come one by one, the same."""
    monkeypatch.setattr(feeds, "MAX_FEED_IN_MEMORY", 100)
    monkeypatch.setattr(feeds, "items_of_feed", None)

    assert [is_the_article(outcome) for outcome in read_bytes(RSS2.encode(), name="f")] == [True]


def test_an_item_without_text_is_refused_at_its_place() -> None:
    """The item before and the item behind are read."""
    item = "<item><guid>https://example.com/2</guid><title>Only a title</title></item>"
    feed = RSS09.replace("<item>", f"<item><description>One</description></item>{item}<item>")
    outcomes = list(read_bytes(feed.encode(), name="feed"))

    refused = outcomes[1]
    assert isinstance(refused, Rejected)
    assert (refused.position, refused.reason) == ("item 2", "no_text")
    assert refused.id == "https://example.com/2"
    assert [type(outcome) for outcome in outcomes] == [Article, Rejected, Article]


@pytest.mark.parametrize(
    "damage",
    [
        lambda feed: feed.replace("</item>", "").replace("</channel></rss>", ""),
        lambda feed: feed.replace("<title>Post", "<title>Post & Co & <b>"),
        lambda feed: "\n junk " + feed,
        lambda feed: feed.replace("A teaser.", "bad \x08 control &nbsp; entity"),
    ],
)
def test_a_damaged_feed_is_recovered(damage: object) -> None:
    """An item survives cut ends, bare ampersands, junk and control characters."""
    data = damage(RSS2).encode()  # type: ignore[operator]
    outcomes = list(read_feed(io.BytesIO(data), "feed"))

    assert any(isinstance(outcome, Article) and FIRST in outcome.text for outcome in outcomes)


def written(*middle: str, count: int = 3) -> str:
    """Write a feed of sound items before and after others."""
    sound = [
        f"<item><title>{n}</title><description>{n} {FIRST}</description></item>"
        for n in range(2 * count)
    ]
    items = "".join([*sound[:count], *middle, *sound[count:]])
    return f"<rss><channel><title>Post</title>{items}</channel></rss>"


DAMAGED = {
    "its end left out": f"<item><title>x</title><description>x {FIRST}</description>",
    "a tag left open": f"<item><title>x</title><description><b>x {FIRST}</description></item>",
    "a bare bracket": f"<item><title>x</title><description>1 < 2 {FIRST}</description></item>",
    "half a tag": f"<item><title>x</title><<description>x {FIRST}</description></item>",
    "a name without end": f"<item><title>x</title><{'w' * 60_000}/></item>",
    "a section left open": f"<item><title>x</title><description><![CDATA[x {FIRST}</item>",
    "too deep": f"<item>{'<x>' * 300}{'</x>' * 300}<description>{FIRST}</description></item>",
    "too long": f"<item><description>{'word ' * 2_200_000}</description></item>",
    "a comment too long": f"<item><!--{'word ' * 2_200_000}--><title>x</title></item>",
}


@pytest.mark.parametrize("bound", [100, 10**9])
@pytest.mark.parametrize("item", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_item_costs_no_other(
    item: str, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsers leave out in silence what stands behind such an item; here all others are read."""
    monkeypatch.setattr(feeds, "MAX_FEED_IN_MEMORY", bound)
    outcomes = list(read_bytes(written(item).encode(), name="feed"))
    sound = [o.title for o in outcomes if isinstance(o, Article) and o.title != "x"]

    assert len(outcomes) == 7
    assert sound == list("012345")


def test_what_stands_in_marked_sections_begins_no_item() -> None:
    """An article may show how feeds are written."""
    shown = f"<description><![CDATA[{FIRST} &lt;p> <item> ]]></description><!-- <item> -->"
    (article,) = items_one_by_one([f"<rss><channel><item>{shown}</item></channel></rss>"], "feed")

    assert isinstance(article, Article)
    assert article.text.startswith(FIRST)


@given(st.lists(st.integers(1, 80), max_size=40), st.booleans())
def test_pieces_do_not_depend_on_where_the_text_was_cut(cuts: list[int], large: bool) -> None:
    """However a feed comes in, its pieces are the same, and together they are the feed."""
    text = written(*DAMAGED.values()) if large else RSS2 + ATOM.replace("entry", "item")
    text = text[:4000]
    parts, at = [], 0
    for size in cuts:
        parts.append(text[at : at + size])
        at += size
    pieces = list(pieces_of(filter(None, [*parts, text[at:]])))

    assert pieces == list(pieces_of([text]))
    assert "".join(filter(None, pieces)) == text


def test_an_item_beyond_the_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not kept in memory; the ones around it are read."""
    monkeypatch.setattr("detector.ingest.feed_items.MAX_PAGE_BYTES", 500)
    long = f"<item><description>{'word ' * 400}</description></item>"
    parts = written(long)
    cut = [parts[at : at + 50] for at in range(0, len(parts), 50)]
    outcomes = list(items_one_by_one(cut, "feed"))

    assert [getattr(o, "reason", "") for o in outcomes] == ["", "", "", "too_large", "", "", ""]


def test_entities_of_html_are_read_as_it_has_them() -> None:
    """XML has five; feeds use hundreds, undeclared, and mean those of HTML."""
    text = f"<description>Caf&eacute;&nbsp;&amp; Co & {FIRST}</description>"
    (article,) = items_one_by_one([f"<rss><channel><item>{text}</item></channel></rss>"], "feed")

    assert isinstance(article, Article)
    assert article.text == f"Café & Co & {FIRST}"


@pytest.mark.parametrize("feed", ["<rss></rss>", "<feed>", "<rss><channel></channel></rss>"])
@pytest.mark.parametrize("bound", [0, 10**9])
def test_a_feed_without_items_is_refused_as_broken(
    feed: str, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No item in it, by any parser: one reason for the whole."""
    monkeypatch.setattr(feeds, "MAX_FEED_IN_MEMORY", bound)
    (outcome,) = read_bytes(feed.encode(), name="feed")

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "broken_feed"


def test_a_forwarded_item_belongs_to_its_own_site() -> None:
    """Behind a counting service the page's own address counts."""
    feed = RSS2.replace(
        "<rss", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    feed = feed.replace(f"<link>{LINK}", "<link>http://feeds.example.org/~r/1")
    feed = feed.replace("</item>", f"<feedburner:origLink>{LINK}</feedburner:origLink></item>")

    assert [is_the_article(o) for o in read_bytes(feed.encode(), name="feed")] == [True]


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [("17", ""), (LINK, LINK), ("tag:a,2018:1", "tag:a,2018:1"), ("a" * 32, "a" * 32)],
)
def test_a_feeds_numbers_are_no_ids(given_id: str, kept: str) -> None:
    """An id that another feed could give as well is not kept."""
    assert lasting_id(given_id) == kept


@settings(max_examples=50)
@given(st.integers(0, len(RSS2)), st.binary(max_size=6), st.booleans())
def test_any_damage_gives_articles_or_reasons(at: int, junk: bytes, cut: bool) -> None:
    """A feed broken anywhere never makes reading fail, whole or item by item."""
    data = RSS2.encode()
    data = data[:at] + junk + (b"" if cut else data[at:])

    assert list(read_bytes(data, name="feed"))
    assert list(items_one_by_one([data.decode("latin-1")], "feed"))


RSS_SOURCE = """<rss version="2.0"><channel><title>Isle</title><link>https://isle.example/</link>
<item><title>Bridge closes</title><link>https://isle.example/b</link>
<source url="https://www.wire.example/feed.xml">Wire</source>
<description>The bridge over the Alt closes on Monday.</description></item></channel></rss>"""
ATOM_SOURCE = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Isle</title>
<entry><title>Bridge closes</title><id>b</id><link href="https://isle.example/b"/>
<source><id>https://www.wire.example/</id><link href="https://www.wire.example/"/></source>
<content>The bridge over the Alt closes on Monday.</content></entry></feed>"""


@pytest.mark.parametrize("bound", [None, 10])
@pytest.mark.parametrize(
    ("feed", "address"),
    [
        (RSS_SOURCE, "https://www.wire.example/feed.xml"),
        (ATOM_SOURCE, "https://www.wire.example/"),
        (RSS_SOURCE.replace("www.wire", "www.isle"), ""),
    ],
)
def test_an_item_says_which_feed_it_was_taken_from(
    feed: str, address: str, bound: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address in an item's <source> is kept unless it is on the item's own site."""
    if bound:
        monkeypatch.setattr("detector.ingest.feeds.MAX_FEED_IN_MEMORY", bound)
    (article,) = read_feed(io.BytesIO(feed.encode()), "feed")

    assert isinstance(article, Article)
    assert (article.site, article.credited_url) == ("isle.example", address)
