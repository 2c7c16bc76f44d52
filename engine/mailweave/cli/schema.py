"""mailweave schema: a profile from JSON Schema, and as JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mailweave.cli.files import read
from mailweave.cli.findings import fail
from mailweave.cli.targets import rule_texts
from mailweave.diagnostics import RuleError, diagnose


@click.group(name="schema")
def command() -> None:
    """Exchange the profile of a rule text with other programs, as JSON Schema (draft 2020-12).

    docs/schema.md says what becomes of which type, and how the same is done for pydantic.
    """


@command.command(name="import")
@click.argument("file", metavar="FILE|-")
def import_(file: str) -> None:
    """Print the statement `profile` that declares what the JSON Schema in FILE describes."""
    from mailweave.rules.profile_text import profile_text
    from mailweave.rules.reserved import reserved
    from mailweave.schema.json_schema import from_json_schema
    from mailweave.schema.names import SchemaError

    source = read(file)
    try:
        fields = from_json_schema(json.loads(source.text), reserved=reserved())
    except (ValueError, RecursionError) as error:
        if isinstance(error, SchemaError):
            fail([diagnose("MW027", place=source.name, what=error.place, reason=error.reason)])
        what = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        fail([diagnose("MW002", place=source.name, what=what)])
    click.echo(profile_text(fields), nl=False)


@command.command(name="export")
@click.argument("path", metavar="CAMPAIGN|FILE", type=click.Path(path_type=Path))
def export(path: Path) -> None:
    """Print the profile of a campaign's rules, or of a rule FILE, as JSON Schema."""
    from mailweave.rules.compiler import checked_rules
    from mailweave.schema.json_schema import to_json_schema

    texts = rule_texts([path])
    if len(texts) != 1:
        raise click.UsageError(f"{path} holds {len(texts)} rule texts, and one is exported")
    source = texts[0].source
    if source is None:
        raise click.UsageError(texts[0].fault)
    try:
        profile = checked_rules(source).schema.profile
    except RuleError as error:
        fail(error.diagnostics)
    click.echo(json.dumps(to_json_schema(profile), indent=2, ensure_ascii=False))
