"""Promises of `detector.attribution`."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.attribution import attributed, credit
from detector.clean import clean
from detector.clean.credits import publishing
from detector.records import Article


def is_credited(site: str, text: str, credits: str = "") -> bool:  # noqa: A002 - the record's word
    """Tell whether a text credits an article of a site that names nobody itself."""
    source = Article(id="source", text="The ferry stayed where it was.", site=site)
    suspect = Article(id="suspect", text=text, site="printer.example", credits=credits)
    return attributed(suspect, source) == "yes"


FILLER = "The ferry left at noon and came back at four with thirty people on board. " * 12


@pytest.mark.parametrize(
    "text",
    [
        "HOLM (Harbour Times) - The ferry left at noon. " + FILLER,
        FILLER + "This article first appeared in the Harbour Times.",
        FILLER + "Originally published on harbourtimes.example. " + FILLER,
        FILLER + "\n\nRead the full story at www.harbourtimes.example",
        FILLER + "Republished under licence from Harbour-Times. " + FILLER,
    ],
)
def test_a_credit_is_found_where_credits_stand(text: str) -> None:
    """A dateline, a last line and a sentence about publishing credit the source."""
    assert is_credited("harbourtimes.example", text)


@pytest.mark.parametrize(
    "text",
    [
        FILLER + FILLER,
        FILLER + "She told the Harbour Times that it had been calm. " + FILLER,
        FILLER + "This article first appeared in the Isle Courier. " + FILLER,
        "",
    ],
)
def test_a_name_in_passing_is_no_credit(text: str) -> None:
    """A text that merely mentions the source, or credits another, does not credit it."""
    assert not is_credited("harbourtimes.example", text)


def test_agencies_are_known_by_their_names() -> None:
    """An agency is credited by its name, whatever its domain."""
    assert is_credited("apnews.com", "OSLO (AP) - " + FILLER)
    assert not is_credited("apnews.com", "OSLO (Reuters) - " + FILLER)


def test_a_common_word_is_no_name() -> None:
    """A site named like a word is credited by the name, not by the word."""
    assert not is_credited("time.com", FILLER + "All this was published in good time.")
    assert is_credited("time.com", FILLER + "First published in Time.")


def test_where_nobody_else_can_be_named_nothing_is_said() -> None:
    """A source whose site is unknown, or is the suspect's own, leaves the question open."""
    ours = Article(id="a", text=FILLER, site="harbourtimes.example")

    assert attributed(ours, Article(id="b", text=FILLER)) is None
    assert attributed(ours, replace(ours, id="b")) is None


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://www.harbourtimes.example/ferry", "yes"),
        ("https://harbourtimes.example/feed.xml", "yes"),
        ("https://islecourier.example/ferry", "no"),
        ("", "no"),
    ],
)
def test_the_address_of_the_original_is_a_credit(address: str, told: str) -> None:
    """A canonical address or a feed item's source on the source's site credits it."""
    suspect = Article(id="a", text=FILLER, site="isle.example", credited_url=address)
    source = Article(id="b", text=FILLER, site="harbourtimes.example")

    assert attributed(suspect, source) == told


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ("(Reuters)", "HOLM (Reuters) - ", "yes"),
        ("(Reuters)", "", "no"),
        ("", "HOLM (Reuters) - ", "no"),
        ("— Associated Press", "HOLM (Reuters) - ", "no"),
    ],
)
def test_two_customers_of_an_agency_credit_the_agency(ours: str, theirs: str, told: str) -> None:
    """Who prints an agency's name as the source does took from the agency, not from the source."""
    suspect = Article(id="a", text=FILLER, site="isle.example", credits=ours)
    source = Article(id="b", text=theirs + FILLER, site="harbourtimes.example")

    assert attributed(suspect, source) == told


# ---------------------------------------------------------------- lines that cleaning takes away

