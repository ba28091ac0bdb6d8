"""Promises of the report of a crawl: complete, small, whole or absent."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from invented_crawl import (
    HOSTILE,
    SOURCE_TEXT,
    article,
    confusion,
    crawl,
    hostile_verdict,
    verdict,
    write_batch,
)
from lxml import html

from detector.errors import DetectorError
from detector.pages import charts, crawl_report, listing
from detector.pages import crawl as report_of_crawl
from detector.pages.crawl import telling
from detector.pages.crawl_rows import FILES, load_crawl
from detector.records import Rejected

RATES = confusion()
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of the invented crawl, a hostile article in it; give its folder."""
    folder = tmp_path_factory.mktemp("crawl")
    write_batch(folder, [*crawl(), hostile_verdict()])
    return crawl_report(folder, RATES).parent


def data_of(page: Path, name: str) -> dict[str, object]:
    """Read a table's data from a page."""
    document = html.document_fromstring(page.read_text("utf-8"))
    found: dict[str, object] = json.loads(document.xpath(f'//*[@id="data-{name}"]/text()')[0])
    return found


def test_sites_are_ranked_by_what_is_said_of_them(report: Path) -> None:
    """The farm leads, then the copier, the aggregator, the untold, and the original."""
    columns = data_of(report / "index.html", "sites")["columns"]
    labels = [listing.LABEL_NAMES[i][0] for i in columns["label"]]  # type: ignore[index]

    assert columns["site"][:3] == [  # type: ignore[index]
        "quickveyra.example",
        "grabby.example",
        "holmecho.example",
    ]
    assert labels[:3] == ["content farm", "copier", "aggregator"]
    assert labels[-1] == "original"


def test_every_article_and_rejection_is_listed(report: Path) -> None:
    """The index lists all articles and all rejected inputs."""
    articles = data_of(report / "index.html", "articles")["columns"]
    rejected = data_of(report / "index.html", "rejected")["columns"]

    assert len(articles["title"]) == len(crawl()) + 1  # type: ignore[index]
    assert rejected["position"] == ["item 12", "record 4"]  # type: ignore[index]


def test_every_link_leads_to_a_page(report: Path) -> None:
    """Site pages, pair pages and the way back exist wherever a page names them."""
    for page in report.rglob("*.html"):
        for block in ("articles", "sites"):
            if f'id="data-{block}"' not in page.read_text("utf-8"):
                continue
            data = data_of(page, block)
            link = next(c for c in data["shown"] if c.get("page"))  # type: ignore[attr-defined]
            names = [n for n in data["columns"][link["page"]] if n]  # type: ignore[index]
            assert all((page.parent / link["folder"] / f"{n}.html").is_file() for n in names)
        document = html.document_fromstring(page.read_text("utf-8"))
        relative = [a for a in document.xpath("//a/@href") if not a.startswith(("http", "#"))]
        assert all((page.parent / a.partition("#")[0]).is_file() for a in relative)


def test_a_site_has_its_page(report: Path) -> None:
    """A site's page holds label, reason, sources, lag and examples."""
    (page,) = (report / "sites").glob("quickveyra*")
    words = " ".join(html.document_fromstring(page.read_text("utf-8")).text_content().split())

    for said in (
        "quickveyra.example: content farm",
        "rewritten by machine from other sites' articles",
        "veyrapost.example",
        "appeared within",
        "synonym spinner (14)",
        "Most telling examples",
    ):
        assert said in words


def test_the_picture_has_words(report: Path) -> None:
    """Every chart says in words what it shows, and the flows stand in a table as well."""
    document = html.document_fromstring((report / "index.html").read_text("utf-8"))

    assert all(svg.get("aria-label") for svg in document.xpath("//svg"))
    assert "quickveyra.example" in document.xpath('//section[@id="takes"]//table')[0].text_content()


def test_a_long_name_has_room_in_the_picture() -> None:
    """A site's name that would leave the picture is cut, and stands whole in its title."""
    site = f"{'long-' * 12}name.example"
    drawn = charts.flows([charts.Flow(site, "b.example", 1234, 1234)], "Who takes from whom")
    texts = re.findall(r"<title>([^<]*)</title>([^<]*)</text>", drawn)

    assert texts == [
        (site, f"{site[:29]}… (1234)"),
        ("b.example", "b.example (1234, 1234 by machine)"),
    ]


