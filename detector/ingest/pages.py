"""HTML pages: the article's text by trafilatura, what the page says about it by its metadata."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from detector.ingest.articles import Facts, Place, article_or_reason
from detector.ingest.charset import decode
from detector.ingest.deadline import TooSlowError, in_time
from detector.ingest.hidden import without_hidden, words_between
from detector.ingest.limits import MAX_PAGE_TAGS
from detector.ingest.overload import OverloadError, check_depth, check_markup
from detector.ingest.page_facts import page_facts
from detector.ingest.paragraphs import flowing_pieces, join_paragraphs, without_ends
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Where pages declare their charset, by the HTML standard.
_DECLARATION_BYTES = 4096
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE
)
_TAG = re.compile("<[A-Za-z]")
_PAGE = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:(?><!--.{0,4000}?-->)\s*+)*+"
    r"(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)


def looks_like_page(text: str) -> bool:
    """Tell whether a text is a whole HTML document."""
    return _PAGE.match(text) is not None


def article_of_page(
    data: bytes, facts: Facts, place: Place, *, charset: str = ""
) -> Article | Rejected:
    """Read the article of a page's bytes.

    Parameters
    ----------
    data : the page
    facts : what is known besides the page; it wins over what the page says
    charset : what the server declared, "" when unknown
    """
    found = _CHARSET.search(data[:_DECLARATION_BYTES])
    declared = charset or (found[1].decode("ascii", "replace") if found else "")
    return article_of_html(decode(data, declared=declared), facts, place)


def article_of_html(html: str, facts: Facts, place: Place) -> Article | Rejected:
    """Read the article of a page.

    Returns
    -------
    Article or Rejected
        Rejected with "too_large", "too_deep", "too_slow", "unreadable_page" where
        the parser gives up, or "no_text" where the page holds no article.
    """
    try:
        with in_time():
            return _extracted(html, facts, place)
    except OverloadError as error:
        return place.rejected(error.reason, str(error), id=facts.id)
    except TooSlowError as error:
        return place.rejected("too_slow", str(error), id=facts.id)
    # The extractor meets whatever the web serves; one page must not end a crawl of a million.
    except Exception as error:
        return place.rejected("unreadable_page", f"{type(error).__name__}: {error}", id=facts.id)


def _extracted(html: str, facts: Facts, place: Place) -> Article | Rejected:
    """Read the article of a page that keeps to the bounds.

    Raises
    ------
    OverloadError
        Where it does not.
    """
    check_markup(html)
    if html.count("<") > MAX_PAGE_TAGS and (tags := len(_TAG.findall(html))) > MAX_PAGE_TAGS:
        raise OverloadError("too_large", f"{tags} tags, over {MAX_PAGE_TAGS}")
    tree = _tree(html)
    if tree is None:
        return article_or_reason("", facts, place)
    check_depth(tree)
    stated = page_facts(tree, facts.url)
    hidden = without_hidden(tree)
    text = _text(tree)
    hidden_words = words_between(hidden, text)
    return article_or_reason(text, _merged(facts, stated), place, hidden_words=hidden_words)


def _merged(known: Facts, stated: Facts) -> Facts:
    """Complete what is known by what the page says."""
    return replace(
        known,
        title=known.title or stated.title,
        url=known.url or stated.url,
        credited=known.credited or stated.credited,
        published=known.published or stated.published,
    )


def _tree(html: str) -> HtmlElement | None:
    """Parse a page; None where nothing in it is a document."""
    from trafilatura import load_html  # noqa: PLC0415 - 0.3 s that other kinds need not pay

    # Without a handler the library's warnings about single pages would reach the terminal.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    tree: HtmlElement | None = load_html(without_ends(html.replace("\x00", "")))
    return tree


def _text(tree: HtmlElement) -> str:
    """Extract the article's paragraphs.

    Of the extractor's settings, swept on the 181 pages of the article-extraction benchmark (F1 of
    4-gram shingles, trafilatura 2.3.1, 20 ms a page): fast .964; fast without comments .965; that
    without tables .962, favouring precision .948, favouring recall .966; not fast .963, favouring
    precision .966, both at 26 ms. Favouring recall gains .001 there and risks menus elsewhere.
    Reopen when the floor in the tests fails with a newer extractor.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415 - as above

    document = bare_extraction(tree, fast=True, include_comments=False)
    if document is None or isinstance(document, dict):
        return ""  # a dict comes only where it is asked for
    return join_paragraphs(flowing_pieces(document.body))
