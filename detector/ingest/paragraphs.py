"""The one form of an article's text: NFC, paragraphs separated by one blank line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import normalize

from detector.ingest.hidden import hidden_elements, is_hidden, passages, words_between
from detector.ingest.overload import check_depth, check_markup

if TYPE_CHECKING:
    from lxml.etree import _Element

# A hard-wrapped text breaks its lines by column 100 and hardly ever before column 40: mail and
# text archives wrap at 60 to 80, editors at up to 100. Paragraphs on one line are longer.
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 40
# Share of line breaks at which the next word would not have fitted. Text wrapped at one width has
# it at every break but the ends of paragraphs; lines that were never wrapped have it by chance.
_WRAPPED_SHARE = 0.6

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*|\u2029")
_SPACE = re.compile(r"\s+")
# Controls and halves of surrogate pairs: no text, and neither XML nor UTF-8 can hold them.
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufeff\ufffe\uffff]")

_BLOCKS = (
    "address article aside blockquote body center dd details div dl dt fieldset footer h1 h2 h3 h4"
    " h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead tr ul"
)
# The second line names the elements of trafilatura's own trees.
_BLOCK_TAGS = frozenset(_BLOCKS.split()) | {"head", "item", "list", "quote", "row"}
_BREAK_TAGS = {"br": "\n", "lb": "\n", "td": " ", "th": " ", "cell": " "}
_SKIPPED = (
    "audio button canvas embed figcaption figure form iframe map math nav noscript object"
    " script select style svg template textarea title video"
)
_SKIPPED_TAGS = frozenset(_SKIPPED.split())
_BLOCK_MARKUP = re.compile(
    rf"</?(?:{_BLOCKS.replace(' ', '|')}|br|img|figure|iframe)(?:\s[^<>]*|/)?>", re.IGNORECASE
)
_INLINE_MARKUP = re.compile(
    r"<a\s(?>[^<>]*?href)[^<>]*+>|</(?:a|b|i|em|strong|span|font|u|small|sup|sub|cite|q)\s*>",
    re.IGNORECASE,
)
_ENDS = re.compile(r"</(?:body|html)\s*>|</?frameset\b[^<>]{0,400}>", re.IGNORECASE)
# Looked for before a field is parsed once more for what it hides.
_MAY_HIDE = re.compile(r"\s(?:hidden|style)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Join paragraphs in the form that `Article.text` promises.

    White space inside a paragraph becomes single spaces; empty ones go.
    """
    spaced = (tidy(paragraph) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in spaced if paragraph)


def tidy(line: str) -> str:
    """Put one line into NFC, on single spaces, without what is no text."""
    return _SPACE.sub(" ", normalize("NFC", NO_TEXT.sub("", line))).strip()


def paragraphs_of(text: str) -> str:
    """Give the paragraphs of plain text, with or without blank lines between them.

    Hard-wrapped lines are joined; other lines are a paragraph each.
    """
    blocks = [block.split("\n") for block in _BLANK.split(_BREAKS.sub("\n", text))]
    lines = [[line.rstrip() for line in block] for block in blocks]
    width = _wrapped_at(lines)
    return join_paragraphs(part for block in lines for part in _unwrapped(block, width))


