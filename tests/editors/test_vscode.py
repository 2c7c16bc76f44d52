"""The VS Code extension without VS Code: its manifest, its colours by the editor's own engine, its client."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mailweave.glossary import meanings
from mailweave.rules.parser import parse
from mailweave.rules.reserved import keywords
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "editors" / "vscode"
MODULES = ROOT / ".cache" / "npm" / "node_modules"
NODE = shutil.which("node")
GRAMMARS = {
    "source.mailweave-rules": EXTENSION / "syntaxes" / "rules.tmLanguage.json",
    "mailweave.liquid.injection": EXTENSION / "syntaxes" / "liquid.injection.tmLanguage.json",
}
needs_node = pytest.mark.skipif(NODE is None, reason="needs Node")
needs_textmate = pytest.mark.skipif(
    NODE is None or not (MODULES / "vscode-textmate").is_dir() or not (MODULES / "vscode-oniguruma").is_dir(),
    reason="needs Node, and vscode-textmate and vscode-oniguruma in .cache/npm (.ci/run installs them)",
)
Tokens = list[list[tuple[str, list[str]]]]


def read(name: str) -> Any:
    return json.loads((EXTENSION / name).read_text(encoding="utf-8"))


def node(script: str, *arguments: str, given: object = None) -> Any:
    assert NODE is not None
    command = [NODE, str(Path(__file__).with_name(script)), *arguments]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


def coloured(text: str, scope: str = "source.mailweave-rules", host: str = "") -> Tokens:
    """The tokens of each line of a text, with their scopes."""
    grammars = {name: str(path) for name, path in GRAMMARS.items()}
    inject = [[host, "mailweave.liquid.injection"]] if host else []
    given = {"grammars": grammars, "inject": inject, "scope": host or scope, "lines": text.split("\n")}
    made: Tokens = node("tokens.cjs", str(MODULES), given=given)
    return made


def scope_of(tokens: Tokens, word: str) -> str:
    """The innermost scope of the first token that is a word."""
    return next(scopes[-1] for line in tokens for text, scopes in line if text.strip() == word)


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = read("package.json")
    gives = manifest["contributes"]
    named = [manifest["main"], *(one["path"] for kind in ("grammars", "snippets") for one in gives[kind])]
    named += [one["configuration"] for one in gives["languages"]]
    assert [name for name in named if not (EXTENSION / name).is_file()] == []
    assert gives["languages"][0]["extensions"] == [".rules"]
    assert gives["configuration"]["properties"]["mailweave.command"]["default"] == ["mailweave", "lsp"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["dependencies"]["vscode-languageclient"])


def test_the_version_is_that_of_mailweave() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{read("package.json")["version"]}"' in project


def test_scopes_are_those_that_the_manifest_says() -> None:
    for one in read("package.json")["contributes"]["grammars"]:
        assert read(one["path"])["scopeName"] == one["scopeName"]


def test_the_grammar_colours_every_word_of_the_language_and_no_other() -> None:
    """grammar/rules.lark is the language; what it calls a word is one here."""
    grammar = read("syntaxes/rules.tmLanguage.json")["repository"]
    listed = [
        grammar["literal"]["patterns"][-1]["match"],
        *(one["match"] for one in grammar["word"]["patterns"]),
    ]
    words = [word for each in listed for word in re.findall(r"\w+", each.replace("\\b", ""))]
    assert sorted(words) == sorted(set(words))
    assert set(words) == {word for word in keywords().values() if word.isalpha()}
    types = re.findall(
        r"\w+", grammar["type"]["match"].partition("(text")[2].join(("text", "")).replace("\\b", "")
    )
    assert set(types) == set(meanings("types"))


@needs_textmate
def test_every_word_is_coloured_by_the_editors_own_engine() -> None:
    words = sorted(word for word in keywords().values() if word.isalpha())
    told = coloured("\n".join(f" {word} " for word in words))
    for word in words:
        assert scope_of(told, word) != "source.mailweave-rules", word


@needs_textmate
@pytest.mark.parametrize("example", ["newsletter", "cart", "birthday", "winback", "start"])
def test_no_name_of_an_example_looks_like_a_word(example: str) -> None:
    """Comments and texts are closed where they end: nothing behind them has their colour."""
    (file,) = (ROOT / "examples" / example).glob("*.rules")
    text = file.read_text(encoding="utf-8")
    lines, tokens = text.split("\n"), coloured(text)
    for comment in parse(Source("a", text)).document.comments:
        number = text.count("\n", 0, comment.span.start)
        assert tokens[number][-1][1][-1].startswith("comment."), lines[number]
    for number, line in enumerate(tokens):
        if "#" not in lines[number]:
            assert not any("comment" in scope for _, scopes in line for scope in scopes), lines[number]
        if '"' not in lines[number]:
            assert not any("string" in scope for _, scopes in line for scope in scopes), lines[number]


@needs_textmate
def test_declarations_literals_and_liquid_have_their_own_colours() -> None:
    tokens = coloured(
        'segment bakers "x" = orders >= 3 and spent > 20.50 USD # why\n'
        "  joined in last 7 calendar days\n"
        'block a for subject says "Hi {{ profile.name | default: \'you\' }} \\" 1"\n'
        "  plan : enum(free, gold)\n  split control 50%, b 50%"
    )
    expected = {
        "segment": "keyword.declaration",
        "bakers": "entity.name.type",
        "20.50": "constant.numeric",
        "USD": "keyword.other.unit",
        "# why": "comment.line.number-sign",
        "days": "keyword.other.unit",
        "profile": "variable.language.liquid",
        "default": "support.function.filter.liquid",
        "'you'": "string.quoted.liquid",
        '\\"': "constant.character.escape",
        "enum": "support.type",
        "50%": "constant.numeric.percent",
    }
    assert {word: scope_of(tokens, word).rpartition(".mailweave")[0] for word in expected} == expected


@needs_textmate
def test_liquid_is_put_into_html() -> None:
    tokens = coloured('<p>{% slot "hero" %}{% if block.x %}{{ y | upcase }}', host="text.html.basic")
    assert scope_of(tokens, '"hero"').startswith("entity.name.tag.slot")
    assert scope_of(tokens, "block").startswith("variable.language")
    assert scope_of(tokens, "upcase").startswith("support.function.filter")
    assert scope_of(tokens, "<p>") == "text.html.basic"


def test_snippets_are_rules_that_parse() -> None:
    for name, one in read("snippets/rules.json").items():
        text = "\n".join(one["body"])
        plain = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
        assert parse(Source(name, plain)).diagnostics == (), name


@needs_node
@pytest.mark.parametrize("how", ["starts", "fails"])
def test_the_client_starts_the_server_and_says_what_to_install(how: str) -> None:
    told = node("client.cjs", str(EXTENSION / "client.js"), how)
    assert told["asked"] == ["mailweave.command"]
    server = told["started"]["server"]
    assert (server["command"], server["args"]) == ("mailweave", ["lsp"])
    selected = told["started"]["client"]["documentSelector"]
    assert {"scheme": "file", "language": "mailweave-rules"} in selected
    assert told["stopped"] is (how == "starts")
    assert ["pip install 'mailweave[lsp]'" in one for one in told["messages"]] == [True] * (how == "fails")
