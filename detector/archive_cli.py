"""The commands about the archive: add, stats, forget, verify."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from detector.console import (
    engine_option,
    jobs_option,
    json_option,
    master_option,
    memory_option,
    on_spark,
    progress,
    wait_option,
)
from detector.exits import CLEAR

FAULTY = 1
path_argument = click.argument("path", type=click.Path(path_type=Path))
place_argument = click.argument("path")  # an address of some store, too


@click.group()
def archive() -> None:
    """Keep what was seen, for runs to come.

    An archive is one file, or with --engine spark one folder: articles, what they are found by,
    verdicts and rejections. `unspun batch --archive PATH` looks for sources in it and adds what is
    new.

    \b
    Examples:
      unspun archive add seen.duckdb back-catalogue/
      unspun archive stats seen.duckdb
    """


@archive.command()
@place_argument
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@jobs_option
@memory_option
@wait_option
@engine_option
@master_option
@json_option
def add(path: str, inputs: tuple[str, ...], as_json: bool, **settings: Any) -> None:
    """Add articles without judging them: sources for what comes later.

    What the archive holds already is left as it is.

    \b
    Example:
      unspun archive add seen.duckdb back-catalogue/*.jsonl
    """
    from detector.report import archive_text, json_line

    counts = _add(inputs, path, **settings)
    click.echo(json_line(counts) if as_json else archive_text(counts))


@archive.command()
@path_argument
@json_option
def stats(path: Path, as_json: bool) -> None:
    """Count what the archive holds.

    \b
    Example:
      unspun archive stats seen.duckdb
    """
    from detector import archive as archives
    from detector.report import archive_text, json_line

    counts = archives.stats(path)
    click.echo(json_line(counts) if as_json else archive_text(counts))


@archive.command()
@place_argument
@click.argument("articles", nargs=-1, required=True, metavar="ID_OR_URL...")
@wait_option
@engine_option
@master_option
def forget(path: str, articles: tuple[str, ...], **settings: Any) -> None:
    """Remove articles for good: their text leaves every table, and the file.

    Only hashes stay, of address and text, page and words, so that no later crawl brings the page
    or the same words back. Folders that batch wrote are not touched.

    \b
    Example:
      unspun archive forget seen.duckdb https://news.example/withdrawn
    """
    gone = _forget(path, articles, **settings)
    click.echo(f"Removed {len(gone)} from {path}: {', '.join(gone)}")


@archive.command()
@path_argument
@click.pass_context
def verify(context: click.Context, path: Path) -> None:
    """Read all of the archive, and name what is wrong.

    Exit status 1 where anything is.

    \b
    Example:
      unspun archive verify seen.duckdb
    """
    from detector import archive as archives

    faults = list(archives.verify(path))
    for fault in faults:
        click.echo(f"{path}: {fault}")
    if not faults:
        click.echo(f"{path} is whole.")
    context.exit(FAULTY if faults else CLEAR)


def _add(
    inputs: Sequence[str], path: str, *, engine: str, master: str | None, **means: Any
) -> dict[str, Any]:
    from detector import archive as archives
    from detector import batch

    if on_spark(engine, master, means):
        from detector.batch import cluster

        return cluster.add(inputs, path, master=master)
    archives.check_kind(Path(path))
    try:
        return batch.add(inputs, Path(path), machine=batch.Machine(**means), progress=progress)
    finally:
        progress("")


def _forget(
    path: str, articles: Sequence[str], *, engine: str, master: str | None, wait: bool
) -> list[str]:
    from detector import archive as archives

    if on_spark(engine, master, {"wait": wait}):
        from detector.batch import cluster

        return cluster.forget(path, articles, master=master)
    with archives.held(Path(path), wait=wait, tell=progress, make=False):
        gone = archives.forget(Path(path), articles)
    progress("")
    return gone
