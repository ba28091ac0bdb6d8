"""Evidence: sentences that a person can check, and places that quote what they say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.align import align
from detector.evidence import evidence
from detector.features.comparison import compare
from detector.features.profile import profile
from detector.records import Article, Evidence, Pair
from detector.segment import segment

SOURCE = (
    "The ferry company Norlin will stop its night service to Hale Island from the first of May. "
    "Fewer than 40 passengers a night used the boat last winter, the company said. "
    '"We cannot ask the day passengers to pay for an empty ship," director Ida Brun said. '
    "Islanders answered that the hospital on the mainland does not close at night. "
    "The county, which owns a third of the company, has asked for a delay until autumn."
)


def found(suspect: str, source: str = SOURCE) -> dict[str, Evidence]:
    """Collect the evidence of a pair of texts by kind; the last of a kind wins."""
    ours, theirs = (segment(Article(id=name, text=name)) for name in (suspect, source))
    comparison = compare(align(Pair(ours, theirs)), profile(ours), profile(theirs))
    return {item.kind: item for item in evidence(comparison)}


def test_swaps_are_shown_with_their_originals():
    """Synonym swaps are counted, and shown as source -> suspect."""
    spun = (
        SOURCE.replace("stop", "halt")
        .replace("Fewer", "Less")
        .replace("answered", "replied")
        .replace("asked", "requested")
        .replace("delay", "postponement")
        .replace("autumn", "fall")
    )

    item = found(spun)["swapped_words"]
    assert "stop -> halt" in item.text
    shown = [spun[a:b] for a, b in item.suspect]
    assert "halt" in shown
    assert [SOURCE[a:b] for a, b in item.source][shown.index("halt")] == "stop"


def test_a_changed_quotation_is_quoted_in_both_forms():
    """An altered quotation is shown beside what was really said."""
    item = found(SOURCE.replace("ask the day passengers to pay", "request day users to pay"))[
        "changed_quotation"
    ]

    assert "request day users" in item.text
    assert "ask the day passengers" in item.text


def test_a_copy_shows_its_longest_run():
    """A verbatim copy is shown by its run of equal words."""
    item = found(SOURCE)["copied_run"]

    assert item.text.startswith("100% of the words")
    assert SOURCE[slice(*item.suspect[0])] == SOURCE.rstrip(".")


def test_shared_quotations_are_named_as_such():
    """A quotation that both reports have is said to be kept."""
    own = (
        "Night boats to Hale are over. Director Ida Brun defended the cut on Friday: "
        '"We cannot ask the day passengers to pay for an empty ship." '
        "A petition with 900 names was handed to the mayor of Hale on Saturday."
    )

    items = found(own)
    assert items["kept_quotations"].text == "1 of 1 quotation stands in the source word for word."
    assert items["own_material"].text.startswith("Against it: ")


def test_nothing_in_common_speaks_only_against():
    """Texts that share nothing yield the count and what speaks against, no more."""
    items = found("A violinist from Tessaly played two encores, and the hall rose for her.")

    assert set(items) == {"counterparts", "own_material"}
    assert items["counterparts"].text.startswith("0 of 1 sentence have a counterpart")


sentence = st.sampled_from([s + "." for s in SOURCE.rstrip(".").split(". ")])
texts = st.lists(sentence, min_size=1, max_size=6).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(texts, texts)
def test_every_place_lies_in_its_text(suspect, source):
    """Spans are half-open, not empty, and inside the article that they belong to."""
    for item in found(suspect, source).values():
        assert all(0 <= a < b <= len(suspect) for a, b in item.suspect)
        assert all(0 <= a < b <= len(source) for a, b in item.source)
        assert item.text.endswith(".")


@pytest.mark.parametrize("text", ["", "   ", "...", "\n\n"])
def test_an_empty_text_gives_no_evidence(text):
    """Where there are no sentences nothing is claimed."""
    assert found(text) == {}
