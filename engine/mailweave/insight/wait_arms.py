"""The arms of experiments on waits, over everybody whose wait began; and what these did since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mailweave.decisions.waits import version
from mailweave.insight.experiment_arms import Arms, On
from mailweave.insight.exposed_rows import Exposures
from mailweave.insight.responses import Question, Responses, responses
from mailweave.rules.checked import (
    AnyExperiment,
    CheckedDocument,
    ConstantExperiment,
    Experiment,
    WaitExperiment,
)

if TYPE_CHECKING:
    from mailweave.campaign import Campaign

_OF_MAILS = "triggers made this output, of which experiments on waits alone are judged"


def wait_arms(
    campaign: Campaign, exposures: Exposures, events: Sequence[str], asked: Question
) -> Iterator[tuple[Arms, Responses | None]]:
    """Every experiment of a campaign, in the order of their names; without rows where its arms are not told."""
    document, versions = campaign.decisions.document, exposures.versions()
    waits: Mapping[str, WaitExperiment] = document.triggers.experiments
    others = document.content.all_experiments
    for name in sorted((*waits, *others)):
        if name not in waits:
            yield _arms(others[name], [], _OF_MAILS), None
            continue
        untold = _untold(waits[name], versions.get(name, ()), document)
        rows = None if untold else responses(exposures.of(name), events, asked)
        arms = exposures.arms(name)
        yield _arms(waits[name], [] if rows is None else [arms[key] for key in rows.keys], untold), rows


def _arms(experiment: AnyExperiment, of: Sequence[str], untold: str) -> Arms:
    names = tuple(arm.name for arm in experiment.arms)
    shares = tuple(float(arm.share) for arm in experiment.arms)
    return Arms(experiment.name, _on(experiment), names, shares, of, untold)


def _on(experiment: AnyExperiment) -> On:
    match experiment:
        case Experiment(block=name):
            return On("block", name)
        case ConstantExperiment(constant=name):
            return On("constant", name)
        case WaitExperiment(mail=name):
            return On("wait", name)
        case _:  # there are no others
            raise TypeError(experiment)


def _untold(experiment: WaitExperiment, versions: Collection[str], document: CheckedDocument) -> str:
    """Why arms are not those of the experiment as it is written now, in words."""
    if not versions:
        return "nobody has been exposed to it"
    if set(versions) != {version(experiment, document)}:
        return "it was changed: what was written before has other arms; give what is changed a new name"
    return ""
