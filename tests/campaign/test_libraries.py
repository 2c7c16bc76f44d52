"""Libraries: what a campaign takes from them, in which order, and that it carries them wherever it goes."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import threading
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from tests.campaign.library_project import RECIPIENT, project, replace

from mailweave import Campaign, Email, Environment, user_cache
from mailweave.campaign.compiler import opened
from mailweave.cli import group, kept_reports
from mailweave.cli.precommit import targets
from mailweave.preview.desk import Desk
from mailweave.preview.watching import all_watched
from mailweave.spark.campaign_bundle import CampaignBundle


def compiled(folder: Path) -> Campaign:
    return Environment().compile(folder)


def mail(campaign: Campaign) -> Email:
    made = campaign.render(RECIPIENT)
    assert isinstance(made, Email), made
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return project(tmp_path / "shop")


def test_ten_campaigns_share_one_brand(shop: Path) -> None:
    names = [f"week{number}" for number in range(1, 11)]
    for name in names:
        shutil.copytree(shop / "spring", shop / name)
        replace(shop / name / "campaign.toml", 'name = "spring"', f'name = "{name}"')
        replace(shop / name / "main.rules", 'ruleset "spring"', f'ruleset "{name}"')
    campaigns = {name: compiled(shop / name) for name in names}
    assert all("background:#0b5345" in mail(one).html for one in campaigns.values())
    assert all(not one.diagnostics for one in campaigns.values()), campaigns["week1"].diagnostics
    replace(shop / "brand" / "library.toml", "#0b5345", "#512e5f")
    replace(
        shop / "week3" / "campaign.toml", "[blocks.welcome]", '[theme]\nprimary = "#154360"\n[blocks.welcome]'
    )
    again = {name: compiled(shop / name) for name in names}
    assert [again[name].digest != campaigns[name].digest for name in names] == [True] * 10
    assert "background:#154360" in mail(again["week3"]).html
    assert all("background:#512e5f" in mail(again[name]).html for name in names if name != "week3")


def test_everything_comes_from_the_library(shop: Path) -> None:
    campaign = compiled(shop / "spring")
    sent = mail(campaign)
    assert 'class="brand-offer"' in sent.html
    assert "border:2px solid #ffffff" in sent.html, "the class that an argument names is inlined"
    assert "Stop these mails" in (sent.text or "")
    assert ">> See it: https://example.com/" in (sent.text or ""), "a snippet's own text"
    assert sent.subject == "Hello, friend"
    assert campaign.config.theme.radius == 2
    assert "{%" not in sent.html
    assert "<!--" not in sent.html


def test_own_comes_first_then_the_libraries_in_order_then_stock(shop: Path) -> None:
    shutil.copytree(shop / "brand" / "blocks", shop / "base" / "blocks")
    replace(shop / "base" / "blocks" / "brand_offer" / "block.html", "<p>", "<p>base ")
    (shop / "base" / "snippets").mkdir()
    (shop / "base" / "snippets" / "greeting.liquid").write_text("you")
    (shop / "base" / "library.toml").write_text('[theme]\nprimary = "#4a235a"\nradius = 9\nspacing = 20\n')
    (shop / "mailweave.toml").write_text('roots = ["brand", "base"]\n')
    order = {
        '["../brand", "../base"]': ("Hello, friend", False, "#0b5345", 2),
        '["../base", "../brand"]': ("Hello, you", True, "#4a235a", 9),
    }
    for libraries, (subject, is_base, primary, radius) in order.items():
        shutil.copytree(shop / "autumn", shop / "both", dirs_exist_ok=True)
        replace(shop / "both" / "campaign.toml", '["../brand"]', libraries)
        campaign = compiled(shop / "both")
        sent, theme = mail(campaign), campaign.config.theme
        assert (sent.subject, "<p>base " in sent.html) == (subject, is_base)
        assert (theme.primary, theme.radius, theme.spacing) == (primary, radius, 20)
        assert [one.code for one in campaign.diagnostics].count("MW074") == 1
    (shop / "both" / "snippets").mkdir()
    (shop / "both" / "snippets" / "greeting.liquid").write_text("own {{ name | default: 'one' }}")
    assert mail(compiled(shop / "both")).subject == "Hello, own one"


READ = [
    ("brand.html", "<body>", "<body><!-- x -->"),
    ("brand.css", "16px", "17px"),
    ("library.toml", "radius = 2", "radius = 3"),
    ("brand.rules", ">= 3", ">= 2"),
    ("people.rules", "opens >= 1", "opens >= 2"),
    ("blocks/brand_offer/block.html", "<p>", "<p>New "),
    ("blocks/brand_offer/block.toml", "An offer", "No offer"),
    ("snippets/button.html", "<a ", "<a title='x' "),
    ("snippets/button.txt", ">>", "->"),
    ("snippets/greeting.liquid", "friend", "you"),
]


def test_every_file_of_a_library_that_is_read_is_in_the_digest(shop: Path) -> None:
    before = compiled(shop / "spring").digest
    for name, old, new in READ:
        replace(shop / "brand" / name, old, new)
        after = compiled(shop / "spring").digest
        assert after != before, name
        replace(shop / "brand" / name, new, old)
        assert compiled(shop / "spring").digest == before, name


def test_it_is_rendered_where_the_library_is_not(shop: Path) -> None:
    campaign = compiled(shop / "spring")
    expected, carried = mail(campaign).html, pickle.dumps(campaign)
    bundle, _ = CampaignBundle.of(shop / "spring")
    travelled = pickle.dumps(bundle)
    shutil.rmtree(shop)
    opened.cache_clear()
    there = pickle.loads(carried)
    assert (there.digest, mail(there).html) == (campaign.digest, expected)
    opened.cache_clear()
    assert mail(pickle.loads(travelled).open()).html == expected


def test_findings_of_a_campaign_that_travelled_name_the_same_files(shop: Path) -> None:
    (shop / "spring" / "snippets").mkdir()
    (shop / "spring" / "snippets" / "unused.html").write_text("<b>x</b>")
    campaign = compiled(shop / "spring")
    opened.cache_clear()
    there = pickle.loads(pickle.dumps(campaign))
    assert list(map(str, there.diagnostics)) == list(map(str, campaign.diagnostics))


def test_a_library_inside_the_campaign_needs_no_project_file(shop: Path) -> None:
    shutil.move(shop / "brand", shop / "spring" / "shared")
    (shop / "mailweave.toml").unlink()
    replace(shop / "spring" / "campaign.toml", "../brand", "shared")
    assert "background:#0b5345" in mail(compiled(shop / "spring")).html


def test_a_link_within_the_declared_root_is_followed(shop: Path) -> None:
    (shop / "spring" / "here").symlink_to("../brand")
    replace(shop / "spring" / "campaign.toml", "../brand", "here")
    assert "background:#0b5345" in mail(compiled(shop / "spring")).html


def test_verbs_on_rules_see_what_is_imported(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    test = (
        '\ntest "four orders" {\n  profile { id: "1", email: "a@b.co", orders: 4, opens: 1 }\n'
        "  now 2026-11-22T09:00:00Z\n  expect regulars\n}\n"
    )
    rules = shop / "spring" / "main.rules"
    rules.write_text(rules.read_text() + test)
    (shop / "who.json").write_text('{"id": "1", "email": "a@b.co", "orders": 4, "opens": 1, "consent": {}}')
    for line in ("prove spring", "explain spring --profile who.json", "sql spring"):
        ran = CliRunner().invoke(group, line.split())
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.output
        assert "error[" not in ran.output, (line, ran.output)
    ran = CliRunner().invoke(group, ["test", "spring"])
    assert "1 passed" in ran.output
    ran = CliRunner().invoke(
        group, ["format", "--check", "spring/main.rules", "brand/brand.rules", "brand/people.rules"]
    )
    assert ran.exit_code == 0, ran.output
    ran = CliRunner().invoke(group, ["check", "--no-cache", "brand/brand.rules"])
    assert ran.exit_code == 0, ran.output
    ran = CliRunner().invoke(group, ["check", "--no-cache", "--format", "sarif", "spring"])
    assert ran.exit_code == 0, ran.output


def test_sarif_names_the_file_of_the_library(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    replace(shop / "brand" / "people.rules", "opens >= 1", "opned >= 1")
    ran = CliRunner().invoke(group, ["check", "--no-cache", "--format", "sarif", "spring"])
    assert '"brand/people.rules"' in ran.output


def test_a_kept_report_is_dropped_when_a_library_changes(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(user_cache.VARIABLE, str(shop / "cache"))
    monkeypatch.setattr(kept_reports, "_decides", lambda _name: False)
    before = kept_reports.key([shop / "spring"], "text")
    assert before is not None
    assert kept_reports.key([shop / "spring"], "text") == before
    for name, old, new in [*READ, ("../mailweave.toml", '["brand"]', '["brand", "."]')]:
        replace(shop / "brand" / name, old, new)
        assert kept_reports.key([shop / "spring"], "text") not in (before, None), name
        replace(shop / "brand" / name, new, old)
        assert kept_reports.key([shop / "spring"], "text") == before
    (shop / "brand" / "more.rules").symlink_to("brand.rules")
    assert kept_reports.key([shop / "spring"], "text") is None


def test_a_changed_library_file_checks_the_campaigns_on_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    both = (Path("autumn"), Path("spring"))
    assert targets("check", [Path("brand/snippets/button.html")]) == both
    assert targets("test", [Path("brand/people.rules"), Path("mailweave.toml")]) == both
    assert targets("check", [Path("spring/main.rules")]) == (Path("spring"),)
    assert targets("check", [Path("notes.txt")]) == ()


def test_the_desk_shows_and_follows_the_files_of_a_library(shop: Path) -> None:
    desk = Desk(shop / "spring")
    desk.reload()
    names = [name.removeprefix(f"{shop}/") for name in desk.edition.texts]
    assert {"brand/brand.rules", "brand/snippets/button.html", "brand/blocks/brand_offer/block.html"} <= set(
        names
    )
    assert desk.shared() == {shop / "brand"}
    assert desk.edition.campaign is not None
    assert "brand/snippets/button.html" in unquote(mail(desk.edition.campaign).html), "a click leads there"


def test_a_save_in_a_library_is_seen(shop: Path) -> None:
    saved, stop = threading.Event(), threading.Event()
    found = iter([FileNotFoundError("between two names")])

    def others() -> frozenset[Path]:
        for error in found:
            raise error
        return frozenset({shop / "brand"})

    watching = threading.Thread(target=all_watched, args=(shop / "spring", others, saved.set, stop))
    watching.start()
    try:
        for _ in range(100):
            saved.clear()
            (shop / "brand" / "brand.css").write_text("p { color: #111111 }\n")
            if saved.wait(0.2):
                break
        for _ in range(20):
            saved.clear()
            if not saved.wait(0.7):
                break
        replace(shop / "brand" / "brand.css", "#111111", "#222222")
        assert saved.wait(10)
    finally:
        stop.set()
        watching.join()


def test_blocks_of_libraries_are_listed(shop: Path) -> None:
    ran = CliRunner().invoke(group, ["blocks", "--campaign", str(shop / "spring")])
    assert "brand_offer" in ran.output
    ran = CliRunner().invoke(group, ["blocks", "brand_offer", "--campaign", str(shop / "spring")])
    assert "What is offered." in ran.output


def test_a_revision_brings_its_libraries(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.co"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)
    replace(shop / "brand" / "people.rules", "opens >= 1", "opens >= 2")
    ran = CliRunner().invoke(group, ["diff", "HEAD:spring", "spring"])
    assert "engaged" in ran.output, ran.output
    assert "error" not in ran.output


def test_an_experiment_varies_a_constant_of_the_library(shop: Path) -> None:
    replace(
        shop / "brand" / "brand.rules",
        "let is_regular = orders >= 3",
        "let often = 3\nlet is_regular = orders >= often",
    )
    rules = shop / "spring" / "main.rules"
    trial = 'experiment threshold on let often {\n  unit id salt "a"\n  split control 50%, more 50% -> 5\n}\n'
    rules.write_text(rules.read_text(encoding="utf-8") + trial, encoding="utf-8")
    campaign = compiled(shop / "spring")
    for arm, hero in (("control", "thanks"), ("more", "welcome")):
        made = campaign.decide(RECIPIENT, arms={"threshold": arm})
        assert isinstance(made, tuple), made
        assert (made[0].arms, made[0]["hero"]) == ({"threshold": arm}, (hero,))
