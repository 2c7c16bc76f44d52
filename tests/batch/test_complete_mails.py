"""What a mail has of the campaign's own, in every format: headers, tags, metadata, the address of bounces, files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mailweave import Email, Environment, MailweaveError
from mailweave.batch import BatchError, run
from mailweave.batch.batches import render_batches
from mailweave.batch.expanding import WHOLE, expand
from mailweave.batch.formats import FORMATS
from mailweave.batch.rendering import ShardRenderer
from mailweave.batch.seed_copies import proof_of
from tests.message.small_campaign import GIVEN, write

SETTINGS: dict[str, Any] = {
    "headers": {"X-Who": "{{ profile.name }}", "X-Campaign": "spring"},
    "tags": ["spring", "{{ profile.other }}"],
    "metadata": {"who": "{{ profile.id }}"},
    "list_id": "news.example.com",
    "return_path": "bounces+{{ profile.id }}@example.com",
    "attachments": ["terms.pdf", {"file": "logo.png", "inline": True}],
}
CONTENT = {"terms.pdf": b"%PDF" * 1000, "logo.png": b"PNG"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write(tmp_path_factory.mktemp("complete") / "small", SETTINGS)
    (made / "blocks/note/block.html").write_text('<p>Hi <img src="cid:logo" alt=""></p>', encoding="utf-8")
    for name, content in CONTENT.items():
        (made / name).write_bytes(content)
    people = [
        {
            "id": str(n),
            "email": f"a{n}@example.com",
            "name": f"Zoë {n % 3}" if n % 4 else "",
            "consent": {"marketing": True},
        }
        for n in range(60)
    ]
    (made.parent / "people.jsonl").write_text("\n".join(map(json.dumps, people)), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def outputs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = tmp_path_factory.mktemp("outputs")
    for form in FORMATS:
        run(folder, folder.parent / "people.jsonl", made / form, format=form, shard_size=25, workers=1)
    return {form: made / form for form in FORMATS}


def files(folder: Path) -> dict[str, bytes]:
    kept = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


@pytest.mark.parametrize("form", WHOLE)
def test_values_expand_to_what_the_format_holds(form: str, outputs: dict[str, Path], tmp_path: Path) -> None:
    expand(outputs["values"], tmp_path / "mails", form)
    whole, made = files(outputs[form]), files(tmp_path / "mails")
    for name, content in made.items():
        assert whole[name if name.startswith("attachments/") else f"shards/{name}"] == content
    assert sum(name.startswith("attachments/") for name in made) == (2 if FORMATS[form].lists_files else 0)
    assert sum(not name.startswith("attachments/") for name in made) == 3


def test_rows_say_what_is_the_campaigns_own(outputs: dict[str, Path]) -> None:
    lines = (outputs["jsonl"] / "shards/000000.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["key"]: row for row in map(json.loads, lines)}
    row = rows["1"]
    assert list(row)[-4:] == ["return_path", "tags", "metadata", "attachments"]
    assert row["headers"]["X-Who"] == "Zoë 1"
    assert row["headers"]["List-Id"] == "<news.example.com>"
    assert "X-Who" not in rows["0"]["headers"]
    assert (row["return_path"], row["tags"], row["metadata"]) == (
        "bounces+1@example.com",
        ["spring"],
        {"who": "1"},
    )
    table = pq.read_table(outputs["parquet"] / "shards/000000.parquet").to_pylist()
    told = {one["key"]: json.loads(one["attachments"]) for one in table}
    assert told["1"] == row["attachments"]
    assert [(one["name"], one["type"], one["content_id"]) for one in row["attachments"]] == [
        ("terms.pdf", "application/pdf", ""),
        ("logo.png", "image/png", "logo"),
    ]
    for one in row["attachments"]:
        assert (outputs["jsonl"] / one["file"]).read_bytes() == CONTENT[one["name"]]
        assert one["file"] == f"attachments/{hashlib.sha256(CONTENT[one['name']]).hexdigest()}"


def test_a_file_is_there_once(outputs: dict[str, Path]) -> None:
    for form, folder in outputs.items():
        there = [name for name in files(folder) if name.startswith("attachments/")]
        assert len(there) == (2 if FORMATS[form].lists_files else 0)
        holds = sum(content.count(CONTENT["terms.pdf"]) for content in files(folder).values())
        assert holds == FORMATS[form].lists_files


def test_a_file_that_is_not_what_was_written_is_refused(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(folder, folder.parent / "people.jsonl", out, format="values", workers=1)
    for path in (out / "attachments").iterdir():
        path.write_bytes(b"other")
    with pytest.raises(BatchError, match="MW803"):
        expand(out, tmp_path / "mails", "eml")
    run(
        folder, folder.parent / "people.jsonl", out, format="values", workers=1, resume=True
    )  # writes it anew
    assert expand(out, tmp_path / "mails", "eml") == (60, 0)


def test_a_bounce_of_a_proof_is_no_recipients(folder: Path) -> None:
    mail = Environment().compile(folder).render({**GIVEN, "name": "Ann"})
    assert isinstance(mail, Email)
    proof = proof_of(mail, "me@example.com")
    assert (mail.envelope.return_path, proof.envelope.return_path) == ("bounces+7@example.com", "")
    assert proof.attachments == mail.attachments


def test_a_dry_run_writes_no_files(folder: Path, tmp_path: Path) -> None:
    run(folder, folder.parent / "people.jsonl", tmp_path / "out", workers=1, dry_run=True)
    assert not (tmp_path / "out/attachments").exists()


def test_a_list_has_no_files_for_each_recipient(folder: Path, tmp_path: Path) -> None:
    made = write(tmp_path / "small", {"attachments": [{"content_id": "qr"}]})
    with pytest.raises(MailweaveError, match="MW024"):
        run(made, folder.parent / "people.jsonl", tmp_path / "out", workers=1)
    campaign = Environment().compile(made)
    now = campaign.pinned(None)
    assert now is not None
    with pytest.raises(MailweaveError, match="MW024"):
        ShardRenderer(campaign, now, None)
    with pytest.raises(MailweaveError, match="MW024"):
        next(render_batches(campaign, []))
