"""Exported templates with their values are the mails that `render` gives; nobody is lost on the way."""

from __future__ import annotations

import errno
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from mailweave import Campaign, Email, Environment
from mailweave.batch import BatchError, run
from mailweave.batch.lookup import everybody, staged
from mailweave.cli import group
from mailweave.diagnostics import ArgumentError
from mailweave.export import PROVIDERS, Exported, export
from mailweave.export.run import _Files
from tests.batch.conftest import CAMPAIGN, row
from tests.campaign.test_inlined_later import WRITES
from tests.campaign.test_inlined_later import made as uncut
from tests.export.engines import ROOT, merged

DEMO, CDNOW = ROOT / "fixtures/campaigns/cdnow-winback", ROOT / "fixtures/cdnow"
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/campaign.toml"))
SUFFIXES = {"html": ".html", "text": ".txt", "amp": ".amp.html"}
AT_ONCE = 100


@pytest.fixture(scope="module")
def smallest() -> Campaign:
    return Environment().compile(CAMPAIGN)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("list") / "people.jsonl"
    path.write_text("\n".join(map(row, range(120))) + "\n", encoding="utf-8")
    return path


def exported(campaign: Campaign, to: str, people: Path, out: Path, *events: Path) -> Exported:
    now = campaign.pinned(None)
    assert now is not None
    return export(campaign, to, people, out, events=events, now=now)


def lines(out: Path, name: str = "values.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / name).read_bytes().splitlines()]


def templates(out: Path) -> dict[str, dict[str, str]]:
    """The plain files of an export, by digest and part."""
    found: dict[str, dict[str, str]] = {}
    for path in (out / "templates").iterdir():
        digest, _, ending = path.name.partition(".")
        part = next(part for part, suffix in SUFFIXES.items() if suffix == f".{ending}")
        found.setdefault(digest, {})[part] = path.read_bytes().decode()
    return found


def rendered(campaign: Campaign, people: Path, *events: Path) -> Iterator[Email]:
    """The mails of a list, one recipient after the other, each decided by the rules in Python."""
    now = campaign.pinned(None)
    assert now is not None
    with staged(campaign, [str(people)], list(map(str, events)), now) as (stage, total):
        for one in everybody(stage, total):
            made = None if one.refused else campaign.render(one.profile, events=one.events, now=now)
            if isinstance(made, Email):
                yield made


def equal_mails(engine: str, campaign: Campaign, out: Path, people: Path, *events: Path) -> Counter[str]:
    """Exports a list, merges all of it, and counts the parts that are equal. Fails for one that is not."""
    found = exported(campaign, engine, people, out, *events)
    assert found.mails + found.skipped + found.dead == found.recipients
    written, sheets, equal = lines(out), templates(out), Counter[str]()
    assert len(sheets) == len(found.templates)
    mails = list(rendered(campaign, people, *events))
    assert [line["key"] for line in written] == [mail.key for mail in mails]
    for start in range(0, len(written), AT_ONCE):
        chunk = written[start : start + AT_ONCE]
        used = {line["template"]: sheets[line["template"]] for line in chunk}
        made = merged(engine, used, chunk)
        for line, parts, mail in zip(chunk, made, mails[start : start + AT_ONCE], strict=True):
            equal.update(compared(line, parts, mail))
    return equal


def compared(line: dict[str, Any], parts: dict[str, str], mail: Email) -> list[str]:
    """The parts of a mail, each equal to what is merged; and what its headers need."""
    assert (parts["html"], parts["text"]) == (mail.html, mail.text), mail.key
    assert line.get("amp", False) == (mail.amp is not None), mail.key
    assert not line.get("amp") or parts["amp"] == mail.amp, mail.key
    headers = {name: line["values"][name] for name in ("subject", "preheader", "to", "to_name")}
    to, to_name = mail.envelope.to, mail.envelope.to_name
    assert headers == {"subject": mail.subject, "preheader": mail.preheader, "to": to, "to_name": to_name}
    assert line["values"]["unsubscribe_url"] == mail.envelope.unsubscribe_url
    return ["html", "text", *(["amp"] if line.get("amp") else [])]


def first(number: int, folder: Path) -> Path:
    """The first customers of the demo, as a list of their own."""
    path = folder / "people.parquet"
    source = CDNOW / "profiles.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{source}' ORDER BY id LIMIT {number:d}) TO '{path}'")
    return path


