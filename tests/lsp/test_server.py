"""The server as an editor starts it: a process, its pipes, and what it answers while somebody types."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.lsp import measured
from benchmarks.lsp_client import Client, ServerError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = (tmp_path_factory.mktemp("lsp") / "newsletter").resolve()
    shutil.copytree(ROOT / "examples" / "newsletter", folder)
    return folder


@pytest.fixture(scope="module")
def client(campaign: Path) -> Iterator[Client]:
    with Client(campaign) as one:
        one.open(campaign / "newsletter.rules")
        yield one


def place(text: str, words: str, within: int = 0) -> dict[str, int]:
    """The place of some words in a text, as the protocol counts."""
    before = text[: text.index(words) + within]
    units = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
    return {"line": before.count("\n"), "character": units}


def test_what_is_not_saved_is_what_is_checked_and_a_fix_mends_it(client: Client, campaign: Path) -> None:
    file = campaign / "newsletter.rules"
    saved = file.read_text(encoding="utf-8")
    uri, typed = file.as_uri(), saved.replace('club" = club', 'club" = clubb')
    client.type(uri, [{"text": typed}])
    (found,) = client.findings(uri, bool)
    assert (found["code"], found["source"], found["severity"]) == ("MW203", "mailweave", 1)
    assert found["range"]["start"] == place(typed, "clubb")
    params: dict[str, Any] = {"textDocument": {"uri": uri}, "range": found["range"]}
    (action,) = client.ask("textDocument/codeAction", {**params, "context": {"diagnostics": [found]}})
    ((edited, edits),) = action["edit"]["changes"].items()
    assert (edited, action["isPreferred"]) == (uri, False)
    client.type(uri, [{"range": edits[0]["range"], "text": edits[0]["newText"]}])
    assert client.findings(uri, lambda told: not told) == []
    assert file.read_text(encoding="utf-8") == saved


def test_a_mistake_of_syntax_is_told_before_the_campaign_is_checked(client: Client, campaign: Path) -> None:
    uri, saved = (
        (campaign / "newsletter.rules").as_uri(),
        (campaign / "newsletter.rules").read_text(encoding="utf-8"),
    )
    client.type(uri, [{"text": saved + "segment x = orders >=\n"}])
    told = client.findings(uri)
    assert [one["code"][:3] for one in told] == ["MW1"]
    client.type(uri, [{"text": saved}])
    client.findings(uri, lambda found: not found)


def test_a_template_with_characters_beyond_the_basic_plane(client: Client, campaign: Path) -> None:
    """A finding, a hover and a change stand where the editor sees them."""
    file = campaign / "campaign.toml"
    saved = file.read_text(encoding="utf-8")
    uri = client.open(file)
    typed = saved.replace('heading = "Rye', 'heading = "\U0001f35e {{ profile.first_nam }} Rye')
    client.type(uri, [{"text": typed}])
    (found,) = client.findings(uri, bool)
    assert found["code"] == "MW470"
    start = place(typed, "profile.first_nam }}")
    assert found["range"]["start"] == start
    behind = {**start, "character": start["character"] + 17}
    client.type(uri, [{"range": {"start": behind, "end": behind}, "text": "e"}])
    assert client.findings(uri, lambda told: not any(d["code"] == "MW470" for d in told)) is not None
    told = client.at("hover", uri, start["line"], start["character"] + 10)
    assert "first_name : text? pii" in told["contents"]["value"]
    client.type(uri, [{"text": saved}])
    assert client.findings(uri, lambda told: not told) == []


def test_a_rename_is_proved_before_it_is_made(client: Client, campaign: Path) -> None:
    uri, saved = (
        (campaign / "newsletter.rules").as_uri(),
        (campaign / "newsletter.rules").read_text(encoding="utf-8"),
    )
    at = place(saved, "segment silent", 9)
    made = client.at("rename", uri, at["line"], at["character"], newName="sleeping")
    assert {Path(one).name: len(edits) for one, edits in made["changes"].items()} == {"newsletter.rules": 3}
    with pytest.raises(ServerError, match="MW680") as refused:
        client.at("rename", uri, at["line"], at["character"], newName="members")
    assert refused.value.code == -32803
    email = place(saved, "email      :", 2)
    with pytest.raises(ServerError, match=r"MW679.*would not compile"):
        client.at("rename", uri, email["line"], email["character"], newName="address")


def test_a_rule_file_that_belongs_to_no_campaign_is_checked_alone(client: Client, tmp_path: Path) -> None:
    file = tmp_path.resolve() / "alone.rules"
    file.write_text("profile {\n  id : key\n}\nsegment a = orders >= 1\n", encoding="utf-8")
    uri = client.open(file)
    (found,) = client.findings(uri)
    assert found["code"] == "MW203"


def test_a_file_of_another_kind_is_nobodys(client: Client, tmp_path: Path) -> None:
    file = tmp_path.resolve() / "notes.md"
    file.write_text("# notes\n", encoding="utf-8")
    uri = client.open(file)
    assert client.at("hover", uri, 0, 3) is None
    assert client.at("completion", uri, 0, 3)["items"] == []


@pytest.mark.parametrize("edits", [40, pytest.param(500, marks=pytest.mark.deep)])
def test_no_state_of_a_text_that_is_typed_ends_it(edits: int) -> None:
    """Each keystroke is asked about in seven ways; the server answers all, and ends as it is told."""
    spent = measured(edits, seed=edits)
    assert {name: len(taken) for name, taken in spent.items()} == dict.fromkeys(spent, edits)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "http://x/y.rules", "file:///%00.rules", f"file:///{'a' * 5_000}"]
)
def test_a_file_that_cannot_be_is_renamed_in_by_nobody(client: Client, uri: str) -> None:
    params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}, "newName": "x"}
    assert client.ask("textDocument/rename", params) is None