def test_hostile_text_ends_no_element(report: Path) -> None:
    """A title with a closing tag stays data."""
    text = (report / "index.html").read_text("utf-8")
    document = html.document_fromstring(text)

    assert len(document.xpath("//script")) == 4  # three tables and the page's own
    assert "</script>document" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
    assert not document.xpath("//img")
    titles = data_of(report / "index.html", "articles")["columns"]["title"]  # type: ignore[index]
    assert any(title.startswith(HOSTILE[:20]) for title in titles)


def test_a_report_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """A second report leaves no page of the first, and nothing beside it."""
    write_batch(tmp_path, crawl())
    crawl_report(tmp_path, RATES)
    write_batch(tmp_path, [verdict(article("a", SOURCE_TEXT, site="a.example"), None, None, 0.1)])
    index = crawl_report(tmp_path, RATES)

    assert len(list(index.parent.rglob("*.html"))) == 2
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("left", [["thesis.txt"], ["index.html"], None], ids=str)
def test_what_is_no_report_is_never_replaced(tmp_path: Path, left: list[str] | None) -> None:
    """A folder or file of the user's own, named report, stays as it is, and the message says so."""
    write_batch(tmp_path, crawl())
    path = tmp_path / "report"
    if left is None:
        path.write_text("mine")
    else:
        path.mkdir()
        for name in left:
            (path / name).write_text("<html>mine</html>")

    with pytest.raises(DetectorError, match="no report that unspun wrote") as caught:
        crawl_report(tmp_path, RATES)

    assert f"mv {path}" in caught.value.hint
    kept = [path] if left is None else [path / name for name in left]
    assert all("mine" in file.read_text() for file in kept)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    """Where report is a link to another folder, even to a report, neither is touched."""
    write_batch(tmp_path, crawl())
    elsewhere = crawl_report(tmp_path, RATES).parent.rename(tmp_path / "elsewhere")
    (tmp_path / "report").symlink_to(elsewhere)

    with pytest.raises(DetectorError, match="no report that unspun wrote"):
        crawl_report(tmp_path, RATES)

    assert (tmp_path / "report").is_symlink()
    assert (elsewhere / "index.html").is_file()


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    """The next report leaves nothing of a killed one; what only looks like it stays."""
    write_batch(tmp_path, crawl())
    for name in (".report.7", ".report.7.old", ".report.mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text("part of a page")
    (tmp_path / "report").mkdir()
    crawl_report(tmp_path, RATES)

    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == [".report.mine"]


def test_a_failed_report_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a page cannot be written, the message says so and the earlier report is still whole."""
    write_batch(tmp_path, crawl())
    index = crawl_report(tmp_path, RATES)
    before = sorted(index.parent.rglob("*"))

    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(report_of_crawl, "pair_page", full)
    with pytest.raises(DetectorError, match=r"cannot write to .*report: No space left"):
        crawl_report(tmp_path, RATES)

    assert sorted(index.parent.rglob("*")) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_empty_crawl_has_a_report(tmp_path: Path) -> None:
    """A crawl without a verdict is reported as such."""
    write_batch(tmp_path, [])

    assert "0 articles of 0 sites" in crawl_report(tmp_path, RATES).read_text("utf-8")


def test_a_folder_without_a_batch_is_refused(tmp_path: Path) -> None:
    """The message names what is missing and what to give instead."""
    with pytest.raises(DetectorError, match=r"verdicts\.parquet is missing") as caught:
        crawl_report(tmp_path, RATES)

    assert "--out" in caught.value.hint


def test_where_either_may_be_the_original_the_crawl_says_so(tmp_path: Path) -> None:
    """Both articles of such a pair are listed as untold, on the index and among the examples."""
    one = next(v for v in crawl() if v.relation == "automated_rewrite")
    either = replace(one, relation=None, family=None, cannot_tell="either_may_be_the_original")
    write_batch(tmp_path, [either])
    index = crawl_report(tmp_path, RATES)
    (place,) = data_of(index, "articles")["columns"]["told"]  # type: ignore[index]
    (page,) = (index.parent / "sites").glob("*.html")

    assert listing.RELATION_NAMES[place] == ("cannot tell which was first", "")
    assert "cannot tell which was first, from veyrapost.example" in " ".join(
        html.document_fromstring(page.read_text("utf-8")).text_content().split()
    )


def test_a_credit_that_cleaning_took_away_counts(tmp_path: Path) -> None:
    """A copier whose last lines name the source, which no text holds any more, is an aggregator."""
    credited = [
        verdict(
            replace(told.suspect, credits="First published by Veyra Post."),
            told.source,
            told.relation,
            told.score,
        )
        if told.suspect.site == "grabby.example"
        else told
        for told in crawl()
    ]
    write_batch(tmp_path, credited)
    (grabby,) = (s for s in load_crawl(tmp_path, RATES).sites if s.site == "grabby.example")

    assert (grabby.label, grabby.credited) == ("aggregator", 14)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("articles", "credits"),
        ("articles", "credited_url"),
        ("articles", "hidden_words"),
        ("verdicts", "attributed"),
    ],
)
def test_a_batch_of_an_earlier_version_is_refused(tmp_path: Path, name: str, column: str) -> None:
    """What an earlier version judged is not read as if nobody were credited."""
    write_batch(tmp_path, crawl())
    path = tmp_path / f"{name}.parquet"
    pq.write_table(pq.read_table(path).drop_columns([column]), path)

    with pytest.raises(DetectorError, match=f"earlier version: {name}.parquet lacks {column}"):
        load_crawl(tmp_path, RATES)


@pytest.mark.parametrize("kept", [0, 3000], ids=["emptied", "truncated"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, kept: int) -> None:
    """A file of the batch that is cut short ends in a message that names it."""
    write_batch(tmp_path, crawl())
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[: min(kept, path.stat().st_size - 9)])

    with pytest.raises(DetectorError, match=f"{name} is damaged") as caught:
        crawl_report(tmp_path, RATES)

    assert caught.value.hint == "judge the crawl again into an empty folder"


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the rights are lacking, the message says so and what to check."""
    write_batch(tmp_path, crawl())

    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pyarrow.dataset.dataset", denied)
    with pytest.raises(DetectorError, match=r"cannot read .*verdicts\.parquet: permission denied"):
        load_crawl(tmp_path, RATES)


def test_the_index_of_a_large_crawl_is_small(tmp_path: Path) -> None:
    """20,000 verdicts with long titles give an index under 3 MB, and every title is there."""
    one = crawl()[20]
    told = [
        replace(
            one,
            id=f"a{i}",
            suspect=replace(one.suspect, id=f"a{i}", text="x", title=f"{i} “Größe” und Länge " * 8),
        )
        for i in range(20_000)
    ]
    write_batch(tmp_path, told)
    index = crawl_report(tmp_path, RATES, pairs=0)

    assert index.stat().st_size < 3 * MEGABYTE
    titles = data_of(index, "articles")["columns"]["title"]  # type: ignore[index]
    assert len({title.split()[0] for title in titles}) == 20_000


def test_the_index_of_many_rejections_is_small(tmp_path: Path) -> None:
    """Of 60,000 rejected inputs 20,000 are listed, of every reason some; the page says how many."""
    many = [
        Rejected(f"crawl/{'folder/' * 9}{i}.html", f"item {i}", "no_text", "a long detail " * 20)
        for i in range(60_000)
    ]
    rare = [Rejected("crawl/last.xml", "item 9", "not_english", "German")]
    write_batch(tmp_path, [], [*many, *rare])
    index = crawl_report(tmp_path, RATES)

    assert index.stat().st_size < 2 * MEGABYTE
    data = data_of(index, "rejected")
    assert len(data["columns"]["position"]) == 20_000  # type: ignore[index]
    assert len(data["reasons"]) == 2  # type: ignore[arg-type]
    words = " ".join(html.document_fromstring(index.read_text("utf-8")).text_content().split())
    assert "20,000 in all; the other 40,001 stand in rejected.parquet" in words
    assert "60,000: there is no text" in words


def test_pair_pages_go_to_all_sites_in_turn(tmp_path: Path) -> None:
    """Where pages are few, each site gets its gravest pair before any gets its second."""
    write_batch(tmp_path, crawl())
    chosen = telling(load_crawl(tmp_path, RATES).verdicts, 9)

    assert len({row["suspect_site"] for row in chosen}) == 9