WIRE = "The council met on Tuesday. " + FILLER
LAST_LINES = (
    ("(Reuters)", "reuters.com"),
    ("— Associated Press", "apnews.com"),
    ("Reporting by Ida Brun; editing by Jo Lund, Reuters", "reuters.com"),
    ("By Ida Brun, Associated Press", "apnews.com"),
    ("Associated Press writer Ida Brun contributed to this report.", "apnews.com"),
    ("The Associated Press contributed to this report.", "apnews.com"),
    ("This article originally appeared on Harbour Times.", "harbourtimes.example"),
    ("This story was first published on harbourtimes.example.", "harbourtimes.example"),
    ("Read the full story at www.harbourtimes.example", "harbourtimes.example"),
    ("https://www.harbourtimes.example/2026/03/ferry", "harbourtimes.example"),
    ("Source: Harbour Times", "harbourtimes.example"),
    ("© 2026 Harbour Times. All rights reserved.", "harbourtimes.example"),
    ("Copyright 2026 The Associated Press. All rights reserved.", "apnews.com"),
)


@pytest.mark.parametrize(("line", "site"), LAST_LINES)
def test_a_credit_counts_though_cleaning_removes_it(line: str, site: str) -> None:
    """A credit line above or below the text counts, left there or taken away by cleaning."""
    for text in (f"{WIRE}\n\n{line}", f"{line}\n\n{WIRE}"):
        cleaned = clean(Article(id="a", text=text))

        assert is_credited(site, cleaned.text, cleaned.credits), text
        assert not is_credited("islecourier.example", cleaned.text, cleaned.credits)


@pytest.mark.parametrize(
    "line",
    [
        "Photo by Harbour Times",
        "Image source: Harbour Times",
        "Follow Harbour Times on Facebook",
        "Sign up to the Harbour Times newsletter",
        "Related: Harbour Times: five ferries to take in May",
        "Watch: the Harbour Times on the night boat",
    ],
)
def test_a_picture_or_a_button_credits_nobody(line: str) -> None:
    """A picture's credit, a link to another story and the page's buttons are no credit."""
    cleaned = clean(Article(id="a", text=f"{WIRE}\n\n{line}"))

    assert cleaned.text == WIRE.strip()
    assert not is_credited("harbourtimes.example", cleaned.text, cleaned.credits)


@settings(max_examples=40)
@given(st.lists(st.sampled_from([line for line, _ in LAST_LINES]), max_size=4), st.booleans())
def test_cleaning_twice_keeps_the_credits(lines: list[str], first: bool) -> None:
    """Credits that one cleaning kept are there after the next, each once."""
    parts = [*lines, WIRE] if first else [WIRE, *lines]
    once = clean(Article(id="a", text="\n\n".join(parts)))

    assert clean(once) == once
    assert len(set(once.credits.splitlines())) == len(once.credits.splitlines())


def test_a_credit_is_quoted() -> None:
    """The passage that credits is given as it stands, the line that was taken away first."""
    wire = Article(id="a", text="It rained.", site="reuters.com")
    suspect = Article(id="b", text=WIRE, credits="— Isle Courier\n(Reuters)")

    assert credit(suspect, wire) == "(Reuters)"
    assert credit(replace(suspect, credits=""), wire) is None


# As the words were looked for letter by letter.
SLOW = re.compile(
    r"(?:original(?:ly)?|first|previously)\s+(?:published|appeared|reported|written)"
    r"|re-?published|reprinted|syndicat\w+|courtesy\s+of|by\s+permission|with\s+permission"
    r"|licen[cs]ed?\b|all\s+rights\s+reserved|©|\bsource\s*:|\bvia\b|read\s+the\s+(?:full|original)"
    r"|contributed\s+(?:reporting\s+)?(?:to|for)\s+this\b",
    re.IGNORECASE,
)
SAID = (
    *("original", "originally", "first", "previously", "published", "appeared", "reported"),
    *("written", "re-", "reprinted", "syndicat", "syndicated", "courtesy", "of", "by", "with"),
    *("permission", "licence", "license", "licensed", "all", "rights", "reserved", "©", "source"),
    *(":", "via", "read", "the", "full", "contributed", "reporting", "to", "for", "this"),
    *("Ferry", "naïve", "ſ", "ı", "İ"),
)
PIECES = st.tuples(st.sampled_from(SAID), st.sampled_from(["", " ", "\n", ". "]))


@given(
    st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(["", " ", "\n", ". "])), max_size=9)
)
def test_what_speaks_of_publishing_is_found_in_any_case(pieces: list[tuple[str, str]]) -> None:
    """Passages are found where a search that minds no case finds them."""
    for text in ("".join(map("".join, pieces)), "".join(map("".join, pieces)).upper()):
        assert list(publishing(text)) == [match.start() for match in SLOW.finditer(text)]
