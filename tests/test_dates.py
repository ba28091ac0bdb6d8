from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.dates import earlier, to_utc

HALF_PAST_TEN = datetime(2018, 6, 5, 10, 30, tzinfo=UTC)
MIDNIGHT = datetime(2018, 6, 5, tzinfo=UTC)
SAME_MINUTE = (
    "2018-06-05T10:30:00Z", "2018-06-05 10:30:00", "2018-06-05T10:30Z", "2018-06-05T12:30:00+0200",
    "2018-06-05 05:30:00 -0500", "2018-06-05T10:30:00 UTC", "20180605103000", "20180605T103000",
    "201806051030",
    "Tue, 05 Jun 2018 10:30:00 GMT", "Tue, 5 Jun 2018 06:30:00 EDT", "5 Jun 18 10:30 GMT",
    "Tue Jun 05 10:30:00 +0000 2018", "June 5, 2018 10:30 AM", "Jun. 5, 2018, 6:30 a.m. EDT",
    "5th June 2018 at 11:30 BST", "Tuesday, June 5, 2018 - 10:30", "2018/06/05 10:30:00",
    1528194600, 1528194600.0, 1528194600000, "1528194600", 1528194600000000, "1528194600000000000",
)  # fmt: skip
SAME_DAY = (
    "2018-06-05", "2018-06-05Z", "2018-06-05+01:00", "2018-06-05-0500", "2018-6-5", "20180605",
    20180605, "June 5, 2018", "5 June 2018", "Jun 5 2018",
    "5th of June, 2018", "2018/06/05", "2018.06.05", date(2018, 6, 5), datetime(2018, 6, 5),
)  # fmt: skip
NO_DATE = (
    "", "None", "yesterday", "05/06/2018", "2018-13-45", "0000-00-00", "99/99/2018", "32 May 2018",
    "99999999999999999", "June 5, 2018 10:30 QQQ", "2018", None, True, float("nan"), float("inf"),
    1e300, -1, 12, [], {}, b"2018-06-05", "2018-06", "2018-6", "2018-W23",
    "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00-05:00", "1970-01-01",
    "1970-01-01T00:00:00Z", "1970-01-01 01:00:00", "Thu, 01 Jan 1970 00:00:00 GMT", "000000000",
    "December 31, 1969", "1969-12-31T19:00:00-05:00", date(1, 1, 1), datetime(1970, 1, 1),
)  # fmt: skip


@pytest.mark.parametrize("value", SAME_MINUTE, ids=str)
def test_every_spelling_of_a_minute_is_that_minute(value: object) -> None:
    """ISO 8601, RFC 822, stamps and written dates agree, whatever their zone."""
    assert to_utc(value) == HALF_PAST_TEN


@pytest.mark.parametrize("value", SAME_DAY, ids=str)
def test_every_spelling_of_a_day_is_its_midnight_in_utc(value: object) -> None:
    """A day without a clock begins at midnight UTC."""
    assert to_utc(value) == MIDNIGHT


@pytest.mark.parametrize("value", NO_DATE, ids=repr)
def test_what_is_no_date_is_none(value: object) -> None:
    """Nonsense, impossible days, days that could be two, months and placeholders are no date."""
    assert to_utc(value) is None


@pytest.mark.parametrize(
    ("text", "month", "day"), [("25/6/2018", 6, 25), ("6/25/2018", 6, 25), ("7.7.2018", 7, 7)]
)
def test_slashed_dates_are_read_where_only_one_reading_exists(
    text: str, month: int, day: int
) -> None:
    """A number above twelve is the day, on either side."""
    assert to_utc(text) == datetime(2018, month, day, tzinfo=UTC)


def test_a_moment_at_the_edge_of_the_calendar_is_none() -> None:
    """Moving the first hour of year one to UTC fails quietly."""
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))

    assert to_utc(early) is None


EVENING = datetime(2018, 6, 5, 23, 59, 59, 999999, tzinfo=UTC)
OLD_DAY = datetime(1965, 3, 2, tzinfo=UTC)
LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        (HALF_PAST_TEN, HALF_PAST_TEN + timedelta(microseconds=1), "suspect"),
        (HALF_PAST_TEN, HALF_PAST_TEN, "unknown"),
        (HALF_PAST_TEN, None, "unknown"),
        (None, None, "unknown"),
        (MIDNIGHT, MIDNIGHT, "unknown"),
        (MIDNIGHT, HALF_PAST_TEN, "unknown"),
        (MIDNIGHT, EVENING, "unknown"),
        (MIDNIGHT, EVENING + timedelta(microseconds=1), "suspect"),  # the next day
        (MIDNIGHT, MIDNIGHT - timedelta(microseconds=1), "source"),
        (OLD_DAY, OLD_DAY + timedelta(hours=8), "unknown"),  # before the epoch
        (OLD_DAY, OLD_DAY + timedelta(days=1, hours=8), "suspect"),
        (LAST_DAY, LAST_DAY + timedelta(hours=8), "unknown"),
    ],
)
def test_within_a_day_that_is_known_without_a_time_nothing_has_an_order(
    one: datetime | None, other: datetime | None, first: str
) -> None:
    """Midnight stands for its whole day, so nobody is later or earlier for lack of a time."""
    swapped = {"source": "suspect", "suspect": "source"}

    assert earlier(one, other) == first
    assert earlier(other, one) == swapped.get(first, first)


MOMENTS = st.datetimes(
    min_value=datetime(1975, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
).map(lambda moment: moment.replace(microsecond=0))
WRITERS = (
    datetime.isoformat,
    format_datetime,
    datetime.timestamp,
    lambda moment: str(int(moment.timestamp())),
    lambda moment: moment.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
    lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S %z"),
    lambda moment: moment.strftime("%B %d, %Y %I:%M:%S %p %z"),
    lambda moment: moment.strftime("%a %b %d %H:%M:%S %z %Y"),
)


@pytest.mark.parametrize("write", WRITERS)
@given(moment=MOMENTS)
def test_a_written_moment_is_read_back(write: object, moment: datetime) -> None:
    """Whatever the form and the zone, the moment stays the same."""
    read = to_utc(write(moment))  # type: ignore[operator]

    assert read == moment
    assert read.tzinfo is UTC


@given(st.text(max_size=40) | st.integers() | st.floats() | st.binary(max_size=8))
def test_nothing_makes_it_fail(value: object) -> None:
    """Any value gives a moment in UTC or none."""
    read = to_utc(value)

    assert read is None or read.tzinfo is UTC
