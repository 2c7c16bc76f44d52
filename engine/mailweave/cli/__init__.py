"""The command line: one verb, one module, loaded when it is called."""

from __future__ import annotations

import gc
import importlib
import sys

import click

from mailweave.cli.verbs import BESIDE, EXAMPLES, GROUPS, MEANT, OF_TEMPLATES, VERBS

_OWN_FAULT = 3
_EXTRAS = {  # packages that only an extra brings, wherever they are missed
    **dict.fromkeys(("duckdb", "pyarrow", "sqlglot"), "batch"),
    "css_inline": "fast",
    **dict.fromkeys(("email_validator", "phonenumbers", "rapidfuzz"), "data"),
    **dict.fromkeys(("aiosmtplib", "cryptography", "dkim", "nacl"), "delivery"),
    "jinja2": "migrate",
    **dict.fromkeys(("lsprotocol", "pygls"), "lsp"),
    "mcp": "mcp",
    "mrml": "mjml",
    "psycopg": "postgres",
    **dict.fromkeys(("starlette", "uvicorn", "watchfiles"), "preview"),
    **dict.fromkeys(("pandas", "pyspark"), "spark"),
    "scipy": "insight",
}
_BETWEEN_COLLECTIONS = 100_000  # objects; a check makes many that stay, and looking them over cost it a sixth


class _Verbs(click.Group):
    """A group that imports the module of a verb only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [verb for verb in VERBS if verb not in OF_TEMPLATES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name) if cmd_name in VERBS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(verb, VERBS[verb]) for verb in verbs])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise click.UsageError(_unknown(args[0]), ctx)
        return super().resolve_command(ctx, args)


def load(verb: str) -> click.Command:
    """The command of a verb, its help ending with an example."""
    command = importlib.import_module(f"mailweave.cli.{verb}").command
    assert isinstance(command, click.Command)
    command.epilog = f"Example: mailweave {EXAMPLES[verb]}"
    return command


def _unknown(word: str) -> str:
    from mailweave.diagnostics.suggest import did_you_mean

    hint = _meant(word.lower()) or did_you_mean(word, VERBS)
    return f"no such verb: {word}" + (f"; {hint}" if hint else "")


def _meant(word: str) -> str:
    """What there is for a verb of another tool."""
    return f"`mailweave {MEANT[word]}` does the like" if word in MEANT else ""


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Also, each with a --help of its own: "
    + "; ".join(f"{title}: {', '.join(verbs)}" for title, verbs in BESIDE.items())
    + ". Verbs and options are completed in a shell that has read `mailweave completion bash|zsh|fish`.",
)
@click.version_option(package_name="mailweave")
def group() -> None:
    """E-mails from rules, blocks and Liquid. Compile once, render a million.

    Exit codes: 0 fine (notes allowed), 1 errors or warnings, 2 usage, 3 a fault of mailweave's own,
    4 for what `send` and `results` say, 75 stopped and resumable.
    """


def main() -> None:
    """Entry point: no traceback ever reaches an author."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    try:
        group()
    except Exception as fault:  # the last door: ours, and said so
        import os

        if os.environ.get("MAILWEAVE_TRACEBACK"):
            raise
        _told_of_extra(fault)
        kind = type(fault).__name__
        click.echo(f"internal fault of mailweave ({kind}); MAILWEAVE_TRACEBACK=1 shows where", err=True)
        sys.exit(_OWN_FAULT)


def _told_of_extra(fault: Exception) -> None:
    """Ends with MW022 where a verb wants what only an extra installs."""
    missing = (fault.name or "").partition(".")[0] if isinstance(fault, ModuleNotFoundError) else ""
    if missing in _EXTRAS:
        from mailweave.cli.findings import fail
        from mailweave.diagnostics import diagnose

        fail([diagnose("MW022", what="this verb", extra=_EXTRAS[missing])])
