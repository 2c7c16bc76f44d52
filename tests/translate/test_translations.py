"""Translations of a campaign: what each locale is shown, and the verbs that extract, merge and check."""

from __future__ import annotations

import pickle
import re
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave import Campaign, CampaignError, Email, Environment
from mailweave.cli import group

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = tomllib.loads((ROOT / "fixtures" / "translate" / "left_out.toml").read_text(encoding="utf-8"))[
    "case"
]
FOLDER = ROOT / "fixtures" / "campaigns" / "translated"
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "translated"))


def mail(campaign: Campaign, language: str) -> Email:
    ann: dict[str, Any] = {
        "id": "7",
        "email": "ann@example.com",
        "language": language,
        "zone": "UTC",
        "consent": {"marketing": True},
    }
    found = campaign.render(ann, now=NOW)
    assert isinstance(found, Email)
    return found


def test_every_kind_of_text_is_translated(campaign: Campaign) -> None:
    german = mail(campaign, "de-AT")
    assert german.subject == "Bis Donnerstag"
    assert "Guten Morgen &amp; mehr</h2>" in german.html
    assert re.search(
        r'7 &amp; Co., seht <a [^>]*href="https://example.com/7"[^>]*>unsere <b>neuen</b> Bücher</a>.<br>Tschüs',
        german.html,
    )
    assert 'alt="Ein rotes &#34;Fahrrad&#34; &lt;neu&gt;"' in german.html
    assert "Geöffnet am Donnerstag. Hereinspaziert" in german.html
    assert "7 & Co., seht unsere neuen Bücher <https://example.com/7>.\nTschüs." in german.text


def test_what_has_no_translation_is_said_as_it_was_written(campaign: Campaign) -> None:
    arabic, english = mail(campaign, "ar"), mail(campaign, "en")
    assert "صباح الخير" in arabic.html
    assert "Look at" in arabic.text
    assert english.subject == "Until Thursday"
    assert "Good morning" in english.text
    assert "Come in" in english.text


def test_words_alone_differ(campaign: Campaign) -> None:
    mails = [mail(campaign, name) for name in ("en", "de", "ar", "fr", "")]
    links = [re.findall(r'(?:href|src)="([^"]*)"', one.html) for one in mails]
    assert all(one == links[0] for one in links)
    assert len({tuple(one.selection.items()) for one in mails}) == 1


def test_it_travels_and_a_translation_changes_the_digest(campaign: Campaign, folder: Path) -> None:
    assert mail(pickle.loads(pickle.dumps(campaign)), "de") == mail(campaign, "de")
    catalogue = folder / "locales" / "de.po"
    catalogue.write_text(catalogue.read_text("utf-8").replace("Guten Morgen", "Moin"), "utf-8")
    assert Environment().compile(folder).digest != campaign.digest


