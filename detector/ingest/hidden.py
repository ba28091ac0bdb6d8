"""What a page holds and no reader sees: text that is hidden by markup.

Styles that stand in a sheet of their own, and text in the colour of its ground, are not looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from detector.ingest.limits import MAX_ARTICLE_CHARACTERS

if TYPE_CHECKING:
    from lxml.etree import _Element

_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|(?:font-size|opacity):0*+(?:\.0*+)?(?:px|pt|r?em|%)?(?:;|!|$)"
    r"|(?:^|;)(?:left|right|top|bottom|text-indent|margin-left):-\d{3,}(?:\.\d+)?(?:px|pt|r?em|%|vw|vh)"
    r"|clip:rect\([01](?:px)?[, ]?[01](?:px)?[, ]?[01](?:px)?[, ]?[01](?:px)?\)"
)
# Styles of an element are short; what comes after is a picture in the address of a background.
_LONGEST_STYLE = 2000
_CODE_TAGS = ("script", "style", "noscript")
_TEXTS = f".//text()[not({' or '.join(f'ancestor::{tag}' for tag in _CODE_TAGS)})]"
# Fewer words are a label for screen readers or a script's counter; a passage dilutes.
_FEWEST_WORDS = 10
# Characters on either side that tell a passage's place: about four words.
_BESIDE = 20


class Passage(NamedTuple):
    """Text that no reader sees, and what is shown on either side of it, without white space."""

    words: int
    before: str
    after: str
    follows: bool  # right on a paragraph
    precedes: bool  # a paragraph

    def stands_in(self, places: Set[str]) -> bool:
        """Tell whether it stands between two pieces of a text, or by one of its paragraphs.

        Parameters
        ----------
        places : all stretches of the text of the length of either side
        """
        before, after = self.before in places, self.after in places
        return (before and (after or self.follows)) or (after and self.precedes)


def is_hidden(element: _Element) -> bool:
    """Tell whether an element's own markup keeps it from being seen."""
    style = "".join(element.get("style", "")[:_LONGEST_STYLE].lower().split())
    return element.get("hidden") is not None or _HIDING.search(style) is not None


def hidden_elements(tree: _Element) -> list[_Element]:
    """Find the elements of a tree that their own markup hides."""
    return list(filter(is_hidden, tree.xpath("//body//*[@hidden or @style]")))


def without_hidden(tree: _Element) -> list[Passage]:
    """Take the hidden elements out of a page, and tell what they held; what follows them stays.

    One that holds much of the page's text is the article, which a script will show; it stays. On
    two of the 181 pages of the article-extraction benchmark it holds three tenths.
    """
    hidden = hidden_elements(tree)
    most = _prose(tree) / 4 if hidden else 0
    leaving = [element for element in hidden if _prose(element) <= most]
    found = passages(tree, leaving)
    for element in leaving:
        element.drop_tree()
    return found


def passages(root: _Element, hidden: Sequence[_Element]) -> list[Passage]:
    """Give the passages in hidden elements, and what is shown around them."""
    if not hidden:
        return []
    from lxml import etree  # noqa: PLC0415 - slow, and plain text does not need it

    left_out = set(hidden)
    shown: list[str] = []
    length = 0
    found: list[tuple[int, _Element]] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        text = element.tail if event == "end" else element.text
        if event == "start" and element in left_out:
            found.append((length, element))
        if event == "start" and (element in left_out or element.tag in _CODE_TAGS):
            walk.skip_subtree()
        elif text:
            shown.append("".join(normalize("NFC", text).split()))
            length += len(shown[-1])
    whole = "".join(shown)
    by_place = (_passage(whole, at, element, left_out) for at, element in found)
    return [passage for passage in by_place if passage.words >= _FEWEST_WORDS]


def _passage(whole: str, at: int, element: _Element, hidden: Set[_Element]) -> Passage:
    return Passage(
        words=len(" ".join(element.xpath(_TEXTS)).split()),
        before=whole[max(0, at - _BESIDE) : at],
        after=whole[at : at + _BESIDE],
        follows=_is_paragraph(element, hidden, preceding=True),
        precedes=_is_paragraph(element, hidden, preceding=False),
    )


def _is_paragraph(element: _Element, hidden: Set[_Element], *, preceding: bool) -> bool:
    """Tell whether the next shown element beside one is a paragraph."""
    beside = element.itersiblings(preceding=preceding)
    shown = (e for e in beside if isinstance(e.tag, str) and e not in hidden)
    return next((e.tag == "p" for e in shown), False)


def words_between(found: Sequence[Passage], text: str) -> int:
    """Count the words of passages that stand inside an article's text, not in what is around it."""
    if not found:
        return 0
    whole = "".join(text[:MAX_ARTICLE_CHARACTERS].split())  # a longer one is refused
    places = {whole[at : at + _BESIDE] for at in range(len(whole) - _BESIDE + 1)}
    return sum(passage.words for passage in found if passage.stands_in(places))


def _prose(element: _Element) -> int:
    """Count the characters of an element's text, scripts and styles aside."""
    words = "normalize-space(string())"
    code = sum(len(inner.xpath(words)) for inner in element.iter(*_CODE_TAGS))
    return len(element.xpath(words)) - code