def _wrapped_at(blocks: list[list[str]]) -> int:
    """Give the column at which the lines were wrapped, 0 where they were not."""
    pairs = [
        (line, below)
        for block in blocks
        for line, below in pairwise(block)
        if line and below.strip()
    ]
    width = max((len(line) for pair in pairs for line in pair), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return 0
    full = sum(_is_full(line, below, width) for line, below in pairs)
    return width if full >= _WRAPPED_SHARE * len(pairs) else 0


def _is_full(line: str, below: str, width: int) -> bool:
    """Tell whether the first word below had no room at the end of the line."""
    return len(line) + 1 + len(below.split(maxsplit=1)[0]) > width


def _unwrapped(lines: list[str], width: int) -> list[str]:
    """Join the lines of one block that a wrap at `width` had parted."""
    joined: list[str] = []
    open_line = ""
    for line in filter(str.strip, lines):
        if width and open_line and _is_full(open_line, line, width):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
        open_line = line
    return joined


def has_block_markup(text: str) -> bool:
    """Tell whether a text holds tags that part paragraphs."""
    return _BLOCK_MARKUP.search(text) is not None


def has_markup(text: str) -> bool:
    """Tell whether a text is plainly HTML rather than text that mentions a tag."""
    return has_block_markup(text) or _INLINE_MARKUP.search(text) is not None


def paragraphs_of_field(text: str) -> str:
    """Give the paragraphs of a field that may hold HTML, escaped HTML or plain text.

    Raises
    ------
    OverloadError
        Where its markup is beyond what is parsed.
    """
    plain = _unescaped(text)
    return paragraphs_of_markup(plain) if has_markup(plain) else paragraphs_of(plain)


def _unescaped(text: str) -> str:
    """Resolve the entities of a field that is no HTML yet."""
    return text if has_markup(text) or not _ENTITY.search(text) else unescape(text)


def hidden_words_of_field(text: str, paragraphs: str) -> int:
    """Count the words that a field hides between its paragraphs.

    Parameters
    ----------
    text : the field
    paragraphs : what was read from it
    """
    markup = _unescaped(text)
    if not (_MAY_HIDE.search(markup) and has_markup(markup)):
        return 0
    root = _tree(markup)
    return 0 if root is None else words_between(passages(root, hidden_elements(root)), paragraphs)


def line_of_field(text: str) -> str:
    """Give a one-line field, such as a headline, without markup and entities."""
    return paragraphs_of_field(text).replace("\n\n", " ")


def paragraphs_of_markup(markup: str) -> str:
    """Give the paragraphs of an HTML fragment, without captions, scripts, forms and hidden text.

    Where all markup is inline, as in drafts of blogs, line breaks part paragraphs.
    """
    root = _tree(markup)
    return "" if root is None else join_paragraphs(flowing_pieces(root))


def _tree(markup: str) -> _Element | None:
    """Parse an HTML fragment."""
    from lxml import etree  # noqa: PLC0415 - slow, and plain text does not need it

    check_markup(markup)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    if not has_block_markup(markup):
        markup = _BREAKS.sub("\n", markup).replace("\n", "<br>")
    whole = f"<html><body>{without_ends(NO_TEXT.sub('', markup))}</body></html>"
    root = etree.fromstring(whole.encode("utf-8"), parser)
    if root is not None:
        check_depth(root)
    return root


def without_ends(markup: str) -> str:
    """Leave out what browsers pass over inside a page, and our parser stops at.

    On 181 wild pages it changes nothing.
    """
    return _ENDS.sub("", markup)


def flowing_pieces(root: _Element) -> list[str]:
    """Give the paragraphs of a tree, of HTML or of trafilatura's own elements.

    Blocks are paragraphs, two line breaks part them, one does where a sentence
    ends before it. The tree is walked without recursion: its depth is the
    input's.
    """
    return re.split(r"\n\s*\n\s*|(?<=[.!?:…”\"'’)\]])[^\S\n]*\n", "".join(_pieces(root)))


def _pieces(root: _Element) -> list[str]:
    r"""List texts, "\n" for a line break, "\n\n" around blocks."""
    from lxml import etree  # noqa: PLC0415 - as above

    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in _BLOCK_TAGS:
            pieces.append("\n\n")
        if event == "start" and (tag in _SKIPPED_TAGS or is_hidden(element)):
            walk.skip_subtree()
        elif event == "start":
            pieces.append(_BREAK_TAGS.get(tag, ""))
            pieces.append(_SPACE.sub(" ", element.text or ""))
        else:
            pieces.append(_SPACE.sub(" ", element.tail or ""))
    return pieces
