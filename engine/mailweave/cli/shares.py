"""Shares on the command line: `10%` or `0.1`."""

from __future__ import annotations

from math import isfinite

import click


def share(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """A share that was written, None where none was. Raises click.BadParameter."""
    return None if text is None else _number(text, ctx, param, "a share is written 3% or 0.03", "%" in text)


def split(ctx: click.Context, param: click.Parameter, text: str) -> tuple[float, ...]:
    """Parts of a whole, `50,50`. Raises click.BadParameter."""
    return tuple(_number(one, ctx, param, "shares are written 50,50", False) for one in text.split(","))


def _number(text: str, ctx: click.Context, param: click.Parameter, told: str, hundredths: bool) -> float:
    try:
        found = float(text.strip().removesuffix("%")) / (100 if hundredths else 1)
    except ValueError:
        found = float("nan")
    if not isfinite(found):
        raise click.BadParameter(told, ctx, param)
    return found
