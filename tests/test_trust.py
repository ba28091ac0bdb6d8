"""Nothing that strangers hand over is executed, nothing leaves the machine or the output folder."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detector.classify import MODEL_NAME
from detector.cli import main
from detector.lexicon import models_folder

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


def test_the_guard_sees_a_socket(tmp_path: Path) -> None:
    """What the test above relies on ends a process that asks for a name or opens a connection."""
    for code in (
        "import socket; socket.getaddrinfo('harbour.example', 80)",
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
    ):
        ran = guarded(tmp_path, "-c", code)
        assert (ran.returncode, "NETWORK" in ran.stderr) == (99, True)


HOSTILE_NAMES = ("../../escaped", "..", "a/b", "nul\x00", "<b>", "'; drop table x; --")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[Path], list[str]]:
    """Run the commands on articles with hostile names: the folder, new files, what was said."""
    folder = tmp_path_factory.mktemp("hostile")
    text = "The swing bridge of Sorrel closes on Monday and the ferry takes its place there. " * 5
    (folder / "in").mkdir()
    records = [
        {"id": name, "title": name, "text": f"{text} {number}", "source_domain": "../../escaped",
         "url": f"https://../../{name}", "date": f"2026-01-0{number + 1}"}
        for number, name in enumerate(HOSTILE_NAMES)
    ]  # fmt: skip
    (folder / "in" / "crawl.jsonl").write_text("\n".join(map(json.dumps, records)))
    (folder / "story.txt").write_text(text)
    before, said = files_in(folder), []
    for call in (
        ("batch", "in", "--out", "out", "--jobs", "2"),
        ("report", "out"),
        ("score", "story.txt", "--source", "story.txt", "--html", "out/pair.html"),
        ("readability", "story.txt"),
    ):
        done = guarded(folder, "-m", "detector", *call)
        assert done.returncode in (0, 3), done.stderr
        said.append(done.stderr)
    return folder, files_in(folder) - before, said


def files_in(folder: Path) -> set[Path]:
    """Give what a folder holds, and what stands beside it."""
    found = {*folder.rglob("*"), *folder.parent.iterdir(), *folder.parent.parent.glob("escaped*")}
    return {path for path in found if "guard" not in path.parts}


def test_no_command_uses_the_network(ran: tuple[Path, set[Path], list[str]]) -> None:
    """Batch, report, score, readability: none opens a socket or starts a program."""
    _, _, said = ran

    assert len(said) == 4
    assert [text for text in said if "NETWORK" in text or "PROGRAM" in text] == []


def test_results_stay_in_the_output_folder(ran: tuple[Path, set[Path], list[str]]) -> None:
    """Ids, sites and titles that are paths, SQL or markup name no file outside the folder."""
    folder, written, _ = ran

    assert folder / "out" / "verdicts.parquet" in written
    assert [path for path in written if not path.is_relative_to(folder / "out")] == []


# ---------------------------------------------------------------- models

STORY = (
    "The lighthouse of Corrie Point gets a new lamp in May, said the harbour board of Tarn. " * 6
)


def another_model(folder: Path) -> Path:
    """Copy the shipped model under another name, as anybody could make one."""
    copied = shutil.copytree(models_folder() / MODEL_NAME, folder / "model")
    manifest = copied / "manifest.json"
    told = json.loads(manifest.read_text()) | {"id": "somebodys-1"}
    manifest.write_text(json.dumps(told))
    return copied


def called(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize("command", ["score", "batch"])
def test_another_model_judges_only_where_its_owner_is_trusted(command: str, tmp_path: Path) -> None:
    """Without --trust-model it is refused by what it is; with it, the results name it."""
    article = tmp_path / "story.txt"
    article.write_text(STORY)
    out = ["--out", tmp_path / "out"] if command == "batch" else ["--source", article]
    asked = (command, article, *out, "--json", "--model", another_model(tmp_path))
    refused, trusted = called(*asked), called(*asked, "--trust-model")

    assert refused.exit_code == 1
    assert "is not the one that unspun comes with" in refused.stderr
    assert "--trust-model" in refused.stderr
    assert trusted.exit_code in (0, 3)
    assert json.loads(trusted.stdout)["model"] == "somebodys-1"


def test_the_shipped_model_needs_no_trust(tmp_path: Path) -> None:
    """Wherever a copy of it lies."""
    copied = shutil.copytree(models_folder() / MODEL_NAME, tmp_path / "copy")
    article = tmp_path / "story.txt"
    article.write_text(STORY)

    assert called("score", article, "--source", article, "--model", copied).exit_code == 0


def test_trust_does_not_mend_a_model(tmp_path: Path) -> None:
    """What was altered behind its manifest is refused, trusted or not; so is a folder without."""
    copied = another_model(tmp_path)
    arrays = copied / "estimators.npz"
    arrays.write_bytes(arrays.read_bytes()[:-1])
    for folder, reason in (
        (copied, "is not the file that"),
        (tmp_path, "manifest.json is missing"),
    ):
        told = called("score", ROOT / "README.md", "--model", folder, "--trust-model")

        assert told.exit_code == 1
        assert reason in told.stderr
