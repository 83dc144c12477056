"""The embedded broker hands every message to one consumer, whole, whatever happens to its folders."""

import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from framelane.lib.file_broker import Transport

PUT_MANY = """
import sys
from pathlib import Path
from tests.lib.test_file_broker import connected, put
connection = connected(Path(sys.argv[1]))
for n in range(200):
    put(connection, "render", {"n": n, "padding": "x" * 20_000})
"""


def connected(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }
    return Connection(transport=Transport, transport_options=options)


def put(connection: Connection, queue: str, body: Any) -> None:
    connection.Producer().publish(body, exchange="", routing_key=queue)


def get(connection: Connection, queue: str) -> Any:
    """The next message's body, or None."""
    message = connection.default_channel.basic_get(queue, no_ack=True)
    return message and message.decode()


def test_shows_no_message_before_it_is_whole(tmp_path: Path) -> None:
    received: Counter[int] = Counter()
    connection = connected(tmp_path)
    senders = [subprocess.Popen([sys.executable, "-c", PUT_MANY, str(tmp_path)]) for _ in range(2)]
    end = time.monotonic() + 240
    while received.total() < 400 and time.monotonic() < end:
        if (body := get(connection, "render")) is not None:
            received[body["n"]] += 1
    assert [sender.wait() for sender in senders] == [0, 0]
    assert received == Counter(dict.fromkeys(range(200), 2))


def test_hands_a_message_over_once(tmp_path: Path) -> None:
    first, second = connected(tmp_path), connected(tmp_path)
    put(first, "render", "job")
    assert [get(second, "render"), get(first, "render")] == ["job", None]


def test_keeps_queues_apart(tmp_path: Path) -> None:
    connection = connected(tmp_path)
    put(connection, "task.gaze", "for gaze")
    assert get(connection, "gaze") is None
    assert get(connection, "task.gaze") == "for gaze"


def test_goes_on_when_its_folders_are_deleted(tmp_path: Path) -> None:
    connection = connected(tmp_path)
    put(connection, "io", "lost")
    shutil.rmtree(tmp_path / "messages")
    assert get(connection, "io") is None
    put(connection, "io", "found")
    assert get(connection, "io") == "found"


def test_counts_and_clears_a_queue(tmp_path: Path) -> None:
    channel = connected(tmp_path).default_channel
    for n in range(3):
        put(channel.connection.client, "io", n)
    assert channel._size("io") == 3
    assert channel.queue_purge("io") == 3
    assert channel._size("io") == 0


@pytest.mark.parametrize("kind", ["direct", "fanout"])
def test_remembers_bindings_for_other_connections(tmp_path: Path, kind: str) -> None:
    exchange = Exchange(f"{kind}-{tmp_path.name}", type=kind)
    first, second = connected(tmp_path), connected(tmp_path)
    for name in ("one", "two"):
        Queue(f"{tmp_path.name}-{name}", exchange, routing_key=name)(first.default_channel).declare()
    second.Producer().publish("hello", exchange=exchange, routing_key="one")
    found = [get(second, f"{tmp_path.name}-{name}") for name in ("one", "two")]
    assert found == (["hello", None] if kind == "direct" else ["hello", "hello"])
