"""Real faults of the machine: after each, the same command again ends like an undisturbed run."""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from small_model import write_small_model

from detector import archive
from detector.batch import Machine, Rules, add, run
from detector.demo import crawl
from detector.errors import DetectorError

ONE = Machine(jobs=1)
ROOT = Path(__file__).resolve().parent.parent
KILOBYTES = 1024


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small model."""
    return write_small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 8 MB; where nobody may mount, the test cannot show what it promises."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.xfail("mounting a disk needs rights that this user does not have")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def tables(out: Path) -> list[list[dict[str, Any]]]:
    """Read the tables of a run."""
    return [
        pq.read_table(out / f"{name}.parquet").to_pylist()
        for name in ("articles", "rejected", "verdicts")
    ]


def until_it_fits(disk: Path, attempt: Callable[[], object]) -> int:
    """Give a command more and more room until it ends well; count how often it had too little."""
    ballast, free, failures = disk / "ballast", 0, 0
    while True:
        ballast.unlink(missing_ok=True)
        room = shutil.disk_usage(disk).free
        ballast.write_bytes(b"\0" * max(0, room - free))
        try:
            attempt()
        except DetectorError as error:
            said = f"{error}; {error.hint}"
        else:
            return failures
        assert re.search("no space left.*make room", said, re.DOTALL), said
        failures += 1
        free += 96 * KILOBYTES


def test_a_full_disk_costs_nothing_but_time(model: Path, disk: Path, tmp_path: Path) -> None:
    """However little room there is: an error that says so, and what was done is kept."""
    run([crawl()], tmp_path / "calm", machine=ONE, model=model)
    failures = until_it_fits(disk, lambda: run([crawl()], disk / "out", machine=ONE, model=model))

    assert failures > 2
    assert tables(disk / "out") == tables(tmp_path / "calm")


def test_a_full_disk_under_the_archive_leaves_it_whole(
    model: Path, disk: Path, tmp_path: Path
) -> None:
    """An archive that has no room to grow is as it was; with room it takes all in."""
    rules = Rules(archive=disk / "seen")
    failures = until_it_fits(
        disk, lambda: run([crawl()], tmp_path / "out", machine=ONE, model=model, rules=rules)
    )

    assert failures > 2
    assert list(archive.verify(disk / "seen")) == []
    assert archive.stats(disk / "seen")["articles"] == len(tables(tmp_path / "out")[0])


def test_a_takedown_without_room_takes_nothing_down(disk: Path, tmp_path: Path) -> None:
    """Where there is no room for the copy that forgets, the archive is as it was; then it goes."""
    add([crawl()], disk / "seen", machine=ONE)
    before = archive.stats(disk / "seen")["articles"]
    run([crawl()], tmp_path / "out", machine=ONE)
    name = tables(tmp_path / "out")[0][0]["id"]

    assert until_it_fits(disk, lambda: archive.forget(disk / "seen", [name])) > 0
    assert archive.stats(disk / "seen")["articles"] == before - 1
    assert list(archive.verify(disk / "seen")) == []


def test_a_disk_that_cannot_be_written_is_named(model: Path, disk: Path, tmp_path: Path) -> None:
    """A read-only disk is the user's to mend; then the same command does it all."""
    run([crawl()], tmp_path / "calm", machine=ONE, model=model)
    (disk / "there").mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    for name in ("out", "there"):
        with pytest.raises(DetectorError, match="cannot write to"):
            run([crawl()], disk / name, machine=ONE, model=model)

    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    run([crawl()], disk / "out", machine=ONE, model=model)
    assert tables(disk / "out") == tables(tmp_path / "calm")


# ---------------------------------------------------------------- signals


def command(out: Path) -> list[str]:
    """Give the command line of a run over the demo's crawl."""
    return [sys.executable, "-m", "detector", "batch", str(crawl()), "--out", str(out)]


