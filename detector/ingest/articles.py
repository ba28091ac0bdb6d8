"""Facts about one article, from whichever reader, to the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from detector.dates import to_utc
from detector.hosts import canonical_url, site_of
from detector.ingest.deadline import TooSlowError, in_time
from detector.ingest.limits import MAX_ARTICLE_CHARACTERS
from detector.ingest.overload import OverloadError
from detector.ingest.paragraphs import (
    hidden_words_of_field,
    line_of_field,
    paragraphs_of_field,
    tidy,
)
from detector.records import Article, Rejected

# Characters of the hash: 64 bits, so that a billion articles collide with a chance of 3 %.
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the input."""

    input: str
    position: str = ""

    def rejected(self, reason: str, detail: str = "", *, id: str = "") -> Rejected:  # noqa: A002
        """Refuse what stands here; the id as the input spells it."""
        return Rejected(self.input, self.position, reason, detail, tidy(id))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the input says about an article besides its text, as the input spells it."""

    id: str = ""
    title: str = ""
    url: str = ""
    base: str = ""  # the address that a relative `url` refers to
    site: str = ""  # a host; taken where there is no URL
    credited: str = ""  # the address that is named as the original's; may be relative to `url`
    published: object = None
    fetched: object = None


def article_of_field(field: str, facts: Facts, place: Place) -> Article | Rejected:
    """Build the record from a text that may be HTML, escaped HTML or plain."""
    try:
        with in_time():
            text = paragraphs_of_field(field)
            hidden = hidden_words_of_field(field, text)
            return article_or_reason(text, facts, place, hidden_words=hidden)
    except OverloadError as error:
        return place.rejected(error.reason, str(error), id=facts.id)
    except TooSlowError as error:
        return place.rejected("too_slow", str(error), id=facts.id)


def article_or_reason(
    text: str, facts: Facts, place: Place, *, hidden_words: int = 0
) -> Article | Rejected:
    """Build the record; an article without text is refused, and one beyond all bounds.

    Parameters
    ----------
    text : in the form of `Article.text`, or ""; may begin with the headline,
        which the record holds in `title` alone
    hidden_words : words between the paragraphs that markup hides from readers
    """
    url = canonical_url(facts.url, base=facts.base)
    try:
        title = line_of_field(facts.title)
    except OverloadError as error:
        return place.rejected(error.reason, f"its title: {error}", id=facts.id)
    text = _without_headline(text, title)
    if not text:
        return place.rejected("no_text", url, id=facts.id)
    if len(text) > MAX_ARTICLE_CHARACTERS:
        return place.rejected("too_large", f"{len(text)} characters of text", id=facts.id)
    site = site_of(url) or site_of(facts.site)
    published: datetime | None = to_utc(facts.published)
    return Article(
        id=tidy(facts.id) or derived_id(url, text),
        text=text,
        title=title,
        url=url,
        site=site,
        published=published,
        fetched=to_utc(facts.fetched),
        credited_url=_elsewhere(facts.credited, url or facts.base, site),
        hidden_words=hidden_words,
    )


def _elsewhere(address: str, base: str, site: str) -> str:
    """Give an address on another site in its one spelling; a site's own pages credit nobody."""
    credited = canonical_url(address, base=base) if address else ""
    return "" if site_of(credited) == site else credited


def _without_headline(text: str, title: str) -> str:
    """Take the headline off a text that repeats it, unless it is all there is."""
    first, _, rest = text.partition("\n\n")
    return rest if rest and first.casefold() == title.casefold() else text


def derived_id(url: str, text: str) -> str:
    """Name an article that came without an id, by its address and its text."""
    return sha256(f"{url}\n{text}".encode()).hexdigest()[:_ID_LENGTH]
