"""What the commands share: options, the width of the terminal, and the line of progress."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from detector.licences import Licences
    from detector.records import Rejected
    from detector.terminal import Paint

Command = TypeVar("Command", bound=Callable[..., object])

WIDEST = 100  # columns; longer lines are hard to read, however wide the terminal
_TRUST = f"{__name__}.trust"
# The search of the demo's 42 articles fails with 8 MB, whatever it spills, and ends with 16.
LEAST_MEMORY = 64 * 2**20
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


class Size(click.ParamType):  # type: ignore[type-arg]  # generic in stubs alone
    """Bytes of memory as people write them: 500M, 4GB, 1.5 GiB."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read a size; K, M, G and T are powers of 1,024."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT]?)(?:i?B)?", str(value), re.IGNORECASE)
        if found is None:
            self.fail(f"{value!r} is no size; write it like 500M or 4GB", param, ctx)
        size = int(float(found[1]) * _UNITS[found[2].upper()])
        if size < LEAST_MEMORY:
            least = f"{LEAST_MEMORY // _UNITS['M']}M"
            self.fail(f"{value!r} is too little; give {least} or more, like 4GB", param, ctx)
        return size


def _licences(_: click.Context, __: click.Parameter, path: str | None) -> Licences:
    from detector.licences import NONE, read_licences  # noqa: PLC0415 - help needs none

    return read_licences(Path(path)) if path else NONE


def named(_: click.Context, __: click.Parameter, folder: str) -> str:
    """Refuse an option that names nothing, as an unset variable of a shell makes it."""
    if not folder:
        raise click.BadParameter("it is empty; name a folder, . for the present one")
    return folder


def _trust(context: click.Context, _: click.Parameter, trust: bool) -> None:
    context.meta[_TRUST] = trust


def _model(context: click.Context, _: click.Parameter, folder: str | None) -> Path | None:
    from detector.classify import trusted  # noqa: PLC0415 - help needs none

    return trusted(Path(folder), trust=context.meta[_TRUST]) if folder else None


def model_option(command: Command) -> Command:
    """Let a command take another model; what it gets is its folder, or None for the shipped one."""
    trust = click.option(
        "--trust-model",
        is_flag=True,
        is_eager=True,  # before --model, wherever it stands
        expose_value=False,
        callback=_trust,
        help="Use a --model that did not come with unspun.",
    )
    model = click.option("--model", metavar="FOLDER", callback=_model, help="Another model.")
    return model(trust(command))


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
window_option = click.option(
    "--window",
    metavar="DAYS",
    type=click.IntRange(min=0),
    help="Days before an article in which its source was published; 0 for all.  "
    "[default: 30 with --archive, else 0]",
)
since_option = click.option(
    "--since",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="No source was published before this day.",
)
wait_option = click.option(
    "--wait", is_flag=True, help="Wait for another run that holds the archive."
)


def on_spark(engine: str, master: str | None, local: Mapping[str, object]) -> bool:
    """Tell whether Spark does the work, and refuse options of the other engine."""
    if engine != "spark":
        if master:
            raise click.UsageError("--master goes with --engine spark")
        return False
    given = [name for name, value in local.items() if value]
    if given:
        raise click.UsageError(
            f"--{given[0]} is for --engine local: cores and memory are settings of Spark's own, "
            "and it does not wait for an archive"
        )
    return True


def progress(state: str) -> None:
    """Overwrite the line on stderr with the state, where somebody watches; "" clears it."""
    if _watched(sys.stderr):
        click.echo(f"\r\x1b[K{state[: width() - 1]}", nl=False, err=True)


def reject(rejected: Rejected) -> None:
    """Say on stderr what was rejected."""
    from detector.questions import rejection  # noqa: PLC0415 - help rejects nothing

    click.echo(rejection(rejected), err=True)


def width() -> int:
    """Give the columns that text may take."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def _watched(stream: TextIO | None) -> bool:
    """Tell whether somebody watches a stream; one that was closed before the start is None."""
    return stream is not None and stream.isatty()


def paint() -> Paint:
    """Choose colours where somebody watches."""
    from detector.terminal import ansi, plain  # noqa: PLC0415 - help needs no colours

    wanted = _watched(sys.stdout) and not os.environ.get("NO_COLOR")
    return ansi if wanted else plain
