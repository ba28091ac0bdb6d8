"""A feed too large for memory, one item at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from detector.ingest.articles import Facts, Place, article_of_field
from detector.ingest.feed_ids import lasting_id
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from lxml.etree import _Element

_ITEMS = ("{*}item", "{*}entry")
# Local names in the order of preference, across RSS 0.9x, 1.0, 2.0, Dublin Core and Atom.
_BODIES = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")
_IDS = ("guid", "id", "about")


def stream_items(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the items of a large feed.

    Yields
    ------
    Article or Rejected
        One an item, then one Rejected with "broken_feed" where the XML breaks
        off, or holds no item at all.
    """
    from lxml import etree  # noqa: PLC0415 - slow to import, and only feeds need it

    number = 0
    parse = etree.iterparse(
        stream, tag=_ITEMS, recover=True, resolve_entities=False, load_dtd=False, no_network=True
    )
    try:
        for _, item in parse:
            number += 1
            yield _article(item, Place(name, f"item {number}"))
            _forget(item)
    except etree.XMLSyntaxError as error:
        yield Place(name, f"after item {number}").rejected("broken_feed", str(error))
        return
    if not number:
        yield Place(name).rejected("broken_feed", "no parser finds an item in it")


def _forget(item: _Element) -> None:
    """Free an item and what stands before it."""
    item.clear()
    parent = item.getparent()
    while parent is not None and parent[0] is not item:
        del parent[0]


def _article(item: _Element, place: Place) -> Article | Rejected:
    """Read one item."""
    texts = _texts(item)
    facts = Facts(
        id=lasting_id(next((texts[key] for key in _IDS if key in texts), "")),
        title=texts.get("title", ""),
        url=texts.get("origLink") or texts.get("link", ""),
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
