"""The folder is a border: whichever file leads out of it, or is none, is refused by name and never shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave import Environment
from mailweave.cli import group
from mailweave.content import files
from mailweave.diagnostics import Diagnostic

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
SECRET = "hunter two and no rule of any language"
BLOCK = {
    "block.toml": 'title = "Mine"\ndoc = "A block."\n[inputs.heading]\ntype = "text"\ndoc = "It."\n',
    "block.html": "<div>{{ block.heading }}</div>",
    "block.txt": "{{ block.heading }}",
    "block.amp.html": "<div>{{ block.heading }}</div>",
}
LAYOUT = """<!doctype html><html lang="en"><head><title>x</title><link rel="stylesheet" href="linked.css">
</head><body>{% slot "hero" %}{% slot "footer" %}</body></html>"""
FILES = {
    "layout.html": LAYOUT,
    "own.css": "p{color:#123456}",
    "linked.css": '@import "css/imported.css";',
    "css/imported.css": "p{margin:0}",
    "context.json": "{}",
    "more.rules": "segment agreed = consent.marketing\n",
    **{f"blocks/hero/{name}": text for name, text in BLOCK.items()},
}
READ = ("campaign.toml", "main.rules", *FILES)
FOLDERS = ("blocks", "blocks/hero", "css")


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign with a file of each kind, in order."""
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    settings = (
        (folder / "campaign.toml")
        .read_text()
        .replace(
            'layout = "newsletter"', 'layout = "layout.html"\ncss = ["own.css"]\ncontext = "context.json"'
        )
    )
    (folder / "campaign.toml").write_text(settings)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert not [d for d in Environment().check("campaign") if d.severity.name == "ERROR"]
    return folder


def _refused(code: str, name: str) -> list[Diagnostic]:
    found = Environment().check("campaign")
    text = "\n".join(f"{d}\n{d.help}\n{d.source.text if d.source else ''}" for d in found)
    assert SECRET not in text
    assert SECRET not in CliRunner().invoke(group, ["check", "campaign"]).output
    mine = [d for d in found if d.code == code and name in d.message]
    assert mine, [f"{d.code} {d.message}" for d in found]
    return mine


def _beside(campaign: Path, name: str) -> Path:
    """A file outside of the campaign, of the same name, whose text must not be seen."""
    there = campaign.parent / "elsewhere" / name
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text(f"{SECRET}\n")
    return there


@pytest.mark.parametrize("name", READ)
def test_a_link_that_leads_out_is_refused(campaign: Path, name: str) -> None:
    there = _beside(campaign, name)
    (campaign / name).unlink()
    (campaign / name).symlink_to(os.path.relpath(there, (campaign / name).parent))
    (found, *_) = _refused("MW008", name)
    assert "symbolic link" in found.help or "outside" in found.help or "copy it" in found.help


@pytest.mark.parametrize("name", READ)
def test_a_link_to_a_link_that_leads_out_is_refused(campaign: Path, name: str) -> None:
    there = _beside(campaign, name)
    (campaign / "step").symlink_to(there)
    (campaign / name).unlink()
    (campaign / name).symlink_to(os.path.relpath(campaign / "step", (campaign / name).parent))
    _refused("MW008", name)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_linked_folder_is_refused(campaign: Path, folder: str) -> None:
    (campaign.parent / "elsewhere").mkdir()
    (campaign / folder).rename(campaign.parent / "elsewhere" / "moved")
    (campaign / folder).symlink_to(campaign.parent / "elsewhere" / "moved")
    _refused("MW008", folder)


@pytest.mark.parametrize("name", READ)
def test_a_named_pipe_is_refused_and_not_waited_for(campaign: Path, name: str) -> None:
    (campaign / name).unlink()
    os.mkfifo(campaign / name)
    (found, *_) = _refused("MW050", name)
    assert "it is a named pipe" in found.message


@pytest.mark.parametrize("name", READ)
def test_a_device_is_refused(campaign: Path, name: str) -> None:
    (campaign / name).unlink()
    (campaign / name).symlink_to("/dev/zero")
    _refused("MW008", name)


@pytest.mark.parametrize("name", READ)
def test_links_that_stay_inside_are_followed(campaign: Path, name: str) -> None:
    version = Environment().compile("campaign").digest
    (campaign / "kept").mkdir()
    (campaign / name).rename(campaign / "kept" / "it")
    (campaign / name).symlink_to(os.path.relpath(campaign / "kept" / "it", (campaign / name).parent))
    assert Environment().compile("campaign").digest == version


