from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from detector.ingest import overload, pages
from detector.ingest.articles import Facts, Place
from detector.ingest.page_facts import page_facts
from detector.ingest.pages import article_of_html, article_of_page, looks_like_page
from detector.records import Article, Rejected

PLACE = Place("page.html")
NOTHING_KNOWN = Facts()
FIRST = "The swing bridge at Eastmere closes on Monday for a year of repairs, the council said."
SECOND = "Ferries – one every ten minutes – will carry passengers across the channel until then."
PAGE = f"""<!DOCTYPE html>
<html><head><title>Bridge closes | The Eastmere Post</title>
<meta charset="{{charset}}">
<meta property="og:title" content="Bridge closes | The Eastmere Post">
<meta property="og:site_name" content="The Eastmere Post">
<meta property="article:published_time" content="2018-06-05T11:30:00+01:00">
<link rel="canonical" href="https://www.example.com/bridge?utm_source=x">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Bridge closes</h1><p>{FIRST}</p><p>{SECOND}</p>
<ul><li>Ferry: 2 crowns</li><li>Lorries: by the viaduct</li></ul></article>
<div class="comments"><p>Great news, says a reader who has much to say about it.</p></div>
<footer>All rights reserved</footer></body></html>"""


def read(data: bytes, facts: Facts = NOTHING_KNOWN, **options: str) -> Article:
    """Read a page that holds an article."""
    outcome = article_of_page(data, facts, PLACE, **options)

    assert isinstance(outcome, Article)
    return outcome


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_a_page_gives_its_paragraphs_and_nothing_around_them(charset: str) -> None:
    """Navigation, readers' comments and footer stay out, in any declared charset."""
    article = read(PAGE.format(charset=charset).encode(charset))

    assert article.text.split("\n\n") == [
        FIRST,
        SECOND,
        "Ferry: 2 crowns",
        "Lorries: by the viaduct",
    ]


def test_a_page_says_its_headline_address_and_date() -> None:
    """Metadata give the headline without the site's name, the canonical URL, the time in UTC."""
    article = read(PAGE.encode())

    assert article.title == "Bridge closes"
    assert (article.url, article.site) == ("https://www.example.com/bridge", "example.com")
    assert article.published == datetime(2018, 6, 5, 10, 30, tzinfo=UTC)


def test_what_the_crawler_knows_wins_over_what_the_page_claims() -> None:
    """A copy that names the original as its canonical address stays where it was found."""
    article = read(PAGE.encode(), Facts(url="https://farm.example.net/1", published="2018-07-01"))

    assert article.site == "example.net"
    assert article.published == datetime(2018, 7, 1, tzinfo=UTC)


def test_the_servers_charset_is_used() -> None:
    """A page that declares nothing is read by the header it came with."""
    page = PAGE.replace("{charset}", "").replace("Eastmere", "Østmere").encode("cp865", "replace")

    assert "Østmere" in read(page, charset="cp865").text


@pytest.mark.parametrize("page", [b"<html></html>", b"<html><body></body></html>", b"<html>\x00"])
def test_a_page_without_an_article_is_refused_as_that(page: bytes) -> None:
    """An empty page has no text."""
    assert article_of_page(page, Facts(), PLACE) == Rejected("page.html", "", "no_text")


def test_an_oversize_page_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound holds for the decoded page."""
    monkeypatch.setattr(overload, "MAX_PAGE_BYTES", 100)
    outcome = article_of_page(PAGE.encode(), Facts(id="a"), PLACE)

    assert isinstance(outcome, Rejected)
    assert (outcome.reason, outcome.id) == ("too_large", "a")


@pytest.mark.parametrize("ending", ["</body></html>", "</BODY >", "<frameset rows='*'>"])
def test_what_follows_the_end_of_a_page_is_read(ending: str) -> None:
    """Browsers show it, and a parser that stops there would not."""
    outcome = article_of_page(PAGE.replace(SECOND, f"{ending}{SECOND}").encode(), Facts(), PLACE)

    assert isinstance(outcome, Article)
    assert SECOND in outcome.text


@pytest.mark.parametrize(
    ("begin", "end"), [("<script>", "</script>"), ("<!--", "-->"), ('<p title="', '">')]
)
def test_a_page_is_read_to_its_end_or_refused(begin: str, end: str) -> None:
    """The parser stops at a script, comment or attribute of 10 MB; the bound is below that."""
    filled = {}
    for size in (9_400_000, 10_100_000):
        long = f"{begin}{'x ' * (size // 2)}{end}"
        outcome = article_of_page(PAGE.replace(SECOND, f"{long}{SECOND}").encode(), Facts(), PLACE)
        filled[size] = outcome.reason if isinstance(outcome, Rejected) else SECOND in outcome.text

    assert filled == {9_400_000: True, 10_100_000: "too_large"}


def test_an_extractor_that_fails_costs_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error inside the extractor becomes a reason."""

    def fail(_: object) -> str:
        raise RecursionError("too deep")

    monkeypatch.setattr(pages, "_text", fail)
    outcome = article_of_page(PAGE.encode(), Facts(), PLACE)

    assert isinstance(outcome, Rejected)
    assert (outcome.reason, outcome.detail) == ("unreadable_page", "RecursionError: too deep")


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "blockquote"])
def test_deep_nesting_ends_quietly(tag: str) -> None:
    """A page nested fifty thousand deep gives an article or a reason."""
    page = f"<html><body>{f'<{tag}>' * 50_000}{FIRST}".encode()

    assert article_of_page(page, Facts(), PLACE)