def test_a_campaign_of_one_locale_has_its_texts_put_in(folder: Path) -> None:
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace("{{ profile.language }}", "de"), "utf-8")
    fixed = Environment().compile(folder)
    assert mail(fixed, "en").subject == "Bis Donnerstag"
    assert "campaign.messages" not in fixed._woven.blocks["welcome"].pair.html.file.text


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("de.po", "<3/>Tschüs", "Tschüs", "MW062"),
        ("de.po", "Bis {{ now | date: '%A' }}", "Bis {{ profile.email }}", "MW062"),
        ("de.po", 'msgid "Good morning"', 'message "Good morning"', "MW063"),
    ],
)
def test_a_broken_translation_is_an_error(folder: Path, file: str, old: str, new: str, code: str) -> None:
    catalogue = folder / "locales" / file
    catalogue.write_text(catalogue.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(CampaignError) as error:
        Environment().compile(folder)
    assert [one.code for one in error.value.diagnostics] == [code]


def test_a_line_with_a_snippet_is_translated(folder: Path) -> None:
    (folder / "snippets").mkdir()
    (folder / "snippets" / "day.liquid").write_text("{{ of | date: '%A' }}\n", "utf-8")
    rules = folder / "translated.rules"
    line = "{{ now | date: '%A' }}"
    rules.write_text(rules.read_text("utf-8").replace(line, "{% render 'day', of: now %}"), "utf-8")
    assert mail(Environment().compile(folder), "de-AT").subject == "Bis Donnerstag"


def test_plural_forms_are_data_of_the_page(folder: Path) -> None:
    """Words of a translation are escaped for their place, those in forms, too."""
    page, catalogue = folder / "blocks" / "welcome" / "block.html", folder / "locales" / "de.po"
    forms = '{{ 3 | plural: one: "# book", other: "# books" }}'
    page.write_text(page.read_text("utf-8").replace("Good morning", forms).replace("A red bicycle", forms))
    own = '{{ 3 | plural: one: "<b>#</b>", other: "<i title=\'x\'>#</i> & mehr" }}'.replace('"', '\\"')
    quoted = forms.replace('"', '\\"')
    catalogue.write_text(f'{catalogue.read_text("utf-8")}\nmsgid "{quoted}"\nmsgstr "{own}"\n', "utf-8")
    german = mail(Environment().compile(folder), "de").html
    assert "&lt;i title=&#39;x&#39;&gt;3&lt;/i&gt; &amp; mehr</h2>" in german
    assert 'alt="&lt;i title=&#39;x&#39;&gt;3&lt;/i&gt; &amp; mehr"' in german
    assert ">3 books</h2>" in mail(Environment().compile(folder), "en").html


def test_a_catalogue_is_named_by_its_locale(folder: Path) -> None:
    (folder / "locales" / "german.po").write_text('msgid ""\nmsgstr ""\n')
    with pytest.raises(CampaignError) as error:
        Environment().compile(folder)
    assert [one.code for one in error.value.diagnostics] == ["MW063"]


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(group, ["translate", *arguments])
    return result.exit_code, result.output


def test_texts_are_extracted_and_merged(folder: Path) -> None:
    assert _run("extract", str(folder))[0] == 0
    template = (folder / "locales" / "messages.pot").read_text("utf-8")
    golden = ROOT / "fixtures" / "translate" / "messages.pot"
    assert template == golden.read_text("utf-8")
    before = (folder / "locales" / "de.po").read_text("utf-8")
    assert _run("update", str(folder), "ja")[0] == 0
    after = (folder / "locales" / "de.po").read_text("utf-8")
    assert after.split("\n\n")[1:] == before.split("\n\n")[1:]
    assert (folder / "locales" / "ja.po").exists()
    assert "صباح الخير" in (folder / "locales" / "ar.po").read_text("utf-8")
    assert _run("update", str(folder))[0] == 0
    assert (folder / "locales" / "de.po").read_text("utf-8") == after


def test_a_changed_text_is_fuzzy_and_not_shown(folder: Path) -> None:
    page = folder / "blocks" / "welcome" / "block.html"
    page.write_text(page.read_text("utf-8").replace("Good morning", "Good morning!"), "utf-8")
    assert _run("update", str(folder))[0] == 0
    assert "#, fuzzy" in (folder / "locales" / "de.po").read_text("utf-8")
    assert "Good morning!" in mail(Environment().compile(folder), "de").html


def test_check_says_what_lacks(folder: Path) -> None:
    code, told = _run("check", str(folder), "--missing")
    assert code == 1
    assert "de: 6 of 6 texts" in told
    assert "ar: 1 of 6 texts" in told
    assert "  strings: Come in" in told
    assert "MW064" in told
    (folder / "locales" / "ar.po").unlink()
    assert _run("check", str(folder))[0] == 0


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("de.po", b"\0", "MW007"),
        ("de.po", b'msgid "a"\nmsgstr "\xf6"\n', "MW006"),
        ("de.po", b'msgid "a"\nmsgstr "b"\n\nmsgid "c', "MW063"),
        ("de.po", b'msgid "a"\nmsgstr "b"\nbroken\n', "MW063"),
        ("a b.po", b'msgid "a"\nmsgstr "b"\n', "MW063"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_not_written(
    name: str, written: bytes, code: str, folder: Path
) -> None:
    """What a translator wrote is not lost for a mistake in it."""
    file = folder / "locales" / name
    file.write_bytes(written)
    ended, told = _run("update", str(folder))
    assert (ended, file.read_bytes()) == (1, written)
    assert f"error[{code}]" in told


def test_update_writes_utf_8_whatever_a_header_says(folder: Path) -> None:
    file = folder / "locales" / "de.po"
    text = file.read_text(encoding="utf-8").replace("charset=UTF-8", "charset=klingon")
    file.write_text(
        text + '\nmsgid "one"\nmsgid_plural "many"\nmsgstr[0] "€"\nmsgstr[1] "€€"\n', encoding="utf-8"
    )
    assert _run("update", str(folder))[0] == 0
    after = file.read_text(encoding="utf-8")
    assert "Bücher" in after
    assert "('one'" not in after


def test_rich_inputs_without_marks_are_texts(folder: Path) -> None:
    """With marks they stand in templates, and are messages of those."""
    declared = folder / "blocks" / "welcome" / "block.toml"
    declared.write_text(declared.read_text("utf-8").replace('type = "text"', 'type = "rich"'), "utf-8")
    assert "Geöffnet am Donnerstag" in mail(Environment().compile(folder), "de").html
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace("Open on", "**Open** on"), "utf-8")
    assert "<strong>Open</strong> on" in mail(Environment().compile(folder), "de").html


def _with_marks(folder: Path) -> None:
    """A stock block whose text holds marks, a text of the block's own, and a snippet with one."""
    rules, settings = folder / "translated.rules", folder / "campaign.toml"
    slot = "slot main max 1 fallback more\nblock more for main\n"
    rules.write_text(rules.read_text("utf-8") + slot, "utf-8")
    more = '\n[blocks.more]\nuse = "text"\ninputs = { text = "Read **all** of it" }\n'
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    (folder / "snippets").mkdir()
    (folder / "snippets" / "end.html").write_text("<p>The end</p>\n", "utf-8")
    (folder / "snippets" / "end.txt").write_text("-- The end --\n{% if true %}Really{% endif %}\n", "utf-8")
    page = folder / "blocks" / "welcome" / "block.html"
    page.write_text(page.read_text("utf-8") + "{% render 'end' %}", "utf-8")
    said = {"Read <1>all</1> of it": "Lest <1>alles</1>", "The end": "Ende", "-- The end --": "-- Ende --"}
    catalogue = folder / "locales" / "de.po"
    entries = "".join(f'\nmsgid "{own}"\nmsgstr "{other}"\n' for own, other in said.items())
    catalogue.write_text(catalogue.read_text("utf-8") + entries, "utf-8")


@pytest.mark.parametrize("locale", ["{{ profile.language }}", "de"])
def test_marks_in_stock_blocks_and_texts_of_snippets_are_translated(locale: str, folder: Path) -> None:
    _with_marks(folder)
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace("{{ profile.language }}", locale), "utf-8")
    german = mail(Environment().compile(folder), "de")
    assert re.search(r"Lest <strong[^>]*>alles</strong>", german.html)
    assert ">Ende</p>" in german.html
    assert "Lest alles" in german.text.replace("*", "")
    assert "-- Ende --\nReally" in german.text
    if locale != "de":
        english = mail(Environment().compile(folder), "en")
        assert re.search(r"Read <strong[^>]*>all</strong> of it", english.html)
        assert "-- The end --" in english.text
        assert _run("extract", str(folder))[0] == 0
        template = (folder / "locales" / "messages.pot").read_text("utf-8")
        assert 'msgctxt "inputs/more"\nmsgid "Read <1>all</1> of it"' in template


