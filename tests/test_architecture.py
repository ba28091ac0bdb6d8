"""Laws of the code base as a whole."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import detector
from detector.cli import main

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "detector"
README = (ROOT / "README.md").read_text(encoding="utf-8")

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

LONGEST_FUNCTION = 60  # lines of the body, without its docstring
LONGEST_COMMAND = 15
LONGEST_FILE = 400
MOST_PARAMETERS = 7
MOST_PUBLIC_NAMES = 9
MOST_PICTURE_BYTES = 300_000
DRAWERS = {"utils", "util", "helpers", "helper", "misc", "common"}
ENGINE_LIBRARIES = {"duckdb", "joblib", "pyspark"}
ON_ENGINES = {
    f"detector/batch/{name}.py" for name in ("cluster", "lookup", "running", "summary", "tables")
}
HEAVY = {"sklearn", "scipy", "nltk", "textstat", "trafilatura", "duckdb", "pyarrow"}

FILES = sorted(
    path
    for folder in ("detector", "training", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "_models" not in path.parts
)
OURS = [path for path in FILES if "tests" not in path.relative_to(ROOT).parts]
STAGED = [path for path in OURS if PACKAGE in path.parents and path != PACKAGE / "__init__.py"]
STAGES = re.findall(r"^    (\w+)  +\S", detector.__doc__ or "", re.MULTILINE)


def name_of(path: Path) -> str:
    """Name a file as people do, from the root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, *, for_types: bool = True) -> Iterator[str]:
    """Give the full name of everything that a file imports, wherever in it the import stands.

    With ``for_types`` false, what only type checkers import is left out.
    """
    aside = set() if for_types else set(_checked_only(path))
    for node in ast.walk(tree(path)):
        if node in aside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _checked_only(path: Path) -> Iterator[ast.AST]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from ast.walk(node)


def file_of(name: str) -> Path | None:
    """Find the file of the package that an imported name is, or is in."""
    parts = name.split(".")
    for length in range(len(parts), 1, -1):
        place = ROOT.joinpath(*parts[:length])
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path in OURS:
                return path
    return None


