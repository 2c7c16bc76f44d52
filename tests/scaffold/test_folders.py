"""A new folder is whole, or it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailweave.diagnostics import MailweaveError
from mailweave.scaffold.folders import is_campaign_name, is_free, write_folder

FILES = {"campaign.toml": b"a", "blocks/tip/block.html": b"b"}


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("is_empty_folder", [True, False])
def test_all_files_are_written_and_nothing_beside_them(tmp_path: Path, is_empty_folder: bool) -> None:
    if is_empty_folder:
        (tmp_path / "spring").mkdir()
    write_folder(tmp_path / "spring", FILES)
    assert everything(tmp_path) == ["spring/blocks/tip/block.html", "spring/campaign.toml"]
    assert (tmp_path / "spring/blocks/tip/block.html").read_bytes() == b"b"


class Torn(dict[str, bytes]):
    """Files that cannot be had to the end."""

    def items(self) -> Iterator[tuple[str, bytes]]:  # type: ignore[override]  # a view, for whoever asks more
        yield "campaign.toml", b"a"
        raise OSError(28, "No space left on device")


def test_what_cannot_be_written_whole_is_not_there_at_all(tmp_path: Path) -> None:
    with pytest.raises(MailweaveError, match=r"MW024.*No space left on device"):
        write_folder(tmp_path / "spring", Torn())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_filled_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    (tmp_path / "spring" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(MailweaveError, match="MW024"):
        write_folder(tmp_path / "spring", FILES)
    assert everything(tmp_path) == ["spring/mine.txt"]


def test_a_folder_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MailweaveError, match="MW024"):
        write_folder(tmp_path / "nowhere" / "spring", FILES)
    assert list(tmp_path.iterdir()) == []


def test_a_place_is_free_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    assert is_free(tmp_path / "new")
    assert is_free(tmp_path / "empty")
    assert not is_free(tmp_path / "file")
    assert not is_free(tmp_path / "link")
    assert not is_free(tmp_path)


@pytest.mark.parametrize("name", ["", ".", "..", "spring sale", "-x", "frühling", "a" * 65, 'a"b', "a.rules"])
def test_such_names_no_campaign_bears(name: str) -> None:
    assert not is_campaign_name(name)
