"""Events of a topic: offsets are committed behind the state, and what comes again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.diagnostics import MailweaveError
from mailweave.environment import Environment
from mailweave.triggers import KafkaFeed, Run, State, Triggers
from mailweave.values.instants import to_instant
from tests.triggers.shop import FIXTURES, PEOPLE, UNTIL, campaign, event, mails

kafka = pytest.importorskip("confluent_kafka", reason="the extra `kafka` is not installed")

RULES = "trigger cart_left on cart_change wait 30 minutes unless purchase"
LINES = [
    event("a 1 cart_change 2026-11-02T12:00:00Z"),
    event("b 2 cart_change 2026-11-02T12:10:00Z"),
    event("b 3 purchase 2026-11-02T12:40:00Z"),
]
MAILS = ["a cart_left 1 1 2026-11-02T12:30:00Z"]


@dataclass
class Message:
    text: bytes | None
    at: int
    named: bytes | None = None
    fault: Any = None

    def value(self) -> bytes | None:
        return self.text

    def key(self) -> bytes | None:
        return self.named

    def error(self) -> Any:
        return self.fault

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self.at


@dataclass
class Consumer:
    """A topic, read from what was committed; its first partition is this consumer's."""

    messages: list[Message]
    partitions: int = 1
    committed: int = 0
    at: int = 0
    log: list[str] = field(default_factory=list)
    commits: bool = True

    def subscribe(self, topics: list[str]) -> None:
        self.at = self.committed

    def assignment(self) -> list[Any]:
        return [kafka.TopicPartition("shop", 0)]

    def list_topics(self, topic: str, timeout: float) -> Any:
        return SimpleNamespace(
            topics={topic: SimpleNamespace(partitions=dict.fromkeys(range(self.partitions)))}
        )

    def consume(self, num_messages: int, timeout: float) -> list[Message]:
        if self.at >= len(self.messages):
            return [Message(None, self.at, fault=kafka.KafkaError(kafka.KafkaError._PARTITION_EOF))]
        self.at += 1
        return [self.messages[self.at - 1]]

    def close(self) -> None:
        self.log.append("closed")

    def commit(self, asynchronous: bool) -> None:
        assert not asynchronous
        if not self.commits:
            raise kafka.KafkaException(kafka.KafkaError(kafka.KafkaError._ALL_BROKERS_DOWN))
        self.committed = self.at


def over(consumer: Consumer, folder: Path, made: Path) -> None:
    state = State(folder / "state.db")
    try:
        run = Run(state, Triggers.of([Environment().compile(made)]), folder / "out")
        people = (FIXTURES / "people.jsonl").read_text(encoding="utf-8").splitlines()
        run.learn(((json.loads(one)["id"], json.loads(one)) for one in people), 0)
        feed = KafkaFeed("kafka://broker/shop", to_end=True, consumer=consumer)
        for batch in feed.batches():
            run.take(batch)
            feed.commit()
        run.pass_time(to_instant(UNTIL))
    finally:
        state.close()


def test_offsets_are_committed_behind_the_state(tmp_path: Path) -> None:
    made, consumer = (
        campaign(tmp_path, RULES),
        Consumer([Message(line.encode(), at) for at, line in enumerate(LINES)]),
    )
    consumer.commits = False
    with pytest.raises(MailweaveError) as told:
        over(consumer, tmp_path, made)
    assert told.value.diagnostics[0].code == "MW868"
    consumer.commits = True
    over(consumer, tmp_path, made)
    assert consumer.committed == 3
    assert mails(tmp_path) == MAILS
    consumer.committed = 0  # a broker that has forgotten it
    over(consumer, tmp_path, made)
    assert mails(tmp_path) == MAILS


def test_a_topic_ends_where_all_its_partitions_do(tmp_path: Path) -> None:
    """Where one that was killed still holds a partition, time may not pass: its events are yet to come."""
    consumer = Consumer([Message(line.encode(), at) for at, line in enumerate(LINES)], partitions=2)
    feed = KafkaFeed("kafka://broker/shop", to_end=True, consumer=consumer)
    read = [len(batch) for batch, _ in zip(feed.batches(), range(6), strict=False)]
    assert read == [1, 1, 1, 0, 0, 0]
    consumer.partitions = 1
    assert [*feed.batches()] == []


def test_the_key_of_a_message_says_whose_it_is(tmp_path: Path) -> None:
    said = json.dumps({"id": "1", "type": "cart_change", "at": "2026-11-02T12:00:00Z"}).encode()
    over(Consumer([Message(said, 0, b"a")]), tmp_path, campaign(tmp_path, RULES))
    assert mails(tmp_path) == MAILS


def test_a_fault_of_the_broker_is_told(tmp_path: Path) -> None:
    down = Message(None, 0, fault=kafka.KafkaError(kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED))
    with pytest.raises(MailweaveError) as told:
        over(Consumer([down]), tmp_path, campaign(tmp_path, RULES))
    assert told.value.diagnostics[0].code == "MW868"


@pytest.mark.parametrize("address", ["kafka://broker", "kafka:///shop", "kafka://broker/a/b"])
def test_an_address_names_a_topic(address: str) -> None:
    with pytest.raises(MailweaveError) as told:
        KafkaFeed(address)
    assert told.value.diagnostics[0].code == "MW861"


@pytest.fixture
def broker() -> Iterator[str]:
    """The cluster that librdkafka brings for tests, on this machine: its protocol is the one of brokers."""
    producer = kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0})
    (one,) = producer.list_topics(timeout=10).brokers.values()
    for line in [*LINES, LINES[0]]:
        producer.produce("shop", line.encode())
    if producer.flush(10):
        pytest.skip("the cluster of librdkafka takes no messages here")
    yield f"{one.host}:{one.port}"
    producer.flush(1)


def test_a_cluster(broker: str, tmp_path: Path) -> None:
    """To the end of the topic, twice: the second run goes on behind what the first has committed."""
    asked = [
        "trigger",
        "run",
        str(campaign(tmp_path, RULES)),
        "--events",
        f"kafka://{broker}/shop?group=tests",
    ]
    asked += [
        *PEOPLE,
        "--state",
        str(tmp_path / "state.db"),
        "--out",
        str(tmp_path / "out"),
        "--until",
        UNTIL,
    ]
    result = CliRunner().invoke(group, asked)
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "events: 1 doubled, 3 new")
    assert mails(tmp_path) == MAILS
    result = CliRunner().invoke(group, asked)
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "events: none")
    assert mails(tmp_path) == MAILS
