"""Dates as publishers write them, to UTC, and what two of them say of an order."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from math import isfinite

from detector.records import First

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
# Hours east of UTC. Only abbreviations with one meaning in English-language news.
_ZONES = {
    "z": 0.0, "utc": 0.0, "gmt": 0.0, "ut": 0.0, "wet": 0.0, "bst": 1.0, "west": 1.0, "cet": 1.0,
    "cest": 2.0, "eet": 2.0, "eest": 3.0, "msk": 3.0, "est": -5.0, "edt": -4.0, "et": -5.0,
    "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
    "akst": -9.0, "akdt": -8.0, "hst": -10.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0,
    "nzdt": 13.0, "jst": 9.0,
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_CLOCK = (
    r"(?:[\s,]*(?:at|[-–|])?\s*(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*\(?(?P<zone>[a-z]{1,4}|[+-]\d{2}:?\d{2})\)?)?)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_WRITTEN = tuple(
    re.compile(_WEEKDAY + form + _CLOCK, re.IGNORECASE)
    for form in (
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}",
        rf"{_YEAR}[/.](?P<month>\d{{1,2}})[/.]{_DAY}",
    )
)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _CLOCK, re.IGNORECASE)
# Twelve digits of milliseconds that begin so are of 1976: nobody's time of publication.
_DIGITS = re.compile(r"\d{8}(?:\d{6})?|(?:19|20)\d{10}")
# A day as XML Schema writes it. Python takes the zone for a clock.
_DAY_AND_ZONE = re.compile(r"^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:?\d\d)$")
_STAMP = re.compile(r"\d{9,19}(?:\.\d+)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE_DAY = timedelta(days=1)
# What programs write for no date: the first day of Go and .NET, and that of Unix, also where a
# clock west of Greenwich still showed 1969.
_PLACEHOLDERS = {date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1)}
# Seconds to a stamp's unit, by the number of its digits before the point. Nine or ten digits of
# seconds span 1973 to 2286; the finer units follow a thousand apart.
_UNITS = {9: 1.0, 10: 1.0, 12: 1e3, 13: 1e3, 15: 1e6, 16: 1e6, 18: 1e9, 19: 1e9}


def to_utc(value: object) -> datetime | None:
    """Read a date in whatever form a feed, a page or an export gives it.

    Parameters
    ----------
    value : datetime, date, Unix stamp (seconds to nanoseconds) or text: ISO
        8601, RFC 822, "June 5, 2018", "5 June 2018 10:30 EST", "20180605",
        a stamp in digits. A time without a zone counts as UTC, a day
        without a time as its midnight.

    Returns
    -------
    datetime or None
        UTC; None for what is no date, names no day ("2018-06"), could be two
        ("05/06/2018"), or stands for none ("0001-01-01", "1970-01-01").

    Examples
    --------
    >>> to_utc("Tue, 05 Jun 2018 10:30:00 -0400").isoformat()
    '2018-06-05T14:30:00+00:00'
    """
    try:
        read = _read(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None  # out of the calendar's range, or malformed beyond recognition
    return None if read is None or read.date() in _PLACEHOLDERS else read


def earlier(suspect: datetime | None, source: datetime | None) -> First:
    """Tell which of two times was first, as far as they are known.

    Midnight stands for a day of which no time is known: extractors and feeds write it so. What
    lies within that day has no known order to it.

    >>> day, morning = to_utc("2018-06-05"), to_utc("2018-06-05T08:00:00Z")
    >>> earlier(day, morning), earlier(day, to_utc("2018-06-04T23:00:00Z"))
    ('unknown', 'source')
    """
    if suspect is None or source is None:
        return "unknown"
    if _latest(source) < suspect:
        return "source"
    return "suspect" if _latest(suspect) < source else "unknown"


def _latest(time: datetime) -> datetime:
    """Give the last moment that a time may stand for: its day's, where only that is known."""
    return time if (time - _EPOCH) % _WHOLE_DAY else time + (_WHOLE_DAY - timedelta.resolution)


