"""mailweave lint: the rules that `mailweave check` asks of whole campaigns."""

from __future__ import annotations

import json

import click


@click.command(name="lint")
@click.option("--rules", is_flag=True, help="List the rules. They run in `mailweave check`.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the rules are printed.",
)
def command(rules: bool, form: str) -> None:
    """List the rules that `mailweave check` asks of every mail that a campaign can send.

    Each has a page in docs/lint. `[lint]` in campaign.toml chooses among them (docs/campaign.md); beside a place,
    `{% # allow MW972 reason %}` in a template, or `# allow MW985 reason` in rules, allows what is meant.
    """
    if not rules:
        raise click.UsageError(
            "`mailweave check CAMPAIGN` runs the rules; `mailweave lint --rules` lists them."
        )
    from mailweave.lint import listed

    if form == "json":
        click.echo(json.dumps(listed(), indent=2))
        return
    formatter = click.HelpFormatter(width=100)
    for family in dict.fromkeys(one["family"] for one in listed()):
        with formatter.section(family.capitalize()):
            formatter.write_dl(
                [
                    (f"{one['code']} {one['name']}", one["severity"])
                    for one in listed()
                    if one["family"] == family
                ]
            )
    click.echo(formatter.getvalue().strip())
