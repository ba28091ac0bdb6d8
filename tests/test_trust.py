"""Nothing that strangers hand over is executed, nothing leaves the machine or the output folder."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detector.cli import main

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "detector").rglob("*.py"))
# Modules that execute what they read, start programs, or talk to other machines.
FORBIDDEN_MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "yaml", "subprocess", "pty",
    "socket", "socketserver", "ssl", "http", "ftplib", "smtplib", "telnetlib", "requests", "httpx",
    "urllib3", "aiohttp", "code", "codeop",
}  # fmt: skip
FORBIDDEN_NAMES = {
    "urllib.request", "os.system", "os.popen", "os.execv", "os.execve", "os.spawnv",
    "tempfile.mktemp", "joblib.load", "joblib.dump", "sklearn.externals",
    "xml.etree", "xml.sax", "xml.dom",
}  # fmt: skip
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


def uses(path: Path) -> set[str]:
    """Name the modules, attributes and built-in functions that a file uses, as it spells them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Attribute):
            found.add(ast.unparse(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(f"{node.func.id}()")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_executes_starts_or_calls_out(path: Path) -> None:
    """No pickle, no YAML, no shell, no other program, no network, no guessable temporary name."""
    used = uses(path)

    assert {name.partition(".")[0] for name in used} & FORBIDDEN_MODULES == set()
    assert used & FORBIDDEN_NAMES == set()
    assert used & {f"{name}()" for name in FORBIDDEN_CALLS} == set()


def test_numpy_never_loads_objects() -> None:
    """Every call of `np.load` says that it allows no pickle."""
    calls = [
        node
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load")
    ]

    assert calls
    assert all("allow_pickle=False" in ast.unparse(call) or "mmap_mode" in ast.unparse(call)
               for call in calls)  # fmt: skip
    assert all("allow_pickle=True" not in ast.unparse(call) for call in calls)


def test_no_option_names_a_model() -> None:
    """From the command line no other model than the shipped one can be loaded."""
    options = {option.name for command in main.commands.values() for option in command.params}

    assert [name for name in options if name and "model" in name] == []


# Every interpreter of the run has it, workers too: it ends one that opens an Internet socket,
# asks for a name, or starts a program that is no interpreter of ours.
GUARD = """
import os, sys
def guard(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        os.write(2, b"NETWORK " + repr((event, arguments)).encode()); os._exit(99)
    # A library looks, as it is imported, whether it could bind the machine's own IPv6 address.
    own = event == "socket.bind" and arguments[1][0] in ("::1", "127.0.0.1")
    if event in ("socket.connect", "socket.bind", "socket.sendto") and not own:
        if int(arguments[0].family) != 1:
            os.write(2, b"NETWORK " + repr((event, arguments)).encode()); os._exit(99)
    if event == "os.system" or (
        event == "subprocess.Popen" and "python" not in os.path.basename(str(arguments[0]))
    ):
        os.write(2, b"PROGRAM " + repr((event, arguments)).encode()); os._exit(98)
sys.addaudithook(guard)
"""


def guarded(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command where every interpreter is guarded."""
    (folder / "guard").mkdir(exist_ok=True)
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join((str(folder / "guard"), str(ROOT)))
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path}, cwd=folder,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_no_command_uses_the_network(tmp_path: Path) -> None:
    """The demo's batch and pages, a score, readability: none opens a socket or starts a program."""
    crawl = ROOT / "detector" / "demo" / "crawl" / "articles.jsonl"
    story = tmp_path / "story.txt"
    story.write_text(json.loads(crawl.read_text("utf-8").splitlines()[0])["maintext"])
    for call in (
        ("demo", "--out", "out"),
        ("score", str(story), "--source", str(story), "--html", "pair.html"),
        ("readability", str(story)),
    ):
        ran = guarded(tmp_path, "-m", "detector", *call)
        assert ran.returncode in (0, 3), ran.stderr
        assert "NETWORK" not in ran.stderr
        assert "PROGRAM" not in ran.stderr


def test_the_guard_sees_a_socket(tmp_path: Path) -> None:
    """What the test above relies on ends a process that asks for a name or opens a connection."""
    for code in (
        "import socket; socket.getaddrinfo('harbour.example', 80)",
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
    ):
        ran = guarded(tmp_path, "-c", code)
        assert (ran.returncode, "NETWORK" in ran.stderr) == (99, True)


HOSTILE_NAMES = ("../../escaped", "..", "a/b", "nul\x00", "<b>", "'; drop table x; --")


def test_results_stay_in_the_output_folder(tmp_path: Path) -> None:
    """Ids, sites and titles that are paths, SQL or markup name no file outside the folder."""
    text = "The swing bridge of Sorrel closes on Monday and the ferry takes its place there. " * 5
    (tmp_path / "in").mkdir()
    records = [
        {"id": name, "title": name, "text": f"{text} {number}", "source_domain": "../../escaped",
         "url": f"https://../../{name}", "date": f"2026-01-0{number + 1}"}
        for number, name in enumerate(HOSTILE_NAMES)
    ]  # fmt: skip
    crawl = tmp_path / "in" / "crawl.jsonl"
    crawl.write_text("\n".join(map(json.dumps, records)))
    before = {path for path in tmp_path.rglob("*") if "guard" not in path.parts}
    for call in (("batch", "in", "--out", "out", "--jobs", "1"), ("report", "out")):
        ran = guarded(tmp_path, "-m", "detector", *call)
        assert ran.returncode in (0, 3), ran.stderr
    after = {path for path in tmp_path.rglob("*") if "guard" not in path.parts}

    assert all(path.is_relative_to(tmp_path / "out") for path in after - before)
    assert not list(tmp_path.parent.glob("escaped*"))
