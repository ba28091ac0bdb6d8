from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest import streams
from detector.ingest.streams import ToBreak, head, in_any_order, lines, parts, seekable, unpacked


class Pipe(io.RawIOBase):
    """A stream that can be read once, a few bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Give at most five bytes."""
        part, self._left = self._left[:5], self._left[5:]
        buffer[: len(part)] = part
        return len(part)


def test_a_pipe_can_be_read_twice() -> None:
    """What cannot be sought is kept in a file meanwhile."""
    with seekable(Pipe(b"some input")) as stream:  # type: ignore[arg-type]
        assert head(stream) == b"some input"
        assert stream.read() == b"some input"


@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_gzip_is_taken_off_in_layers(layers: int) -> None:
    """A file packed twice by mistake is read like one packed once."""
    data = b"some input"
    for _ in range(layers):
        data = gzip.compress(data)
    inner, _ = unpacked(io.BytesIO(data))

    assert inner.read() == b"some input"


def test_the_layer_outside_is_still_packed() -> None:
    """A reader that unpacks records itself gets them as they came."""
    packed = gzip.compress(b"some input")
    _, outer = unpacked(io.BytesIO(gzip.compress(packed)))

    assert outer.seek(0) == 0
    assert outer.read() == packed


def test_the_beginning_of_a_clipped_file_is_still_seen() -> None:
    """A packed file that breaks off is judged by what it still gives."""
    packed = gzip.compress(bytes(range(256)) * 40)
    inner, _ = unpacked(io.BytesIO(packed[: len(packed) // 2]))

    assert head(inner).startswith(bytes(range(64)))


def test_what_stands_before_a_broken_member_is_still_seen() -> None:
    """A packed stream whose second member is no gzip data begins with its first."""
    broken = gzip.compress(b"second")[:10] + b"\x07" * 20  # blocks of no kind
    stream, _ = unpacked(io.BytesIO(gzip.compress(b"first") + broken))

    assert head(stream) == b"first"


def test_a_packed_stream_can_be_read_in_any_order() -> None:
    """A reader that begins at the end gets one that it can step back in."""
    inner, _ = unpacked(io.BytesIO(gzip.compress(b"some input")))
    with in_any_order(inner) as stream:
        assert stream.seek(0, io.SEEK_END) == len(b"some input")


def test_an_endless_line_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the bound comes as None, the next one as itself."""
    monkeypatch.setattr(streams, "MAX_LINE_BYTES", 8)
    stream = io.BytesIO(b"short\n" + b"x" * 100 + b"\nafter\n")

    assert list(lines(stream)) == ["short\n", None, "after\n"]


@given(
    st.lists(st.text(alphabet="aé–\t ", max_size=9), max_size=5),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_lines_and_parts_give_the_text(content: list[str], charset: str) -> None:
    """Nothing is lost between a stream and its lines, or its parts."""
    text = "\n".join(content)

    assert "".join(line or "" for line in lines(io.BytesIO(text.encode(charset)))) == text
    assert "".join(parts(ToBreak(io.BytesIO(text.encode(charset))))) == text
