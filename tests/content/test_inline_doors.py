"""The inliner opens nothing, and hostile templates end in time and memory, with a finding or a result."""

from __future__ import annotations

import resource
import subprocess
import sys
import textwrap

import pytest

_WATCHED = """
import sys
from mailweave.content.inliner import inline_once
from mailweave.message.plaintext import text_template, wrap
from mailweave.message.links import rewrite
WARM = '<style>p{color:red}@media (x){p{a:b}}</style><p style="margin:0">{{ x }}</p>'
text_template(inline_once(WARM).source, fragment=False)  # imports are done
opened = []
def hook(event, args):
    if event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request"):
        opened.append((event, str(args[0])))
sys.addaudithook(hook)
page = '''<!doctype html><html><head>
<link rel="stylesheet" href="https://x.example/a.css"><link rel="stylesheet" href="b.css">
<style>@import url("http://x.example/c.css"); @import "file:///etc/passwd"; p{background:url(http://x.example/d.png)}
@font-face{font-family:x;src:url(http://x.example/e.woff)}</style></head>
<body><p class="a{% if v %} b{% endif %}">{{ name }}</p><img src="http://x.example/f.png"></body></html>'''
remote = page.replace('<link rel="stylesheet" href="b.css">', "").replace('@import "file:///etc/passwd";', "")
for text in (page, remote):
    done = inline_once(text)
    derived = text_template(rewrite(done.source, utm={"utm_source": "x"}), fragment=False)
    wrap(derived.source)
assert done.exact
print(opened)
"""

_HOSTILE = {
    "openers": "'{{' * 200_000",
    "raw openers": "'{% raw %}' * 20_000",
    "tags": "'<' * 200_000",
    "start tags": "'<p ' * 50_000",
    "deep": "'<div>' * 100_000 + 'x'",
    "deep under the limit": "'<div>' * 200 + '<p>end</p>'",
    "quotes": "'<a href=\"' * 20_000",
    "comments": "'<!--' * 50_000",
    "attributes": "'<p ' + 'a=1 ' * 50_000 + '>'",
    "conditions in a tag": "'<style>.a{x:y}</style><p class=\"' + '{% if v %}a{% endif %}' * 2_000 + '\">'",
    "nested conditions in a tag": "'<style>.a{x:y}</style><p class=\"' + '{% if v %}a' * 300 + '{% endif %}' * 300 + '\">'",
    "rules": "'<style>' + '.a{color:red}' * 2_000 + '</style><p class=a>'",
    "selectors": "'<style>' + 'a ' * 5_000 + '{color:red}</style><a>x</a>'",
    "nested rules": "'<style>' + '@media x{' * 500 + '</style><p>'",
    "words": "'<p>' + 'word ' * 100_000",
    "long word": "'<p>' + 'w' * 500_000",
    "entities": "'<p>' + '&#123;' * 50_000",
    "selectors in one rule": "'<style>' + ','.join(f'.a{i} p' for i in range(5_000)) + '{color:red}</style><p>x</p>'",
    "rules and elements": "'<style>' + 'p{color:red}a:hover{margin:0}' * 3_000 + '</style>' + '<p><a>x</a></p>' * 1_000",
    "small screens": "'<style>' + '@media (x){p{color:red}}' * 2_000 + 'p{margin:0}</style>' + '<p>x</p>' * 300",
    "rules within rules": "'<style>' + 'a,b{' * 20 + 'color:red' + '}' * 20 + '</style><a>x</a>'",
    "descendants": "'<style>' + 'div ' * 60 + 'p{color:red}</style>' + '<div>' * 200 + '<p>x'",
    "counted": "'<style>' + ''.join(f'p:nth-child({i}){{color:red}}' for i in range(100)) + '</style>' + '<p>x</p>' * 1_000",
    "within": "'<style>' + 'div:has(.x){color:red}' * 300 + '</style>' + '<div><p>x</p></div>' * 500",
    "styles": "'<style>p{color:red}</style>' + ''.join(f'<p style=\"margin:{i}px\">x</p>' for i in range(1_000))",
    "branches in text": "'{% if v %}<p>x</p>{% endif %}' * 3_000",
}


def _python(code: str, seconds: int = 60) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )


def test_nothing_is_opened() -> None:
    done = _python(_WATCHED)
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", list(_HOSTILE))
def test_hostile_templates_end(name: str) -> None:
    done = _python(
        f"""
        from mailweave.content.inliner import inline_once
        from mailweave.message.plaintext import text_template
        from mailweave.message.sizes import worst_case
        from mailweave.message.links import rewrite
        text = {_HOSTILE[name]}
        inline_once(text); text_template(text, fragment=False); worst_case(text); rewrite(text, utm={{"a": "b"}})
        print("ended")
        """,
        20,
    )
    assert done.stdout.strip() == "ended", done.stderr[-600:]


@pytest.mark.parametrize("bad", ["\\ud800", "\\0"])
def test_what_would_lose_the_rest_is_refused(bad: str) -> None:
    from mailweave.content import inline_once
    from mailweave.message.plaintext import text_template

    text = f"<p>a</p>{bad.encode().decode('unicode_escape')}<p>unsubscribe</p>"
    assert [d.code for d in inline_once(text).diagnostics] == ["MW501"]
    assert [d.code for d in text_template(text, fragment=True).diagnostics] == ["MW501"]


def test_depth_is_no_reason_to_lose_the_footer() -> None:
    from mailweave.content import inline_once
    from mailweave.message.plaintext import text_template

    text = "<div>" * 240 + "<p>unsubscribe</p>" + "</div>" * 240
    assert '<p style="color:red">unsubscribe' in inline_once(text, "p{color:red}").source
    assert text_template(text, fragment=True).source == "unsubscribe"
    assert [d.code for d in inline_once("<div>" * 5_000).diagnostics] == ["MW502"]
