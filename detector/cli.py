"""The command line: each command parses, calls the library, prints.

Nothing here imports a heavy library before a command needs it; `unspun --help` must stay quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import detector
from detector.archive_cli import archive
from detector.console import (
    engine_option,
    jobs_option,
    json_option,
    licences_option,
    master_option,
    memory_option,
    model_option,
    named,
    on_spark,
    paint,
    progress,
    reject,
    since_option,
    wait_option,
    width,
    window_option,
)
from detector.describing_cli import features, model, readability
from detector.exits import CLEAR, FLAGGED, DetectorGroup

if TYPE_CHECKING:
    from detector.batch import Rules
    from detector.classify import Model
    from detector.licences import Licences
    from detector.records import Verdict


@click.group(cls=DetectorGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(detector.__version__, prog_name="unspun")
def main() -> None:
    """Say which earlier article an article was made from, how, how sure, and why.

    Exit status: 0 nothing flagged, 1 error, 2 wrong usage, 3 something flagged. A score is
    grounds to look, not proof.

    \b
    Example:
      unspun score suspect.txt --source original.html
    """
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")


def _only(_: click.Context, option: click.Parameter, given: tuple[str, ...]) -> str | None:
    if len(given) > 1:
        other = "; a folder of sources goes to --against" if option.name == "source" else ""
        raise click.BadParameter(f"give it once{other}")
    return given[0] if given else None


def _once(name: str, **settings: Any) -> Callable[[Any], Any]:
    """Declare an option that is refused where it is given twice; click would take the last."""
    return click.option(name, multiple=True, callback=_only, **settings)


@main.command()
@click.argument("suspect", required=False)
@_once("--source", metavar="FILE", help="The article it may have been made from.")
@_once("--against", metavar="PATH", help="Earlier articles to search: files, or an archive.")
@_once("--pairs", metavar="FILE", help="Pairs: one JSON a line with id, suspect, source.")
@_once("--html", metavar="FILE", help="Write both texts side by side as a page.")
@_once("--evidence", metavar="FILE.zip", help="Write texts, verdict, page and hashes.")
@model_option
@json_option
@click.pass_context
def score(
    context: click.Context,
    /,
    suspect: str | None,
    source: str | None,
    against: str | None,
    pairs: str | None,
    as_json: bool,
    model: Path | None,
    **kept: str | None,
) -> None:
    """Judge one article, or a file of pairs.

    SUSPECT is text or HTML, or - for standard input. With neither --source nor --against, the
    score rests on the suspect's style alone, which is a far weaker statement. In --pairs, suspect
    and source are strings or article objects; a pair that is rejected keeps its place and id, with
    no relation and "rejected: REASON".

    \b
    Examples:
      unspun score suspect.txt --source original.html
      unspun score suspect.html --against archive/ --html side-by-side.html
      unspun score suspect.html --against seen.duckdb
      unspun score --pairs pairs.jsonl --jsonl > verdicts.jsonl
    """
    from detector.classify import load_model

    _check_usage(suspect, source, against, pairs)
    _check_kept([path for path in (suspect, source, against) if path], pairs, **kept)
    judge = load_model(model)
    verdicts = _answers(pairs, judge) if pairs else _judged(suspect or "-", source, against, judge)
    context.exit(_show((_keep(verdict, judge, **kept) for verdict in verdicts), as_json))


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--out", required=True, metavar="FOLDER", callback=named, help="Where the results go."
)
@click.option("--archive", metavar="PATH", help="Articles of earlier runs; what is new is added.")
@jobs_option
@memory_option
@wait_option
@engine_option
@master_option
@licences_option
@model_option
@window_option
@since_option
@json_option
@click.pass_context
def batch(
    context: click.Context, /, inputs: tuple[str, ...], out: str, as_json: bool, **settings: Any
) -> None:
    """Judge a whole crawl.

    Every article of the INPUTs is held against the earlier ones among them, and in the archive. An
    INPUT is a file, a folder, a glob or -: feeds, WARC and WET, HTML, JSONL, CSV, Parquet, text,
    each gzipped or not. Writes verdicts.parquet, rejected.parquet, articles.parquet, summary.json.

    \b
    Examples:
      unspun batch crawl/ feeds/*.xml --out results
      unspun batch feeds/today.xml --archive seen.duckdb --out results/today
    """
    from detector import overview
    from detector.report import json_line

    summary = _run_batch(inputs, out, **settings)
    click.echo(json_line(summary) if as_json else overview.summary_text(summary, out))
    context.exit(FLAGGED if summary["flagged"] else CLEAR)


@main.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--pairs", type=click.IntRange(min=0), default=300, show_default=True, help="Most pair pages."
)
@click.option("--archive", metavar="PATH", help="Follow chains of copies through this archive.")
@licences_option
def report(folder: str, archive: str | None, **settings: Any) -> None:
    """Write a judged crawl as pages for people.

    DIR is a folder that batch wrote. The pages go to DIR/report, in the place of an earlier report
    and of nothing else; they are static and ask for nothing from anywhere.

    \b
    Example:
      unspun report results
    """
    before = Path(archive) if archive else None
    click.echo(f"Report: {_report(folder, archive=before, **settings)}")


@main.command()
@click.argument("domain")
@click.option(
    "--archive", required=True, metavar="PATH", help="An archive, or a folder that batch wrote."
)
@licences_option
@json_option
def site(domain: str, archive: str, licences: Licences, as_json: bool) -> None:
    """Say what a site lives on.

    Its articles' relations with intervals, whom it takes from and how fast, and one label, or that
    nothing can be told from so few. An archive knows what every run said of the site.

    \b
    Example:
      unspun site quicknews.example --archive seen.duckdb
    """
    from detector.pages.site_lines import shipped_error_rates, site_object, site_text, site_verdict
    from detector.report import json_line

    verdict = site_verdict(domain, Path(archive), shipped_error_rates(), licences)
    text = json_line(site_object(verdict)) if as_json else None
    click.echo(text or site_text(verdict, width=width(), paint=paint()))


@main.command()
@click.option(
    "--out",
    default="unspun-demo",
    show_default=True,
    metavar="FOLDER",
    callback=named,
    help="Where results go.",
)
@json_option
def demo(out: str, as_json: bool) -> None:
    """Judge the bundled crawl of fictional news.

    Judged like any other crawl, and explained. Always ends with status 0.

    \b
    Example:
      unspun demo --out demo-results
    """
    from detector import overview
    from detector.demo import crawl
    from detector.report import json_line

    summary = _run_batch([crawl()], out)
    pages = _report(out)
    if as_json:
        click.echo(json_line(summary))
    else:
        found = overview.read(Path(out))
        click.echo(overview.overview(*found, out, width=width(), paint=paint()))
        click.echo(f"\nThe same as pages, every pair side by side: {pages}")


for command in (readability, features, model, archive):
    main.add_command(command)


# ---------------------------------------------------------------- judging


def _check_usage(
    suspect: str | None, source: str | None, against: str | None, pairs: str | None
) -> None:
    if (suspect is None) == (pairs is None):
        raise click.UsageError("give either SUSPECT or --pairs FILE")
    if pairs and (source or against):
        raise click.UsageError("--pairs brings its own sources: leave out --source and --against")
    if source and against:
        raise click.UsageError("give --source or --against, not both")
    if suspect == "-" and "-" in (source, against):
        raise click.UsageError("standard input can be read only once")


def _check_kept(inputs: Sequence[str], pairs: str | None, **files: str | None) -> None:
    if not any(files.values()):
        return
    if pairs:
        raise click.UsageError("--html and --evidence keep one verdict: leave out --pairs")
    from detector.dossier import check_targets

    check_targets(inputs, **files)


def _judged(
    suspect: str, source: str | None, against: str | None, judge: Model
) -> Iterator[Verdict]:
    from detector import pipeline, questions

    article = questions.one_article(suspect)
    if source:
        yield pipeline.judge_pair(article, questions.one_article(source), judge)
    else:
        known = questions.sources(article, against, reject) if against else []
        yield pipeline.judge(article, known, judge)


def _answers(pairs: str, judge: Model) -> Iterator[Verdict]:
    from detector import pipeline, questions

    asked = questions.questions(pairs, reject)
    yield from questions.answers(asked, judge, pipeline.judge_pairs)


def _run_batch(
    inputs: Sequence[str | Path],
    out: str,
    *,
    engine: str = "local",
    model: Path | None = None,
    **settings: Any,
) -> Mapping[str, Any]:
    from detector import batch as crawls

    ruling = ("archive", "window", "since", "licences")
    rules = _rules(**{name: settings.pop(name, None) for name in ruling})
    master = settings.pop("master", None)
    if on_spark(engine, master, settings):
        from detector.batch import cluster

        return cluster.run(inputs, out, master=master, model=model, rules=rules)
    machine = crawls.Machine(**settings)
    try:
        return crawls.run(
            inputs, Path(out), machine=machine, model=model, rules=rules, progress=progress
        )
    finally:
        progress("")


def _rules(
    archive: str | None, window: int | None, since: datetime | None, licences: Licences | None
) -> Rules:
    from detector.batch import Rules
    from detector.candidates import ARCHIVE_WINDOW, Reach
    from detector.licences import NONE

    days = window if window is not None else ARCHIVE_WINDOW if archive else 0
    reach = Reach(days, since.date() if since else None)
    return Rules(reach, licences or NONE, archive)


def _report(folder: str, **settings: Any) -> Path:
    from detector.classify import load_model
    from detector.pages import crawl_report
    from detector.pages.drivers import occlusion
    from detector.pages.site_lines import shipped_error_rates

    drivers = occlusion(load_model())
    return crawl_report(Path(folder), shipped_error_rates(), drivers=drivers, **settings)


def _keep(verdict: Verdict, judge: Model, **files: str | None) -> Verdict:
    """Write the verdict's page and dossier where they were asked for."""
    if any(files.values()):
        from detector.dossier import keep

        keep(verdict, judge, **files)
    return verdict


# ---------------------------------------------------------------- printing


def _show(verdicts: Iterable[Verdict], as_json: bool) -> int:
    from detector.report import json_line, verdict_object, verdict_text
    from detector.verdict import flagged

    status = CLEAR
    for verdict in verdicts:
        status = FLAGGED if flagged(verdict) else status
        if as_json:
            click.echo(json_line(verdict_object(verdict)))
        else:
            click.echo(verdict_text(verdict, width=width(), paint=paint()) + "\n")
    return status
