"""Findings about whole campaigns that no golden file shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave import Environment
from mailweave.cli import group

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
BLOCK = 'title = "Mine"\ndoc = "A block."\n{}[inputs.heading]\ntype = "text"\ndoc = "It."\n'


@pytest.mark.parametrize(
    ("code", "settings", "html"),
    [
        ("MW019", 'consent = ["marketing"]\n', "<div>{{ block.heading }}</div>"),
        ("MW462", "", "<div><!-- {{ block.heading }} -->x</div>"),
    ],
)
def test_what_a_block_is_told(code: str, settings: str, html: str, tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    (folder / "blocks" / "hero").mkdir(parents=True)
    (folder / "blocks" / "hero" / "block.toml").write_text(BLOCK.format(settings))
    (folder / "blocks" / "hero" / "block.html").write_text(html)
    assert code in [d.code for d in Environment().check(folder)]


def test_a_profile_is_an_object(tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text("[]")
    result = CliRunner().invoke(group, ["render", str(SMALLEST), "--profile", str(tmp_path / "ann.json")])
    assert (result.exit_code, "MW020" in result.output) == (1, True)


EXPERIMENT = """
block hi for subject says "Hi"
experiment greeting on hello {
  unit household salt "greeting-1"
  split control 50%, other 50% -> hi
}
"""


def test_what_only_an_experiment_reads_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    rules = folder / "main.rules"
    text = rules.read_text(encoding="utf-8").replace("  first_name", "  household : text?\n  first_name", 1)
    rules.write_text(text, encoding="utf-8")
    assert "MW474" in [d.code for d in Environment().check(folder)]
    rules.write_text(text + EXPERIMENT, encoding="utf-8")
    assert [d.code for d in Environment().check(folder) if d.code != "MW981"] == []
