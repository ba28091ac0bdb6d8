"""The registry, the archives and their hashes."""

from __future__ import annotations

import hashlib
import io
import tarfile
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from detector.errors import DetectorError
from training import corpora
from training.corpora import Archive

FILES = {
    "data/a.txt": b"The ferry to Lindow was late.\n",
    "data/b.txt": b"The ferry to Lindow was on time.\n",
    "notes/readme.txt": b"Not used.\n",
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def pack(path: Path, files: dict[str, bytes], mode: str = "w:xz") -> None:
    """Write an archive laid out as the public host's are."""
    with tarfile.open(path, mode) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(f"harbour-{COMMIT}/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def digests(files: dict[str, bytes]) -> dict[str, str]:
    """Hash each file."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


@pytest.fixture
def harbour(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Archive:
    """Register one fictional archive, and nothing else."""
    used = {name: data for name, data in FILES.items() if name.startswith("data/")}
    archive = Archive(
        name="harbour",
        owner="tidewater",
        repo="harbour",
        commit=COMMIT,
        paths=("data/*.txt",),
        files=2,
        tree=corpora.tree_hash(digests(used)),
        licence="fictional",
        use="a test",
    )
    monkeypatch.setattr(corpora, "registry", lambda: {"harbour": archive})
    monkeypatch.setattr(corpora, "known_hashes", lambda: {archive.stem: digests(used)})
    monkeypatch.setattr(corpora, "DOWNLOADS", tmp_path / "downloads")
    return archive


@pytest.mark.parametrize(("ending", "mode"), [(".tar.xz", "w:xz"), (".tar.gz", "w:gz")])
def test_reads_used_files(harbour: Archive, tmp_path: Path, ending: str, mode: str) -> None:
    """The used files of a mirrored archive are read by path, and no others."""
    pack(tmp_path / (harbour.stem + ending), FILES, mode)

    assert list(corpora.load("harbour", tmp_path)) == ["data/a.txt", "data/b.txt"]
    assert corpora.load("harbour", tmp_path)["data/a.txt"] == FILES["data/a.txt"]


def test_names_the_changed_file(harbour: Archive, tmp_path: Path) -> None:
    """A file that differs from its hash is named, and nothing is handed on."""
    pack(tmp_path / f"{harbour.stem}.tar.xz", {**FILES, "data/b.txt": b"Another ferry.\n"})

    with pytest.raises(DetectorError, match=r"first data/b\.txt") as caught:
        corpora.load("harbour", tmp_path)

    assert "fetch the archive again" in caught.value.hint


def test_misses_a_file(harbour: Archive, tmp_path: Path) -> None:
    """An archive that lacks a used file is refused, and the count says so."""
    pack(tmp_path / f"{harbour.stem}.tar.xz", {"data/a.txt": FILES["data/a.txt"]})

    with pytest.raises(DetectorError, match="1 files of 2"):
        corpora.load("harbour", tmp_path)


def test_ignores_files_that_the_mirror_lacks(harbour: Archive, tmp_path: Path) -> None:
    """A file that matches a pattern but has no known hash is not used: the public archive's extra
    files change nothing.
    """
    pack(tmp_path / f"{harbour.stem}.tar.xz", {**FILES, "data/huge.txt": b"Above four megabytes."})

    assert list(corpora.load("harbour", tmp_path)) == ["data/a.txt", "data/b.txt"]


def test_cut_archive(harbour: Archive, tmp_path: Path) -> None:
    """An archive that is cut short is a user's error with a next step."""
    path = tmp_path / f"{harbour.stem}.tar.xz"
    pack(path, FILES)
    path.write_bytes(path.read_bytes()[:120])

    with pytest.raises(DetectorError, match="cannot read"):
        corpora.load("harbour", tmp_path)


def test_unknown_corpus(harbour: Archive) -> None:
    """An unknown corpus is answered with the names that there are."""
    with pytest.raises(DetectorError, match="no corpus named 'harbor'") as caught:
        corpora.corpus("harbor")

    assert "harbour" in caught.value.hint


def test_downloads_what_the_mirror_lacks(
    harbour: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a mirror the archive comes from the commit's public address, once."""
    source = tmp_path / "public.tar.gz"
    pack(source, FILES, "w:gz")
    asked = []

    def opened(address: str, timeout: float) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(source.read_bytes())

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    first, second = corpora.load("harbour", None), corpora.load("harbour", tmp_path / "empty")

    assert first == second
    assert asked == [f"https://github.com/tidewater/harbour/archive/{COMMIT}.tar.gz"]


def test_unreachable_host(
    harbour: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unreachable host is a user's error that names the mirror option."""

    def refused(address: str, timeout: float) -> io.BytesIO:
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(urllib.request, "urlopen", refused)
    with pytest.raises(DetectorError, match="no route to host") as caught:
        corpora.load("harbour", tmp_path)

    assert "--mirror" in caught.value.hint


def test_endless_download(
    harbour: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A download that exceeds the limit is broken off."""
    monkeypatch.setattr(corpora, "LARGEST_DOWNLOAD", 10)
    monkeypatch.setattr(urllib.request, "urlopen", lambda address, timeout: io.BytesIO(b"x" * 99))

    with pytest.raises(DetectorError, match="more than 10 bytes"):
        corpora.fetch(harbour, tmp_path)


def test_listed_files(harbour: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a list names the used files, other files of the same pattern are not used."""
    import gzip

    monkeypatch.setattr(corpora, "LISTS", tmp_path)
    (tmp_path / "list.txt.gz").write_bytes(gzip.compress(b"a\nc"))
    archive = replace(harbour, listed="list.txt.gz")

    assert archive.uses("data/a.txt")
    assert not archive.uses("data/b.txt")


def test_tree_hash_oracle() -> None:
    """The hash of all files is what sha256sum gives for its own sorted output."""
    found = digests(FILES)
    lines = sorted((name, digest) for name, digest in found.items())
    text = "".join(f"{digest}  {name}\n" for name, digest in lines)

    assert corpora.tree_hash(found) == hashlib.sha256(text.encode()).hexdigest()


def test_registry_is_complete() -> None:
    """Every entry has a full commit, a tree hash, a licence and a use, and every corpus that has a
    reader is registered.
    """
    from training.readers import READERS

    for archive in corpora.registry().values():
        assert len(archive.commit) == 40
        assert len(archive.tree) == 64
        assert archive.files > 0
        assert archive.licence
        assert archive.use
    assert set(READERS) <= set(corpora.registry())


def test_single_hashes_agree_with_tree() -> None:
    """Where single hashes are on record, they make up the tree hash of the registry."""
    for archive in corpora.registry().values():
        known = corpora.known_hashes().get(archive.stem)
        if known is not None:
            assert corpora.tree_hash(known) == archive.tree
            assert len(known) == archive.files


def test_mirror_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """UNSPUN_MIRROR names the mirror; without it, it lies beside the repository."""
    monkeypatch.setenv("UNSPUN_MIRROR", "/elsewhere")
    named = corpora.default_mirror()
    monkeypatch.delenv("UNSPUN_MIRROR")

    assert named == Path("/elsewhere")
    assert corpora.default_mirror() == corpora.ROOT.parent / "shared" / "corpora"


@pytest.mark.slow
def test_whole_mirror(capsys: pytest.CaptureFixture[str]) -> None:
    """Every file of the real mirror is the one that the registry vouches for."""
    mirror = corpora.default_mirror()
    if not mirror.is_dir():
        pytest.skip("no mirror of the corpora: set UNSPUN_MIRROR")
    corpora.check_all(mirror)

    assert capsys.readouterr().out.count(" files ") == len(corpora.registry())


def test_tortured_phrases() -> None:
    """Both lists of tortured phrases are read, without search syntax."""
    mirror = corpora.default_mirror()
    if not mirror.is_dir():
        pytest.skip("no mirror of the corpora: set UNSPUN_MIRROR")
    phrases = corpora.tortured_phrases(mirror)

    assert len(phrases) > 8000
    assert not any('"' in odd for odd, _ in phrases)
