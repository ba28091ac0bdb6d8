"""What a page's metadata say about its article: headline, address, date of publication."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from detector.dates import to_utc
from detector.ingest.articles import Facts
from detector.ingest.paragraphs import tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLES = ("og:title", "twitter:title", "headline", "dc.title", "dcterms.title", "sailthru.title")
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "date.published",
    "og:published_time", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "article.published",
    "cxenseparse:recs:publishtime",
    "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.created", "dc.date.created", "ptime",
    "article_date_original", "originalpublicationdate", "displaydate", "date",
)  # fmt: skip
_NAMES = ("property", "name", "itemprop")
_ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Report|Review")
# Larger blocks of linked data are product catalogues; deeper ones exhaust the parser's stack.
_MAX_LINKED_DATA = 500_000
_MAX_NESTING = 6
_DATE_IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?:/|$)|/((?:19|20)\d\d-\d\d-\d\d)[/-]"
)
# Where a syndicated page names its original, beside its canonical address.
_ORIGINALS = ("original-source", "syndication-source")
# The longest of 181 news headlines at hand has 142 characters; the rest of a longer one is junk,
# over which the search for the site's name would take quadratic time.
_LONGEST_TITLE = 1000
# Between a headline and the site's name in a title.
_TITLE_TAIL = r"\s*[|\-–—:·•»]+\s*"


def page_facts(tree: HtmlElement, url: str = "") -> Facts:
    """Read a page's own statements; cheap, and wrong only where the page is.

    Parameters
    ----------
    tree : the page, which stays as it is
    url : its address where known; a date in it counts when the page states none
    """
    metas = _metas(tree)
    linked = list(_linked_articles(tree))
    canonical = _attribute(tree, "//link[@rel='canonical']/@href")
    address = metas.get("og:url") or canonical
    return Facts(
        title=_title(tree, metas, linked),
        url=address if "://" in address else "",
        credited=next((metas[name] for name in _ORIGINALS if name in metas), canonical),
        published=_published(tree, metas, linked) or _date_of(url or address),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Collect the page's meta fields, the first of each name, names in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = tidy(meta.get("content") or "")
        for attribute in _NAMES:
            name = (meta.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _linked_articles(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    """Give the articles that the page describes in linked data."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) <= _MAX_LINKED_DATA:
            try:
                data = json.loads(text, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _articles_in(data, _MAX_NESTING)


def _articles_in(data: object, depth: int) -> Iterator[Mapping[str, object]]:
    """Walk linked data down to `depth` for objects of an article's type."""
    if isinstance(data, dict):
        if _ARTICLE_TYPES.search(str(data.get("@type", ""))):
            yield data
        data = list(data.values())
    if isinstance(data, list) and depth:
        for member in data:
            yield from _articles_in(member, depth - 1)


def _title(tree: HtmlElement, metas: Mapping[str, str], linked: list[Mapping[str, object]]) -> str:
    """Choose the headline: as stated for sharing, in linked data, the only h1, the title."""
    stated = next((metas[name] for name in _TITLES if name in metas), "")
    if not stated:
        stated = next((str(item["headline"]) for item in linked if item.get("headline")), "")
    headings = [tidy("".join(heading.itertext())) for heading in tree.iter("h1")]
    if not stated and len(headings) == 1:
        stated = headings[0]
    title = stated or tidy(tree.findtext(".//title") or "")
    return _without_site(title[:_LONGEST_TITLE], metas.get("og:site_name", ""))


def _without_site(title: str, site: str) -> str:
    """Cut the site's name off the end of a title."""
    if not site:
        return title
    return re.sub(_TITLE_TAIL + re.escape(site) + r"\s*$", "", title, flags=re.IGNORECASE) or title


def _published(
    tree: HtmlElement, metas: Mapping[str, str], linked: list[Mapping[str, object]]
) -> datetime | None:
    """Choose the first statement that is a date."""
    marked = "//time[@datetime and (@pubdate or @itemprop='datePublished')]/@datetime"
    statements = [
        *(metas[name] for name in _DATES[:2] if name in metas),
        *(item.get("datePublished") for item in linked),
        *(metas[name] for name in _DATES[2:] if name in metas),
        _attribute(tree, marked),
        _attribute(tree, "//article//time/@datetime"),
    ]
    return next(filter(None, map(to_utc, statements)), None)


def _attribute(tree: HtmlElement, path: str) -> str:
    """Give the first attribute at a path, "" when there is none."""
    found = tree.xpath(path)
    return tidy(str(found[0])) if found else ""


def _date_of(url: str) -> datetime | None:
    """Read the day in an address such as /2018/06/05/story."""
    found = _DATE_IN_ADDRESS.search(url)
    if not found:
        return None
    return to_utc(found[4] or "-".join(found.group(1, 2, 3)))
