"""The report of a crawl: an index, a page a site, and a page for each telling pair."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from markupsafe import Markup

from detector.archive import judged
from detector.licences import NONE, Licences
from detector.mixture import ErrorRates
from detector.origins import nothing_earlier
from detector.pages import charts, listing, wording
from detector.pages.crawl_rows import Crawl, Row, load_crawl, site_of, whole_verdicts
from detector.pages.drivers import Drivers
from detector.pages.pair import pair_page
from detector.pages.rendering import render
from detector.pages.replacing import replaced
from detector.pages.site import site_page
from detector.phrases import reason_in_words
from detector.rollup import SITE_LABELS, TAKEN, SiteVerdict, reuse

# The index lists this many articles, the most telling first; all stand on their sites' pages.
INDEX_ROWS = 20_000
# And this many rejected inputs, the reasons in turn; at 85 bytes each they take 1.7 MB at most.
REJECTED_ROWS = 20_000
# Pair pages take 0.1 s and 100 KB each; `--pairs` asks for more.
PAIR_PAGES = 300
FLOW_ENDS = 12  # sites on either side of the picture of who takes from whom


def crawl_report(
    folder: Path,
    rates: ErrorRates,
    *,
    drivers: Drivers | None = None,
    pairs: int = PAIR_PAGES,
    licences: Licences = NONE,
    archive: Path | None = None,
) -> Path:
    """Write the report of a judged crawl into its folder.

    Parameters
    ----------
    folder : where `unspun batch` wrote
    rates : the classifier's errors, from `detector.mixture.error_rates`
    drivers : what explains scores on pair pages; see `detector.pages.drivers`
    pairs : how many pair pages are written at most
    licences : those that the batch did not know of
    archive : of earlier runs, which chains of copies are followed through

    Returns
    -------
    The index, ``folder/report/index.html``. An earlier report there is replaced as a whole.

    Raises
    ------
    DetectorError
        Where the folder holds no finished batch or cannot be written to, where ``report`` in it is
        something else, or the archive cannot be read.
    """
    with judged(archive) if archive else nullcontext() as before:
        crawl = load_crawl(folder, rates, licences, before.on if before else nothing_earlier)
    chosen = telling(crawl.verdicts, pairs)
    pages = {row["id"]: _page_name(row["id"]) for row in chosen}
    sites = {site.site: _page_name(site.site) for site in crawl.sites}
    path = folder / "report"
    with replaced(path) as made:
        _write(made / "index.html", index_page(crawl, pages, sites))
        for site, rows in _by_site(crawl):
            _write(made / "sites" / f"{sites[site.site]}.html", site_page(site, rows, pages))
        for row, verdict in whole_verdicts(folder, chosen):
            home = f"../sites/{sites[site_of(row)]}.html"
            page = pair_page(verdict, drivers=drivers, home=home)
            _write(made / "pairs" / f"{pages[row['id']]}.html", page)
    return path / "index.html"


def telling(rows: Sequence[Row], most: int) -> list[Row]:
    """Choose the pairs that get a page: each site's gravest first, the sites in turn."""
    turn: Counter[str] = Counter()
    numbered = []
    for place, row in enumerate(rows):
        if row["source_id"] is not None and row["relation"] in (*TAKEN, None):
            numbered.append((turn[site_of(row)], place))
            turn[site_of(row)] += 1
    return [rows[place] for _, place in sorted(numbered)[:most]]


def _page_name(name: str) -> str:
    """Name a page safely: what the name has of plain letters, and a hash that tells it apart."""
    plain = re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip(".-")[:60]
    return f"{plain}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _by_site(crawl: Crawl) -> Iterator[tuple[SiteVerdict, list[Row]]]:
    rows: dict[str, list[Row]] = {}
    for row in crawl.verdicts:
        rows.setdefault(site_of(row), []).append(row)
    yield from ((site, rows[site.site]) for site in crawl.sites)


def _write(path: Path, page: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", errors="replace")


# ---------------------------------------------------------------- the index


def index_page(crawl: Crawl, pages: Mapping[str, str], sites: Mapping[str, str]) -> str:
    """Write the index.

    Parameters
    ----------
    pages : names of pair pages by verdict id
    sites : names of site pages by site
    """
    flows = flows_of(crawl.sites)
    listed = crawl.verdicts[:INDEX_ROWS]
    refused = of_every_reason(crawl.rejected, REJECTED_ROWS)
    reuses = Counter(map(reuse, crawl.verdicts))
    return render(
        "index.html",
        script="crawl.js",
        title="A crawl, judged",
        crawl=crawl,
        summary=crawl.summary,
        taken=reuses["taken"],
        credited=reuses["credited"],
        farms=[s for s in crawl.sites if s.label == "content_farm"],
        labels=Counter(wording.LABEL_WORDS[s.label] for s in crawl.sites),
        sites=listing.sites(crawl.sites, sites),
        articles=listing.articles(listed, pages, sites),
        left_out=len(crawl.verdicts) - len(listed),
        rejected=listing.rejected(refused),
        rejected_left_out=len(crawl.rejected) - len(refused),
        reasons=_reasons(crawl.rejected),
        relations=_relations_chart(crawl.verdicts),
        flows=flows,
        flows_chart=charts.flows(flows, _flows_in_words(flows)),
        relation_names=listing.RELATION_NAMES,
        label_names=[wording.LABEL_WORDS[label] for label in SITE_LABELS],
        caution=wording.CAUTION,
    )


def of_every_reason(rejected: Sequence[Row], most: int) -> list[Row]:
    """Choose the rejected inputs that are listed: the first of each reason, the reasons in turn."""
    turn: Counter[str] = Counter()
    numbered = []
    for place, row in enumerate(rejected):
        numbered.append((turn[row["reason"]], place))
        turn[row["reason"]] += 1
    return [rejected[place] for place in sorted(place for _, place in sorted(numbered)[:most])]


def _reasons(rejected: Sequence[Row]) -> list[tuple[str, int]]:
    counts = Counter(reason_in_words(row["reason"]) for row in rejected)
    return counts.most_common()


def _relations_chart(rows: Sequence[Row]) -> Markup:
    counts = Counter(listing.told(row) for row in rows)
    bars = [
        charts.Bar(words, counts[place] / max(len(rows), 1), f"{counts[place]:,}")
        for place, (words, _) in reversed(list(enumerate(listing.RELATION_NAMES)))
        if counts[place]
    ]
    said = ", ".join(f"{bar.label} {bar.text}" for bar in bars)
    return charts.bars(bars, f"Articles by verdict: {said}")


def flows_of(sites: Sequence[SiteVerdict]) -> list[charts.Flow]:
    """Say who takes from whom, between the sites that take and are taken from most."""
    found = [
        charts.Flow(source.site, site.site, source.articles, source.by_machine)
        for site in sites
        for source in site.sources
    ]
    givers, takers = Counter[str](), Counter[str]()
    for flow in found:
        givers[flow.source] += flow.articles
        takers[flow.taker] += flow.articles
    largest = [{name for name, _ in ends.most_common(FLOW_ENDS)} for ends in (givers, takers)]
    kept = [f for f in found if f.source in largest[0] and f.taker in largest[1]]
    return sorted(kept, key=lambda f: (-f.articles, f.source, f.taker))


def _flows_in_words(flows: Sequence[charts.Flow]) -> str:
    said = "; ".join(f"{f.taker} from {f.source}: {f.articles}" for f in flows[:5])
    return f"Who takes from whom, most first. {said}"