def stage_of(path: Path) -> str:
    """Name the stage that a file of the package belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give all functions and methods of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


# ---------------------------------------------------------------- stages


def test_the_stage_map_lists_every_module() -> None:
    """Every module of the package stands in the map in its docstring, and nothing else does."""
    modules = {stage_of(path) for path in PACKAGE.rglob("*.py") if "_models" not in path.parts}

    assert modules - {"__init__", "__main__"} == set(STAGES)
    assert max(Counter(STAGES).values()) == 1


@pytest.mark.parametrize("path", STAGED, ids=name_of)
def test_a_stage_imports_only_stages_before_it(path: Path) -> None:
    """A file of the package imports its own stage and earlier ones, and never the training."""
    own = len(STAGES) if stage_of(path) == "__main__" else STAGES.index(stage_of(path))
    imported = [name.split(".") for name in imports(path)]
    later = {
        parts[1]
        for parts in imported
        if parts[0] == "detector" and parts[1:2] and parts[1] in STAGES[own + 1 :]
    }

    assert later == set()
    assert "training" not in {parts[0] for parts in imported}


@pytest.mark.parametrize("path", STAGED, ids=name_of)
def test_engines_are_imported_by_runs_and_the_archive_alone(path: Path) -> None:
    """No file of the package imports an engine but those that move or read the tables of a run."""
    engines = {name for name in imports(path) if name.startswith("detector.engines")}

    assert engines == set() or stage_of(path) == "archive" or name_of(path) in ON_ENGINES


def test_no_stage_knows_which_engine_runs_it() -> None:
    """What the stages of a run import, directly or not, imports no engine and no library of one."""
    known, coming = set(), [PACKAGE / "batch" / "stages.py"]
    while coming:
        path = coming.pop()
        known.add(path)
        files = {file_of(name) for name in imports(path, for_types=False)}
        coming += [file for file in files if file and file not in known]
    libraries = {
        (name_of(path), name.split(".")[0])
        for path in known
        for name in imports(path, for_types=False)
        if name.split(".")[0] in ENGINE_LIBRARIES
    }

    assert PACKAGE / "classify.py" in known or PACKAGE / "classify" / "__init__.py" in known
    assert {name_of(path) for path in known if stage_of(path) in ("engines", "archive")} == set()
    assert libraries == set()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_spark_is_imported_in_one_place(path: Path) -> None:
    """Only the adapter imports pyspark, so that nobody else needs it."""
    wanted = {name.split(".")[0] for name in imports(path, for_types=False)}

    assert "pyspark" not in wanted or path == PACKAGE / "engines" / "spark.py"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_module_is_named_by_a_noun_of_its_own(path: Path) -> None:
    """No file or folder is a drawer: utils, helpers, misc, common."""
    assert not DRAWERS & set(re.split(r"[/_.]", name_of(path)))


def test_few_names_are_public_and_all_exist() -> None:
    """At most nine names are public, and each can be imported."""
    public = detector.__all__

    assert len(public) <= MOST_PUBLIC_NAMES
    assert [getattr(detector, name) for name in public]
    with pytest.raises(AttributeError, match="no attribute 'utils'"):
        _ = detector.utils
    assert set(public) <= set(dir(detector))


# ---------------------------------------------------------------- sizes


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_files_and_functions_keep_to_the_house_numbers(path: Path) -> None:
    """No file, function or list of parameters grows beyond what one can take in."""
    long = [f.name for f in functions(path) if body_lines(f) > LONGEST_FUNCTION]
    wide = [
        f.name
        for f in functions(path)
        if len(f.args.posonlyargs + f.args.args + f.args.kwonlyargs) > MOST_PARAMETERS
    ]

    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert (long, wide) == ([], [])


@pytest.mark.parametrize("path", [p for p in FILES if p.name.startswith("test_")], ids=name_of)
def test_every_test_states_its_promise(path: Path) -> None:
    """Each test has a docstring that says what holds, not what ought to."""
    tests = [f for f in functions(path) if f.name.startswith("test_")]
    promises = {f.name: ast.get_docstring(f) or "" for f in tests}

    assert [name for name, promise in promises.items() if not promise] == []
    assert [name for name, promise in promises.items() if " should " in promise] == []


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself_and_stands_in_the_readme(name: str) -> None:
    """Each command has help with an example, and the README shows how it is called."""
    result = CliRunner().invoke(main, [name, "--help"])

    assert result.exit_code == 0
    assert re.search(r"Examples?:\n +unspun " + name, result.output)
    assert re.search(rf"^\$ .*unspun {name}\b", README, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_commands_are_short(name: str) -> None:
    """A command parses, calls the library and prints, in at most fifteen lines."""
    homes = sorted(PACKAGE.glob("*cli.py"))
    (function,) = (f for home in homes for f in functions(home) if f.name == name)

    assert body_lines(function) <= LONGEST_COMMAND


def test_every_option_is_explained() -> None:
    """Every option of every command has a line of help."""
    options = [
        (name, option.name)
        for name, command in main.commands.items()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]

    assert options == []


def loaded_by(code: str) -> set[str]:
    """Run code in a fresh interpreter and list the top-level modules it leaves loaded."""
    script = f"import sys\ntry:\n    {code}\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_help_imports_nothing_heavy() -> None:
    """`unspun --help` and the help of every command load no heavy library."""
    calls = [["--help"], *([name, "--help"] for name in sorted(main.commands))]
    code = (
        f"from detector.cli import main; [main(call, standalone_mode=False) for call in {calls!r}]"
    )

    assert loaded_by(code) & (HEAVY | {"numpy"}) == set()


def test_judging_a_pair_of_texts_loads_nothing_heavy() -> None:
    """`unspun score` of two text files comes to its verdict without any heavy library."""
    pair = ROOT / "tests" / "golden" / "pairs" / "spun_court_moderate"
    call = ["score", str(pair / "suspect.txt"), "--source", str(pair / "source.txt"), "--json"]
    code = f"from detector.cli import main; main({call!r}, standalone_mode=False)"

    assert loaded_by(code) & HEAVY == set()


def test_importing_the_package_imports_nothing_but_itself() -> None:
    """`import detector` loads neither numpy nor any stage."""
    assert loaded_by("import detector") & (HEAVY | {"numpy", "click"}) == set()


# ---------------------------------------------------------------- documents


def test_the_readme_has_two_commands() -> None:
    """The README has exactly two blocks of shell commands, which CI takes out and runs."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

    assert [block.count("\n") for block in blocks] == [1, 1]
    assert "unspun demo" in blocks[0]
    assert "pytest" in blocks[1]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_of_documents_lead_somewhere(path: Path) -> None:
    """Every relative link of a document leads to a file or folder."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_pictures_are_small() -> None:
    """The README shows two pictures at least, and none of the pictures has more than 300 kB."""
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))

    assert len(re.findall(r"\]\(docs/pictures/[\w-]+\.png\)", README)) >= 2
    assert [path.name for path in pictures if path.stat().st_size > MOST_PICTURE_BYTES] == []


def test_decisions_are_numbered_once() -> None:
    """No two decisions share a number."""
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")]

    assert len(numbers) == len(set(numbers))


def test_the_verdict_keys_of_the_readme_are_those_of_the_schema() -> None:
    """The README explains every key of a verdict in JSON."""
    schema = json.loads((ROOT / "tests" / "golden" / "verdict_schema.json").read_text())
    explained = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", README, re.MULTILINE)))

    assert set(schema["properties"]) <= set(explained)
