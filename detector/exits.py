"""How a command ends: its exit status, and what is said of an error."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from detector.errors import DetectorError

CLEAR, ERROR, FLAGGED = 0, 1, 3  # exit statuses; 2, wrong usage, is click's own
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + the signal's number, as shells report them


class Stopped(click.ClickException):
    """Somebody pressed Ctrl-C where the library could say what becomes of the work."""

    exit_code = INTERRUPTED


class DetectorGroup(click.Group):
    """Turn what the user can mend into one tidy message; let bugs keep their traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; say where there is no room for what it writes, its help included."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            _discard_output()
            click.echo(f"Error: cannot write: {error.strerror}\nTry: make room first", err=True)
            sys.exit(ERROR)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end quietly on Ctrl-C and where the reader of a pipe has gone."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:  # as where it was closed before the start
                sys.stdout.flush()
        except DetectorError as error:
            stopped = isinstance(error.__cause__, KeyboardInterrupt)
            message = Stopped if stopped else click.ClickException
            raise message(f"{error}\nTry: {error.hint}") from error
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno != errno.EPIPE:
                raise
            _discard_output()
            ctx.exit(PIPE_CLOSED)
        return result


def _discard_output() -> None:
    """Send what is still buffered nowhere, or Python complains about it at its exit."""
    own = sys.__stdout__
    if own is not None and sys.stdout is own:  # nobody put another in its place
        os.dup2(os.open(os.devnull, os.O_WRONLY), own.fileno())
