"""Charts as SVG written by hand: no library, no script, styled by the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

BAR = 22  # pixels from one bar to the next
LABEL = 190  # pixels for the words left of a bar
PLOT = 360  # pixels for the bars


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its words; values 0 to 1 of the plot's width."""

    label: str
    value: float
    text: str
    low: float | None = None  # ends of an interval, drawn as a whisker
    high: float | None = None


def _svg(width: float, height: float, name: str, body: Sequence[Markup]) -> Markup:
    """Wrap the body; the name says to those who cannot see it what the chart shows."""
    frame = Markup(
        '<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{n}">{b}</svg>'
    )
    return frame.format(w=round(width), h=round(height), n=name, b=Markup("").join(body))


def bars(rows: Sequence[Bar], name: str) -> Markup:
    """Draw horizontal bars; with intervals, a dot and a whisker instead of a bar."""
    body = [_bar(row, BAR * i) for i, row in enumerate(rows)]
    return _svg(LABEL + PLOT + 130, BAR * len(rows) + 4, name, body)


def _bar(row: Bar, top: float) -> Markup:
    middle, x = top + BAR / 2, LABEL + row.value * PLOT
    words = Markup(
        '<text x="{l}" y="{y}" text-anchor="end">{label}</text><text x="{t}" y="{y}" class="faint">'
        "{text}</text>"
    ).format(l=LABEL - 10, y=middle + 5, label=row.label, t=LABEL + PLOT + 10, text=row.text)
    base = Markup('<line class="rule" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(
        a=LABEL, b=LABEL + PLOT, y=middle
    )
    if row.low is None or row.high is None:
        drawn = Markup('<rect class="mark" x="{a}" y="{y}" width="{w:.1f}" height="12"/>').format(
            a=LABEL, y=middle - 6, w=max(row.value * PLOT, 1 if row.value else 0)
        )
        return words + base + drawn
    drawn = Markup(
        '<line class="whisker" x1="{a:.1f}" x2="{b:.1f}" y1="{y}" y2="{y}"/>'
        '<circle class="mark" cx="{x:.1f}" cy="{y}" r="5"/>'
    ).format(a=LABEL + row.low * PLOT, b=LABEL + row.high * PLOT, y=middle, x=x)
    return words + base + drawn


def diverging(rows: Sequence[tuple[str, float]], name: str) -> Markup:
    """Draw effects to the left (against) and right (for) of a middle line; values -1 to 1."""
    most = max((abs(value) for _, value in rows), default=1.0) or 1.0
    middle = LABEL + PLOT / 2
    body = [
        Markup('<line class="rule" x1="{x}" x2="{x}" y1="0" y2="{h}"/>').format(
            x=middle, h=BAR * len(rows)
        )
    ]
    for i, (label, value) in enumerate(rows):
        width = abs(value) / most * PLOT / 2
        body.append(
            Markup(
                '<text x="{l}" y="{y}" text-anchor="end">{label}</text>'
                '<rect class="{kind}" x="{x:.1f}" y="{top}" width="{w:.1f}" height="12"/>'
                '<text x="{t}" y="{y}" class="faint">{value:+.2f}</text>'
            ).format(
                l=LABEL - 10,
                y=BAR * i + 16,
                label=label,
                kind="mark2" if value > 0 else "mark",
                x=middle if value > 0 else middle - width,
                top=BAR * i + 5,
                w=width,
                t=LABEL + PLOT + 10,
                value=value,
            )
        )
    return _svg(LABEL + PLOT + 80, BAR * len(rows) + 4, name, body)


def columns(values: Sequence[int], labels: Sequence[str], name: str) -> Markup:
    """Draw upright bars with their counts above and labels below; every other label if many."""
    step, height = max(24.0, 620 / max(len(values), 1)), 110.0
    most = max(values, default=0) or 1
    skip = 3 if len(values) > 12 else 1
    body = []
    for i, (value, label) in enumerate(zip(values, labels, strict=True)):
        tall = value / most * height
        body.append(
            Markup(
                '<rect class="mark" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"/>'
                '<text x="{m:.1f}" y="{v:.1f}" text-anchor="middle">{value}</text>'
                '<text x="{m:.1f}" y="{b}" text-anchor="middle" class="faint">{label}</text>'
            ).format(
                x=step * i + 3,
                y=18 + height - tall,
                w=step - 6,
                h=tall,
                m=step * (i + 0.5),
                v=14 + height - tall,
                b=18 + height + 16,
                value=value or "",
                label=label if i % skip == 0 else "",
            )
        )
    return _svg(step * len(values), height + 44, name, body)


# On either side of the picture a name of so many characters and two numbers have room.
LONGEST_NAME = 30
FLOWS_WIDTH = 940


@dataclass(frozen=True, slots=True)
class Flow:
    """Articles that one site took from another."""

    source: str
    taker: str
    articles: int
    by_machine: int


def flows(found: Sequence[Flow], name: str) -> Markup:
    """Draw who takes from whom: sources on the left, takers on the right, thicker for more."""
    sources = _ranked(found, lambda f: f.source)
    takers = _ranked(found, lambda f: f.taker)
    height = 34 * max(len(sources), len(takers)) + 30
    left = {site: 48 + 34 * i for i, site in enumerate(sources)}
    right = {site: 48 + 34 * i for i, site in enumerate(takers)}
    most = max((f.articles for f in found), default=1)
    lines = [_flow(f, left[f.source], right[f.taker], most) for f in found]
    by_machine = {t: sum(f.by_machine for f in found if f.taker == t) for t in takers}
    names = [
        *(_node(s, str(n), 290, left[s], "end") for s, n in sources.items()),
        *(_node(t, _of(n, by_machine[t]), 550, right[t], "start") for t, n in takers.items()),
    ]
    heads = Markup(
        '<text x="290" y="16" text-anchor="end" class="faint">taken from</text>'
        '<text x="550" y="16" class="faint">published by</text>'
    )
    return _svg(FLOWS_WIDTH, height + 10, name, [heads, *lines, *names])


def _ranked(found: Sequence[Flow], end: Callable[[Flow], str]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for flow in found:
        site = end(flow)
        totals[site] = totals.get(site, 0) + flow.articles
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def _of(total: int, by_machine: int) -> str:
    return f"{total}, {by_machine} by machine" if by_machine else str(total)


def _flow(flow: Flow, y1: int, y2: int, most: int) -> Markup:
    machine = " machine" if 2 * flow.by_machine >= flow.articles else ""
    return Markup(
        '<path class="flow{k}" stroke-width="{w:.1f}" d="M300 {a} C420 {a} 420 {b} 540 {b}">'
        "<title>{taker} took {n} from {source}, {m} by machine</title></path>"
    ).format(
        k=machine,
        w=1.5 + 14 * flow.articles / most,
        a=y1 - 4,
        b=y2 - 4,
        taker=flow.taker,
        source=flow.source,
        n=flow.articles,
        m=flow.by_machine,
    )


def _node(site: str, counts: str, x: int, y: int, anchor: str) -> Markup:
    """Name a site and its articles; a long name is cut, and whole where one points at it."""
    short = site if len(site) <= LONGEST_NAME else site[: LONGEST_NAME - 1] + "…"
    return Markup(
        '<text x="{x}" y="{y}" text-anchor="{a}"><title>{site}</title>{short} ({counts})</text>'
    ).format(x=x, y=y, a=anchor, site=site, short=short, counts=counts)
