"""Evidence: sentences that a person can check, and places that quote what they say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.align import align
from detector.classify import load_model
from detector.evidence import AGAINST, evidence, most_telling, speaks_against, strongest
from detector.features.comparison import compare
from detector.features.profile import profile
from detector.records import RELATIONS, Article, Evidence, Pair
from detector.segment import segment

SOURCE = (
    "The ferry company Norlin will stop its night service to Hale Island from the first of May. "
    "Fewer than 40 passengers a night used the boat last winter, the company said. "
    '"We cannot ask the day passengers to pay for an empty ship," director Ida Brun said. '
    "Islanders answered that the hospital on the mainland does not close at night. "
    "The county, which owns a third of the company, has asked for a delay until autumn."
)


def reasons(suspect: str, source: str = SOURCE, *, below: str = "") -> tuple[Evidence, ...]:
    """Collect the evidence of a pair of texts, the strongest first."""
    ours = segment(Article(id="s", text=suspect, site="isle.example", credits=below))
    theirs = segment(Article(id="o", text=source, site="harbourtimes.example"))
    pair = compare(align(Pair(ours, theirs)), profile(ours), profile(theirs))
    return evidence(pair, load_model().shift)


def found(suspect: str, source: str = SOURCE, *, below: str = "") -> dict[str, Evidence]:
    """Collect the evidence of a pair of texts by kind; the last of a kind wins."""
    return {item.kind: item for item in reasons(suspect, source, below=below)}


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


def test_words_that_language_models_like_are_named():
    """Where most words that came are such as language models like, they are named and shown."""
    ornate = (
        "In a significant shift, Norlin will cease its crucial night service to Hale Island. "
        "Numerous individuals expressed profound concern, regarding the boat as essential."
    )

    item = found(ornate)["machine_words"]
    assert "crucial" in item.text
    assert {"crucial", "individuals"} <= {ornate[a:b] for a, b in item.suspect}
    assert "plain_words" not in found(ornate)


def test_words_that_language_models_drop_speak_against():
    """A retelling in plain words has that counted for it; what the source has does not count."""
    plain = (
        "Norlin is going to stop going to Hale at night. People told us they need a good way to "
        "get to a doctor, and much work goes into it. The company said few used the boat."
    )

    item = found(plain)["plain_words"]
    assert speaks_against(item)
    shown = {plain[a:b] for a, b in item.suspect}
    assert "going" in shown
    assert shown.isdisjoint({"company", "said", "used", "boat", "stop", "night"})
    assert "machine_words" not in found(plain)
    assert "plain_words" not in found(SOURCE)


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
    assert items["kept_quotations"].text == "1 of 1 quotation stands in the source unaltered."
    assert items["own_material"].text.startswith("35% of the suspect, 1 of 3 sentences, has no ")
    assert "copied_run" not in items


def test_a_quotation_that_lost_its_not_is_altered():
    """Words left out of a quotation are shown beside what was said; it is not told as kept."""
    source = SOURCE.replace("We cannot ask", "We will not ever ask")
    items = found(SOURCE.replace("We cannot ask", "We will ask"), source)

    assert "kept_quotations" not in items
    assert "We will ask the day passengers" in items["changed_quotation"].text
    assert "We will not ever ask the day passengers" in items["changed_quotation"].text


def test_another_spelling_alters_no_quotation():
    """A quotation in American spelling is the quotation that was made."""
    source = SOURCE.replace("an empty ship", "the colour of an empty ship")
    items = found(source.replace("colour", "color"), source)

    assert "changed_quotation" not in items
    assert items["kept_quotations"].text.startswith("1 of 1 quotation stands")
    assert "colour -> color" in items["changed_spelling"].text


@pytest.mark.parametrize("line", ["First published by the Harbour Times.", "(Harbour Times)"])
def test_naming_the_source_speaks_against(line):
    """A credit to the source's site is quoted, before most of what speaks for a rewrite."""
    items = reasons(SOURCE, below=line)

    assert line in {item.kind: item.text for item in items}["credited_source"]
    assert [item.kind for item in items].index("credited_source") < 2
    assert "credited_source" not in found(SOURCE)


def test_what_the_source_lacks_is_measured():
    """The share of the suspect without a counterpart is said in words and sentences."""
    own = "A violinist from Tessaly played two encores, and the hall rose for her again and again. "
    items = found(SOURCE + " " + own * 5)

    assert items["own_material"].text == (
        "51% of the suspect, 5 of 10 sentences, has no counterpart in the source."
    )


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


# ---------------------------------------------------------------- the strongest

kinds = st.sampled_from(["copied_run", "kept_order", "counterparts", "swapped_words", *AGAINST])
lists = st.lists(st.builds(Evidence, kinds, st.text(min_size=1, max_size=9)), max_size=9)


@given(lists, st.integers(1, 6))
def test_the_strongest_are_few_in_order_and_honest(given_, most):
    """So many at most, in the order given, and with them what speaks against, if anything does."""
    shown = strongest(given_, most)
    places = iter(given_)

    assert len(shown) == min(most, len(given_))
    assert all(any(item is other for other in places) for item in shown)
    assert any(map(speaks_against, shown)) == any(map(speaks_against, given_))
    assert shown[:-1] == given_[: len(shown)][:-1]


@given(st.sampled_from([*RELATIONS, None]), lists)
def test_the_most_telling_reason_fits_the_relation(relation, given_):
    """Of an honest relation what speaks for it is told, of any other what speaks for a rewrite."""
    told = most_telling(relation, [(item.kind, item.text) for item in given_])
    honest = relation in ("unrelated", "independent")
    fitting = [item.text for item in given_ if speaks_against(item) == honest]

    assert told in (fitting or [item.text for item in given_[:1]] or [""])


def test_order_by_strength_follows_what_was_done():
    """A run leads a copy, swaps a spun text, what the source lacks one's own work."""
    spun = SOURCE
    for word, by in (
        ("stop", "halt"), ("Fewer", "Less"), ("used", "utilised"), ("boat", "vessel"),
        ("pay", "compensate"), ("empty", "vacant"), ("answered", "replied"),
        ("asked", "requested"), ("delay", "postponement"), ("autumn", "fall"),
    ):  # fmt: skip
        spun = spun.replace(word, by)
    own = "A violinist from Tessaly played two encores, and the hall rose for her again and again."

    assert reasons(SOURCE)[0].kind == "copied_run"
    assert reasons(spun)[0].kind in ("changed_quotation", "swapped_words")
    assert reasons(own)[0].kind == "own_material"
