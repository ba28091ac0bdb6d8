from __future__ import annotations

import textwrap
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest.overload import OverloadError
from detector.ingest.paragraphs import (
    has_markup,
    join_paragraphs,
    line_of_field,
    paragraphs_of,
    paragraphs_of_field,
    paragraphs_of_markup,
)

FIRST = (
    "The harbour council of Eastmere voted on Monday to close the swing bridge for a year of "
    "repairs, ending a dispute that has divided the town since the spring floods damaged its piers."
)
SECOND = (
    "Ferries will carry passengers across the channel every ten minutes, the council said, and "
    "lorries will be sent over the northern viaduct until the work has been inspected and paid for."
)
TWO = f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_long_lines_are_paragraphs(end: str) -> None:
    """A text without blank lines has a paragraph on every line."""
    assert paragraphs_of(f"{FIRST}{end}{SECOND}") == TWO


@pytest.mark.parametrize("width", [55, 66, 72, 78, 100])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \t\n\n"])
def test_hard_wrapped_lines_are_joined(width: int, gap: str) -> None:
    """Wrapping a text at any usual width leaves its paragraphs as they were."""
    wrapped = gap.join(textwrap.fill(part, width) for part in (FIRST, SECOND))

    assert paragraphs_of(wrapped) == TWO


def test_short_lines_stay_apart() -> None:
    """A list of headlines is no wrapped paragraph."""
    headlines = (
        "Bridge to close\nFerries every ten minutes all through the coming year\nMayor resigns"
    )

    assert paragraphs_of(headlines) == headlines.replace("\n", "\n\n")


def test_blocks_and_breaks_of_markup_part_paragraphs() -> None:
    """Paragraphs, headings, list items and double breaks each stand alone; single breaks do not."""
    markup = (
        "<h2>Bridge</h2><p>One <b>bold</b>\nword</p>Loose text<ul><li>first<li>second</ul>"
        "before<br><br/>after a<br>break. <br>Next"
    )

    assert paragraphs_of_markup(markup).split("\n\n") == [
        "Bridge", "One bold word", "Loose text", "first", "second", "before", "after a break.",
        "Next",
    ]  # fmt: skip


def test_what_is_no_article_text_is_left_out_of_markup() -> None:
    """Scripts, styles, captions, forms and comments leave no words."""
    markup = (
        "<p>kept</p><script>x()</script><style>p{}</style><figure><img alt='a'><figcaption>photo"
        "</figcaption></figure><form><button>Sign up</button></form><!-- note --> tail"
    )

    assert paragraphs_of_markup(markup) == "kept\n\ntail"


def test_line_breaks_count_where_all_markup_is_inline() -> None:
    """A draft with links and blank lines keeps its paragraphs."""
    draft = 'First <a href="/x">link</a> here.\n\nSecond <em>part</em>.'

    assert paragraphs_of_field(draft) == "First link here.\n\nSecond part."


def test_escaped_markup_and_entities_are_resolved() -> None:
    """A field escaped once too often reads like one that was not."""
    assert paragraphs_of_field("&lt;p&gt;Tom &amp;amp; Ann&lt;/p&gt;") == "Tom & Ann"
    assert line_of_field("Tom &amp; Ann &#8212; <b>again</b>") == "Tom & Ann — again"


@pytest.mark.parametrize("text", ["if a < b and c > d", "x <y> z", "Write to <desk@example.com>"])
def test_angle_brackets_alone_are_no_markup(text: str) -> None:
    """Prose that holds angle brackets stays as it is."""
    assert not has_markup(text)
    assert paragraphs_of_field(text) == text


@pytest.mark.parametrize(("levels", "deep"), [(240, False), (250, True), (100_000, True)])
def test_what_is_nested_too_deep_is_refused(levels: int, deep: bool) -> None:
    """The parser stops there, and what follows would be lost; short of it all is read."""
    markup = f"<p>First.</p>{'<div>' * levels}Inside.{'</div>' * levels}<p>Last.</p>"
    if deep:
        with pytest.raises(OverloadError, match="nested over 250 deep"):
            paragraphs_of_markup(markup)
    else:
        assert paragraphs_of_markup(markup) == "First.\n\nInside.\n\nLast."


def is_article_text(text: str) -> bool:
    """Check the promise that `Article.text` makes."""
    paragraphs = text.split("\n\n") if text else []
    return is_normalized("NFC", text) and all(
        paragraph == " ".join(paragraph.split()) and paragraph for paragraph in paragraphs
    )


@given(st.lists(st.text(max_size=30), max_size=5))
def test_joined_paragraphs_keep_the_promise_of_article_text(parts: list[str]) -> None:
    """NFC, single spaces, one blank line between paragraphs, encodable."""
    text = join_paragraphs(parts)

    assert is_article_text(text)
    assert text.encode().decode() == text


@given(st.text(max_size=120))
def test_any_field_gives_article_text(field: str) -> None:
    """Whatever a field holds, text or markup, its paragraphs keep the promise."""
    assert is_article_text(paragraphs_of_field(field))


@given(st.text(max_size=120))
def test_paragraphs_of_plain_text_are_stable(text: str) -> None:
    """Reading the paragraphs of what was read already changes nothing."""
    once = paragraphs_of(text)

    assert paragraphs_of(once) == once
