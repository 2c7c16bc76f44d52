"""Recipients of a list, with the scores that need the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mailweave.batch.precomputed_masks import answer
from mailweave.batch.sources import Recipient, Recipients
from mailweave.batch.stage_reader import Stage
from mailweave.batch.stage_writer import stage
from mailweave.campaign import Campaign

_AT_ONCE = 1_000


@contextmanager
def staged(
    campaign: Campaign,
    profiles: Sequence[str],
    events: Sequence[str],
    now: datetime,
    *,
    in_sql: bool = False,
    admitted: bool = False,
) -> Iterator[tuple[Stage, int]]:
    """A list as a batch at `now` stages it, and how many recipients it has; it takes as long as it does for a batch.

    in_sql, admitted: what SQL is to answer beforehand, as for `answer`.

    Raises MailweaveError.
    """
    with TemporaryDirectory(prefix="mailweave-") as name:
        folder = Path(name)
        found = stage(folder, profiles, events, campaign.key_column)
        answers = answer(
            folder, found.shape, campaign.decisions, now, campaign.context, in_sql=in_sql, admitted=admitted
        )
        schema = campaign.decisions.program.schema
        reader = Stage(folder, found.shape, schema, campaign.key_column, answers)
        try:
            yield reader, found.recipients
        finally:
            reader.close()


def everybody(stage: Stage, total: int) -> Iterator[Recipient]:
    """The recipients of a stage; a line that is no JSON object is none."""
    for start in range(0, total, _AT_ONCE):
        found = stage.read(start, min(start + _AT_ONCE, total))
        yield from (recipient for _, _, recipient in found if recipient is not None)


def staged_recipient(
    campaign: Campaign, profiles: Sequence[str], events: Sequence[str], key: str, now: datetime
) -> Recipient | None:
    """The recipient with this key as a batch over the list at `now` decides about them, or None.

    Raises MailweaveError.
    """
    with staged(campaign, profiles, events, now) as (reader, _):
        number = reader.number_of(key)
        return None if number is None else next(reader.read(number, number + 1))[2]


def listed_recipient(campaign: Campaign, folder: Path, key: str, now: datetime) -> Recipient | None:
    """The recipient with this key in the list that the campaign in `folder` names, or None.

    Scores that are computed over a list are those at `now`, as in a batch. Raises MailweaveError.
    """
    config = campaign.config
    if config.profiles is None:
        return None
    profiles, events = folder / config.profiles, folder / config.events if config.events else None
    if campaign.computed_scores:
        happened = [] if events is None else [str(events)]
        return staged_recipient(campaign, [str(profiles)], happened, key, now)
    return Recipients(profiles, events, key=campaign.key_column, schema=campaign.schema).get(key)
