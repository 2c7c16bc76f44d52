"""An e-mail in MJML as a campaign: what its files hold, what is told, and that it looks the same."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave import Environment, Skip
from mailweave.cli import group
from mailweave.diagnostics import Severity
from mailweave.migrate.convert import Campaign
from mailweave.migrate.mjml.campaign import convert_mjml
from mailweave.source import Source
from tests.mjml.conftest import Camera
from tests.mjml.templates import CASES, ROOT, name_of, reads
from tests.mjml.test_templates import WIDTHS, fetched

CONVERTED = tomllib.loads((ROOT / "fixtures" / "mjml" / "convert.toml").read_text(encoding="utf-8"))["case"]


def converted(text: str, beside: Mapping[str, str], folder: Path) -> tuple[Campaign, str]:
    """A page as a campaign, and the HTML of its mail."""
    made = convert_mjml(Source("mail.mjml", text), "mail.mjml", "mail", reads(dict(beside)))
    for path, content in made.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    mail = Environment().compile(folder).render({"id": "1", "email": "ann@example.org"})
    assert not isinstance(mail, Skip)
    return made, mail.html


@pytest.mark.parametrize("case", CONVERTED, ids=lambda case: str(case["name"]))
def test_a_mail_becomes_a_campaign(case: dict[str, Any], tmp_path: Path) -> None:
    made, html = converted(case["mjml"], case.get("files", {}), tmp_path)
    files = {path: content.decode() for path, content in made.files.items()}
    assert files["layout.mjml"] == case["layout"]
    blocks = {path.split("/")[1]: text for path, text in files.items() if path.endswith("block.mjml")}
    if "blocks" in case:
        assert blocks == case["blocks"]
    assert {path: files[path] for path in case.get("beside", {})} == case.get("beside", {})
    settings = tomllib.loads(files["campaign.toml"])
    for name, inputs in case.get("inputs", {}).items():
        assert settings["blocks"][name]["inputs"] == inputs
    codes = [each.code for each in made.told if each.code not in ("MW667", "MW676")]
    assert sorted(codes) == case.get("codes", [])
    assert f'says "{case.get("subject", "Mail")}"' in files["main.rules"]
    assert all(text in html for text in case.get("shows", ()))


def looks_the_same(
    case: dict[str, Any], npm_html: Callable[[str], str], camera: Camera, folder: Path
) -> None:
    one = fetched(case)
    if one.refused:
        pytest.skip(f"is refused: {one.refused}")
    made, html = converted(one.text, one.beside, folder)
    assert all(each.severity is not Severity.ERROR for each in made.told)
    assert all(found.severity is not Severity.ERROR for found in Environment().check(folder))
    same = [camera(html, width) == camera(npm_html(one.whole), width) for width in WIDTHS]
    assert all(same) != bool(one.differs), same


@pytest.mark.browser
@pytest.mark.parametrize("case", CASES[1::10], ids=name_of)
def test_a_template_looks_the_same_as_a_campaign(
    case: dict[str, Any], npm_html: Callable[[str], str], camera: Camera, tmp_path: Path
) -> None:
    looks_the_same(case, npm_html, camera, tmp_path)


@pytest.mark.deep
@pytest.mark.browser
@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_all_templates_look_the_same_as_campaigns(
    case: dict[str, Any], npm_html: Callable[[str], str], camera: Camera, tmp_path: Path
) -> None:
    looks_the_same(case, npm_html, camera, tmp_path)


def test_the_verb_makes_a_campaign_of_mjml(tmp_path: Path) -> None:
    section = "<mj-section><mj-column><mj-text>Hello there</mj-text></mj-column></mj-section>"
    page = f'<mjml><mj-body><mj-include path="a.mjml" />{section}</mj-body></mjml>'
    (tmp_path / "mail.mjml").write_text(page)
    (tmp_path / "a.mjml").write_text("<mj-section></mj-section>")
    arguments = ["convert", "--from", "mjml", str(tmp_path / "mail.mjml"), "--out", str(tmp_path / "made")]
    assert CliRunner().invoke(group, arguments).exit_code == 0
    assert (tmp_path / "made/blocks/hello_there/block.mjml").exists()
    assert (tmp_path / "made/a.mjml").exists()
    refused = CliRunner().invoke(group, [*arguments[:-1], str(tmp_path / "other"), "--map", "x"])
    assert refused.exit_code == 2


def test_what_is_no_mjml_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "mail.mjml").write_text("<mjml>\n<mj-body>\n<mj-section>\n</mj-body></mjml>")
    arguments = ["convert", "--from", "mjml", str(tmp_path / "mail.mjml"), "--out", str(tmp_path / "made")]
    done = CliRunner().invoke(group, arguments)
    assert done.exit_code == 1
    assert "MW642" in done.output
    assert "layout.mjml:3:1" in done.output