def test_the_text_of_a_block_is_translated_line_by_line(folder: Path) -> None:
    own = "Hello {{ profile.id }}\n\n{% if profile.id %}Kept{% endif %}\n{{ profile.id\n| upcase }} split\n"
    (folder / "blocks" / "welcome" / "block.txt").write_text(own, "utf-8")
    catalogue = folder / "locales" / "de.po"
    entry = '\nmsgid "Hello {{ profile.id }}"\nmsgstr "Hallo {{ profile.id }}"\n'
    catalogue.write_text(catalogue.read_text("utf-8") + entry, "utf-8")
    campaign = Environment().compile(folder)
    assert "Hallo 7\n\nKept\n7 split" in mail(campaign, "de").text
    assert "Hello 7\n\nKept\n7 split" in mail(campaign, "en").text


@pytest.mark.parametrize("case", LEFT_OUT, ids=lambda case: case["name"])
def test_what_no_catalogue_can_hold_is_listed(case: dict[str, Any], folder: Path) -> None:
    block, rules, settings = (
        folder / "blocks" / "welcome",
        folder / "translated.rules",
        folder / "campaign.toml",
    )
    for kind in case.keys() & {"html", "text"}:
        (block / f"block.{kind.replace('text', 'txt')}").write_text(case[kind], "utf-8")
    if "subject" in case:
        line = "Until {{ now | date: '%A' }}"
        rules.write_text(rules.read_text("utf-8").replace(line, case["subject"]), "utf-8")
    if "input" in case:
        text = settings.read_text("utf-8")
        settings.write_text(re.sub('note = ".*"', f'note = "{case["input"]}"', text), "utf-8")
    code, told = _run("extract", str(folder))
    head, _, listed = told.partition("left out, as no catalogue can hold them: ")
    assert (code, "messages.pot" in head) == (0, True), told
    assert listed.splitlines()[1:] == [f"  {one}" for one in case["left"]]
    assert listed.splitlines()[0] == f"{len(case['left'])} text{'s' * (len(case['left']) > 1)}"
    assert listed.partition(chr(10))[0] in _run("check", str(folder))[1]
    assert listed in _run("check", str(folder), "--missing")[1]


