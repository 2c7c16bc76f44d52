"""Each judge counts what is wrong with a bad candidate, and nothing of a good one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from benchmarks.inlining import Made
from benchmarks.judge import access, cost, headers, liquids, peers, styles, texts
from benchmarks.judge.engines import ENGINES, letters
from benchmarks.newsletter.recipients import make
from bs4 import BeautifulSoup
from tests.browser.conftest import FLAGS, Viewer
from tests.browser.test_browser_plaintext import said
from tests.inlining.documents import documents
from tests.inlining.oracle import Judge, chromium_path, launched
from tests.liquid.differences import outcome

ROOT = Path(__file__).resolve().parents[2]
MAILS = [
    '<p>Tea <a href="https://a.example/tea">here</a></p><p style="display:none">secret</p>',
    '<h1>Cups</h1><p>Two for <a href="https://a.example/two">one</a></p>',
    "<ul><li>Green</li><li>Black</li></ul>",
]


@pytest.fixture(scope="module")
def viewer(playwright: Any) -> Iterator[Viewer]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS.split())
    yield Viewer(browser)
    browser.close()


# ---- styles


@pytest.fixture(scope="module")
def judge(playwright: Any) -> Iterator[Judge]:
    browser = launched(playwright)
    yield Judge(browser)
    browser.close()


@pytest.mark.browser
def test_an_inliner_that_loses_rules_is_seen(judge: Judge) -> None:
    pages = [one.html for one in documents(range(3))]

    def lost(some: Sequence[str]) -> Made:
        return Made([re.sub(r"(?s)<style.*?</style>", "", text) for text in some], 0)

    def refusing(some: Sequence[str]) -> Made:
        return Made([None, *some[1:]], 0)

    inliners = {"ours": styles.ours, "lost": lost, "refusing": refusing}
    found = styles.judged(judge, "documents", pages, inliners).rows
    assert found["ours"] == (0, 0, 0)
    assert found["refusing"] == (0, 0, 1)
    documents_, elements, refused = found["lost"]
    assert (documents_, refused) == (3, 0)
    assert elements > 3


@pytest.mark.browser
def test_an_inliner_that_is_called_wrongly_is_no_verdict(judge: Judge) -> None:
    with pytest.raises(RuntimeError, match="nothing came out of broken"):
        styles.judged(judge, "documents", ["<p>x</p>"], {"broken": lambda some: Made([None], 0)})


# ---- headers


TEXTS = [("plain", "Ann Lee"), ("accents", "Bjørn Ålund"), ("like encoded words", "a =?utf-8?q?b?= c")]


def written_raw(given: Sequence[str]) -> list[bytes]:
    """A writer that encodes nothing."""
    head = (
        "From: {0} <news@example.com>\r\nTo: {0} <ann@example.com>\r\nSubject: {0}\r\nMIME-Version: 1.0\r\n"
    )
    parts = "".join(f"--x\r\nContent-Type: text/{kind}\r\n\r\nHello\r\n" for kind in ("plain", "html"))
    rest = f"Content-Type: multipart/alternative; boundary=x\r\n\r\n{parts}--x--\r\n"
    return [(head.format(text) + rest).encode() for text in given]


def test_a_writer_that_does_not_encode_is_seen() -> None:
    writers = {"ours": headers.by_mailweave, "raw": written_raw}
    reading = {"Python's email": headers.readers([])["Python's email"]}
    whole, by_kind = headers.judged(TEXTS, writers, reading)
    assert whole.rows["ours"] == (100.0,)
    assert by_kind.columns == ("plain", "accents", "like encoded words")
    plain, accents, look_alike = by_kind.rows["raw"]
    assert (plain, look_alike) == (100.0, 0.0)
    assert accents < 100.0


def test_node_writes_and_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    if peers.missing(*headers.PEERS):
        pytest.skip("needs the peers: python -m benchmarks.judge --install")
    monkeypatch.setenv("MAILWEAVE_NPM", str(peers.MODULES))
    whole, _ = headers.judged(TEXTS[:2], headers.WRITERS, headers.readers([]))
    assert {cell for cells in whole.rows.values() for cell in cells[:2]} == {100.0}


# ---- accessibility


@pytest.mark.browser
def test_a_mail_that_shuts_people_out_is_seen(viewer: Viewer) -> None:
    places = [peers.MODULES / "axe-core" / "axe.min.js", ROOT / ".cache" / "axe.min.js"]
    script = next((place for place in places if place.is_file()), None)
    if script is None:
        pytest.skip("needs axe-core: python -m benchmarks.judge --install")
    bad = '<!doctype html><img src="x.png"><p style="color:#ccc;background:#fff">grey</p>'
    table, rules = access.judged(
        viewer, {"ours": access.ours(), "bad": bad}, script.read_text(encoding="utf-8")
    )
    assert table.rows["ours"][0] == 0
    assert table.rows["bad"][0] >= 3
    assert any("image-alt" in rule and "color-contrast" in rule for rule in rules)


# ---- Liquid


CASES: list[dict[str, Any]] = [
    {"template": "{{ a | upcase }}", "data": {"a": "x"}, "right": "X"},
    {"template": "{% if %}", "data": {}},
    {"template": "{{ b }}", "data": {"b": 1}, "either": ["1", "one"]},
]


def test_an_engine_that_answers_nothing_is_seen() -> None:
    engines = {
        "ours": lambda cases: [outcome(case) for case in cases],
        "silent": lambda cases: [("text", "") for _ in cases],
        "refusing": lambda cases: [("error", "no") for _ in cases],
    }
    rows = liquids.judged("cases", CASES, engines).rows
    assert rows == {"ours": (3, 100.0), "silent": (0, 0.0), "refusing": (1, 33.3)}


def test_the_engines_that_are_there_answer() -> None:
    engines, _ = liquids.contenders()
    assert {
        name: row[0] for name, row in liquids.judged("cases", CASES, engines).rows.items()
    } == dict.fromkeys(engines, 3)


# ---- plain text


@pytest.mark.browser
def test_a_text_that_loses_is_seen(viewer: Viewer) -> None:
    made: dict[str, texts.Texts] = {
        "ours": lambda mails: list(map(said, mails)),
        "no links": lambda mails: [BeautifulSoup(mail, "lxml").get_text(" ") for mail in mails],
        "empty": lambda mails: ["" for _ in mails],
    }
    rows = texts.judged(viewer, "mails", MAILS, made).rows
    assert rows == {"ours": (0, 0, 0), "no links": (0, 2, 1), "empty": (8, 2, 0)}


# ---- time and bytes


def test_zen_decides_as_the_rules_do() -> None:
    shared, given = make(300)
    (ours, decide), (theirs, evaluate) = (ENGINES[name](shared) for name in ("mailweave, decision", "ZEN"))
    few = [{**one, "orders": one["orders"][: number % 3]} for number, one in enumerate(given)]
    decided = [decide(ours(one)) for one in few]
    assert decided == [evaluate(theirs(one)) for one in few]
    assert len(set(decided)) > 20


def test_an_engine_that_says_other_words_is_seen() -> None:
    good: dict[str, Any] = {"us": 1.0, "bytes": 2, "words": ["Hello"]}
    names = ("mailweave", "Jinja2, HTML alone", "React Email", "mailweave, decision", "ZEN")
    found = dict.fromkeys(names, good)
    assert cost.disagreeing(found) == []
    assert cost.disagreeing({**found, "React Email": {**good, "words": ["Hell"]}}) == [
        "React Email does not say the same words"
    ]
    assert cost.disagreeing({**found, "ZEN": {**good, "words": []}}) == ["ZEN does not decide the same"]


def test_engines_write_the_same_words() -> None:
    shared, given = make(3)
    alone = [ENGINES[name](shared) for name in ENGINES if "HTML alone" in name or "css-inline" in name]
    for one in given:
        heard = {letters(render(prepare(one))) for prepare, render in alone}
        assert len(heard) == 1
        assert len(heard.pop()) > 1_000


def test_what_was_measured_stands_in_the_tables() -> None:
    names = [*ENGINES, *cost.NODE]
    found = {
        name: {"us": 10.0 * number, "bytes": 100 * number, "words": []}
        for name, number in zip(names, itertools.count(1), strict=False)
    }
    mails, decisions = cost.tables(found)
    assert mails.rows["Jinja2, HTML alone"] == (30, 300)
    assert next(iter(mails.rows)) == "mailweave"
    assert decisions.rows == {"mailweave": (60.0,), "ZEN 2": (70.0,)}
