"""The HTML of a mail as a campaign: sections, inputs, loops, and what is told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave import Environment, Skip
from mailweave.cli import group
from mailweave.migrate.html.campaign import convert_html
from mailweave.source import Source

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "migrate"
CASES = tomllib.loads((FOLDER / "html.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_mail_becomes_a_campaign(case: dict[str, Any], tmp_path: Path) -> None:
    made = convert_html(Source("mail.html", case["html"]), "mail")
    files = {path: content.decode() for path, content in made.files.items()}
    assert files["layout.html"] == case["layout"]
    blocks = {path.split("/")[1]: text for path, text in files.items() if path.endswith("block.html")}
    assert blocks == case.get("blocks", {})
    settings = tomllib.loads(files["campaign.toml"])
    for name, inputs in case.get("inputs", {}).items():
        assert settings["blocks"][name]["inputs"] == inputs
    codes = [each.code for each in made.told]
    assert {"MW667", "MW676"} <= set(codes)
    assert [code for code in codes if code not in ("MW667", "MW676")] == case.get("codes", [])
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    mail = Environment().compile(tmp_path).render({"id": "1", "email": "ann@example.org"})
    assert not isinstance(mail, Skip)


def test_the_verb_makes_a_campaign_of_html(tmp_path: Path) -> None:
    (tmp_path / "mail.html").write_text("<body><div><p>Hello there</p></div></body>")
    arguments = ["convert", "--from", "html", str(tmp_path / "mail.html"), "--out", str(tmp_path / "made")]
    assert CliRunner().invoke(group, arguments).exit_code == 0
    assert (tmp_path / "made/blocks/hello_there/block.toml").exists()
    refused = CliRunner().invoke(group, [*arguments[:-1], str(tmp_path / "other"), "--map", "x"])
    assert refused.exit_code == 2
