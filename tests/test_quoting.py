"""What becomes of quotations."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.features.profile import profile
from detector.quoting import Fate, Quoted, compare_quotations, quotations
from detector.records import Article, Pair
from detector.segment import segment

SAID = "We will reopen the bridge when it is safe and not one day sooner"
SOURCE = f'The mayor was blunt. "{SAID}," she told the meeting, and left by the side door.'


def compared(suspect: str, source: str) -> tuple[Quoted, ...]:
    """Say what became of the suspect's quotations, and where they come from."""
    sides = [profile(segment(Article(id=name, text=name))) for name in (suspect, source)]
    return compare_quotations(
        Pair(*(side.segments for side in sides)), *(side.quoted_words for side in sides)
    )


def fates(suspect: str, source: str = SOURCE) -> list[Fate]:
    """Say what became of the suspect's quotations."""
    return [quoted.fate for quoted in compared(suspect, source)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "it sank" and left.', ["it sank"]),
        ("He said “it sank” and left.", ["it sank"]),
        ("«It sank» and «it rose»", ["It sank", "it rose"]),
        ('"First.\n\n"Second," she said.', ["First.", "Second,"]),
        ('He said "it sank.\n\nNobody drowned.', ["it sank."]),
        ('The 6\'2" mate said "aye" at once.', ["aye"]),
        ('He said " it sank " and left .', ["it sank"]),
        ('""', []),
        ("'It's gone, isn't it?' she said.", ["It's gone, isn't it?"]),
        ("The 'boys' club' of the '90s and the dogs' bowl", []),
        ("She called it 'a very bad year' in May.", ["a very bad year"]),
        ("Take 'em to the dogs, and the cats' bowl", []),
        ("\"I say 'it sank again today' twice,\" he said.", ["I say 'it sank again today' twice,"]),
    ],
)  # fmt: skip
def test_what_a_quotation_is(text: str, expected: list[str]) -> None:
    """Double marks quote, to their paragraph's end if left open; single ones where it is clear."""
    found = quotations(segment(Article(id="a", text=text)))

    assert [text[start:end] for start, end in found] == expected


PIECES = st.sampled_from(
    [
        "It",
        "sank",
        "don't",
        "'em",
        " ",
        " ",
        "\n\n",
        ".",
        '"',
        "'",
        "“",
        "”",
        "‘",
        "’",
        "«",
        "»",
        "(",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_quotations_stand_inside_a_paragraph_in_order_and_apart(text: str) -> None:
    """Quotations are not empty, do not overlap, and none crosses a paragraph boundary."""
    segments = segment(Article(id="a", text=text))
    found = quotations(segments)

    assert all(start < end for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert all(any(a <= start and end <= b for a, b in segments.paragraphs) for start, end in found)


def test_hostile_marks_take_linear_time() -> None:
    """Rows of marks do not make the patterns backtrack, and what they quote is apart all the same.

    With a pattern that does, this test takes hours.
    """
    for row in ("'a", '"a', "a'", " '", "'", "”", "“a"):
        found = quotations(segment(Article(id="a", text=row * 20_000)))

        assert all(before[1] <= after[0] for before, after in pairwise(found))


def test_a_quotation_word_for_word_is_kept():
    """The same words in the same order are kept, whatever stands around them."""
    found = fates(f'On Monday the mayor said: "{SAID}."')

    assert found == ["kept"]


def test_a_shortened_quotation_is_kept():
    """A quotation that was cut at an end still stands in the source."""
    found = fates('She said she would "reopen the bridge when it is safe" and no earlier.')

    assert found == ["kept"]


@pytest.mark.parametrize(
    "said",
    [
        SAID.replace("not one", "one"),
        SAID.replace("We will", "We never will"),
        "We will reopen the bridge and not one day sooner",
    ],
)
def test_a_quotation_with_words_left_out_or_put_in_is_edited(said):
    """A word less or more between others turns what somebody said into its opposite."""
    assert fates(f'The mayor said: "{said}."') == ["edited"]


def test_where_the_source_says_a_thing_does_not_count():
    """Of two quotations that ours holds, one whole and one in pieces, the whole one counts."""
    pieces = "We will reopen when safe and not later at all"
    said = f'"{SAID} at all, and not later," she said.'
    for source in (f'"{SAID}." And: "{pieces}."', f'"{pieces}." And: "{SAID}."'):
        assert fates(said, f"The mayor was blunt. {source}") == ["framed"]


def test_a_quotation_with_more_around_it_is_framed():
    """Words before and behind need not be the speaker's."""
    assert fates(f'"As I said, {SAID}, or never," she told the meeting.') == ["framed"]


def test_a_reworded_quotation_is_changed():
    """Synonyms inside quotation marks put words into somebody's mouth."""
    found = fates('"We will reopen the span when it is secure and not one day earlier," she said.')

    assert found == ["changed"]


def test_another_quotation_is_its_own():
    """Speech that the source has not in any form is the suspect's own."""
    found = fates('"Nobody asked the ferry crews about any of this," a skipper told us.')

    assert found == ["other"]


def test_a_scare_quote_is_no_quotation():
    """Fewer than five words between marks state nothing."""
    found = fates('The mayor called it a "safe bridge" twice.')

    assert found == []


def test_indirect_speech_in_the_source_is_found():
    """A quotation whose words the source has without marks is kept."""
    found = fates(f'"{SAID}," it was said.', SOURCE.replace('"', ""))

    assert found == ["kept"]


@given(
    st.lists(st.sampled_from(["ferry", "late", "rain"]), min_size=5, max_size=6),
    st.lists(st.sampled_from(["ferry", "late", "rain"]), max_size=14),
)
def test_a_quotation_is_kept_where_a_search_word_by_word_finds_it(said, source):
    """A quotation stands in the source at the first place where all its words stand in a row."""
    sides = (f'She said "{" ".join(said)}" twice.', " ".join(source))
    (quoted,) = compared(*sides)

    places = [k for k in range(len(source)) if source[k : k + len(said)] == said]
    if places:
        assert (quoted.fate, quoted.source) == ("kept", (places[0], places[0] + len(said)))
    else:
        assert quoted.fate == "other"
