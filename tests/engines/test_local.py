"""The local engine: every task is done once, whatever becomes of the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Timer
from time import monotonic, sleep

import numpy as np  # noqa: F401 - has BLAS loaded
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from threadpoolctl import threadpool_info

from detector.engines.local import TRIES, Workers, database, parquet
from detector.errors import DetectorError


def squared(number: int) -> tuple[int, int]:
    """Square a number, and tell in which process."""
    return number * number, os.getpid()


def killed_once(task: tuple[Path, int]) -> int:
    """Kill the own process the first time that the task 3 comes along."""
    folder, number = task
    if number == 3 and not (folder / "killed").exists():
        (folder / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed_always(_: int) -> None:
    """Kill the own process."""
    os.kill(os.getpid(), signal.SIGKILL)


ORPHANED = """
import os, time
from detector.engines.local import Workers

def tell(_):
    print(os.getpid(), flush=True)
    time.sleep(600)

list(Workers(2, alone=0).map(tell, [1, 2]))
"""


def is_alive(process: int) -> bool:
    """Tell whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def failing(number: int) -> int:
    """Fail for one task."""
    if number == 2:
        raise ValueError("two")
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_task_is_done_once(jobs):
    """As many results as tasks, in this process or in workers."""
    results = list(Workers(jobs, alone=0).map(squared, range(7)))

    assert sorted(result for result, _ in results) == [0, 1, 4, 9, 16, 25, 36]
    assert (os.getpid() in {process for _, process in results}) == (jobs == 1)


def test_one_task_starts_no_worker():
    """A single task is done in this process."""
    assert list(Workers(2, alone=0).map(squared, [3])) == [(9, os.getpid())]


def slowly(number: int) -> int:
    """Take a tenth of a second, and tell in which process."""
    sleep(0.1)
    return os.getpid()


def test_workers_are_started_for_lasting_work_only():
    """The first tasks are done here; once they took the time that workers cost, those follow."""
    workers = Workers(2, alone=0.15)
    here = [process == os.getpid() for process in workers.map(slowly, range(6))]

    assert here[:2] == [True, True]
    assert not any(here[2:])
    assert os.getpid() not in set(workers.map(slowly, range(4)))


def threads_of_blas(_: object) -> int:
    """Count the threads that a product of matrices may take here."""
    found = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    return max(found)


@pytest.mark.parametrize("jobs", [1, 2])
def test_numbers_are_worked_on_by_one_thread(jobs):
    """Wherever a task is done; who calls from Python keeps as many as before."""
    before = threads_of_blas(None)

    assert set(Workers(jobs, alone=0).map(threads_of_blas, range(4))) == {1}
    assert threads_of_blas(None) == before


def test_no_task_no_result():
    """Nothing to do is done at once."""
    assert list(Workers(2).map(squared, [])) == []


def test_a_killed_worker_costs_no_result(tmp_path: Path):
    """The tasks of a worker that the kernel kills are given to another."""
    tasks = [(tmp_path, number) for number in range(6)]

    assert sorted(Workers(2, alone=0).map(killed_once, tasks)) == [0, 1, 2, 3, 4, 5]
    assert (tmp_path / "killed").exists()


def test_workers_that_are_always_killed_are_given_up():
    """After TRIES the run stops and says what to do."""
    with pytest.raises(DetectorError, match=f"were killed {TRIES} times") as error:
        list(Workers(2, alone=0).map(killed_always, [1, 2]))
    assert "fewer --jobs" in error.value.hint


def test_workers_do_not_outlive_a_killed_run():
    """Where the run itself is killed, its workers end soon after, in the middle of their work."""
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANED], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
    waited = monotonic()
    while any(map(is_alive, workers)) and monotonic() - waited < 60:
        sleep(0.2)

    assert not any(map(is_alive, workers))


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_a_task_is_raised(jobs):
    """A bug keeps its type, and stops the run."""
    with pytest.raises(ValueError, match="two"):
        list(Workers(jobs, alone=0).map(failing, range(5)))


def test_tasks_are_taken_as_workers_come_free():
    """The tasks of a long run are not all held in memory."""
    taken = []

    def tasks():
        for number in range(40):
            taken.append(number)
            yield number

    results = Workers(2, alone=0).map(squared, tasks())
    next(results)

    assert len(taken) < 12
    assert len(list(results)) == 39


def test_the_database_keeps_tables_and_removes_what_it_spilled(tmp_path: Path):
    """A table stands in the file afterwards, the spill folder does not; times are UTC."""
    path = tmp_path / "a.duckdb"
    with database(path.parent, path.name, threads=1) as connection:
        connection.execute("create table kept as select 5 as n")
        spill = connection.execute("select current_setting('temp_directory')").fetchall()[0][0]
        zone = connection.execute("select current_setting('timezone')").fetchall()[0][0]
    with database(path.parent, path.name, threads=1) as connection:
        kept = connection.execute("select n from kept").fetchall()

    assert (kept, zone) == ([(5,)], "UTC")
    assert not Path(spill).exists()


def test_a_database_in_memory_touches_no_folder(tmp_path: Path):
    """Who only reads an archive needs no right to write beside it."""
    folder = tmp_path / "absent"
    with database(folder) as connection:
        query = "select current_setting('temp_directory')"
        spill = Path(connection.execute(query).fetchall()[0][0])
    with database(folder, spill=tmp_path / ".seen.new-") as connection:
        beside = Path(connection.execute(query).fetchall()[0][0])

    assert not folder.exists()
    assert spill.parent == Path(tempfile.gettempdir())
    assert (beside.parent, beside.name[:10]) == (tmp_path, ".seen.new-")
    assert not beside.exists()


def test_ctrl_c_in_a_query_is_an_interrupt(tmp_path: Path):
    """Whatever the database calls it, the caller gets what Ctrl-C gives anywhere else."""
    endless = "select count(*) from range(1000000) a, range(1000000) b where a.range > 2 * b.range"
    Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt), database(tmp_path, threads=1) as connection:
        connection.execute(endless).fetchall()


def test_other_errors_of_a_run_stay_what_they_are(tmp_path: Path):
    """Only a stopped query is an interrupt."""
    with pytest.raises(RuntimeError, match="of our own"), database(tmp_path):
        raise RuntimeError("of our own")


@pytest.mark.parametrize("folder", ["weight=4/kind=9", "out[1]", "o*t", "o?t", "[!o]", "~", "it's"])
def test_the_names_of_folders_change_nothing_of_a_table(tmp_path: Path, folder: str):
    """They are neither columns nor patterns; the name of the file may be a pattern."""
    (tmp_path / folder).mkdir(parents=True)
    for n in (1, 2):
        pq.write_table(pa.table({"weight": [n]}), tmp_path / folder / f"terms-{n}.parquet")
    with database(tmp_path) as connection:
        for name, numbers in (("terms-*", [(1,), (2,)]), ("terms-2", [(2,)])):
            files = parquet(tmp_path / folder / f"{name}.parquet")
            found = connection.execute(f"select * from {files} order by all")  # noqa: S608
            assert found.fetchall() == numbers


def test_a_path_that_the_database_cannot_be_written_to_is_told(tmp_path: Path):
    """DuckDB reads a question mark as the end of the name, and would end in an error of its own."""
    told = pytest.raises(DetectorError, match="no path with a question mark")
    with told, database(tmp_path, "what?.duckdb"):
        pass