def test_a_warning_of_the_extractor_does_not_reach_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """An empty page is refused in silence."""
    article_of_page(b"<html><body>x</body></html>", Facts(), PLACE)

    assert capfd.readouterr() == ("", "")


HEADS = {
    "<script type='application/ld+json'>{\"@graph\": [{\"@type\": [\"NewsArticle\"], \"headline\":"
    " \"Bridge closes\", \"datePublished\": \"2018-06-05\"}]}</script>": "Bridge closes",
    "<script type='application/ld+json'>{broken</script><h1>Bridge <i>closes</i></h1>":
        "Bridge closes",
    "<title> Bridge\n closes </title>": "Bridge closes",
    "<meta name='twitter:title' content='Bridge closes'><h1>Other</h1>": "Bridge closes",
    "<h1>One</h1><h1>Two</h1>": "",
}  # fmt: skip


@pytest.mark.parametrize(("markup", "title"), HEADS.items())
def test_the_headline_is_found_where_pages_keep_it(markup: str, title: str) -> None:
    """Sharing metadata, linked data, the only h1 and the title are tried in this order."""
    assert page_facts(html.document_fromstring(f"<html>{markup}<p>x</p></html>")).title == title


DATES = (
    "<meta itemprop='datePublished' content='2018-06-05'>",
    "<meta name='DC.date.issued' content='June 5, 2018'>",
    "<time pubdate datetime='2018-06-05'>yesterday</time>",
    "<article><time datetime='2018-06-05T00:00Z'>yesterday</time></article>",
    "<meta property='article:published_time' content='soon'><meta name='date' content='20180605'>",
    "<meta property='og:url' content='https://example.com/2018/06/05/bridge'>",
    "<link rel=canonical href='https://example.com/2018-06-05/bridge'>",
)


@pytest.mark.parametrize("markup", DATES)
def test_the_date_is_found_where_pages_keep_it(markup: str) -> None:
    """Metadata, marked times and the address are tried until one is a date."""
    tree = html.document_fromstring(f"<html><body>{markup}<p>x</p></body></html>")

    assert page_facts(tree).published == datetime(2018, 6, 5, tzinfo=UTC)


def test_only_whole_documents_look_like_pages() -> None:
    """A fragment and a text about HTML are no pages."""
    assert looks_like_page("\ufeff <!-- a --><!DOCTYPE HTML><html>")
    assert not looks_like_page("<p>A fragment</p>")


@settings(max_examples=40)
@given(st.text(alphabet="<>/ab=\"' \x00&;!-pdivhtml", max_size=60))
def test_any_markup_gives_an_article_or_a_reason(markup: str) -> None:
    """No page makes reading fail."""
    outcome = article_of_page(f"<html>{markup}".encode(), Facts(), PLACE)

    assert isinstance(outcome, Article) != isinstance(outcome, Rejected)


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="https://wire.example/b">', "https://wire.example/b"),
        ('<link rel="canonical" href="/b">', ""),
        ('<meta name="syndication-source" content="https://wire.example/b">',
         "https://wire.example/b"),
        ('<meta name="original-source" content="https://wire.example/b">'
         '<link rel="canonical" href="https://isle.example/b">', "https://wire.example/b"),
    ],
)  # fmt: skip
def test_a_page_names_its_original(head: str, address: str) -> None:
    """A canonical address on another site, or a syndication field, is kept; its own is not."""
    words = "The bridge over the Alt closes on Monday, the council said after its meeting. " * 8
    page = f"<html><head><title>B</title>{head}</head><body><article><p>{words}</p></article>"
    article = article_of_html(page, Facts(url="https://isle.example/b"), Place("b.html"))

    assert isinstance(article, Article)
    assert (article.url, article.credited_url) == ("https://isle.example/b", address)
