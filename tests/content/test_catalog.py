"""Where blocks are found, and what is said when they are not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli.blocks import command
from mailweave.content.block_files import Folder
from mailweave.content.catalog import Catalog

TOML = 'title = "Mine"\ndoc = "My own."\n'


def make(folder: Path, name: str, **files: str | bytes) -> None:
    (folder / name).mkdir(parents=True)
    for file, text in files.items():
        path = folder / name / f"block.{file.replace('_', '.')}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def own(folder: Path) -> Catalog:
    return Catalog((Folder(folder, "blocks", "campaign"),))


def test_there_are_fifteen_blocks_and_three_layouts() -> None:
    catalog = Catalog()
    asked = (
        "preheader header hero text button image product_card product_grid offer recommendations"
        " cart_reminder order_summary testimonial divider social footer"
    )
    assert set(asked.split()) <= set(catalog.names())
    assert {"newsletter", "transactional", "letter"} <= set(catalog.layouts())
    assert catalog.names() == tuple(sorted(catalog.names()))


def test_a_block_of_the_campaign_hides_the_stock_one(tmp_path: Path) -> None:
    make(tmp_path, "hero", toml=TOML, html="<p>Mine</p>")
    make(tmp_path, "own", toml=TOML, html="<p>Own</p>", txt="Own", amp_html="<p>Amp</p>")
    catalog = own(tmp_path)
    hero, found = catalog.block("hero")
    assert hero is not None
    assert (hero.spec.title, hero.origin, hero.html.name, found) == (
        "Mine",
        "campaign",
        "blocks/hero/block.html",
        (),
    )
    mine, _ = catalog.block("own")
    assert mine is not None
    assert mine.text is not None
    assert mine.amp is not None
    footer, _ = catalog.block("footer")
    assert footer is not None
    assert footer.origin == "stock"
    assert "own" in catalog.names()


def test_an_unknown_block_comes_with_a_suggestion() -> None:
    block, (found,) = Catalog().block("heroo")
    assert block is None
    assert (found.code, found.place) == ("MW604", "heroo")
    assert "did you mean `hero`?" in found.help


@pytest.mark.parametrize("name", ["", ".", "..", "../blocks", "_layouts", "a/b", "a\\b", "/etc", "x\0y"])
def test_a_name_is_no_way_to_another_folder(name: str) -> None:
    block, (found,) = Catalog().block(name)
    assert (block, found.code) == (None, "MW604")


def test_what_a_folder_lacks_is_named_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    block, found = own(tmp_path).block("empty")
    assert block is None
    assert [(d.code, d.place) for d in found] == [("MW605", "blocks/empty")] * 2
    assert {d.message for d in found} == {
        "block `empty` has no block.toml",
        "block `empty` has no block.html",
    }


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "latin", toml=TOML, html="<p>caf\xe9</p>".encode("latin-1"))
    block, (found,) = own(tmp_path).block("latin")
    assert (block, found.code, found.place) == (None, "MW611", "blocks/latin/block.html")


def test_a_sample_that_does_not_fit_its_own_inputs_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "b", toml=TOML + '[sample.inputs]\nheading = "x"\n', html="<p></p>")
    _, (found,) = own(tmp_path).block("b")
    assert (found.code, str(found.location)) == ("MW606", "blocks/b/block.toml:4:1")


def test_blocks_are_read_from_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("blocks/zipped/block.toml", TOML)
        archive.writestr("blocks/zipped/block.html", "<p>Zipped</p>")
    inside = zipfile.Path(tmp_path / "a.zip") / "blocks"
    block, found = Catalog((Folder(inside, "a.zip/blocks", "campaign"),), stock=False).block("zipped")
    assert block is not None
    assert (block.html.text, found) == ("<p>Zipped</p>", ())


def test_an_unknown_layout_comes_with_a_suggestion() -> None:
    layout, (found,) = Catalog().layout("newsleter")
    assert (layout, found.code) == (None, "MW608")
    assert "did you mean `newsletter`?" in found.help


def test_the_verb_lists_and_describes(tmp_path: Path) -> None:
    run = CliRunner().invoke
    listing = run(command, [])
    assert listing.exit_code == 0
    catalog = Catalog()
    assert all(name in listing.output for name in (*catalog.names(), *catalog.layouts()))
    hero = run(command, ["hero"])
    assert hero.exit_code == 0
    assert "heading" in hero.output
    assert 'use = "hero"' in hero.output
    make(tmp_path / "blocks", "mine", toml=TOML, html="<p></p>")
    mine = run(command, ["mine", "--campaign", str(tmp_path), "--format", "json"])
    assert '"origin": "campaign"' in mine.output
    wrong = run(command, ["heroo"])
    assert wrong.exit_code == 1
    assert "did you mean `hero`?" in wrong.output
