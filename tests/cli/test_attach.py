"""Files that are named in prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm.cli import attach
from omm.errors import InvalidRequest

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("content", "is_media"),
    [
        (PNG, True),
        (b"\xff\xd8\xff\xe0", True),
        (b"RIFF....WEBPVP8 ", True),
        (b"RIFF....WAVEfmt ", True),
        (b"RIFF....AVI LIST", False),
        (b"text", False),
        (b"", False),
    ],
)
def test_media_are_known_by_their_first_bytes(content: bytes, is_media: bool) -> None:
    assert attach.is_media(content) == is_media


def test_names_in_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(PNG)
    (tmp_path / "c.JPG").write_bytes(b"\xff\xd8\xff")
    prompt = f"Compare {tmp_path}/a\\ b.png with '{tmp_path}/c.JPG' and /no/such.png please"
    text, files = attach.named_in(prompt)
    assert text == "Compare  with  and /no/such.png please"
    assert [file.name for file in files] == [f"{tmp_path}/a b.png", f"{tmp_path}/c.JPG"]


def test_prompt_without_names_stays_as_it_is() -> None:
    assert attach.named_in("  a.png and b\n") == ("  a.png and b\n", [])


def test_a_text_that_is_called_an_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("text")
    with pytest.raises(InvalidRequest, match="is no JPEG, PNG or WebP image"):
        attach.named_in(f"{tmp_path}/a.png")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidRequest, match="is not a text in UTF-8"):
        attach.any_file(str(tmp_path / "a.bin"))


def test_files_that_are_too_large_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(attach.SIZE_MAX + 1)
    with pytest.raises(InvalidRequest, match="exceeds maximum limit"):
        attach.text_file(str(tmp_path / "a.txt"))


def test_files_alone_are_a_message() -> None:
    message = attach.message([attach.Attached("a", text="x")], "", has_media=False)
    assert message.text == "a:\n```\nx\n```"
    assert not attach.message([], "", has_media=True)


def test_what_has_no_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attach, "SIZE_MAX", 1000)
    with pytest.raises(InvalidRequest, match="/dev/zero: file size exceeds maximum limit"):
        attach.any_file("/dev/zero")
