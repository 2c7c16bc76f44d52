"""The site: every page stands in its navigation, its links lead somewhere, and it loads nothing from elsewhere."""

from __future__ import annotations

import doctest
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import lxml.html
import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
ELSEWHERE = re.compile(r"(?:https?:)?//")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]+`", re.S | re.M)
PAGES = sorted(
    {
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "blocks/README.md",
        ROOT / "findings/README.md",
    }
)


@pytest.fixture(scope="module")
def pages_tool() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        yield importlib.import_module("site_pages")


def in_navigation(entry: Any) -> Iterator[str]:
    """The pages below an entry of the navigation."""
    if isinstance(entry, str):
        yield entry
    for below in entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ():
        yield from in_navigation(below)


def test_every_page_stands_in_the_navigation_once(pages_tool: Any) -> None:
    found = list(in_navigation(CONFIG["nav"]))
    copied = [path.as_posix() for path in pages_tool.sources() if path.suffix == ".md"]
    assert sorted(found) == sorted(["index.md", *copied, *(path for path, _ in pages_tool.api())])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_to_files(page: Path) -> None:
    links = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    local = [urldefrag(link)[0] for link in links if not re.match(r"https?:|mailto:", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_a_page_that_is_named_becomes_a_link(pages_tool: Any) -> None:
    assert doctest.testmod(pages_tool).failed == 0
    known = {"docs/new.md", "docs/data.md"}
    text = "`docs/new.md` [`docs/new.md`](new.md)\n\n    `docs/new.md`\n\n```\n`docs/new.md`\n```\n`docs/data.md`\n"
    linked = text.replace("`docs/new.md`", "[`docs/new.md`](new.md)", 1)
    assert pages_tool.linked(text, Path("docs/data.md"), known) == linked


def zensical(folder: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("zensical", reason="zensical is not installed: the extra `docs` brings it")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("link", "ends"), [("b.md#there", 0), ("c.md", 1), ("b.md#nowhere", 1), ("b.md", 0)])
def test_a_broken_link_fails_the_build(tmp_path: Path, link: str, ends: int) -> None:
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "small"\n', encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# A\n\nSee [b]({link}).\n", encoding="utf-8")
    (tmp_path / "docs" / "b.md").write_text("# B\n\n## There\n", encoding="utf-8")
    done = zensical(tmp_path)
    assert done.returncode == ends, done.stdout + done.stderr


def test_examples_in_docstrings_are_fenced() -> None:
    pytest.importorskip("griffe", reason="griffe is not installed: the extra `docs` brings it")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        assert doctest.testmod(importlib.import_module("site_docstrings")).failed == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, pages_tool: Any) -> dict[Path, Any]:
    """The pages of the site by path, built from this checkout in a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(ROOT / "zensical.toml", folder / "zensical.toml")
    for name in ("engine", "tools"):
        (folder / name).symlink_to(ROOT / name)
    pages_tool.written(folder / CONFIG["docs_dir"])
    done = zensical(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    built = (folder / CONFIG["site_dir"]).resolve()
    return {path: lxml.html.fromstring(path.read_bytes()) for path in built.rglob("*.html")}


def leads_nowhere(site: dict[Path, Any], page: Path, link: str) -> bool:
    path, place = urldefrag(link)
    target = (page.parent / unquote(path)).resolve() if path else page
    if not target.exists():
        return True
    return bool(place) and target in site and not site[target].xpath("//*[@id=$id]", id=unquote(place))


def test_every_link_of_the_site_leads_somewhere(site: dict[Path, Any]) -> None:
    """The page for what is not found is left out: it can be shown anywhere, so its links begin at the root."""
    links = {
        (page, str(link))
        for page, html in site.items()
        if page.name != "404.html"
        for link in html.xpath("//article//@href | //nav//@href | //@src")
        if not re.match(r"[a-z]+:|//", str(link))
    }
    assert len(links) > 1000
    assert [(page.name, link) for page, link in sorted(links) if leads_nowhere(site, page, link)] == []


def test_the_site_loads_nothing_from_elsewhere(site: dict[Path, Any]) -> None:
    loaded = {
        str(address) for html in site.values() for address in html.xpath("//*[not(self::a)]/@href | //@src")
    }
    assert [address for address in sorted(loaded) if ELSEWHERE.match(address)] == []


def test_every_public_name_has_its_place_in_the_reference(site: dict[Path, Any], pages_tool: Any) -> None:
    for package in pages_tool.public():
        (page,) = (html for path, html in site.items() if path.name == f"{package}.html")
        places = set(page.xpath("//@id"))
        names = pages_tool.names(package)
        assert sorted(names) == sorted(importlib.import_module(package).__all__)
        assert [
            name for name, home in names.items() if not places & {f"{package}.{name}", f"{home}.{name}"}
        ] == []
