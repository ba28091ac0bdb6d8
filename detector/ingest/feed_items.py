"""A feed's items, each parsed by itself, for feeds that are broken or too large for memory.

A parser of XML that meets what it cannot bear leaves out all that follows, and says nothing: one
tag left open loses half a feed. So the text is cut where items begin, and each is parsed alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html.entities import html5
from itertools import chain
from typing import TYPE_CHECKING

from detector.ingest.articles import Facts, Place, article_of_field
from detector.ingest.feed_ids import lasting_id
from detector.ingest.limits import MAX_PAGE_BYTES
from detector.ingest.overload import (
    OverloadError,
    check_depth,
    check_markup,
    has_overloaded_tag,
)
from detector.ingest.paragraphs import NO_TEXT
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

# Local names in the order of preference, across RSS 0.9x, 1.0, 2.0, Dublin Core and Atom.
_BODIES = ("encoded", "content", "fullitem", "body", "description", "summary")
_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")
_IDS = ("guid", "id", "about")

_TOKEN = re.compile(r"<!\[CDATA\[|<!--|<((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s/>])")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_LONGEST_TOKEN = 64
_SPACES = re.compile(r"""\s(xmlns:[\w.-]{1,40})\s{0,9}=\s{0,9}("[^"<>]{0,400}"|'[^'<>]{0,400}')""")
# What is no markup: XML has but five names of its own, and a bare "<" or "&" is a slip.
_STRAY = re.compile(r"<(?![A-Za-z/!?])|&(?:(#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


# ---------------------------------------------------------------- cutting


def pieces_of(parts: Iterable[str]) -> Iterator[str | None]:
    """Cut a feed's text where its items begin.

    Parameters
    ----------
    parts : the text, in pieces that are cut anywhere

    Yields
    ------
    str or None
        What stands before the first item, then each item with what follows it;
        None for one beyond `MAX_PAGE_BYTES`. Memory holds one at a time.
    """
    rest = iter(parts)
    text, at, name, whole = "", 0, "", True
    while True:
        more = True
        while not (found := _next_item(text, at, name, patient=more))[1]:
            at = found[0]
            if len(text) > MAX_PAGE_BYTES:
                text, at, whole = text[at:], 0, False
            grown = _more(rest, len(text))
            if not grown and not more:
                yield text if whole else None
                return
            text, more = text + grown, bool(grown)
        start, name = found
        yield text[:start] if whole else None
        text, at, whole = text[start:], 1, True


def _next_item(text: str, at: int, name: str, *, patient: bool) -> tuple[int, str]:
    """Find where the next item begins, past marked sections and comments.

    Parameters
    ----------
    name : of the items, "" before the first
    patient : what opens and has no end may have it in the text to come; else it is text

    Returns
    -------
    The place, and the item's name; "" where none is in sight, with the place to look on from.
    """
    while token := _TOKEN.search(text, at):
        end = _ENDS.get(token[0])
        if end is None and name in ("", token[1]):
            return token.start(), token[1]
        close = text.find(end, token.end()) if end else token.end()
        if close < 0 and patient and len(text) <= MAX_PAGE_BYTES:
            return token.start(), ""
        at = max(close, token.end())
    return max(at, len(text) - _LONGEST_TOKEN), ""


def _more(rest: Iterator[str], length: int) -> str:
    """Take as much again, so that rereading stays linear; "" at the end."""
    gained: list[str] = []
    while length >= 0 and (part := next(rest, "")):
        gained.append(part)
        length -= len(part)
    return "".join(gained)


# ---------------------------------------------------------------- reading


def items_one_by_one(parts: Iterable[str], name: str) -> Iterator[Article | Rejected]:
    """Read the items of a feed, whatever its other items are like.

    Yields
    ------
    Article or Rejected
        One an item; or one Rejected with "broken_feed" where there is none.
    """
    pieces = pieces_of(parts)
    before = next(pieces) or ""
    first = next(pieces, "")
    if first == "":
        yield Place(name).rejected("broken_feed", "no parser finds an item in it")
        return
    spaces = "".join(f" {key}={value}" for key, value in dict(_SPACES.findall(before)).items())
    base = _address(before, spaces)
    for number, piece in enumerate(chain((first,), pieces), start=1):
        place = Place(name, f"item {number}")
        if piece is None:
            yield place.rejected("too_large", f"over {MAX_PAGE_BYTES} characters")
        else:
            yield _read(piece, spaces, base, place)


def _read(piece: str, spaces: str, base: str, place: Place) -> Article | Rejected:
    try:
        check_markup(piece)
        item = _parsed(piece, spaces)
        if item is None:
            return place.rejected("broken_item", piece[:80])
        check_depth(item.getroottree().getroot())
    except OverloadError as error:
        return place.rejected(error.reason, str(error))
    return _article(item, base, place)


def _parsed(piece: str, spaces: str) -> _Element | None:
    """Parse the first element of a piece, under the namespaces of the feed."""
    from lxml import etree  # noqa: PLC0415 - slow to import, and only feeds need it

    markup = f"<piece{spaces}>{_mended(NO_TEXT.sub('', piece))}</piece>"
    root = etree.fromstring(markup.encode("utf-8", "replace"), _parser())
    return None if root is None else next(root.iterchildren(etree.Element), None)


@cache
def _parser() -> XMLParser:
    from lxml import etree  # noqa: PLC0415 - as above

    # Huge, since the bounds are ours: without it the parser's own end an item in silence.
    return etree.XMLParser(
        recover=True, huge_tree=True, resolve_entities=False, load_dtd=False, no_network=True
    )


def _mended(markup: str) -> str:
    """Make text of what is no markup, but for marked sections, which end where they should."""
    outside, *marked = markup.split("<![CDATA[")
    mended = [_STRAY.sub(_as_text, outside)]
    for section in marked:
        inside, end, outside = section.partition("]]>")
        mended.append(f"<![CDATA[{inside}{end}" if end else _STRAY.sub(_as_text, inside))
        mended.append(_STRAY.sub(_as_text, outside))
    return "".join(mended)


def _as_text(found: re.Match[str]) -> str:
    """Escape a stray character, and resolve an entity that HTML has and XML has not."""
    name = found[1]
    if found[0] == "<":
        return "&lt;"
    if name is None:
        return "&amp;"
    known = name.startswith("#") or name in _XML_NAMES
    return found[0] if known else html5.get(f"{name};", f"&amp;{name};")


def _address(before: str, spaces: str) -> str:
    """Read the address of the site that a feed is of, which its links may be relative to."""
    if has_overloaded_tag(before):
        return ""
    root = _parsed(before, spaces)
    links = () if root is None else root.getroottree().getroot().iter("{*}link")
    return next(filter(None, map(_link, links)), "").strip()


def _article(item: _Element, base: str, place: Place) -> Article | Rejected:
    """Read one item."""
    texts = _texts(item)
    facts = Facts(
        id=lasting_id(next((texts[key] for key in _IDS if key in texts), "")),
        title=texts.get("title", ""),
        url=texts.get("origLink") or texts.get("link", ""),
        base=base,
        credited=texts.get("source", ""),
        published=next((texts[key] for key in _DATES if key in texts), None),
    )
    body = next((texts[key] for key in _BODIES if key in texts), "")
    return article_of_field(body, facts, place)


def _texts(item: _Element) -> Mapping[str, str]:
    """Collect the first text under each local name; media extensions do not count."""
    from lxml import etree  # noqa: PLC0415 - as above

    texts: dict[str, str] = {}
    for child in item.iterchildren(etree.Element):
        # Taken apart by hand: a damaged feed has names that etree.QName refuses.
        space, _, name = str(child.tag).rpartition("}")
        if "mrss" in space or "itunes" in space:
            continue
        text = _READERS.get(name, _content)(child)
        if text.strip():
            texts.setdefault(name, text.strip())
    for key, value in item.attrib.items():
        texts.setdefault(str(key).rpartition("}")[2], str(value))  # rdf:about
    return texts


def _link(element: _Element) -> str:
    """Read RSS's link, or Atom's where it is the page and not a relation of it."""
    if element.get("rel", "alternate") == "alternate":
        return element.get("href") or element.text or ""
    return ""


def _source(element: _Element) -> str:
    """Read the address of the feed that an item was taken from: RSS's, or Atom's first link."""
    link = element.find("{*}link")
    return element.get("url") or ("" if link is None else link.get("href", ""))


def _content(element: _Element) -> str:
    """Read an element's text, or its markup where that stands unescaped, as in XHTML."""
    from lxml import etree  # noqa: PLC0415 - as above

    if len(element):
        return "".join(etree.tostring(child, encoding="unicode") for child in element)
    return element.text or ""


_READERS = {"link": _link, "source": _source}
