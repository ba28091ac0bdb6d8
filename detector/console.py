"""What the commands share: options, the width of the terminal, and the line of progress."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from detector.licences import Licences
    from detector.terminal import Paint

WIDEST = 100  # columns; longer lines are hard to read, however wide the terminal
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


class Size(click.ParamType):  # type: ignore[type-arg]  # generic in stubs alone
    """Bytes as people write them: 500M, 4GB, 1.5 GiB."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read a size; K, M, G and T are powers of 1,024."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT]?)(?:i?B)?", str(value), re.IGNORECASE)
        if found is None:
            self.fail(f"{value!r} is no size; write it like 500M or 4GB", param, ctx)
        return int(float(found[1]) * _UNITS[found[2].upper()])


def _licences(_: click.Context, __: click.Parameter, path: str | None) -> Licences:
    from detector.licences import NONE, read_licences  # noqa: PLC0415 - help needs none

    return read_licences(Path(path)) if path else NONE


json_option = click.option(
    "--json", "--jsonl", "as_json", is_flag=True, help="Print one JSON object a line."
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    show_default="one a core",
    help="Worker processes.",
)
memory_option = click.option(
    "--memory",
    metavar="SIZE",
    type=Size(),
    show_default="a third of the machine's",
    help="What the search may take before it spills to disk, such as 4GB.",
)
engine_option = click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where the work is done.",
)
master_option = click.option(
    "--master", metavar="URL", show_default="spark-submit's, else local[*]", help="Of Spark."
)
licences_option = click.option(
    "--licences", metavar="FILE", callback=_licences, help="CSV, from,to: who may republish whom."
)
wait_option = click.option(
    "--wait", is_flag=True, help="Wait for another run that holds the archive."
)


def progress(state: str) -> None:
    """Overwrite the line on stderr with the state, where somebody watches; "" clears it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{state[: width() - 1]}", nl=False, err=True)


def width() -> int:
    """Give the columns that text may take."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def paint() -> Paint:
    """Choose colours where somebody watches."""
    from detector.terminal import ansi, plain  # noqa: PLC0415 - help needs no colours

    wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return ansi if wanted else plain