def heed_ctrl_c() -> None:
    """Undo what a shell does to the programs that it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_signals_at_any_moment_cost_nothing(tmp_path: Path) -> None:
    """Ctrl-C ends with 130 and says how to go on, SIGTERM ends at once; the rerun does the rest.

    Ctrl-C before the run began has nothing to go on with, and says nothing of it; before Python
    itself has begun it ends the process.
    """
    before = time.monotonic()
    subprocess.run(command(tmp_path / "calm"), check=False, capture_output=True)
    whole, chance = time.monotonic() - before, random.Random(7)
    statuses: list[int] = []
    resumable = 0
    while len(statuses) < 16 and not (resumable and -signal.SIGTERM in statuses[3:]):
        number = (signal.SIGINT, signal.SIGTERM)[len(statuses) % 2]
        process = subprocess.Popen(
            command(tmp_path / "rough"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=heed_ctrl_c,  # noqa: PLW1509 - no thread of this test holds a lock
        )  # fmt: skip
        time.sleep(whole * chance.uniform(0.4, 0.8))
        # A terminal sends Ctrl-C to all processes of a command, a service manager too.
        os.killpg(process.pid, number)
        _, told = process.communicate(timeout=60)
        assert "Traceback" not in told
        statuses.append(process.returncode)
        if "run the same command again" in told:
            assert process.returncode == 130
            resumable += 1
        if process.returncode == 3:  # it had ended: the machine is less busy than it was
            shutil.rmtree(tmp_path / "rough")
            whole /= 1.2
    ended = subprocess.run(command(tmp_path / "rough"), check=False, capture_output=True)

    assert resumable
    assert -signal.SIGTERM in statuses
    assert {*statuses} <= {130, -signal.SIGINT, -signal.SIGTERM, 3}
    assert ended.returncode == 3
    assert tables(tmp_path / "rough") == tables(tmp_path / "calm")


# ---------------------------------------------------------------- the clock

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def ran_over(inputs: list[Path], folder: Path, **given: Any) -> subprocess.Popen[str]:
    """Begin a run of the command line on an archive."""
    folder.mkdir(exist_ok=True)
    where = ["--out", str(folder / "out"), "--archive", str(folder / "seen"), "--window", "0"]
    return subprocess.Popen(
        [sys.executable, "-m", "detector", "batch", *map(str, inputs), *where],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        **given,
    )  # fmt: skip


def ended_well(process: subprocess.Popen[str]) -> bool:
    """Wait for a run to end; 3 says that it flagged an article."""
    _, told = process.communicate(timeout=300)
    return process.returncode in (0, 3) and "Traceback" not in told


def held(folder: Path) -> tuple[list[list[dict[str, Any]]], dict[str, Any]]:
    """Read what came of runs: tables and counts, but for the archive's place and size."""
    counts = archive.stats(folder / "seen")
    del counts["archive"], counts["bytes"]
    return tables(folder / "out"), counts


@pytest.mark.skipif(FAKETIME is None, reason="the Debian package faketime is not installed")
def test_a_clock_that_goes_back_changes_no_result(tmp_path: Path) -> None:
    """Between two runs on an archive, in the midst of one, and before it is begun again."""
    first, *rest = sorted(crawl().iterdir())
    calm, rough, clock = tmp_path / "calm", tmp_path / "rough", tmp_path / "clock"
    fake = {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    assert ended_well(ran_over([first], calm))
    shutil.rmtree(calm / "out")
    begin = time.monotonic()
    assert ended_well(ran_over(rest, calm))
    whole = time.monotonic() - begin

    clock.write_text("+0d")
    assert ended_well(ran_over([first], rough, env=os.environ | fake))
    shutil.rmtree(rough / "out")
    clock.write_text("-30d")
    killed = ran_over(rest, rough, env=os.environ | fake)
    time.sleep(0.5 * whole)
    clock.write_text("-400d")
    time.sleep(0.25 * whole)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    clock.write_text("-6000d")
    assert ended_well(ran_over(rest, rough, env=os.environ | fake))

    assert held(rough) == held(calm)
    assert list(archive.verify(rough / "seen")) == []
    with duckdb.connect(str(rough / "seen"), read_only=True) as connection:
        added = [row[0] for row in connection.execute("select added from runs").fetchall()]
    # It may have added before it was killed; and then by a clock that was 30 days back at least.
    assert (max(added) - min(added)).days >= 29


# A page says when it was made, an archive when something was added to it, and since when it is
# held. No result follows from either.
READ_THE_CLOCK = {
    "detector/dossier.py",
    *(f"detector/archive/{name}.py" for name in ("additions", "cluster", "folder")),
}


def test_no_result_depends_on_the_clock() -> None:
    """No other module asks what time it is, so a clock that goes back changes nothing."""
    asking = {"time.time", "datetime.now", "datetime.utcnow", "date.today"}
    found = set()
    for path in (ROOT / "detector").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Attribute) and ast.unparse(node) in asking
            # In SQL.
            if called or (isinstance(node, ast.Constant) and " now()" in str(node.value)):
                found.add(path.relative_to(ROOT).as_posix())

    assert found == READ_THE_CLOCK
