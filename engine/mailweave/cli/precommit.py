"""python -m mailweave.cli.precommit VERB FILE...: run a verb on the campaigns that changed files belong to.

This is what `.pre-commit-hooks.yaml` calls. pre-commit hands over every changed file that looks
right, whether it belongs to a campaign or not; files that belong to none are passed over in silence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from mailweave.cli.files import campaign_of
from mailweave.cli.targets import RULES
from mailweave.library_paths import campaigns_with


def targets(verb: str, files: Iterable[Path]) -> tuple[Path, ...]:
    """What to run a verb on, each once: the rule files themselves for `format`; for the others
    campaigns, those of the libraries that files lie in, and rule files that stand alone."""
    if verb == "format":
        return tuple(file for file in files if file.suffix == RULES)
    found = (target for file in files for target in _of(file))
    return tuple(dict.fromkeys(found))


def _of(file: Path) -> tuple[Path, ...]:
    around = campaign_of(file)
    if around is not None:
        return (around,)
    using = campaigns_with(file)
    return using or ((file,) if file.suffix == RULES else ())


def main(arguments: list[str]) -> None:
    """Runs the verb; its exit code is ours."""
    from mailweave.cli import main as mailweave

    verb, *files = arguments
    chosen = targets(verb, map(Path, files))
    if chosen:
        sys.argv = ["mailweave", verb, *map(str, chosen)]
        mailweave()


if __name__ == "__main__":
    main(sys.argv[1:])
