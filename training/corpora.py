"""The development corpora: which archives, at which commit, with which hashes; fetch and verify.

``corpora.toml`` names each archive. It is taken from a mirror folder, or from the public address of
that commit, whose archive has the same members. Every file that is used is hashed, and nothing is
handed to a reader before the hash over all of them is right.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import tarfile
import tomllib
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePosixPath

from detector.errors import DetectorError

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = Path(__file__).with_name("corpora.toml")
HASHES = Path(__file__).with_name("corpora.sha256")
LISTS = Path(__file__).parent
DOWNLOADS = ROOT / "build" / "corpora"

# The largest archive has 160 MB compressed by gzip; ten times that is no archive of ours.
LARGEST_DOWNLOAD = 2_000_000_000
SECONDS_TO_WAIT = 60
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """One public repository at one commit, and the files of it that are used."""

    name: str  # of the corpus, as in the column ``corpus`` of the pairs
    owner: str
    repo: str
    commit: str  # 40 hexadecimal digits
    paths: tuple[str, ...]  # patterns, relative to the repository's root
    files: int  # how many files the patterns name
    tree: str  # SHA-256 over the lines "<sha256>  <path>\n" of those files, sorted by path
    licence: str
    use: str  # what the project does with it
    listed: str = ""  # file with the stems of the used files, where the patterns name more

    @property
    def stem(self) -> str:
        """The archive's file name without its ending."""
        return f"{self.owner}+{self.repo}@{self.commit[:12]}"

    @property
    def address(self) -> str:
        """Where the public host serves this commit."""
        return f"https://github.com/{self.owner}/{self.repo}/archive/{self.commit}.tar.gz"

    def uses(self, path: str) -> bool:
        """Tell whether a path of the repository is one of those used.

        The public archive has files that the mirror's trimmed one lacks (all above 4 MB, and a
        part of the largest corpus), so the patterns alone do not decide.
        """
        if not any(fnmatchcase(path, pattern) for pattern in self.paths):
            return False
        if self.listed:
            return PurePosixPath(path).stem in stems(LISTS / self.listed)
        known = known_hashes().get(self.stem)
        return known is None or path in known


def default_mirror() -> Path:
    """Give the mirror folder: ``UNSPUN_MIRROR``, else ``shared/corpora`` beside the repository."""
    return Path(os.environ.get("UNSPUN_MIRROR") or ROOT.parent / "shared" / "corpora")


# ---- registry


@lru_cache(maxsize=4)
def registry(path: Path = REGISTRY) -> Mapping[str, Archive]:
    """Read the registry: archives by corpus name."""
    table = tomllib.loads(path.read_text("utf-8"))
    archives = (Archive(**{**entry, "paths": tuple(entry["paths"])}) for entry in table["archive"])
    return {archive.name: archive for archive in archives}


@lru_cache(maxsize=1)
def known_hashes() -> Mapping[str, Mapping[str, str]]:
    """Read the hashes of single files: archive's stem to path to SHA-256.

    They stand there for archives of few files; where there are thousands the hash of all tells
    as surely that something differs, only not what.
    """
    known: dict[str, dict[str, str]] = defaultdict(dict)
    for line in HASHES.read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        stem, _, path = name.partition("/")
        known[stem][path] = digest
    return dict(known)


@lru_cache(maxsize=4)
def stems(path: Path) -> frozenset[str]:
    """Read a gzipped list of file names without their endings, one a line."""
    return frozenset(gzip.decompress(path.read_bytes()).decode("utf-8").split())


def corpus(name: str) -> Archive:
    """Look an archive up by its corpus name.

    Raises
    ------
    DetectorError
        Where the registry has no such corpus.
    """
    archive = registry().get(name)
    if archive is None:
        raise DetectorError(
            f"there is no corpus named {name!r}", hint=f"one of: {', '.join(sorted(registry()))}"
        )
    return archive


# ---- fetching


def locate(archive: Archive, mirror: Path | None) -> Path:
    """Find the archive in the mirror or among earlier downloads, or download it.

    Raises
    ------
    DetectorError
        Where it is in neither and cannot be downloaded.
    """
    folders = [folder for folder in (mirror, DOWNLOADS) if folder is not None]
    for folder in folders:
        for ending in (".tar.xz", ".tar.gz"):
            path = folder / (archive.stem + ending)
            if path.is_file():
                return path
    return fetch(archive, DOWNLOADS)


