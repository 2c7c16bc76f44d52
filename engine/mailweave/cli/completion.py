"""mailweave completion: what a shell reads to complete verbs and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_MAILWEAVE_COMPLETE"


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what makes SHELL complete the verbs and options of mailweave.

    For bash, a line in ~/.bashrc: eval "$(mailweave completion bash)". For zsh the same in ~/.zshrc. For fish:
    mailweave completion fish > ~/.config/fish/completions/mailweave.fish
    """
    found = get_completion_class(shell)
    assert found is not None  # click knows the three
    click.echo(found(ctx.find_root().command, {}, "mailweave", VARIABLE).source())
