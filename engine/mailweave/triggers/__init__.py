"""Mails that start by themselves: events in, a state that survives, mails out, one for each cause."""

from mailweave.triggers.counts import Counts
from mailweave.triggers.feeds import Feed, FileFeed, Line
from mailweave.triggers.kafka_feed import KafkaFeed
from mailweave.triggers.program import Triggers
from mailweave.triggers.run import Run
from mailweave.triggers.state import State

__all__ = ["Counts", "Feed", "FileFeed", "KafkaFeed", "Line", "Run", "State", "Triggers"]
