from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest import json_values
from detector.ingest.json_values import Broken, values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
RECORDS = st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=3), max_size=5)


def cut(text: str, size: int) -> list[str]:
    """Cut a text into parts of a size."""
    return [text[at : at + size] for at in range(0, len(text), size)]


@given(JSON.map(lambda value: [value]) | RECORDS, st.integers(1, 30), st.sampled_from([None, 2]))
def test_an_array_is_read_member_by_member(
    records: list[object], size: int, indent: int | None
) -> None:
    """Wherever the parts are cut, the members are those of the whole."""
    text = json.dumps(records, indent=indent)

    assert list(values(cut(text, size))) == records


@given(RECORDS, st.integers(1, 30), st.sampled_from(["\n", " ", "", ",\n"]))
def test_values_after_one_another_are_read(records: list[object], size: int, gap: str) -> None:
    """Objects need neither an array nor a line of their own."""
    text = gap.join(json.dumps(record) for record in records)

    assert list(values(cut(text, size))) == records


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_reading_goes_on_behind_a_broken_value(size: int) -> None:
    """The next object at the start of a line is read."""
    text = '[{"a": 1},\n{"a": oops, "b": {"c": 1}},\n{"a": 3}]'
    first, broken, last = values(cut(text, size))

    assert (first, last) == ({"a": 1}, {"a": 3})
    assert isinstance(broken, Broken)
    assert broken.begin.startswith('{"a": o')


def test_a_value_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open string swallows no more than the bound."""
    monkeypatch.setattr(json_values, "MAX_LINE_BYTES", 50)
    text = '[{"a": "open \n' + '{"b": 2}\n' * 40
    found = list(values(cut(text, 10)))

    assert isinstance(found[0], Broken)
    assert found[1:] == [{"b": 2}] * 40


def test_nesting_beyond_reason_is_broken() -> None:
    """A hundred thousand brackets are no record and no crash."""
    (found,) = values(['{"a":' * 100_000])

    assert isinstance(found, Broken)


@given(st.text(alphabet='[]{}",:\\ \n1etu', max_size=60), st.integers(1, 9))
def test_any_text_ends(text: str, size: int) -> None:
    """Reading stops on every input."""
    assert isinstance(list(values(cut(text, size))), list)
