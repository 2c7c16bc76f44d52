"""Events of a topic of Kafka, by the client of Confluent (extra `kafka`).

A message is a line of JSON as in a file. Where it has no `profile`, its key is the person's. Offsets are committed
after the state's transaction: what a kill leaves between the two comes again, and is known by its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from mailweave.batch.extras import require
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.triggers.feeds import Line

SCHEME: Final = "kafka://"
_MOST: Final = 5_000
_SECONDS: Final = 1.0
_PATIENCE: Final = 30.0  # seconds, for what a broker says of a topic
_GROUP: Final = "mailweave"


class KafkaFeed:
    """The messages of `kafka://host:9092/topic?group=NAME`; further options are those of librdkafka.

    to_end: ends where all partitions of the topic end, instead of waiting for more; it waits until they are this
    consumer's, since those of one that was killed are given away only when the broker misses it. consumer: one that is
    made already, for tests.
    Raises MailweaveError for an address that names no topic, and where the extra is missing.
    """

    def __init__(self, address: str, *, to_end: bool = False, consumer: Any = None) -> None:
        parts = urlsplit(address)
        self._topic, self._host = parts.path.strip("/"), parts.netloc
        if not self._topic or not self._host or "/" in self._topic:
            raise self._unreadable("it names no topic")
        options = dict(parse_qsl(parts.query))
        self._consumer = _consumer(self._host, options) if consumer is None else consumer
        self._consumer.subscribe([self._topic])
        self._to_end, self._ended, self._has_read = to_end, set[int](), False

    def batches(self) -> Iterator[Sequence[Line]]:
        """See `Feed`."""
        while not self._is_over():
            messages = self._consumer.consume(num_messages=_MOST, timeout=_SECONDS)
            yield [line for message in messages for line in self._lines(message)]

    def _is_over(self) -> bool:
        """Whether every partition of the topic has come to its end, and is this consumer's."""
        if not self._to_end or not self._ended:
            return False
        mine = {one.partition for one in self._consumer.assignment()}
        return mine <= self._ended and mine == self._partitions()

    def _partitions(self) -> set[int]:
        from confluent_kafka import KafkaException

        try:
            return set(self._consumer.list_topics(self._topic, _PATIENCE).topics[self._topic].partitions)
        except KafkaException as error:
            raise self._failed(str(error)) from None

    def _lines(self, message: Any) -> Iterator[Line]:
        error = message.error()
        if error is not None and error.code() == _END:
            self._ended.add(message.partition())
        elif error is not None:
            raise MailweaveError(
                [diagnose("MW868", place=f"{SCHEME}{self._host}/{self._topic}", what=error.str())]
            )
        elif message.value() is not None:
            self._ended.discard(message.partition())
            self._has_read = True
            place = f"{self._topic}/{message.partition()}@{message.offset()}"
            key = message.key()
            yield Line(message.value(), place, None if key is None else key.decode(errors="replace"))

    def commit(self) -> None:
        """See `Feed`; waits until the broker has it."""
        if not self._has_read:
            return
        from confluent_kafka import KafkaException

        try:
            self._consumer.commit(asynchronous=False)
        except KafkaException as error:
            raise self._failed(str(error)) from None
        self._has_read = False

    def close(self) -> None:
        """See `Feed`; leaves the group."""
        self._consumer.close()

    def _unreadable(self, what: str) -> MailweaveError:
        return MailweaveError([diagnose("MW861", place=SCHEME + self._host, what=what)])

    def _failed(self, what: str) -> MailweaveError:
        place = f"{SCHEME}{self._host}/{self._topic}"
        return MailweaveError([diagnose("MW868", place=place, what=what)])


_END: Final = -191  # KafkaError._PARTITION_EOF


def _consumer(host: str, options: dict[str, str]) -> Any:
    require("kafka", place=SCHEME + host, what="events of Kafka")
    from confluent_kafka import Consumer

    group = options.pop("group", _GROUP)
    own = {
        "bootstrap.servers": host,
        "group.id": group,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
    }
    return Consumer({**options, **own})
