"""Promises of `detector.pages.rendering` and of the words and charts of the pages."""

from __future__ import annotations

import json
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from detector.mixture import FEWEST_ARTICLES
from detector.pages import charts, wording
from detector.pages.rendering import data, link, shown
from detector.records import RELATIONS
from detector.rollup import SITE_LABELS


@given(st.text())
def test_shown_text_keeps_its_length(text: str) -> None:
    """Replacing what steers keeps every offset."""
    assert len(shown(text)) == len(text)
    assert shown(shown(text)) == shown(text)


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=8))
def test_data_is_json_that_no_tag_ends(value: object) -> None:
    """Data in a page reads back as it was, and holds no opening bracket."""
    text = str(data(value))

    assert "<" not in text
    assert json.loads(text) == value


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "http://", "http://[", "file:///x"],
)
def test_only_web_addresses_are_followed(url: str) -> None:
    """What is no http or https address with a host is never a link."""
    assert link(url) == ""


@given(st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_charts_are_well_formed(label: str, value: float, low: float) -> None:
    """Whatever the labels hold, a chart is one SVG element with text, and nothing else."""
    name = shown(label)
    drawn = [
        charts.bars([charts.Bar(name, value, name), charts.Bar(name, value, "", low, 1)], name),
        charts.diverging([(name, value - 0.5)], name),
        charts.columns([1, 0, 3], [name] * 3, name),
        charts.flows([charts.Flow(name, "b", 3, 2), charts.Flow("c", name, 1, 0)], name),
    ]
    for chart in drawn:
        fragment = html.fragment_fromstring(chart)
        kinds = {e.tag for e in fragment.iter(etree.Element)}

        assert fragment.tag == "svg"
        assert kinds <= {"svg", "text", "rect", "line", "circle", "path", "title"}


def test_everything_that_is_told_has_words() -> None:
    """Each label, relation and reason has words and a tone."""
    assert set(wording.LABEL_WORDS) == set(SITE_LABELS)
    assert set(SITE_LABELS) | set(RELATIONS) == set(wording.TONES)
    assert f"fewer_than_{FEWEST_ARTICLES}_articles" in wording.SITE_REASONS


@pytest.mark.parametrize(
    ("hours", "said"), [(0.1, "6 minutes"), (1.4, "84 minutes"), (30, "30 hours"), (480, "20 days")]
)
def test_stretches_of_time_are_said_in_their_unit(hours: float, said: str) -> None:
    """Minutes, hours and days are each used where they read best."""
    assert wording.span(hours) == said


def test_what_is_not_measured_is_a_dash() -> None:
    """A value that cannot be measured is never shown as nought."""
    assert {wording.number(nan), wording.percent(nan)} == {wording.NONE}
    assert wording.moment(None) == "time unknown"
    assert wording.span(nan) == wording.NONE
