"""How a command ends: its exit status, and what is said of an error."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from detector.errors import DetectorError

CLEAR, FLAGGED = 0, 3  # exit statuses; 1, an error, and 2, wrong usage, are click's own
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + the signal's number, as shells report them


class Stopped(click.ClickException):
    """Somebody pressed Ctrl-C where the library could say what becomes of the work."""

    exit_code = INTERRUPTED


class DetectorGroup(click.Group):
    """Turn a DetectorError into one tidy message; let bugs keep their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end quietly on Ctrl-C and where the reader of a pipe has gone."""
        try:
            result = super().invoke(ctx)
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
            _close_pipe()
            ctx.exit(PIPE_CLOSED)
        return result


def _close_pipe() -> None:
    """Send what is still buffered nowhere, or Python complains about it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
