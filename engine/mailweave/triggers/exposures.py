"""Who was exposed to an experiment on a wait: everybody whose wait began, whether a mail went out or not.

Who buys before the mail gets none (`unless purchase`), and a shorter wait leaves less time to buy: among the mailed the
arms hold other people. Among the exposed they do not, for nothing that follows the draw decides who is one of them.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from mailweave.decisions.experiments import Exposure
from mailweave.triggers.person import Place
from mailweave.values.instants import iso


class Exposed(NamedTuple):
    """A wait that began at a moment (microseconds since 1970): that of mail `number` of a trigger for a cause."""

    at: int
    place: Place
    number: int
    cause: str
    experiment: str
    version: str
    exposure: Exposure
    arm: str | None

    def line(self, person: str) -> bytes:
        """It as a line of JSON."""
        said = {
            "campaign": self.place.campaign,
            "experiment": self.experiment,
            "version": self.version,
            "key": person,
            "exposure": self.exposure,
            "arm": self.arm,
            "trigger": self.place.trigger,
            "number": self.number + 1,
            "cause": self.cause,
            "at": iso(self.at),
        }
        return json.dumps(said).encode() + b"\n"
