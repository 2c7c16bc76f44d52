"""What `mailweave debug` prints is Python, and says what the author wrote."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group


def test_a_template_and_a_rule_file(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text('ruleset "r" version 1\nprofile { n : int }\nsegment many = n > 41\n')
    (tmp_path / "a.html").write_text('<p>Hi {{ name }}</p>{% slot "main" %}')
    for name, word in (("a.rules", "41"), ("a.html", "<p>Hi ")):
        result = CliRunner().invoke(group, ["debug", str(tmp_path / name)])
        assert result.exit_code == 0, result.output
        assert word in ast.unparse(ast.parse(result.stdout))


@pytest.mark.parametrize(("text", "code"), [("{% if %}", "MW4"), ("{{ a | nosuch }}", "MW4")])
def test_what_does_not_compile_is_explained(text: str, code: str) -> None:
    result = CliRunner().invoke(group, ["debug", "-"], input=text)
    assert result.exit_code == 1
    assert code in result.output


def test_a_template_that_is_interpreted_says_why() -> None:
    result = CliRunner().invoke(group, ["debug", "-"], input="{{ self.name }}")
    assert "MW421" in result.output


def test_the_passes_of_a_template() -> None:
    text = "Hi {% case a %}{% when 'b' %}B{% else %}{{ a }}{% endcase %}"
    result = CliRunner().invoke(group, ["debug", "--passes", "-"], input=text)
    assert result.exit_code == 0, result.output
    assert "tree\n    'Hi ' Case(a, 'b' ['B'] else [{{a}}])" in result.stdout
    assert "cases_to_branches\n    'Hi ' Branch(a == 'b' ['B'] else [{{a}}])" in result.stdout
