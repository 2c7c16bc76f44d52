"""mailweave template: the verbs for one template, by the names that they have alone, too."""

from __future__ import annotations

import click

from mailweave.cli.verbs import OF_TEMPLATES, VERBS


class _OfTemplates(click.Group):
    """The verbs of `OF_TEMPLATES`, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(OF_TEMPLATES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from mailweave.cli import load

        return load(cmd_name) if cmd_name in OF_TEMPLATES else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, VERBS[name]) for name in OF_TEMPLATES])


@click.group(name="template", cls=_OfTemplates)
def command() -> None:
    """Work on one template: its CSS, its plain text, its AMP, the data it reads, the code it becomes.

    `mailweave inline FILE` is the same as `mailweave template inline FILE`.
    """