@pytest.mark.parametrize("engine", ["handlebars", "mustache"])
def test_merged_templates_are_the_mails_of_the_demo(engine: str, tmp_path: Path) -> None:
    campaign = Environment().compile(DEMO)
    people = first(48, tmp_path)
    equal = equal_mails(engine, campaign, tmp_path / "out", people, CDNOW / "events.parquet")
    assert equal["html"] == equal["text"] > 40
    assert equal["amp"] > 5


@pytest.mark.deep
@pytest.mark.parametrize("engine", ["handlebars", "mustache"])
def test_merged_templates_are_the_mails_of_2000(engine: str, tmp_path: Path) -> None:
    campaign = Environment().compile(DEMO)
    people = first(2_250, tmp_path)  # some of them get no mail
    equal = equal_mails(engine, campaign, tmp_path / "out", people, CDNOW / "events.parquet")
    assert equal["html"] == equal["text"] >= 2_000
    assert equal["amp"] > 200
    print(dict(equal))


def people_of(example: str, folder: Path) -> list[Path]:
    """The list of an example, and its events; where it has none, its saved recipients as a list."""
    home = ROOT / "examples" / example
    if (home / "people.jsonl").exists():
        return [path for path in (home / "people.jsonl", home / "events.jsonl") if path.exists()]
    saved = [json.loads(path.read_bytes()) for path in sorted((home / "recipients").glob("*.json"))]
    events = [event | {"profile": one["id"]} for one in saved for event in one.pop("events", ())]
    for name, rows in (("people", saved), ("events", events)):
        (folder / f"{name}.jsonl").write_text(
            "".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8"
        )
    return [folder / "people.jsonl", folder / "events.jsonl"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_merged_templates_are_the_mails_of_an_example(example: str, tmp_path: Path) -> None:
    campaign = Environment().compile(ROOT / "examples" / example)
    people, *events = people_of(example, tmp_path)
    for engine in ("handlebars", "mustache"):
        equal = equal_mails(engine, campaign, tmp_path / engine, people, *events)
        assert equal["html"] == equal["text"] > 0
        print(example, engine, dict(equal))


def test_ses_never_escapes(tmp_path: Path) -> None:
    campaign = Environment().compile(ROOT / "examples/world")
    (people,) = people_of("world", tmp_path)
    exported(campaign, "ses", people, tmp_path / "out")
    found = [json.loads(path.read_bytes())["Template"] for path in (tmp_path / "out/templates").iterdir()]
    sheets = {
        one["TemplateName"]: {"html": one["HtmlPart"], "text": one["TextPart"], "subject": one["SubjectPart"]}
        for one in found
    }
    made = merged("ses", sheets, lines(tmp_path / "out"))
    for parts, mail in zip(made, rendered(campaign, people), strict=True):
        assert parts == {"html": mail.html, "text": mail.text, "subject": mail.subject}


def test_each_provider_gets_the_same_parts_in_its_own_file(
    smallest: Campaign, people: Path, tmp_path: Path
) -> None:
    for to in PROVIDERS:
        exported(smallest, to, people, tmp_path / to)
    (digest, parts), *_ = templates(tmp_path / "handlebars").items()
    html, text = parts["html"], parts["text"]
    two_braces = [part.replace("{{{", "{{").replace("}}}", "}}") for part in (html, text)]

    def body(to: str) -> Any:
        return json.loads((tmp_path / to / "templates" / f"{digest}.json").read_bytes())

    assert body("sendgrid") == {
        "name": digest,
        "active": 1,
        "editor": "code",
        "subject": "{{{subject}}}",
        "html_content": html,
        "plain_content": text,
        "generate_plain_content": False,
    }
    assert body("ses") == {
        "Template": {
            "TemplateName": digest,
            "SubjectPart": "{{subject}}",
            "HtmlPart": two_braces[0],
            "TextPart": two_braces[1],
        }
    }
    assert body("mailgun") == {"name": digest, "engine": "handlebars", "template": html}
    assert body("postmark") == {
        "Name": digest,
        "Alias": f"mw-{digest}",
        "Subject": "{{{subject}}}",
        "HtmlBody": html,
        "TextBody": text,
    }
    assert templates(tmp_path / "mustache") == templates(tmp_path / "handlebars")
    assert lines(tmp_path / "postmark") == lines(tmp_path / "sendgrid")


def test_an_amp_part_goes_only_where_there_is_a_place_for_it(tmp_path: Path) -> None:
    campaign = Environment().compile(DEMO)
    people = first(40, tmp_path)
    for to in ("sendgrid", "mustache"):
        exported(campaign, to, people, tmp_path / to)
    with_amp, without = lines(tmp_path / "mustache"), lines(tmp_path / "sendgrid")
    assert any(line.get("amp") for line in with_amp)
    assert not any("amp" in line for line in without)
    assert sum(len(line["values"]) for line in without) < sum(len(line["values"]) for line in with_amp)


def test_nobody_is_lost_and_letters_are_those_of_a_batch(
    smallest: Campaign, people: Path, tmp_path: Path
) -> None:
    found = exported(smallest, "handlebars", people, tmp_path / "out")
    assert (found.recipients, found.mails, found.skipped, found.dead) == (120, 103, 10, 7)
    report = run(CAMPAIGN, people, tmp_path / "batch", workers=1, format="jsonl")
    assert report["rendered"] == found.mails
    for name, theirs in (
        ("dead.jsonl", [tmp_path / "batch/dead.jsonl"]),
        ("skipped.jsonl", [*(tmp_path / "batch/shards").glob("*.skipped.jsonl")]),
    ):
        ours = (tmp_path / "out" / name).read_bytes()
        assert sorted(ours.splitlines()) == sorted(b"".join(map(Path.read_bytes, theirs)).splitlines())
        assert b"example.com" not in ours
        assert b"Zo" not in ours


def test_the_same_list_gives_the_same_bytes(smallest: Campaign, people: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        exported(smallest, "postmark", people, tmp_path / name)
    one, other = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.json*")}
        for name in ("a", "b")
    )
    assert one == other
    assert len(one) > 3


@pytest.mark.parametrize(("name", "code"), [("values.jsonl", "MW801"), ("notes.txt", "MW810"), ("", "MW810")])
def test_what_is_there_is_never_written_over(
    name: str, code: str, smallest: Campaign, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    if name:
        out.mkdir()
    (out / name if name else out).write_text("mine", encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        exported(smallest, "ses", people, out)
    (found,) = caught.value.diagnostics
    assert (found.code, found.help) == (code, "name another folder; nothing here has been changed")
    assert (out / name if name else out).read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_filled(smallest: Campaign, people: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert exported(smallest, "ses", people, tmp_path / "out").mails
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "templates",
        "values.jsonl",
        "skipped.jsonl",
        "dead.jsonl",
    }


def test_a_disk_that_refuses_leaves_nothing(
    smallest: Campaign, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_Files, "add", full)
    with pytest.raises(BatchError, match="No space left on device"):
        exported(smallest, "ses", people, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_provider_that_there_is_not_is_refused(smallest: Campaign, people: Path, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="one of sendgrid, ses"):
        exported(smallest, "pigeon", people, tmp_path / "out")


def test_what_is_beyond_a_provider_is_told() -> None:
    many = {f"{number:016x}": 600_000 if number < 2 else 1_000 for number in range(101)}
    assert [found.message for found in Exported("mailgun", templates=many).beyond()] == [
        "mailgun does not take all of these templates: it keeps 100, and there are 101"
    ]
    assert [found.code for found in Exported("ses", templates=many).beyond()] == ["MW825"]
    assert "2 are larger than 500 KB" in Exported("ses", templates=many).beyond()[0].message
    assert Exported("handlebars", templates=many).beyond() == ()


def test_the_verb_says_what_a_provider_cannot(tmp_path: Path) -> None:
    people = first(40, tmp_path)
    told = CliRunner().invoke(
        group,
        ["export", str(DEMO), "--to", "mailgun", "--profiles", str(people), "--out", str(tmp_path / "out")],
    )
    assert told.exit_code == 0, told.output
    head, last = told.output.splitlines()
    assert head.startswith(f"{tmp_path / 'out'}: ")
    assert "templates for" in head
    assert last.startswith("templates of mailgun cannot say: the AMP part (")
    assert last.endswith("mails have one), the text part, the subject")


def test_mails_that_cannot_be_cut_are_counted(people: Path, tmp_path: Path) -> None:
    folder = uncut(tmp_path / "campaign", WRITES)  # a mail that is inlined for each recipient
    campaign = Environment().compile(folder)
    found = exported(campaign, "handlebars", people, tmp_path / "out")
    assert found.whole == found.mails > 90
    assert list(templates(tmp_path / "out").values()) == [{"html": "{{{v0}}}", "text": "{{{v1}}}"}]
    command = [
        "export",
        str(folder),
        "--to",
        "ses",
        "--profiles",
        str(people),
        "--out",
        str(tmp_path / "ses"),
    ]
    assert f"{found.whole} mails cannot be cut" in CliRunner().invoke(group, command).output
