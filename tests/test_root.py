"""A root: what may be read of a folder, and that nothing leads out of it or is waited for."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mailweave import Environment
from mailweave import root as module
from mailweave.diagnostics import Severity
from mailweave.root import LINKS, Refused, Root, read_once

SECRET = "what stands outside"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files, and a file beside it that nobody may reach."""
    inside = tmp_path / "inside"
    (inside / "deep" / "er").mkdir(parents=True)
    (inside / "a.txt").write_text("words")
    (inside / "deep" / "b.txt").write_text("deep words")
    (tmp_path / "outside.txt").write_text(SECRET)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text(SECRET)
    return inside


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_mark_of_byte_order_and_other_line_ends_change_nothing(ends: str, tmp_path: Path) -> None:
    made = tmp_path / "shop"
    shutil.copytree(Path(__file__).parents[1] / "examples" / "newsletter", made)
    for file in made.rglob("*"):
        if file.suffix in (".toml", ".rules", ".html", ".json"):
            file.write_bytes(b"\xef\xbb\xbf" + file.read_text().replace("\n", ends).encode())
    assert not [one for one in Environment().check(made) if one.severity is Severity.ERROR]


def _link(target: str) -> Callable[[Path], str]:
    def make(folder: Path) -> str:
        (folder / "link").symlink_to(target)
        return "link"

    return make


def _linked_folder(folder: Path) -> str:
    (folder / "linked").symlink_to("../outside")
    return "linked/a.txt"


def _link_to_link(folder: Path) -> str:
    (folder / "second").symlink_to("../outside.txt")
    (folder / "deep" / "first").symlink_to("../second")
    return "deep/first"


def _circle(folder: Path) -> str:
    (folder / "x").symlink_to("y")
    (folder / "y").symlink_to("x")
    return "x"


def _out_and_in(folder: Path) -> str:
    (folder / "link").symlink_to("../inside/a.txt")
    return "link"


OUTSIDE: dict[str, Callable[[Path], str]] = {
    "a link": _link("../outside.txt"),
    "a link by two folders": _link("deep/../../outside.txt"),
    "an absolute link": lambda folder: _link(str(folder.parent / "outside.txt"))(folder),
    "a link to the machine": _link("/etc/hostname"),
    "a link to the folder above": _link(".."),
    "a linked folder": _linked_folder,
    "a link to a link": _link_to_link,
    "a circle": _circle,
    "out and in again": _out_and_in,
    "dots": lambda _: "../outside.txt",
    "dots behind a folder": lambda _: "deep/../../outside.txt",
    "a folder of like name": lambda folder: f"../{folder.name}2/x",
}


