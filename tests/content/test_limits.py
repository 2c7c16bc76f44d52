"""What compiling costs is bounded: what would take long ends soon, in a mail or in a finding that names its limit."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mailweave import Environment
from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.rules.checker.segments import DEEPEST

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
SECONDS = 10  # of CPU for everything in one process: imports, and one costly text
MEMORY = 1_500_000_000


def _whens(n: int) -> str:
    return "{% case x %}" + "".join(f"{{% when 'k{i}' %}}v{i}" for i in range(n)) + "{% endcase %}"


def _elsifs(n: int) -> str:
    return "{% if x %}" + "".join(f"{{% elsif x == 'k{i}' %}}v{i}" for i in range(n)) + "{% endif %}"


TEMPLATES: dict[str, str] = {
    "whens": f"Template.from_string({_whens(2_000)!r}).render({{'x': 'k7'}})",
    "elsifs": f"Template.from_string({_elsifs(2_000)!r}).render({{'x': 'k7'}})",
    "partials": "Template.from_string('{% render \"a\" %}', partials={'a': '{% render \"b\" %}' * 30, "
    "'b': '{% render \"c\" %}' * 30, 'c': '{{ x }}' * 30}).render({})",
}


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_that_repeat_are_compiled_soon(name: str) -> None:
    code = f"from mailweave.liquid import Template\n{TEMPLATES[name]}\n"
    done = subprocess.run(
        [sys.executable, "-"], input=code, text=True, preexec_fn=_limited, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_template_with_a_crowded_tag_names_its_limit() -> None:
    with pytest.raises(TemplateError, match=r"MW403 .*501 attributes in one tag, where 500") as raised:
        Template.from_string("<p>x</p>\n<p " + " ".join(f"a{i}=1" for i in range(501)) + ">{{ x }}</p>")
    assert str(raised.value.diagnostics[0].location) == "<template>:2:1"


def _block(html: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "blocks" / "hero" / "block.html").write_text(html)

    return write


def _css(css: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "own.css").write_text(css)

    return write


def _linked(css: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "linked.css").write_text(css)
        block = folder / "blocks" / "hero" / "block.html"
        block.write_text('<style>@import "linked.css";</style><div>{{ block.heading }}</div>')
        (folder / "layout.html").write_text(
            '<html><head><title>x</title><link rel="stylesheet" href="linked.css"></head>'
            '<body>{% slot "hero" %}{% slot "footer" %}</body></html>'
        )
        block.write_text("<div>{{ block.heading }}</div>")
        settings = folder / "campaign.toml"
        settings.write_text(settings.read_text().replace('layout = "newsletter"', 'layout = "layout.html"'))

    return write


def _rules(more: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        with (folder / "main.rules").open("a") as file:
            file.write(more)

    return write


def _settings(more: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        with (folder / "campaign.toml").open("a") as file:
            file.write(more)

    return write


CHAIN = "\nsegment s0 = consent.marketing\n" + "".join(
    f"segment s{i} = s{i - 1} and s{i - 1}\n" for i in range(1, DEEPEST + 1)
)
COSTLY: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "elements": ("MW535", "elements", _block("<div>" + "<p>x</p>" * 8_100 + "</div>")),
    "attributes": ("MW535", "attributes in this tag", _block(f"<div {'a=1 ' * 501}>x</div>")),
    "selectors": ("MW535", "selectors", _css(",".join(f".a{i}" for i in range(2_001)) + "{color:red}")),
    "style": ("MW535", "selectors", _block(f"<style>{'a,' * 2_001}b{{c:d}}</style><div>x</div>")),
    "linked": ("MW535", "selectors", _linked(",".join(f".a{i}" for i in range(2_001)) + "{color:red}")),
    "one rule": ("MW535", "declarations in this rule", _css("p{" + "color:red;" * 301 + "}")),
    "declarations": ("MW535", "declarations", _css(("p{" + "color:red;" * 290 + "}") * 14)),
    "both": ("MW535", "pairs", _block(f"<style>{'a,' * 900}b{{c:d}}</style><div>{'<p>x</p>' * 1_100}</div>")),
    "megabytes": ("MW051", "1000000 bytes", _block("<p>x</p>" * 125_001)),
    "chain": ("MW058", f"more than {DEEPEST} names", _rules(CHAIN)),
    "keys": ("MW601", "levels are read", _settings("\n[values]\n" + ".".join("k" * 31) + " = 1\n")),
    "lists": ("MW601", "levels are read", _settings("\n[values]\nk = " + "[" * 31 + "]" * 31 + "\n")),
    "css brackets": ("MW506", "brackets", _css("@media x{" * 300 + "}" * 300)),
    "context": ("MW002", "deeply", lambda folder: _context(folder, "[" * 200_000)),
}


def _context(folder: Path, text: str) -> None:
    (folder / "context.json").write_text(text)
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text().replace("now =", 'context = "context.json"\nnow ='))


@pytest.mark.parametrize("name", COSTLY)
def test_what_costs_too_much_is_refused_by_name(name: str, tmp_path: Path) -> None:
    code, words, write = COSTLY[name]
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    (folder / "blocks" / "hero").mkdir(parents=True)
    (folder / "blocks" / "hero" / "block.toml").write_text(
        'title = "Mine"\ndoc = "A block."\n[inputs.heading]\ntype = "text"\ndoc = "It."\n'
    )
    (folder / "blocks" / "hero" / "block.html").write_text("<div>{{ block.heading }}</div>")
    settings = folder / "campaign.toml"
    (folder / "own.css").touch()
    settings.write_text(
        settings.read_text().replace('layout = "newsletter"', 'layout = "newsletter"\ncss = ["own.css"]')
    )
    write(folder)
    found = [d for d in Environment().check(folder) if d.code == code]
    assert any(words in d.message for d in found), [d.message for d in Environment().check(folder)]
    assert all(d.location or d.place for d in found)


def test_a_partial_is_said_to_be_none_once_and_in_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    (folder / "blocks" / "hero").mkdir(parents=True)
    (folder / "blocks" / "hero" / "block.toml").write_text(
        'title = "Mine"\ndoc = "A block."\n[inputs.heading]\ntype = "text"\ndoc = "It."\n'
    )
    (folder / "blocks" / "hero" / "block.html").write_text("<div>\n<p>{% include 'x' %}</p></div>")
    (found,) = [d for d in Environment().check(folder) if d.code == "MW409"]
    assert str(found.location).endswith("block.html:2:15")
    assert "snippets/" in found.help
