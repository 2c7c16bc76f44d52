"""The record of consents: whatever is changed is found, whoever is erased is gone, nothing is half done."""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.data.consent import store as store_module
from mailweave.data.consent.chain import Head, parse_head
from mailweave.data.consent.records import Consent, read_consents
from mailweave.data.consent.state import put_into, state
from mailweave.data.consent.store import CHAIN, HEAD, RECORDS, ConsentStore
from mailweave.data.consent.verification import verify
from mailweave.data.erasing import Holdings, erase, erase_expired
from mailweave.data.person_export import held_about
from mailweave.diagnostics import MailweaveError
from tests.data_edge.projects import as_lines, lines, project

NOW = datetime(2026, 11, 30, tzinfo=UTC)
RULES = """
profile {
  id : key
  email : text? pii
}
consent marketing, profiling
event purchase { total: money(EUR)? } keep 90 days
event visit keep forever
segment a = id is known
"""


def consent(who: str, day: int = 1, *, given: bool = True, purpose: str = "marketing") -> Consent:
    at = f"2026-01-{day:02d}T09:00:00Z"
    return Consent(who=who, purpose=purpose, given=given, at=at, wording="Mail me", source="form")


def codes(folder: Path, known: Head | None = None) -> list[str]:
    return [one.code for one in verify(folder, known)[1]]


@pytest.fixture
def filled(tmp_path: Path) -> ConsentStore:
    found = ConsentStore(tmp_path / "consent")
    found.add([consent("ann"), consent("bob"), consent("ann", 2, given=False)])
    found.add([consent("eve")])
    return found


def test_a_record_that_nobody_touched_holds(filled: ConsentStore) -> None:
    head, found = verify(filled.folder)
    assert (head.n, found) == (4, ())
    assert parse_head(str(head)) == head


def test_the_chain_names_nobody(filled: ConsentStore) -> None:
    text = (filled.folder / CHAIN).read_text()
    assert not any(word in text for word in ("ann", "bob", "marketing", "form", "2026"))


def test_salts_make_equal_records_look_different(tmp_path: Path) -> None:
    one, other = (ConsentStore(tmp_path / name) for name in "ab")
    for each in (one, other):
        each.add([consent("ann")])
    assert (one.folder / CHAIN).read_bytes() != (other.folder / CHAIN).read_bytes()


def test_the_same_consent_is_recorded_once(filled: ConsentStore) -> None:
    recorded = filled.add([consent("ann"), consent("zoe"), consent("zoe")])
    assert (recorded.added, recorded.known) == (1, 2)


def _lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


_HEX = re.compile(rb"[0-9a-f]{64}")
_NEXT = bytes.maketrans(b"0123456789abcdef", b"123456789abcdef0")
CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "capitals": lambda found: [_HEX.sub(lambda one: one[0].upper(), found[0]), *found[1:]],
    "a digit": lambda found: [_HEX.sub(lambda one: one[0].translate(_NEXT), found[0], 1), *found[1:]],
    "a line less": lambda found: found[:1] + found[2:],
    "the first less": lambda found: found[1:],
    "the last less": lambda found: found[:-1],
    "two lines in another order": lambda found: [found[1], found[0], *found[2:]],
    "a line twice": lambda found: [*found, found[-1]],
    "nothing left": lambda found: [],
    "a blank": lambda found: [found[0].replace(b",", b", ", 1), *found[1:]],
    "a line of nothing": lambda found: [found[0], b"\n", *found[1:]],
}


@pytest.mark.parametrize("name", [CHAIN, RECORDS])
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_found(name: str, change: str, filled: ConsentStore) -> None:
    path = filled.folder / name
    before = path.read_bytes()
    path.write_bytes(b"".join(CHANGES[change](_lines_of(path))))
    assert path.read_bytes() != before
    assert "MW842" in codes(filled.folder)