@pytest.mark.parametrize("how", OUTSIDE)
def test_nothing_leads_out(how: str, folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        Root(folder).text(OUTSIDE[how](folder), 1_000)
    assert refused.value.kind == "outside"
    assert SECRET not in str(refused.value)


INSIDE = {
    "a.txt": "words",
    "deep/../a.txt": "words",
    "./deep//b.txt": "deep words",
    "to_file": "words",
    "to_folder/b.txt": "deep words",
    "deep/er/up": "words",
    "absolute": "words",
    "to_link": "words",
}


@pytest.mark.parametrize("name", INSIDE)
def test_links_that_stay_inside_are_followed(name: str, folder: Path) -> None:
    (folder / "to_file").symlink_to("a.txt")
    (folder / "to_folder").symlink_to("deep")
    (folder / "deep" / "er" / "up").symlink_to("../../a.txt")
    (folder / "absolute").symlink_to(folder.resolve() / "a.txt")
    (folder / "to_link").symlink_to("to_file")
    assert Root(folder).text(name, 1_000) == INSIDE[name]


def test_a_view_reaches_its_whole_root_and_no_further(folder: Path) -> None:
    (folder / "deep" / "up.txt").symlink_to("../a.txt")
    (folder / "deep" / "out.txt").symlink_to("../../outside.txt")
    view = Root(folder).below("deep")
    assert view.text("up.txt", 1_000) == "words"
    with pytest.raises(Refused, match="outside"):
        view.text("out.txt", 1_000)


def test_an_absolute_path_is_refused_even_inside(folder: Path) -> None:
    for name in ("outside.txt", "inside/a.txt"):
        with pytest.raises(Refused) as refused:
            Root(folder).text(str(folder.parent / name), 1_000)
        assert refused.value.kind == "outside"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


SPECIAL: dict[str, Callable[[Path], None]] = {
    "a named pipe": _pipe,
    "a socket": _socket,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("what", SPECIAL)
def test_what_is_no_file_is_neither_read_nor_waited_for(what: str, folder: Path) -> None:
    SPECIAL[what](folder / "odd")
    (folder / "link").symlink_to("odd")
    for name in ("odd", "link"):
        with pytest.raises(Refused, match=f"it is {what}, not a file") as refused:
            Root(folder).text(name, 1_000)
        assert refused.value.kind == "special"
    with pytest.raises(Refused) as refused:
        Root(folder).text("odd/below", 1_000)
    assert refused.value.kind == ("missing" if what == "a folder" else "special")


def test_a_device_is_refused() -> None:
    with pytest.raises(Refused, match="it is a device"):
        Root(Path("/dev")).text("zero", 1_000)


def test_sizes_are_bounded(folder: Path) -> None:
    (folder / "long").write_text("x" * 1_001)
    with pytest.raises(Refused, match="more than 1000 bytes"):
        Root(folder).text("long", 1_000)
    assert len(Root(folder).text("long", 1_001)) == 1_001


def test_a_file_without_a_size_is_bounded_by_what_it_gives() -> None:
    """Files of the system say 0, and give more."""
    assert Path("/proc/self/status").stat().st_size == 0
    with pytest.raises(Refused, match="more than 10 bytes"):
        Root(Path("/proc/self").resolve()).data("status", 10)


def test_full_folders_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENTRIES", 2)
    assert Root(folder).names() == ("a.txt", "deep")
    (folder / "third").touch()
    with pytest.raises(Refused, match="more than 2 files"):
        Root(folder).names()


def test_what_is_missing_is_called_missing(folder: Path) -> None:
    (folder / "dangling").symlink_to("nowhere")
    for name in ("nothing", "a.txt/b", "deep/nothing", "dangling", "with\0nul"):
        with pytest.raises(Refused) as refused:
            Root(folder).text(name, 1_000)
        assert refused.value.kind == "missing", name


def test_many_links_lead_nowhere(folder: Path) -> None:
    for n in range(LINKS + 1):
        (folder / f"l{n}").symlink_to(f"l{n + 1}")
    (folder / f"l{LINKS + 1}").write_text("words")
    assert Root(folder).text("l1", 1_000) == "words"
    with pytest.raises(Refused):
        Root(folder).text("l0", 1_000)


def test_lines_end_alike(folder: Path) -> None:
    (folder / "dos.txt").write_bytes(b"a\r\nb\rc\n")
    assert Root(folder).text("dos.txt", 100) == "a\nb\nc\n"


def test_no_file_stays_open(folder: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for how in OUTSIDE.values():
        with pytest.raises((Refused, FileExistsError)):
            Root(folder).text(how(folder), 1_000)
    Root(folder).text("a.txt", 1_000)
    assert set(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_folder_that_is_swapped_meanwhile_gives_nothing_from_outside(folder: Path) -> None:
    """A folder becomes a link and a folder again while it is read: what is read is inside, or nothing is."""
    (folder / "swap").mkdir()
    (folder / "swap" / "a.txt").write_text("words")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (folder / "swap").rename(folder / "aside")
            (folder / "swap").symlink_to("../outside")
            (folder / "swap").unlink()
            (folder / "aside").rename(folder / "swap")

    worker = threading.Thread(target=swap)
    worker.start()
    try:
        seen = set()
        for _ in range(2_000):
            try:
                seen.add(Root(folder).text("swap/a.txt", 1_000))
            except Refused as refused:
                seen.add(refused.kind)
    finally:
        stop.set()
        worker.join()
    assert SECRET not in seen
    assert seen <= {"words", "outside", "missing", "unreadable"}


def test_a_folder_is_read_once_within_a_reading(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one").write_text("first", encoding="utf-8")
    root = Root(tmp_path)
    with read_once():
        assert root.text("a/one", 10) == "first"
        assert root.names("a") == ("one",)
        (tmp_path / "a" / "one").write_text("second", encoding="utf-8")
        (tmp_path / "a" / "two").write_text("new", encoding="utf-8")
        with read_once():
            assert root.below("a").text("one", 10) == "first", "the same file by another name"
        assert root.names("a") == ("one",)
        assert root.text("a/two", 10) == "new", "what was not read yet is as it is"
        for name, kind in (("/a/one", "outside"), ("a/../../x", "outside"), ("a/three", "missing")):
            with pytest.raises(Refused) as refused:
                root.text(name, 10)
            assert refused.value.kind == kind
        with pytest.raises(Refused) as refused:
            root.text("a/one", 3)
        assert refused.value.kind == "large"
        (tmp_path / "a" / "three").write_text("late", encoding="utf-8")
        assert root.text("a/three", 10) == "late", "what was refused is looked at again"
    assert root.text("a/one", 10) == "second"