def test_a_text_with_tags_is_said_of_only_where_there_is_one(folder: Path) -> None:
    assert _run("extract", str(folder))[1].endswith("messages.pot: 6 texts\n")


def test_quotes_that_do_not_close(folder: Path) -> None:
    file = folder / "locales" / "de.po"
    written = file.read_text("utf-8") + '\nmsgid "a\nmsgstr "b"\n'
    file.write_text(written, "utf-8")
    with pytest.raises(CampaignError) as error:
        Environment().compile(folder)
    (found,) = error.value.diagnostics
    assert (found.code, found.location and found.location.line) == ("MW063", written.count("\n") - 1)
    assert _run("update", str(folder))[0] == 1
    assert file.read_text("utf-8") == written


def test_who_translated_stays(folder: Path) -> None:
    file = folder / "locales" / "de.po"
    head = '# Ann, 2026\nmsgid ""\nmsgstr ""\n"Last-Translator: Ann\\n"\n"Plural-Forms: nplurals=2; plural=n!=1;\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n'
    body = file.read_text("utf-8").partition("\n\n")[2]
    file.write_text(f"{head}\n{body}", "utf-8")
    assert _run("update", str(folder))[0] == 0
    after = file.read_text("utf-8")
    assert after.startswith(head.replace("charset=utf-8", "charset=UTF-8"))
    assert _run("update", str(folder))[0] == 0
    assert file.read_text("utf-8") == after


def test_a_catalogue_may_be_named_either_way_but_once(folder: Path) -> None:
    (folder / "locales" / "de-AT.po").write_text('msgid "a"\nmsgstr "b"\n', encoding="utf-8")
    done = CliRunner().invoke(group, ["translate", "update", str(folder)])
    assert done.exit_code == 0, done.output
    (folder / "locales" / "de_AT.po").write_text('msgid "a"\nmsgstr "c"\n', encoding="utf-8")
    with pytest.raises(CampaignError) as refused:
        Environment().compile(folder)
    assert [one.code for one in refused.value.diagnostics] == ["MW063"]


def test_words_of_lists_with_marks_are_translated(folder: Path) -> None:
    settings = folder / "campaign.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(
        f'{written}\n[blocks.questions]\nuse = "faq"\n'
        '[[blocks.questions.inputs.items]]\nquestion = "Why?"\nanswer = "See **this**"\n',
        encoding="utf-8",
    )
    (folder / "zmore.rules").write_text(
        "slot asked max 1 fallback questions\nblock questions for asked\n", encoding="utf-8"
    )
    done = CliRunner().invoke(group, ["translate", "extract", str(folder)])
    assert done.exit_code == 0, done.output
    assert 'msgid "Why?"' in (folder / "locales" / "messages.pot").read_text(encoding="utf-8")


def test_the_text_that_a_fuzzy_entry_had_before_stays(folder: Path) -> None:
    catalogue = folder / "locales" / "de.po"
    entry = '\n#, fuzzy\n#| msgid "Old"\nmsgid "Gone"\nmsgstr "Fort"\n'
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + entry, encoding="utf-8")
    for _ in range(2):
        assert CliRunner().invoke(group, ["translate", "update", str(folder)]).exit_code == 0
        assert '#| msgid "Old"' in catalogue.read_text(encoding="utf-8")
