"""Sources that are asked before a recipient is answered: in one place for all addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mailweave.delivery.service.asgi import Answer
from mailweave.delivery.service.doors import Waiting, failed
from mailweave.delivery.service.metrics import Metrics
from mailweave.delivery.service.refusals import own_fault
from mailweave.delivery.sources import Fetcher, Sources
from mailweave.diagnostics import MailweaveError


@dataclass(frozen=True, slots=True)
class Filling:
    """Asks them; what the fetcher keeps outlives a swap of campaigns. Used on the loop alone."""

    metrics: Metrics
    fetcher: Fetcher

    async def filled(self, waiting: Waiting) -> Waiting | Answer:
        """The request with what sources gave; an answer where its context can be none."""
        wanted = waiting.wanted
        name = wanted.asked.campaign
        sources = Sources.of(wanted.campaign, fetcher=self.fetcher, counts=self.metrics.sources(name))
        try:
            profile, context = await sources.resolve(
                wanted.profile, events=wanted.events, now=wanted.now, context=wanted.context
            )
        except MailweaveError as error:
            return failed(error, name)
        except Exception as fault:  # noqa: BLE001 - of a batch it is one line, and its trace would print data
            return failed(own_fault(fault), name)
        return waiting._replace(wanted=replace(wanted, profile=profile, context=context))
