"""What every test file relies on: Hypothesis profiles, and no skipped test where all must run."""

from __future__ import annotations

import os

import hypothesis
import pytest

# Threads of boosting that wait for each other spin: on a machine that is busy otherwise a fit of a
# tenth of a second took ten times as long. Read when the library is loaded, so it stands here.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Configuration holds no doctests; collected for them, two files of one name would clash.
collect_ignore_glob = ["conftest.py", "*/conftest.py"]

# The same examples on every machine: a failure is repeatable, and none comes for a reason that is
# not in the change. Fresh examples: HYPOTHESIS_PROFILE=fresh.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("fresh", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by their number: a gzip holds the second that it was made in.

    Workers of one run that collected a name each with another second refuse to run at all.
    """
    return f"{argname}:{len(val)}" if isinstance(val, bytes) else None


def skipped(config: pytest.Config) -> list[pytest.TestReport]:
    """List the tests that a run in CI skipped; every needed program and file is present there."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter and os.environ.get("CI") else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that skipped anything."""
    if session.exitstatus == pytest.ExitCode.OK and skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which skipped tests failed the run."""
    for report in skipped(config):
        terminalreporter.write_line(f"SKIPPED IN CI {report.nodeid}: {report.longrepr}", red=True)
