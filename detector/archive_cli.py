"""The commands about the archive: add, stats, forget, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from detector.console import jobs_option, json_option, memory_option, progress, wait_option
from detector.exits import CLEAR

FAULTY = 1
path_argument = click.argument("path", type=click.Path(path_type=Path))


@click.group()
def archive() -> None:
    """Keep what was seen, for runs to come.

    An archive is one file: articles, what they are found by, verdicts and rejections. `unspun batch
    --archive PATH` looks for sources in it and adds what is new.

    \b
    Examples:
      unspun archive add seen.duckdb back-catalogue/
      unspun archive stats seen.duckdb
    """


@archive.command()
@path_argument
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@jobs_option
@memory_option
@wait_option
@json_option
def add(path: Path, inputs: tuple[str, ...], as_json: bool, **machine: Any) -> None:
    """Add articles without judging them: sources for what comes later.

    What the archive holds already is left as it is.

    \b
    Example:
      unspun archive add seen.duckdb back-catalogue/*.jsonl
    """
    from detector import batch
    from detector.report import archive_text, json_line

    try:
        counts = batch.add(inputs, path, machine=batch.Machine(**machine), progress=progress)
    finally:
        progress("")
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
@path_argument
@click.argument("articles", nargs=-1, required=True, metavar="ID_OR_URL...")
@wait_option
def forget(path: Path, articles: tuple[str, ...], wait: bool) -> None:
    """Remove articles for good: their text leaves every table, and the file.

    Only a digest stays, so that no later crawl brings them back. Folders that batch wrote are not
    touched.

    \b
    Example:
      unspun archive forget seen.duckdb https://news.example/withdrawn
    """
    from detector import archive as archives

    with archives.held(path, wait=wait, tell=progress):
        gone = archives.forget(path, articles)
    progress("")
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
