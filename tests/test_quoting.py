"""What becomes of quotations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detector.quoting import Fate, compare_quotations
from detector.records import Article, Pair
from detector.segment import segment

SAID = "We will reopen the bridge when it is safe and not one day sooner"
SOURCE = f'The mayor was blunt. "{SAID}," she told the meeting, and left by the side door.'


def fates(suspect: str, source: str = SOURCE) -> list[Fate]:
    """Say what became of the suspect's quotations."""
    pair = Pair(*(segment(Article(id=name, text=name)) for name in (suspect, source)))
    return [quoted.fate for quoted in compare_quotations(pair)]


def test_a_quotation_word_for_word_is_kept():
    """The same words in the same order are kept, whatever stands around them."""
    found = fates(f'On Monday the mayor said: "{SAID}."')

    assert found == ["kept"]


def test_a_shortened_quotation_is_kept():
    """A quotation that was cut at an end still stands in the source."""
    found = fates('She said she would "reopen the bridge when it is safe" and no earlier.')

    assert found == ["kept"]


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
    pair = Pair(*(segment(Article(id=name, text=name)) for name in sides))
    (quoted,) = compare_quotations(pair)

    places = [k for k in range(len(source)) if source[k : k + len(said)] == said]
    if places:
        assert (quoted.fate, quoted.source) == ("kept", (places[0], places[0] + len(said)))
    else:
        assert quoted.fate == "other"
