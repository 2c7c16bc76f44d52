"""Entries of gettext with plural forms: extracted, read, and said by the forms of each language."""

from __future__ import annotations

import gettext
import io
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import PLURALS
from click.testing import CliRunner

from mailweave import CampaignError, Email, Environment
from mailweave.cli import group
from mailweave.content.catalogues import read_catalogue
from mailweave.content.messages import of_line, problem
from mailweave.content.plural_entries import as_message, categories, pair
from mailweave.source import Source
from mailweave.values.locales import locale_named

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads((ROOT / "fixtures" / "translate" / "plurals.toml").read_text(encoding="utf-8"))["case"]
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
ELSEWHERE = {
    "bn": {0},
    "br": {0, 1},
    "fur": {0},
    "hi": {0},
    "lv": {0},
    "mt": {101, 102},
    "pa": {0},
    "pt": {0},
}
"""Where gettext's forms, as Babel 2.17 has them, and CLDR's part elsewhere."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_text_with_one_count_is_two_of_gettext(case: dict[str, Any]) -> None:
    assert pair(case["text"]) == (tuple(case["ids"]) if "ids" in case else None)


@pytest.mark.parametrize("case", [c for c in CASES if "forms" in c], ids=lambda case: case["name"])
def test_forms_become_one_text(case: dict[str, Any]) -> None:
    made, why = as_message(case["text"], case["forms"])
    assert made == case.get("made", "")
    assert case.get("why", "") in why
    if made:
        message = of_line(case["text"].replace("<1>", "").replace("</1>", ""))
        assert message is not None
        assert problem(message, made.replace("<1>", "").replace("</1>", "")) == ""


@pytest.mark.parametrize("name", sorted(name for name in PLURALS if locale_named(name) == name))
def test_forms_are_those_that_gettext_itself_takes(name: str) -> None:
    """The judge is Python's gettext, on the same catalogue compiled."""
    catalog = Catalog(locale=name)
    catalog.add(("one", "many"), tuple(f"f{n}" for n in range(catalog.num_plurals)))
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    judge = gettext.GNUTranslations(compiled)
    ours = categories(name, catalog.plural_expr, catalog.num_plurals)
    form = Locale.parse(name).plural_form
    wrong = {n for n in range(200) if judge.ngettext("one", "many", n) != f"f{ours[str(form(n))]}"}
    assert wrong == ELSEWHERE.get(name, set())


ENTRY = """
msgctxt "blocks/welcome"
msgid "# order for {{ profile.id }}"
msgid_plural "# orders for {{ profile.id }}"
msgstr[0] "# zakup {{ profile.id }}"
msgstr[1] "# zakupy {{ profile.id }}"
msgstr[2] "# zakupów & {{ profile.id }}"
"""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def polish(folder: Path, entry: str, *, count: str = "3", head: str = HEAD) -> Path:
    shutil.copytree(ROOT / "fixtures" / "campaigns" / "translated", folder)
    page, settings = folder / "blocks" / "welcome" / "block.html", folder / "campaign.toml"
    forms = f'{{{{ {count} | plural: one: "# order", other: "# orders" }}}} for {{{{ profile.id }}}}'
    page.write_text(page.read_text("utf-8").replace("Good morning", forms), "utf-8")
    settings.write_text(settings.read_text("utf-8").replace('"ar"]', '"ar", "pl"]'), "utf-8")
    (folder / "locales" / "pl.po").write_text(head + entry, "utf-8")
    return folder


def mail(folder: Path, language: str) -> Email:
    ann = {"id": "7", "email": "ann@example.com", "language": language, "consent": {"marketing": True}}
    found = Environment().compile(folder).render(ann, now=NOW)
    assert isinstance(found, Email)
    return found


@pytest.mark.parametrize(
    ("count", "says"),
    [("1", "1 zakup 7"), ("3", "3 zakupy 7"), ("5", "5 zakupów &amp; 7"), ("1.5", "1,5 zakupów &amp; 7")],
)
def test_each_number_has_its_form(count: str, says: str, tmp_path: Path) -> None:
    folder = polish(tmp_path / "it", ENTRY, count=count)
    assert f">{says}</h2>" in mail(folder, "pl").html
    assert f">{count} order" in mail(folder, "en").html


