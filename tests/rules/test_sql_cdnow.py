"""The segments of a real list by SQL, against the compiled program, recipient by recipient."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from mailweave.batch.sources import Recipients
from mailweave.decisions import compile_decisions
from mailweave.rules.sql import segments_query, write
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN, LIST = ROOT / "fixtures/campaigns/cdnow-winback", ROOT / "fixtures/cdnow"
PROFILES, EVENTS = LIST / "profiles.parquet", LIST / "events.parquet"
NOW = "1998-07-01T09:00:00-04:00"


def test_sql_finds_the_same_people_as_the_program_among_all_23570() -> None:
    rules = (CAMPAIGN / "winback.rules").read_text(encoding="utf-8")
    decisions = compile_decisions(Source("winback.rules", rules))
    context = json.loads((CAMPAIGN / "context.json").read_text(encoding="utf-8"))
    program = decisions.program
    query = segments_query(decisions.document, now=NOW, context=context)
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW profiles AS FROM '{PROFILES}'; CREATE VIEW events AS FROM '{EVENTS}'")
    relation = connection.sql(write(query, "duckdb"))
    segments, tiers = tuple(decisions.document.segments), tuple(decisions.document.tiers)
    assert relation.columns == ["id", *segments, *tiers, "skip"]
    found = {row[0]: row[1:] for row in relation.fetchall()}
    ready = program.context(context)
    for person in Recipients(PROFILES, EVENTS):
        said = program.evaluate(person.profile, events=person.events, context=ready, now=NOW)
        by_segment = tuple(name in said.segments for name in segments)
        by_tier = tuple(said.tiers[name] for name in tiers)
        assert found.pop(person.key) == (*by_segment, *by_tier, said.skip.code if said.skip else None)
    assert not found
