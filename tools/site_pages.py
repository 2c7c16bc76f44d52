"""python tools/site_pages.py: the documentation site in out/site, from the pages as they lie in the repository.

They are copied to out/pages under the paths that they have here, so that a link that works there works here.
What is added: the README as the first page, a page for each public package, and links where a page is named.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "out" / "pages"
ALONE = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "blocks/README.md")
NAMED = re.compile(r"(?<!\[)`([\w./-]+\.md)`(?!\])")
CODE = re.compile(r"(^ *```.*?^ *```$|^    .*?$)", re.S | re.M)


def sources() -> Iterator[Path]:
    """What is copied, by its path in the repository: pages, and what they show and link to."""
    for folder in ("docs", "findings"):
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    yield from map(Path, ALONE)


def linked(text: str, page: Path, known: set[str]) -> str:
    """The text of a page, where a page that it names as code is a link.

    >>> linked("see `docs/new.md`", Path("docs/data.md"), {"docs/new.md"})
    'see [`docs/new.md`](new.md)'
    """

    def link(name: re.Match[str]) -> str:
        if name[1] not in known or name[1] == page.as_posix():
            return name[0]
        return f"[{name[0]}]({Path(os.path.relpath(name[1], page.parent)).as_posix()})"

    prose_and_code = CODE.split(text)
    prose_and_code[::2] = [NAMED.sub(link, prose) for prose in prose_and_code[::2]]
    return "".join(prose_and_code)


def public() -> dict[str, str]:
    """The public packages, and what each is for, as docs/stability.md says."""
    page = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(mailweave[\w.]*)` \| (.+?) \|$", page, re.M))


def names(package: str) -> dict[str, str]:
    """`__all__` of a package, and the module that each name comes from; read and not run: extras may be missing."""
    path = ROOT / "engine" / package.replace(".", "/") / "__init__.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    homes = {
        alias.name: str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    (listed,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    return {name: homes.get(name, package) for name in listed}


def api_page(package: str) -> str:
    """The page of one package. A name that a module of the package has, too, would be taken for that module."""
    found = names(package)
    hidden = [name for name, home in found.items() if home.endswith(f".{name}")]
    modules = [name for name, home in found.items() if home == package]
    members = ", ".join(name for name in found if name not in (*hidden, *modules))
    rows = [f"# {package}", "", f"::: {package}", "    options:", f"      members: [{members}]", ""]
    for name in modules:
        rows += [
            f"::: {package}.{name}",
            "    options:",
            "      show_root_heading: true",
            "      members: []",
        ]
    for name in hidden:
        rows += [f"::: {found[name]}.{name}", "    options:", "      show_root_heading: true"]
        rows += ["      show_root_full_path: false", "      show_root_toc_entry: true", ""]
    return "\n".join(rows)


def api() -> Iterator[tuple[str, str]]:
    """The pages of the public packages, by path."""
    rows = [f"- [`{package}`]({package}.md): {purpose}" for package, purpose in public().items()]
    note = "[Stability](../docs/stability.md) says what a release may change of it."
    yield "api/index.md", "\n".join(["# Python API", "", *rows, "", note, ""])
    for package in public():
        yield f"api/{package}.md", api_page(package)


def written(pages: Path) -> None:
    """All pages, in a folder that is made anew."""
    shutil.rmtree(pages, ignore_errors=True)
    found = list(sources())
    known = {path.as_posix() for path in found}
    texts = dict(api())
    for path in found:
        (pages / path).parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            texts[path.as_posix()] = linked((ROOT / path).read_text(encoding="utf-8"), path, known)
        else:
            shutil.copyfile(ROOT / path, pages / path)
    texts["index.md"] = linked((ROOT / "README.md").read_text(encoding="utf-8"), Path("index.md"), known)
    for name, text in texts.items():
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text(text, encoding="utf-8")


def main() -> int:
    written(PAGES)
    # strict: a link to a page or a place that is not there fails
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
