"""Code that only Outlook on Windows reads, taken out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailweave import Email, Environment
from mailweave.markup.outlook import without_outlook

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"

CASES = {
    "<!--[if mso]><i>x</i><![endif]-->y": "y",
    "<!--[if gte mso 9]>x<![endif]-->y": "y",
    "<!--[if (gte mso 9)|(IE)]>x<![endif]-->y": "y",
    "<!--[if !mso]><!-->x<!--<![endif]-->y": "xy",
    "<!--[if !mso]> -->x<!-- <![endif]-->y": "xy",
    "<!--[if IE]>x<![endif]-->y": "<!--[if IE]>x<![endif]-->y",
    "<!-- mso -->y": "<!-- mso -->y",
    "{% if a %}<!--[if mso]>x{% else %}<![endif]-->y{% endif %}": "{% if a %}{% else %}y{% endif %}",
    "<!--[if mso]>{% if a %}x{% endif %}<![endif]-->y": "y",
}


@pytest.mark.parametrize("given", CASES)
def test_what_only_outlook_reads_goes(given: str) -> None:
    assert without_outlook(given) == CASES[given]


@pytest.mark.parametrize(("clients", "kept"), [("", True), ('"gmail", "outlook"', True), ('"gmail"', False)])
def test_clients_say_for_whom_code_is_written(tmp_path: Path, clients: str, kept: bool) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    settings = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(f"clients = [{clients}]\n{settings}", encoding="utf-8")
    email = (
        Environment()
        .compile(folder)
        .render({"id": "7", "email": "ann@example.com", "consent": {"marketing": True}})
    )
    assert isinstance(email, Email)
    assert ("mso" in email.html.replace("mso-hide", "")) is kept
