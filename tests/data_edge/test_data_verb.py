"""`mailweave data` at the command line: what it prints, its exit codes, and that it prints nobody."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mailweave.cli.data import command
from mailweave.data.pseudonyms import Pseudonyms
from mailweave.diagnostics import MailweaveError
from tests.data_edge.projects import lines

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NOW = ("--now", "2026-11-22T09:00Z")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's folder, as the current one."""
    shutil.copytree(FIXTURES / "data/shop", tmp_path / "shop")
    shutil.copytree(FIXTURES / "docs/shop", tmp_path / "shop/campaign")
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def told(code: int, *arguments: str) -> Result:
    found = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert found.exit_code == code, found.output
    return found


def test_from_exports_to_a_list_and_one_person_out_again(shop: Path) -> None:
    """The steps of `make example-data`; nothing of anybody is printed but by `export`."""
    log = "merged.merges.jsonl"
    output = [
        told(1, "check", "data.toml", *NOW, "--report", "report.json"),
        told(1, "load", "data.toml", "--out", "people.jsonl"),
        told(1, "load", "data.toml", "--event", "purchase", "--out", "purchases.jsonl"),
        told(0, "dedupe", "data.toml", "--list", "people.jsonl", "--out", "merged.jsonl"),
        told(0, "dedupe", "data.toml", "--list", "merged.jsonl", "--undo", log, "--out", "undone.jsonl"),
        told(0, "dedupe", "data.toml", "--list", "purchases.jsonl", "--follow", log, "--out", "events.jsonl"),
        told(0, "consent", "--add", "consents.jsonl"),
        told(0, "consent", "--verify"),
        told(0, "consent", "--state", "list.jsonl", "--list", "merged.jsonl", *NOW),
        told(0, "erase", "1007", *NOW),
        told(0, "erase", "--expired", *NOW),
        told(0, "consent", "--verify"),
        told(1, "erase", "1007", *NOW),
    ]  # fmt: skip
    assert (shop / "undone.jsonl").read_bytes() != b""
    assert {row["id"]: row["consent"] for row in lines(shop / "list.jsonl")} == {
        "1001": {"marketing": False, "profiling": True},
        "1002": {"marketing": True},
        "1008": {"marketing": False},
    }
    said = "".join(one.output for one in output)
    for person in (
        "Ann",
        "ann@",
        "Finn",
        "Chlo",
        "example.com",
        "1007",
        "1990",
        "12500",
        "12.500",
        "Frankreich",
    ):
        assert person not in said, person


def test_a_report_is_compared_with_an_earlier_one(shop: Path) -> None:
    told(1, "check", "data.toml", *NOW, "--report", "report.json")
    assert json.loads((shop / "report.json").read_text())["rows"] == 8
    mapping = (shop / "data.toml").read_text()
    (shop / "data.toml").write_text(
        mapping.replace('missing = ["n/a", "-"]', 'missing = ["n/a", "-", "folk"]')
    )
    found = told(1, "check", "data.toml", *NOW, "--before", "report.json")
    assert "`tags`: missing in 40.0% of the rows, and was in 0.0%" in found.output


def test_everything_about_one_person_is_json(shop: Path) -> None:
    told(1, "load", "data.toml", "--out", "people.jsonl")
    told(0, "consent", "--add", "consents.jsonl")
    found = CliRunner().invoke(command, ["export", "1002", *NOW])
    told_json = json.loads(found.stdout)
    assert told_json["consent"] == {"marketing": True}
    assert told_json["held"]["people.jsonl"][0]["email"] == "bob@example.com"
    assert found.exit_code == 1, "not all of the lists are there"
    assert "MW846" in found.stderr


def test_a_head_that_was_printed_is_held_against_the_record(shop: Path) -> None:
    head = told(0, "consent", "--add", "consents.jsonl").output.split()[-1]
    told(0, "consent", "--verify", "--head", head)
    number, _, hash = head.partition(":")
    assert "MW842" in told(1, "consent", "--verify", "--head", f"{number}:{'0' * 64}").output
    told(2, "consent", "--verify", "--head", hash)


def test_the_store_alone_can_be_verified(shop: Path) -> None:
    told(0, "consent", "--add", "consents.jsonl", "--store", "elsewhere")
    told(0, "consent", "--verify", "--store", "elsewhere")
    chain = shop / "elsewhere" / "chain.jsonl"
    chain.write_bytes(b"".join(chain.read_bytes().splitlines(keepends=True)[1:]))
    assert "MW842" in told(1, "consent", "--verify", "--store", "elsewhere").output


def test_the_record_of_processing(shop: Path) -> None:
    assert "# Record of processing: docs-shop" in told(0, "consent", "--processing", "campaign").output
    assert json.loads(told(0, "consent", "--processing", "campaign", "--format", "json").output)[
        "every_mail"
    ] == ["marketing"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("consent",),
        ("consent", "--verify", "--add", "x"),
        ("consent", "--verify", "--list", "x"),
        ("erase",),
        ("erase", "1001", "--expired"),
        ("dedupe", "data.toml", "--out", "x.jsonl"),
    ],
)
def test_what_does_not_go_together_is_usage(arguments: tuple[str, ...], shop: Path) -> None:
    told(2, *arguments)


def test_a_pseudonym_is_found_by_its_name(shop: Path) -> None:
    mapping = (shop / "data.toml").read_text()
    (shop / "data.toml").write_text(
        mapping.replace('id = "Customer No"', 'id = { from = "Customer No", pseudonym = "k1" }')
    )
    (shop / "keys").write_text(f"k1 = {b64encode(b'k' * 32).decode()}  # the first\n")
    told(1, "load", "data.toml", "--out", "people.jsonl", "--keys", "keys")
    assert b"1002" not in (shop / "people.jsonl").read_bytes()
    before = len(lines(shop / "people.jsonl"))
    told(1, "erase", "1002", "--pseudonym", "k1", "--keys", "keys", *NOW)  # not all of the lists are there
    assert len(lines(shop / "people.jsonl")) == before - 1
    assert "MW845" in told(1, "load", "data.toml", "--out", "people.jsonl").output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is none"),
        ("k1", "line 1 is no `id = secret`"),
        ("k1 = c2hvcnQ=", "fewer than 32 bytes"),
        ("k1 = " + "QUFB" * 12 + "\nk1 = " + "QUFB" * 12, "stands in it twice"),
    ],
)
def test_keys_that_cannot_be_used(text: str, says: str) -> None:
    with pytest.raises(MailweaveError, match="MW845") as refused:
        Pseudonyms.parse(text)
    assert says in str(refused.value)
    assert "QUFB" not in str(refused.value)


def test_an_extra_that_is_missing_is_named(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins
    from typing import Any

    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "phonenumbers":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr("importlib.import_module", lambda name: without(name))
    assert "mailweave[data]" in told(1, "load", "data.toml", "--out", "people.jsonl").output