@pytest.mark.parametrize("name", READ)
def test_a_large_file_is_refused_before_it_is_parsed(campaign: Path, name: str) -> None:
    most = files.SNAPSHOT if name == "context.json" else files.TEXT
    with (campaign / name).open("a") as file:
        file.truncate(most + 1)
    _refused("MW051", name)


NAMED: dict[str, tuple[str, str]] = {
    "layout": ('layout = "layout.html"', 'layout = "{}"'),
    "css": ('css = ["own.css"]', 'css = ["{}"]'),
    "context": ('context = "context.json"', 'context = "{}"'),
}


@pytest.mark.parametrize("key", NAMED)
@pytest.mark.parametrize("how", ["dots", "absolute", "inner dots"])
def test_a_name_that_leads_out_is_refused_where_it_stands(campaign: Path, key: str, how: str) -> None:
    there = _beside(campaign, "layout.html")
    ways = {"dots": "../elsewhere/layout.html", "inner dots": "css/../../elsewhere/layout.html"}
    name = ways.get(how, str(there))
    old, new = NAMED[key]
    settings = campaign / "campaign.toml"
    settings.write_text(settings.read_text().replace(old, new.format(name)))
    (found, *_) = _refused("MW008", name)
    assert found.location is not None
    assert "campaign.toml" in str(found.location)


@pytest.mark.parametrize("href", ["../elsewhere/a.css", "css/../../elsewhere/a.css"])
def test_a_style_sheet_that_a_template_names_lies_inside(campaign: Path, href: str) -> None:
    _beside(campaign, "a.css")
    (campaign / "layout.html").write_text(LAYOUT.replace("linked.css", href))
    _refused("MW504", href)
    _refused("MW008", href)


def test_a_block_of_a_name_that_is_a_way_is_none(campaign: Path) -> None:
    settings = campaign / "campaign.toml"
    settings.write_text(settings.read_text().replace('use = "hero"', 'use = "../../elsewhere"'))
    _refused("MW604", "../../elsewhere")


def test_the_campaign_itself_may_be_a_link(campaign: Path) -> None:
    (campaign.parent / "current").symlink_to("campaign")
    assert Environment().compile("current").digest == Environment().compile("campaign").digest


def test_many_rule_files_are_refused(campaign: Path) -> None:
    for n in range(200):
        (campaign / f"r{n}.rules").touch()
    _refused("MW052", "*.rules")


# --- verbs that are given files ---

VERBS: dict[str, tuple[str, ...]] = {
    "check": ("check", "{}"),
    "test": ("test", "{}"),
    "format": ("format", "--check", "{}"),
    "inline": ("inline", "{}"),
    "inline --css": ("inline", "--css", "{}", "good.html"),
    "text": ("text", "{}"),
    "amp": ("amp", "{}"),
    "debug": ("debug", "{}"),
    "schema import": ("schema", "import", "{}"),
    "schema export": ("schema", "export", "{}"),
}
ODD: dict[str, Callable[[Path, Path], None]] = {
    "a link that leads out": lambda path, there: path.symlink_to(there),
    "a named pipe": lambda path, there: os.mkfifo(path),
    "a link to a device": lambda path, there: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("odd", ODD)
def test_verbs_refuse_what_is_no_file_or_leads_out(
    verb: str, odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "good.html").write_text("<p>x</p>")
    (tmp_path / "there").write_text(SECRET)
    monkeypatch.chdir(inside)
    ODD[odd](inside / "x.rules", tmp_path / "there")
    arguments = [part.format("x.rules") for part in VERBS[verb]]
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code in (1, 2), result.output
    assert SECRET not in result.output
    assert "x.rules" in result.output
    assert (tmp_path / "there").read_text() == SECRET


def test_standard_input_is_bounded() -> None:
    for verb in ("inline", "text", "amp"):
        result = CliRunner().invoke(group, [verb, "-"], input="x" * (files.TEXT + 1))
        assert (result.exit_code, "MW051" in result.output) == (1, True), verb


def test_format_writes_no_file_through_a_link_that_was_laid_out(tmp_path: Path) -> None:
    (tmp_path / "there").write_text(SECRET)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.rules").write_text('ruleset   "x" version 1\n')
    (tmp_path / "in" / ".x.rules.part").symlink_to("../there")
    result = CliRunner().invoke(group, ["format", str(tmp_path / "in" / "x.rules")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "there").read_text() == SECRET
    assert (tmp_path / "in" / "x.rules").read_text() == 'ruleset "x" version 1\n'
