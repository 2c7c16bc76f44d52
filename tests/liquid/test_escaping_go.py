"""Go's own escaping tables, wherever Liquid can say the same; the others are counted, with reasons.

Outputs are compared by what a browser reads: the tree, URLs, CSS tokens and script tokens. Go takes
comments out and writes other, equivalent escapes.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
import tinycss2

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.liquid.escapers import css, scripts, strip_tags, urls
from mailweave.liquid.writing import text as text_of

SKIPS = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/escaping/go_skips.toml").read_text(encoding="utf-8")
)
DATA: dict[str, Any] = {
    "F": False, "T": True, "C": "<Cincinnati>", "G": "<Goodbye>", "H": "<Hello>", "I": "${ asd `` }",
    "A": ["<a>", "<b>"], "E": [], "N": 42, "U": None, "Z": None, "Cond": True, "Items": [1], "X": "x",
    "Y": "y", "K": "k", "V": "v",
}  # fmt: skip
W = '&iexcl;<b class="foo">Hello</b>, <textarea>O\'World</textarea>!'


class NotLiquid(Exception):
    """A Go template that says what Liquid cannot."""


class Translation:
    """A Go template as Liquid; Go's string literals become data."""

    def __init__(self, text: str) -> None:
        self.data, self.stack = dict(DATA), list[str]()
        self.text = re.sub(r"\{\{(.*?)\}\}", self.action, text, flags=re.DOTALL)
        if re.search(r"\bW\b", self.text):
            self.text = f"{{% capture W %}}{W}{{% endcapture %}}{self.text}"

    def action(self, found: re.Match[str]) -> str:
        code = found[1].strip()
        if code in ("else", "break", "continue"):
            return f"{{% {code} %}}"
        if code == "end":
            return f"{{% end{self.stack.pop()} %}}"
        if branch := re.fullmatch(r"(if|with) (?:\.(\w+)|(true|false))", code):
            if branch[1] == "with":
                raise NotLiquid("with")
            self.stack.append("if")
            return f"{{% if {branch[2] or branch[3]} %}}"
        if loop := re.fullmatch(r"range \.(\w+)", code):
            self.stack.append("for")
            return f"{{% for dot in {loop[1]} %}}"
        return f"{{{{ {self.pipeline(code)} }}}}"

    def pipeline(self, code: str) -> str:
        first, *rest = (part.strip() for part in re.split(r"\|(?![^\"]*\"$)", code))
        if first.startswith("html "):
            first, rest = first[5:], ["html", *rest]
        filters = {"html": "escape", "urlquery": "url_encode"}
        if any(one not in filters for one in rest):
            raise NotLiquid(code)
        return " | ".join([self.operand(first), *(filters[one] for one in rest)])

    def operand(self, code: str) -> str:
        if code == ".":
            return "dot"
        if name := re.fullmatch(r"\.(\w+)", code):
            return name[1]
        if code.startswith('"') or re.fullmatch(r"\d+", code):
            key = f"literal{len(self.data)}"
            self.data[key] = json.loads(re.sub(r"\\x(..)", r"\\u00\1", code))
            return key
        raise NotLiquid(code)


def render(go: str, dot: object = None) -> str:
    made = Translation(go)
    return Template.from_string(made.text).render({**made.data, "dot": dot})


def read(page: str) -> Any:
    """What a browser reads, in one spelling."""
    page = page.replace("#ZgotmplZ", "#blocked").replace("ZgotmplZ", "blocked")
    return _node(html5lib.parseFragment(page, namespaceHTMLElements=False))


def _node(node: Any) -> Any:
    parts: list[Any] = [node.tag, sorted((k, _value(k, v)) for k, v in node.attrib.items())]
    text = _code(node.tag, node.text or "")
    for child in node:
        if child.tag is ElementTree.Comment:
            text += child.tail or ""
            continue
        parts += [text, _node(child)]
        text = child.tail or ""
    return [*parts, text]


def _value(name: str, value: str) -> str:
    if name == "style":
        return _css(value)
    if name.startswith("on"):
        return _script(value)
    is_url = name in ("href", "src", "srcset", "content")
    return re.sub(r"%[0-9a-f]{2}", lambda m: m[0].upper(), value) if is_url else value


def _code(tag: str, text: str) -> str:
    return _css(text) if tag == "style" else _script(text) if tag == "script" else text