@pytest.mark.parametrize("name", [CHAIN, RECORDS, HEAD])
def test_a_file_that_is_gone_is_found_and_nothing_is_written_over_it(name: str, filled: ConsentStore) -> None:
    (filled.folder / name).unlink()
    assert "MW842" in codes(filled.folder)
    if name != RECORDS:  # without its records a chain can still be written on; verifying says what is gone
        with pytest.raises(MailweaveError, match="MW842"):
            filled.add([consent("zoe")])


def test_a_head_that_was_kept_elsewhere_finds_a_record_that_was_put_back_as_a_whole(
    filled: ConsentStore,
) -> None:
    old = {path.name: path.read_bytes() for path in filled.folder.iterdir()}
    known = filled.add([consent("zoe")]).head
    for name, content in old.items():
        (filled.folder / name).write_bytes(content)
    assert codes(filled.folder) == []
    assert codes(filled.folder, known) == ["MW842"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_the_chain_can_be_another(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("chain")
    ConsentStore(folder).add(
        [consent(who) for who in data.draw(st.lists(st.text("abc", min_size=1), min_size=1, unique=True))]
    )
    path = folder / data.draw(st.sampled_from([CHAIN, HEAD]))
    before = path.read_bytes()
    content = bytearray(before)
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    content[at] = other
    path.write_bytes(content)
    is_same = (
        path.name == HEAD and bytes(content).split() == before.split()
    )  # a blank of another kind at the end
    assert (codes(folder) == []) == is_same


# ---- killed


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("at", range(1, 9))
def test_whoever_is_killed_leaves_a_record_that_goes_on(
    at: int, filled: ConsentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed behind any write, or in the middle of one: what was told to stand does, and the next writer goes on."""
    count = iter(range(1, 1000))

    def dying(path: Path, line: bytes) -> None:
        number = next(count)
        with path.open("ab") as file:
            file.write(line if number * 2 != at else line[: len(line) // 2])
        if number * 2 - 1 == at or number * 2 == at:
            raise Killed

    def dying_head(self: ConsentStore, head: Head) -> Head:
        number = next(count)
        if number * 2 == at:
            raise Killed
        return written(self, head)

    def dying_forget(self: ConsentStore, erased: set[int], chain: int) -> None:
        raise Killed

    written = ConsentStore._set_head
    with monkeypatch.context() as patched:
        patched.setattr(store_module._DISK, "append", dying, raising=False)
        patched.setattr(ConsentStore, "_set_head", dying_head)
        try:
            filled.add([consent("zoe"), consent("max")])
            patched.setattr(ConsentStore, "_forget", dying_forget)
            filled.erase(lambda kept: kept.record.who == "ann", "2026-11-30T00:00:00Z")
        except Killed:
            pass
    assert "MW842" not in codes(filled.folder)
    filled.add([consent("late"), consent("zoe"), consent("max")])
    assert codes(filled.folder) == []
    assert {"bob", "eve", "late", "zoe", "max"} <= {kept.record.who for kept in filled.kept()}


def test_an_erasing_that_was_killed_is_finished(
    filled: ConsentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(ConsentStore, "_forget", dying)
        with pytest.raises(Killed):
            filled.erase(lambda kept: kept.record.who == "ann", "2026-11-30T00:00:00Z")
    assert codes(filled.folder) == ["MW843", "MW843"]
    filled.add([consent("late")])
    assert codes(filled.folder) == []
    assert "ann" not in (filled.folder / RECORDS).read_text()


def _add_many(folder: str, name: str) -> None:
    for number in range(10):
        ConsentStore(Path(folder)).add([consent(f"{name}{number}")])


def test_several_write_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "consent"
    spawn = multiprocessing.get_context("fork")
    writers = [spawn.Process(target=_add_many, args=(str(folder), name)) for name in "abcd"]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    head, found = verify(folder)
    assert (head.n, found) == (40, ())


# ---- what it says


EVENTS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(["marketing", "profiling"]), st.integers(1, 28), st.booleans()
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, day=st.integers(1, 28), keep=st.integers(1, 20), joined=st.booleans())
def test_state_is_that_of_a_naive_count_and_no_expiry_changes_it(
    events: list[tuple[str, str, int, bool]],
    day: int,
    keep: int,
    joined: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """joined: a log of merges says that `a` and `b` are one person."""
    folder = tmp_path_factory.mktemp("state")
    mapping = project(folder, RULES, f'keep_consents = "{keep} days"\nheld = ["log.jsonl"]\n')
    merges = [{"row": 0, "keys": ["a", "b"], "lines": []}] if joined else []
    (folder / "log.jsonl").write_text(as_lines(merges))
    same = {"a": "a", "b": "a"} if joined else {}
    store = ConsentStore(folder / "consent")
    given_ones = [consent(who, at, given=said, purpose=purpose) for who, purpose, at, said in events]
    for one in given_ones:
        store.add([one])
    now = datetime(2026, 1, day, 12, tzinfo=UTC)
    naive: dict[str, dict[str, bool]] = {}
    unique = list({one.canonical: one for one in given_ones}.values())
    for one in sorted(unique, key=lambda each: each.at):  # stable: of one instant the last recorded counts
        if datetime.fromisoformat(one.at) <= now:
            naive.setdefault(same.get(one.who, one.who), {})[one.purpose] = one.given
    assert state(store.kept(), now, same) == naive
    erase_expired(Holdings(mapping), now)
    agreed = {(who, purpose) for who, said in naive.items() for purpose, yes in said.items() if yes}
    after = {
        (who, purpose)
        for who, said in state(store.kept(), now, same).items()
        for purpose, yes in said.items()
        if yes
    }
    assert after == agreed
    limit = now - timedelta(days=keep)
    old = [kept for kept in store.kept() if datetime.fromisoformat(kept.record.at) < limit]
    assert all(
        kept.record.given and (same.get(kept.record.who, kept.record.who), kept.record.purpose) in agreed
        for kept in old
    )
    assert codes(store.folder) == ([] if events else ["MW842"]), "nothing was recorded at all"


def test_a_list_gets_the_consents_and_loses_its_own(tmp_path: Path, filled: ConsentStore) -> None:
    people: list[dict[str, Any]] = [
        {"id": "bob", "consent": {"profiling": True}},
        {"id": "ann", "consent.marketing": True},
        {"id": "nobody", "x": 1},
    ]
    (tmp_path / "people.jsonl").write_text(as_lines(people))
    counted = put_into(state(filled.kept(), NOW), tmp_path / "people.jsonl", tmp_path / "out.jsonl", "id")
    assert counted == (3, 2)
    assert lines(tmp_path / "out.jsonl") == [
        {"id": "bob", "consent": {"marketing": True}},
        {"id": "ann", "consent": {"marketing": False}},
        {"id": "nobody", "x": 1, "consent": {}},
    ]


def test_what_was_taken_back_under_one_key_of_a_person_is_so_under_all(filled: ConsentStore) -> None:
    same = {"ann": "bob", "bob": "bob"}
    assert state(filled.kept(), NOW, same)["bob"] == {"marketing": False}


REST = '"at": "2026-01-01T00:00Z", "wording": "x", "source": "y"}'
AGREED = '"purpose": "marketing", "given": true, '


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"who": "a"}', "`purpose` is missing"),
        ("no", "it is no JSON"),
        ('{"who": "a", "purpose": "marketing", "given": 1, ' + REST, "`given`"),
        ('{"who": "a", ' + AGREED + REST.replace("T00:00Z", ""), "`at`"),
        ('{"who": " ", ' + AGREED + REST, "`who` is empty"),
        ('{"who": "a", "x": 1, ' + AGREED + REST, "`x` is no member"),
        ('{"who": "a", "purpose": "marketin", "given": true, ' + REST, "`purpose` is none"),
    ],
)
def test_what_is_no_consent_is_refused_whole(line: str, says: str) -> None:
    good = json.dumps(consent("x").model_dump())
    with pytest.raises(MailweaveError) as refused:
        read_consents(Path("c.jsonl"), f"{good}\n{line}\n", ("marketing",))
    found = refused.value.diagnostics
    assert {(one.code, one.place) for one in found} == {("MW841", "c.jsonl:2")}
    assert any(says in one.message for one in found)


# ---- one person


@pytest.fixture
def holdings(tmp_path: Path, filled: ConsentStore) -> Holdings:
    people: list[dict[str, Any]] = [{"id": "ann", "email": "ann@example.com"}, {"id": "bob"}]
    events: list[dict[str, Any]] = [
        {"type": "purchase", "profile": "ann2", "at": "2026-11-01T00:00:00Z"},
        {"type": "purchase", "profile": "bob", "at": "2026-11-01T00:00:00Z"},
        {"type": "visit", "profile": "bob", "at": "2020-01-01T00:00:00Z"},
    ]
    log: list[dict[str, Any]] = [{"row": 0, "keys": ["ann", "ann2"], "lines": []}, {"format": 1}]
    for name, rows in (("people", people), ("events", events), ("log", log)):
        (tmp_path / f"{name}.jsonl").write_text(as_lines(rows))
    return Holdings(project(tmp_path, RULES, 'held = ["people.jsonl", "events.jsonl", "log.jsonl"]\n'))


def test_everything_about_one_person(holdings: Holdings) -> None:
    found = held_about(holdings, "ann2", NOW)
    assert found["keys"] == ["ann", "ann2"]
    assert [one["given"] for one in found["consents"]] == [True, False]
    assert found["consent"] == {"marketing": False}
    assert sorted(len(rows) for rows in found["held"].values()) == [1, 1, 1]


def test_one_person_is_erased_and_the_chain_holds(holdings: Holdings) -> None:
    erased = erase(holdings, "ann2", NOW)
    assert erased.consents == 2
    assert {one.path.name: one.erased for one in erased.files} == {
        "people.jsonl": 1,
        "events.jsonl": 1,
        "log.jsonl": 1,
    }
    assert codes(holdings.store.folder) == []
    everything = b"".join(path.read_bytes() for path in holdings.mapping.folder.rglob("*") if path.is_file())
    assert b"ann" not in everything
    assert b"bob" in everything
    for again in (erase, held_about):
        with pytest.raises(MailweaveError, match="MW844"):
            again(holdings, "ann", NOW)


def test_events_go_when_no_rule_may_see_them_any_more(holdings: Holdings) -> None:
    edge = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=90)
    assert sum(one.erased for one in erase_expired(holdings, edge - timedelta(seconds=1)).files) == 0
    assert sum(one.erased for one in erase_expired(holdings, edge).files) == 2
    assert [row["type"] for row in lines(holdings.mapping.folder / "events.jsonl")] == ["visit"]


def test_an_attribute_that_is_called_keys_joins_nobody(holdings: Holdings) -> None:
    people: list[dict[str, Any]] = [{"id": "ann", "keys": ["x", "bob"]}, {"id": "bob", "keys": ["x"]}]
    (holdings.mapping.folder / "people.jsonl").write_text(as_lines(people))
    assert held_about(holdings, "bob", NOW)["keys"] == ["bob"]
    erase(holdings, "bob", NOW)
    assert lines(holdings.mapping.folder / "people.jsonl") == people[:1]


def test_refused_rows_that_name_nobody_are_told(holdings: Holdings) -> None:
    refused: list[dict[str, Any]] = [
        {"file": "crm.csv", "line": 2, "key": "ann", "reasons": [], "row": {"id": "ann"}},
        {"file": "crm.csv", "line": 3, "reasons": [], "raw": "ann;ann@example.com;x"},
    ]
    (holdings.mapping.folder / "people.jsonl").write_text(as_lines(refused))
    erase(holdings, "ann", NOW)
    assert ["1 refused rows" in one.message for one in holdings.diagnostics] == [True]


def test_files_that_are_not_searched_whole_are_told(holdings: Holdings) -> None:
    (holdings.mapping.folder / "people.jsonl").unlink()
    with (holdings.mapping.folder / "events.jsonl").open("a") as file:
        file.write("{torn\n")
    assert [one.code for one in holdings.diagnostics] == ["MW846", "MW846"]
    erase(holdings, "ann", NOW)
    assert (holdings.mapping.folder / "events.jsonl").read_text().endswith("{torn\n")