@pytest.mark.parametrize(
    ("entry", "head", "code", "line"),
    [
        (ENTRY.replace('msgstr[2] "# zakupów & {{ profile.id }}"\n', ""), HEAD, "MW063", 6),
        (ENTRY + 'msgstr[3] "# zakupu {{ profile.id }}"\n', HEAD, "MW063", 6),
        (ENTRY, HEAD + '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n', "MW063", 7),
        (ENTRY.replace("# zakupy {{ profile.id }}", "# zakupy"), HEAD, "MW062", 6),
        (ENTRY.replace("{{ profile.id }}", "{{ profile.email }}"), HEAD, None, 0),
    ],
)
def test_forms_that_are_wrong_are_errors(
    entry: str, head: str, code: str | None, line: int, tmp_path: Path
) -> None:
    folder = polish(tmp_path / "it", entry, head=head)
    if code is None:  # another text, which nobody asks for
        assert "3 orders" in mail(folder, "pl").html
        return
    with pytest.raises(CampaignError) as error:
        Environment().compile(folder)
    assert [(d.code, d.location.line if d.location else 0) for d in error.value.diagnostics] == [(code, line)]


def test_counts_are_extracted_and_merged(tmp_path: Path) -> None:
    folder = polish(tmp_path / "it", "")
    run = CliRunner().invoke(group, ["translate", "update", str(folder), "pl", "ja"])
    assert run.exit_code == 0, run.output
    made = (folder / "locales" / "pl.po").read_text("utf-8")
    assert 'msgid "# order for {{ profile.id }}"\nmsgid_plural "# orders for {{ profile.id }}"\n' in made
    assert 'msgstr[2] ""' in made
    assert '"Plural-Forms: nplurals=1;' in (folder / "locales" / "ja.po").read_text("utf-8")
    (folder / "locales" / "pl.po").write_text(HEAD + ENTRY, "utf-8")
    for _ in range(2):
        assert CliRunner().invoke(group, ["translate", "update", str(folder)]).exit_code == 0
        assert ENTRY.strip() in (folder / "locales" / "pl.po").read_text("utf-8")
    assert "3 zakupy 7" in mail(folder, "pl").html


def test_a_count_that_is_translated_as_one_text_stays_so(tmp_path: Path) -> None:
    text = '{{ 3 | plural: one: \\"# order\\", other: \\"# orders\\" }} for {{ profile.id }}'
    made = '{{ 3 | plural: one: \\"# zakup\\", few: \\"# zakupy\\", other: \\"#\\" }} {{ profile.id }}'
    entry = f'\nmsgctxt "blocks/welcome"\nmsgid "{text}"\nmsgstr "{made}"\n'
    folder = polish(tmp_path / "it", entry)
    assert CliRunner().invoke(group, ["translate", "update", str(folder)]).exit_code == 0
    assert "msgid_plural" not in (folder / "locales" / "pl.po").read_text("utf-8")
    assert "3 zakupy 7" in mail(folder, "pl").html


ENTRIES = ['msgid "a"\nmsgstr "b"\n', 'msgid "#"\nmsgid_plural "#s"\nmsgstr[0] "1"\nmsgstr[1] "2"\n']


@pytest.mark.parametrize(
    "rule",
    [
        "nplurals=INTEGER; plural=EXPRESSION;",
        "nplurals=2; plural=n != 1 && foo;",
        "nplurals=2; plural=n%0;",
        "nplurals=2; plural=n>1 ? ;",
    ],
)
@pytest.mark.parametrize(
    "entry", ['msgid "a"\nmsgstr "b"\n', 'msgid "#"\nmsgid_plural "#s"\nmsgstr[0] "1"\nmsgstr[1] "2"\n']
)
def test_a_rule_that_is_none_is_told_in_its_line(rule: str, entry: str) -> None:
    text = f'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Plural-Forms: {rule}\\n"\n\n{entry}'
    found, (wrong,) = read_catalogue(Source("de.po", text), "de")
    assert found is None
    assert wrong.code == "MW063"
    assert wrong.location is not None
    assert wrong.location.line == 4


def test_a_rule_may_go_on_in_the_next_line_or_be_missing() -> None:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2;"\n" plural=(n != 1);\\n"\n'
    for text in (head, head.replace("nplurals=2;", "").replace(" plural=(n != 1);", "")):
        found, wrong = read_catalogue(
            Source("de.po", f'{text}\nmsgid "One"\nmsgstr "Zeile\u2028eins"\n'), "de"
        )
        assert (wrong, found is not None) == ((), True)
