"""What is kept for the next process is what this one would have made."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from mailweave import Environment, user_cache
from mailweave.campaign import kept_stages, stages
from mailweave.campaign.compiler import compile_folder
from mailweave.message.amp import AmpWoven

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "fixtures" / "campaigns" / "cdnow-winback", tmp_path / "winback"))


def stored(cache: Path) -> list[Path]:
    return sorted((cache / "stages").glob("*.stages"))


def parts(folder: Path) -> object:
    made, found = compile_folder(folder)
    assert made is not None
    woven = [writer.woven for writer in made._writer.parts.values()]
    pages = [
        [
            (pair.html.source, pair.text.source)
            for pair in (each.layout.pair, *(block.pair for block in each.blocks.values()))
        ]
        for each in woven
    ]
    return pages, [each.amp and each.amp.woven for each in woven], found


def unused(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object, **named: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(stages, "inline", never)
    monkeypatch.setattr("mailweave.message.plaintext.derive.text_template", never)
    monkeypatch.setattr("mailweave.message.amp.campaign_parts.weave", never)


def test_the_next_process_makes_nothing_again(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = parts(campaign)
    unused(monkeypatch)
    assert parts(campaign) == first


@pytest.mark.parametrize(
    "folder",
    sorted((ROOT / "fixtures" / "campaigns").glob("*/campaign.toml")),
    ids=lambda one: one.parent.name,
)
def test_findings_and_parts_are_the_same_with_what_was_kept(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = compile_folder(folder.parent)
    made, second = compile_folder(folder.parent)
    kept = None if made is None else parts(folder.parent)
    monkeypatch.setenv(user_cache.VARIABLE, "off")
    _, anew = compile_folder(folder.parent)
    assert first == second == anew
    assert kept is None or kept == parts(folder.parent)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#8a2f4b", "#123456"),
        ("Go in early", "Go in now"),
        ('medium = "email"', 'medium = "mail"'),
        ("hero_vip", "hero_x"),
    ],
    ids=["theme", "text", "links", "name"],
)
def test_what_changed_is_made_again(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    before = parts(campaign)
    for name in ("campaign.toml", "winback.rules"):
        written = (campaign / name).read_text(encoding="utf-8")
        (campaign / name).write_text(written.replace(old, new), encoding="utf-8")
    after = parts(campaign)
    monkeypatch.setenv(user_cache.VARIABLE, "off")
    assert before != after
    assert after == parts(campaign)


def test_a_linked_style_sheet_that_changed_is_read_again(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "fixtures" / "campaigns" / "smallest", tmp_path / "linked"))
    head = '<html lang="en"><head><title>x</title><link rel="stylesheet" href="own.css"></head>'
    (folder / "layout.html").write_text(
        f'{head}<body><p>x</p>{{% slot "hero" %}}{{% slot "footer" %}}</body></html>', encoding="utf-8"
    )
    settings = (folder / "campaign.toml").read_text(encoding="utf-8")
    own = re.sub("(?m)^layout = .*$", "", settings)
    (folder / "campaign.toml").write_text(own, encoding="utf-8")
    styles = []
    for colour in ("#010203", "#010203", "#040506"):
        (folder / "own.css").write_text(f"p {{ color: {colour} }}", encoding="utf-8")
        made, found = compile_folder(folder)
        assert made is not None, found
        styles.append(str(parts(folder)))
    assert styles[0] == styles[1] != styles[2]
    assert "#040506" in styles[2]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[" * 9_000, b'{"a": 1}'])
def test_a_broken_file_is_as_if_it_were_not_there(campaign: Path, cache: Path, body: bytes) -> None:
    first = parts(campaign)
    (file,) = stored(cache)
    user_cache.write(file, body)
    assert parts(campaign) == first


def test_answers_of_another_form_are_as_if_they_were_not_there(campaign: Path, cache: Path) -> None:
    first = parts(campaign)
    (file,) = stored(cache)
    for strange in (None, [], {"a": 1}, "text", [1, 2, 3, 4]):
        user_cache.write(file, json.dumps(dict.fromkeys(json.loads(user_cache.read(file)), strange)).encode())
        if strange != "text":  # a text is what plain text is kept as
            assert parts(campaign) == first


def test_another_engine_keeps_its_own(campaign: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts(campaign)
    monkeypatch.setattr(kept_stages, "engine", lambda: "another")
    parts(campaign)
    assert len(stored(cache)) == 2


def test_what_the_official_validator_says_is_not_kept(
    campaign: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def weave(*given: object, **named: object) -> AmpWoven:
        asked.append(given)
        return AmpWoven(None, {}, ())

    monkeypatch.setattr("mailweave.message.amp.campaign_parts.weave", weave)
    monkeypatch.setattr("mailweave.message.amp.official.pointed_to", lambda: Path("somewhere.js"))
    for _ in range(2):
        compile_folder(campaign)
    assert len(asked) == 2


def test_without_a_cache_nothing_is_kept(
    campaign: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(user_cache.VARIABLE, "off")
    Environment().compile(campaign)
    assert not stored(cache)


def test_an_engine_that_cannot_be_told_keeps_nothing(
    campaign: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable() -> str:
        raise PermissionError

    monkeypatch.setattr(kept_stages, "engine", unreadable)
    Environment().compile(campaign)
    assert not stored(cache)