def _css(text: str) -> str:
    tokens = tinycss2.parse_component_value_list(re.sub(r"//[^\n(]*$", "", text), skip_comments=True)
    written = re.sub(r"%[0-9a-f]{2}", lambda m: m[0].upper(), tinycss2.serialize(tokens))
    return re.sub(r"\s+", " ", written)


def _script(text: str) -> str:
    pattern = r"""("(?:\\.|[^"\\])*")|('(?:\\.|[^'\\])*')|//[^\n]*|<!--[^\n]*|-->[^\n]*|/\*.*?\*/|\s+"""
    return re.sub(pattern, lambda m: _string(m[1] or m[2]) if m[1] or m[2] else "", text, flags=re.DOTALL)


def _string(written: str) -> str:
    inner = re.sub(r"\\x(..)", r"\\u00\1", written[1:-1]).replace("\\'", "'")
    return json.dumps(json.loads('"' + inner.replace('"', '\\"').replace('\\\\"', '\\"') + '"'))


def cases(shared_data: Path, file: str, name: str) -> list[list[str]]:
    found = json.loads((shared_data / "go_html_template" / file).read_text(encoding="utf-8"))[name]
    assert found
    return found  # type: ignore[no-any-return]


def test_whole_templates(shared_data: Path) -> None:
    wrong, skipped = [], 0
    for name, go, expected in cases(shared_data, "escape_cases.json", "TestEscape"):
        if name in SKIPS["TestEscape"]:
            skipped += 1
            continue
        try:
            ours = render(go)
        except (NotLiquid, TemplateError) as problem:
            wrong.append((name, go, str(problem)))
            continue
        if read(ours) != read(expected):
            wrong.append((name, ours, expected))
    assert not wrong
    assert skipped == len(SKIPS["TestEscape"])


def test_errors(shared_data: Path) -> None:
    wrong, skipped = [], 0
    for go, error in cases(shared_data, "escape_cases.json", "TestErrors"):
        if go in SKIPS["TestErrors"]:
            skipped += 1
            continue
        try:
            Template.from_string(Translation(go).text)
            found = ""
        except TemplateError as problem:
            found = problem.diagnostics[0].code
        except NotLiquid as problem:
            found = f"not Liquid: {problem}"
        if bool(found) != bool(error) or found.startswith("not"):
            wrong.append((go, error, found))
    assert not wrong
    assert skipped == len(SKIPS["TestErrors"])


@pytest.mark.parametrize("name", ["TestCVE202656858", "TestIssue81823"])
def test_code_that_cannot_be_followed_is_refused(name: str, shared_data: Path) -> None:
    for _, go, value, _ in cases(shared_data, "escape_cases.json", name):
        with pytest.raises(TemplateError, match="MW451"):
            render(go, value)


def test_css_values(shared_data: Path) -> None:
    for value, expected in cases(shared_data, "css_cases.json", "TestCSSValueFilter"):
        if value not in SKIPS["TestCSSValueFilter"]:
            assert css.value(value) == expected.replace("ZgotmplZ", css.BLOCKED), value


def test_urls(shared_data: Path) -> None:
    functions = {"urlEscaper": urls.encode, "urlNormalizer": urls.normalise}
    every = "".join(map(chr, range(128))) + "\u00a0\u0100\u2028\u2029\ufeff\U0001d11e"
    for name, expected in cases(shared_data, "url_cases.json", "TestURLFilters"):
        assert functions[name](every).lower() == expected.lower()
    for value, expected in cases(shared_data, "url_cases.json", "TestURLNormalizer"):
        assert urls.normalise(value).lower() == expected.lower()
    for _, value, expected in cases(shared_data, "url_cases.json", "TestSrcsetFilter"):
        ours = [one.strip() for one in urls.image_list(value).split(",")]
        assert ours == [one.strip() for one in expected.replace("#ZgotmplZ", "#blocked").split(",")]


def test_scripts(shared_data: Path) -> None:
    for value, expected in cases(shared_data, "js_cases.json", "TestJSValEscaper"):
        assert json.loads(scripts.script_value(value, text_of)) == json.loads(expected)
    for value, expected in cases(shared_data, "js_cases.json", "TestJSStrEscaper"):
        written = scripts.script_string(value)
        assert json.loads(f'"{written}"') == json.loads(f'"{expected}"')
        assert not set(written) & set("<>&'\"+`=\n\r\u2028")


def test_tags_are_stripped(shared_data: Path) -> None:
    for value, expected in cases(shared_data, "html_cases.json", "TestStripTags"):
        assert strip_tags(value) == html.unescape(expected)
