"""A record of named fields, as crawlers and extractors export it, to an article.

The names are those of Scrapy items in common use, of news-please, of trafilatura, of JSON Feed
and of schema.org. They are compared without case, hyphens, underscores, dots and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import isnan

from detector.dates import to_utc
from detector.hosts import canonical_url, site_of
from detector.ingest.articles import Facts, Place, article_or_reason
from detector.ingest.charset import decode
from detector.ingest.deadline import TooSlowError, in_time
from detector.ingest.overload import OverloadError, check_size
from detector.ingest.pages import article_of_html, looks_like_page
from detector.ingest.paragraphs import hidden_words_of_field, paragraphs_of_field
from detector.records import Article, Rejected

# The order is that of preference: what was extracted before what was stored raw. Collections
# that keep both "content_original" and "content" hold the text as printed in the former.
TEXT_FIELDS = (
    "text", "maintext", "articletext", "articlebody", "bodytext", "textcontent", "fulltext",
    "plaintext", "contenthtml", "contenttext", "contentoriginal", "body", "content", "article",
    "rawtext", "story",
)  # fmt: skip
PAGE_FIELDS = ("html", "rawhtml", "pagehtml", "htmlcontent", "pagesource")
TITLE_FIELDS = ("title", "headline", "articletitle", "titlepage", "heading")
URL_FIELDS = (
    "url", "link", "sourceurl", "articleurl", "canonicalurl", "pageurl", "loc", "permalink",
    "href", "uri", "source",
)  # fmt: skip
CREDITED_FIELDS = (
    "creditedurl",
    "canonicalurl",
    "externalurl",
    "originalsource",
    "syndicationsource",
)
SITE_FIELDS = (
    "sourcedomain", "hostname", "domain", "host", "site", "sourcehostname", "website",
    "sourceurl", "source",
)  # fmt: skip
PUBLISHED_FIELDS = (
    "published", "datepublish", "datepublished", "publisheddate", "publishdate", "publishedat",
    "publishedtime", "pubdate", "publicationdate", "dateline", "date", "datetime",
    "createdat", "created", "updated", "datemodified", "modified",
)  # fmt: skip
FETCHED_FIELDS = (
    "fetched", "fetchedat", "datedownload", "downloadedat", "crawledat", "crawldate",
    "datecrawled", "scrapedat", "scrapeddate", "scrapedate", "retrieved", "retrievedat",
    "accessed", "timestamp", "filedate",
)  # fmt: skip
ID_FIELDS = ("id", "articleid", "docid", "guid", "uid", "uuid")
KNOWN_FIELDS = frozenset(
    TEXT_FIELDS + PAGE_FIELDS + TITLE_FIELDS + URL_FIELDS + CREDITED_FIELDS + SITE_FIELDS
    + PUBLISHED_FIELDS + FETCHED_FIELDS + ID_FIELDS
)  # fmt: skip
# What exporters write for a value that is missing.
_MISSING = frozenset({"", "none", "null", "nan", "n/a", "nat"})
_LONGEST_MISSING = 1 + max(map(len, _MISSING))


def squashed(name: str) -> str:
    """Reduce a field's name to the letters that the lists above are written in."""
    return re.sub(r"[\W_]+", "", name).lower()


def from_record(
    record: Mapping[str, object] | str,
    *,
    input: str,  # noqa: A002 - the name that `Rejected` gives it
    position: str,
) -> Article | Rejected:
    """Read one article from a JSON-like record, or from bare text.

    Parameters
    ----------
    record : fields by name, unknown ones ignored; a bare text is its text
    input : path, or "-" for standard input
    position : where the record stands in it, such as "line 12"

    Returns
    -------
    Article or Rejected
        Rejected with "no_text" where no field holds a text, "not_a_record" for
        what is neither a mapping nor a text, and beyond the bounds, of time
        with "too_slow".
    """
    place = Place(input, position)
    if isinstance(record, str):
        record = {"text": record}
    if not isinstance(record, Mapping):
        return place.rejected("not_a_record", f"a {type(record).__name__}, not named fields")
    named: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(name, str) and not _is_missing(value):
            named.setdefault(squashed(name), value)
    facts = _facts(named)
    try:
        with in_time():
            return _article(named, facts, place)
    except OverloadError as error:
        return place.rejected(error.reason, str(error), id=facts.id)
    except TooSlowError as error:
        return place.rejected("too_slow", str(error), id=facts.id)


def _article(named: Mapping[str, object], facts: Facts, place: Place) -> Article | Rejected:
    """Take the first field that yields text; a field that holds a whole page is read as one."""
    for field in (*TEXT_FIELDS, *PAGE_FIELDS):
        body = _text(named.get(field))
        check_size(body)
        if body and (field in PAGE_FIELDS or looks_like_page(body)):
            return article_of_html(body, facts, place)
        text = paragraphs_of_field(body)
        if text:
            hidden = hidden_words_of_field(body, text)
            return article_or_reason(text, facts, place, hidden_words=hidden)
    return article_or_reason("", facts, place)


def _facts(named: Mapping[str, object]) -> Facts:
    """Pick what describes the article."""
    return Facts(
        id=next(filter(None, map(_line, _present(named, ID_FIELDS))), ""),
        title=next(filter(None, map(_line, _present(named, TITLE_FIELDS))), ""),
        url=next(filter(_is_address, map(_line, _present(named, URL_FIELDS))), ""),
        credited=next(filter(_is_address, map(_line, _present(named, CREDITED_FIELDS))), ""),
        site=next(filter(site_of, map(_line, _present(named, SITE_FIELDS))), ""),
        published=next(filter(None, map(_time, _present(named, PUBLISHED_FIELDS))), None),
        fetched=next(filter(None, map(_time, _present(named, FETCHED_FIELDS))), None),
    )


def _present(named: Mapping[str, object], fields: Iterable[str]) -> Iterator[object]:
    """Give the values that a record has for some fields, in the fields' order."""
    return (named[field] for field in fields if field in named)


def _is_missing(value: object) -> bool:
    """Tell an absent value, in the spellings of JSON, CSV and data frames."""
    if isinstance(value, str):
        return value.strip()[:_LONGEST_MISSING].lower() in _MISSING
    return value is None or (isinstance(value, float) and isnan(value))


def _text(value: object) -> str:
    """Read a text, text in bytes, or a list of paragraphs."""
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, (list, tuple)):
        return "\n\n".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _first(value: object) -> object:
    """Take a list by its first member, as Scrapy items come."""
    if isinstance(value, (list, tuple)):
        return value[0] if value else ""
    return value


def _time(value: object) -> datetime | None:
    """Read a point in time."""
    return to_utc(_first(value))


def _line(value: object) -> str:
    """Read a one-line value."""
    value = _first(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value).strip()


def _is_address(value: str) -> bool:
    """Tell a page's address from the bare host or the outlet's name that some exports give."""
    address = canonical_url(value)
    return bool(address) and ("://" in value or not address.endswith("/"))