def _read(value: object) -> datetime | None:
    """Choose the reading by type."""
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _digits(f"{value:.6f}".rstrip("0").rstrip(".")) if isfinite(value) else None
    return _text(value.strip()[:80]) if isinstance(value, str) else None


def _utc(moment: datetime) -> datetime:
    """Move a moment to UTC, as a plain datetime even where it came as a subclass."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    there = aware.astimezone(UTC)
    return datetime(
        there.year, there.month, there.day, there.hour, there.minute, there.second,
        there.microsecond, tzinfo=UTC,
    )  # fmt: skip


def _text(text: str) -> datetime | None:
    """Try the forms from the strictest to the loosest."""
    return _digits(text) or _iso(text) or _written(text) or _slashed(text) or _mail(text)


def _digits(text: str) -> datetime | None:
    """Read 20180605, 201806051030, 20180605103000 and Unix stamps."""
    if _DIGITS.fullmatch(text):
        form = "%Y%m%d%H%M%S"[: len(text) - 2]  # two digits a letter, but four of the year
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    if not _STAMP.fullmatch(text):
        return None
    unit = _UNITS.get(len(text.partition(".")[0]))
    return _EPOCH + timedelta(seconds=float(text) / unit) if unit else None


def _iso(text: str) -> datetime | None:
    """Read ISO 8601, also with a zone that Python's own reader does not take."""
    spelled = _DAY_AND_ZONE.sub(r"\1", text)
    spelled = re.sub(r"(?<=[\d.])\s*(?:UTC|GMT|Z)$", "+00:00", spelled, flags=re.IGNORECASE)
    spelled = re.sub(r"(?<=\d)\s+(?=[+-]\d{2}:?\d{2}$)", "", spelled)
    if not re.match(r"\d{4}-\d|\d{8}T", spelled):  # no week: its day is not told
        return None
    try:
        return _utc(datetime.fromisoformat(spelled))
    except ValueError:
        return _short_numbers(spelled)


def _short_numbers(text: str) -> datetime | None:
    """Read "2018-6-5"."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None


def _written(text: str) -> datetime | None:
    """Read a date with the month's name, or one that begins with the year."""
    found = next(filter(None, (form.fullmatch(text) for form in _WRITTEN)), None)
    if not found:
        return None
    month = found["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS[month]
    return _at(found, int(found["year"]), number, int(found["day"]))


def _slashed(text: str) -> datetime | None:
    """Read 6/25/2018 and 25/6/2018; None where day and month could change places."""
    found = _SLASHED.fullmatch(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        return None
    month, day = (second, first) if first > 12 else (first, second)
    return _at(found, year, month, day)


def _at(found: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    """Add the clock and the zone that a written date came with."""
    hour = int(found["hour"] or 0)
    half = (found["half"] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    offset = _offset(found["zone"] or "utc")
    if offset is None:
        return None
    zone = timezone(offset)
    clock = (hour, int(found["minute"] or 0), int(found["second"] or 0))
    return _utc(datetime(year, month, day, *clock, tzinfo=zone))


def _offset(zone: str) -> timedelta | None:
    """Give the distance from UTC of "+0530" or "EST"; None where the name is unknown."""
    if zone[0] in "+-":
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    hours = _ZONES.get(zone.lower())
    return None if hours is None else timedelta(hours=hours)


def _mail(text: str) -> datetime | None:
    """Read RFC 822 with what mail software makes of it."""
    named = re.search(r"\s([A-Za-z]{2,5})$", text)
    offset = _offset(named[1]) if named else None
    if named is None:
        return _utc(parsedate_to_datetime(text))
    if offset is None:
        return None  # an unknown zone could be half a day off, enough to swap two articles
    bare = parsedate_to_datetime(text[: named.start()])
    return _utc(bare.replace(tzinfo=timezone(offset)))
