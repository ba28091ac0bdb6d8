"""Read files in a process of its own whose memory is bounded, and tell what came of it."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections import Counter
from multiprocessing.connection import Connection

from detector.errors import DetectorError
from detector.ingest import read
from detector.records import Rejected


def outcomes(path: str) -> Counter[str]:
    """Count what reading a file gives: "" for articles, else the reason."""
    try:
        found = read([path])
        return Counter(o.reason if isinstance(o, Rejected) else "" for o in found)
    except DetectorError:
        return Counter(["DetectorError"])


def _measure(path: str, memory: int, seconds: int, report: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    begin = time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        found = dict(outcomes(path))
    except BaseException as error:
        found = {f"raised {type(error).__name__}: {error}"[:200]: 1}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report.send((found, time.process_time() - begin, (peak - before) / 1024, peak / 1024))


def measured(path: str, memory: int, seconds: int) -> tuple[dict[str, int], float, float]:
    """Read a file under bounds.

    Returns
    -------
    Outcomes by reason, with "killed" where the process died; seconds of processor time; peak of
    memory in MB.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [
            "bounded",
            "trafilatura",
            "pyarrow.parquet",
            "fastwarc.warc",
            "fastfeedparser",
        ]
    )
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_measure, args=(path, memory, seconds, theirs))
    child.start()
    theirs.close()
    try:
        found, took, _, peak = ours.recv()
    except EOFError:
        found, took, peak = {"killed": 1}, float("nan"), float("nan")
    child.join()
    return found, took, peak