def fetch(archive: Archive, folder: Path) -> Path:
    """Download an archive from its public address into a folder.

    Raises
    ------
    DetectorError
        Where the host cannot be reached, does not have it, or sends too much.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{archive.stem}.tar.gz"
    partial = path.with_suffix(".part")
    try:
        with urllib.request.urlopen(archive.address, timeout=SECONDS_TO_WAIT) as reply:  # noqa: S310 - the registry's addresses are https
            _store(reply, partial, archive)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise DetectorError(
            f"cannot download {archive.address}: {error}",
            hint="name a folder that has the archives: --mirror FOLDER, or set UNSPUN_MIRROR",
        ) from error
    partial.rename(path)
    return path


def _store(reply: object, path: Path, archive: Archive) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := reply.read(CHUNK):  # type: ignore[attr-defined]
            size += len(chunk)
            if size > LARGEST_DOWNLOAD:
                raise DetectorError(
                    f"{archive.address} sends more than {LARGEST_DOWNLOAD} bytes",
                    hint="check the registry's entry for this corpus",
                )
            file.write(chunk)


# ---- reading and verifying


def members(archive: Archive, path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each used file, read in place, in the archive's order.

    Raises
    ------
    DetectorError
        Where the file is no archive, or cut short.
    """
    try:
        with tarfile.open(path, "r:*") as tar:
            for member in tar:
                inside = member.name.partition("/")[2]
                file = tar.extractfile(member) if member.isfile() else None
                if file is not None and archive.uses(inside):
                    yield inside, file.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise DetectorError(
            f"cannot read {path}: {error}", hint="delete the file and fetch the archive again"
        ) from error


def tree_hash(digests: Mapping[str, str]) -> str:
    """Hash all files of an archive, given the SHA-256 of each by path.

    The same as ``sha256sum`` of the sorted lines that ``sha256sum`` prints.
    """
    lines = (f"{digests[path]}  {path}\n" for path in sorted(digests))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def load(name: str, mirror: Path | None = None) -> dict[str, bytes]:
    """Read the used files of a corpus, by path, having checked every one.

    Raises
    ------
    DetectorError
        Where the corpus is unknown, cannot be had, or differs from what the registry says.
    """
    archive = corpus(name)
    path = locate(archive, mirror)
    files = dict(members(archive, path))
    verify(archive, {p: hashlib.sha256(data).hexdigest() for p, data in files.items()}, path)
    return dict(sorted(files.items()))


def verify(archive: Archive, digests: Mapping[str, str], path: Path) -> None:
    """Compare the hashes of an archive's files with the registry's.

    Raises
    ------
    DetectorError
        Where they differ; the first file that does is named if its hash is on record.
    """
    if tree_hash(digests) == archive.tree:
        return
    known = known_hashes().get(archive.stem, {})
    different = [
        inside for inside, digest in sorted(digests.items()) if known.get(inside, digest) != digest
    ]
    what = f"first {different[0]}" if different else f"{len(digests)} files of {archive.files}"
    raise DetectorError(
        f"the files of {path} are not those of {archive.owner}/{archive.repo}@{archive.commit}: "
        f"{what}",
        hint="delete it and fetch the archive again; if the registry is wrong, mend corpora.toml",
    )


def check_all(mirror: Path | None = None) -> None:
    """Fetch and verify every archive of the registry, and say so."""
    for name, archive in registry().items():
        files = load(name, mirror)
        size = sum(map(len, files.values()))
        print(f"{name:20} {len(files):6} files {size:12,} bytes  {archive.licence}")


# ---- lists


def tortured_phrases(mirror: Path | None = None) -> list[tuple[str, str]]:
    """Read the tortured phrases and what each stands for, of both lists, in order and once.

    Raises
    ------
    DetectorError
        As `load` does.
    """
    screened = json.loads(load("torturedcheck", mirror)["src/data/tortured-phrases.json"])
    entries = [(entry["tortured"], entry["correct"]) for entry in screened["phrases"]]
    counted = load("tortured_phrase", mirror)["data/tortured.csv"].decode("utf-8")
    for row in csv.DictReader(io.StringIO(counted)):
        # The list quotes its phrases as a search asks for them: "a b" AND "c d".
        first = row["tortured_phrase"].partition(" AND ")[0].replace('"', "")
        entries.append((first, row["expected_phrase"]))
    return sorted(
        {(odd.replace('"', "").strip(), right.strip()) for odd, right in entries if odd and right}
    )
