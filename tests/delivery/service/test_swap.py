"""Saves are swapped whole: under load no request fails, and none sees half a campaign."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from mailweave.delivery.service import shelf as shelves
from mailweave.delivery.service.asgi import Answer
from mailweave.delivery.service.doors import Doors, Waiting
from mailweave.delivery.service.server import loaded
from mailweave.delivery.service.shelf import Shelf
from mailweave.diagnostics import MailweaveError
from tests.conftest import part_of
from tests.delivery.service.asking import ANN, CAMPAIGNS

BODY = json.dumps({"campaign": "smallest", "recipient": ANN}).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CAMPAIGNS / "smallest", tmp_path / "smallest")
    return tmp_path


def edition(folder: Path, number: int) -> None:
    """Both files say which edition they are of: the subject is in the rules, the heading in the settings."""
    for name, before in (("main.rules", "Hello, "), ("campaign.toml", "Welcome, ")):
        text = (CAMPAIGNS / "smallest" / name).read_text(encoding="utf-8")
        part = folder / "smallest" / f".{name}.part"
        part.write_text(text.replace(before, f"{before}{number} "), encoding="utf-8")
        part.replace(folder / "smallest" / name)


def seen(found: Answer | Waiting) -> tuple[str, str]:
    assert isinstance(found, Answer)
    told = json.loads(found.body)
    assert told["status"] == "rendered", told
    return told["subject"].split()[1], told["html"].partition("Welcome, ")[2].split()[0]


def swaps(folder: Path, times: int) -> set[str]:
    """Saves while four threads ask; the editions that they saw, each of them whole."""
    edition(folder, 0)
    served = loaded(folder)
    doors, stop, faults, found = Doors(served), threading.Event(), [], set()

    def asks() -> None:
        while not stop.is_set():
            try:
                subject, heading = seen(doors.about("render", BODY))
                assert subject == heading
                found.add(subject)
            except Exception as fault:  # noqa: BLE001 - told below
                faults.append(fault)

    running = [threading.Thread(target=asks) for _ in range(4)]
    for one in running:
        one.start()
    for number in range(1, times):
        edition(folder, number)
        served.reload()
    stop.set()
    for one in running:
        one.join()
    assert not faults, faults[0]
    assert seen(doors.about("render", BODY)) == (str(times - 1), str(times - 1))
    return found


def test_under_load_every_mail_is_of_one_save(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "_SETTLED", 0.01)
    assert len(swaps(folder, 5)) > 2


@pytest.mark.deep
def test_under_load_every_mail_is_of_one_save_many_times(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_SETTLED", 0.01)
    assert len(swaps(folder, part_of(300))) > part_of(100)


def test_a_bad_save_is_refused_and_the_last_good_one_is_served(folder: Path) -> None:
    served = loaded(folder)
    doors, good = Doors(served), served.campaigns["smallest"].campaign
    rules = folder / "smallest" / "main.rules"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("consent marketing", "consent marketing, marketing"), encoding="utf-8")
    (told,) = served.reload()
    assert told.campaign is good
    assert not told.is_current
    assert told.findings
    assert seen(doors.about("render", BODY))
    listed = json.loads(doors.campaigns().body)["campaigns"][0]
    assert (listed["is_served"], listed["is_current"]) == (True, False)
    assert listed["findings"] == json.loads(doors.check(b'{"campaign": "smallest"}').body)["findings"]
    rules.write_text(text, encoding="utf-8")
    assert served.reload()[0].is_current


def test_only_what_changed_is_compiled_again(folder: Path) -> None:
    shutil.copytree(folder / "smallest", folder / "other")
    served = loaded(folder)
    before = served.campaigns
    edition(folder, 1)
    assert [one.name for one in served.reload()] == ["smallest"]
    assert served.campaigns["other"] is before["other"]
    assert served.reload() == ()


def test_who_began_with_a_campaign_ends_with_it(folder: Path) -> None:
    edition(folder, 1)
    served = loaded(folder)
    doors, begun = Doors(served), served.campaigns
    edition(folder, 2)
    served.reload()
    assert seen(doors.about("render", BODY, begun)) == ("1", "1")
    assert seen(doors.about("render", BODY)) == ("2", "2")


def test_what_changes_while_it_is_compiled_is_not_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition(folder, 1)
    served = loaded(folder)
    real, changed = shelves._compiled, False

    def compiled(where: Path, strict: bool) -> object:
        nonlocal changed
        found = real(where, strict)
        if not changed:
            edition(folder, 3)
            changed = True
        return found

    monkeypatch.setattr(shelves, "_compiled", compiled)
    edition(folder, 2)
    assert served.reload() == ()
    assert seen(Doors(served).about("render", BODY)) == ("1", "1")
    served.reload()
    assert seen(Doors(served).about("render", BODY)) == ("3", "3")


def test_folders_come_and_go(folder: Path) -> None:
    served = loaded(folder)
    shutil.copytree(folder / "smallest", folder / "another")
    served.reload()
    assert sorted(served.campaigns) == ["another", "smallest"]
    shutil.rmtree(folder / "smallest")
    served.reload()
    assert sorted(served.campaigns) == ["another"]
    moved = folder.with_name("moved")
    folder.rename(moved)
    assert served.reload() == ()
    assert sorted(served.campaigns) == ["another"]  # a folder that is gone is hardly meant
    moved.rename(folder)


def test_a_link_to_a_release_is_followed_when_it_turns(folder: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    first, second = tmp_path / "1", tmp_path / "2"
    for at, place in enumerate((first, second)):
        edition(folder, at)
        shutil.copytree(folder / "smallest", place)
    (live / "smallest").symlink_to(first)
    served = loaded(live)
    assert first.resolve() in served.shared()
    part = live / ".turn"
    part.symlink_to(second)
    os.replace(part, live / "smallest")  # noqa: PTH105  # a link that is put in place of another
    served.reload()
    assert seen(Doors(served).about("render", BODY)) == ("1", "1")


def test_a_folder_without_a_campaign_that_compiles_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(MailweaveError, match="MW770"):
        loaded(tmp_path)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "campaign.toml").write_text("name = 3\n", encoding="utf-8")
    with pytest.raises(MailweaveError) as raised:
        loaded(tmp_path)
    assert len(raised.value.diagnostics) > 1
    began = time.monotonic()
    assert Shelf(tmp_path / "none").reload() == ()
    assert time.monotonic() - began < 1
