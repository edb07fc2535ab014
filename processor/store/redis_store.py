"""The store in Redis (or Valkey), standalone or Cluster.

Safety rests on commit.lua alone. This module turns the protocol into scripts and back; it keeps
nothing about partitions in memory, and everything it sends may be sent again.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any, NamedTuple, TypeAlias

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    NoScriptError,
    RedisError,
    ResponseError,
)

from processor.core.head import Head
from processor.core.pane import Cells, Pane
from processor.core.view import Stored
from processor.store.contract import (
    NONE,
    Applied,
    Commit,
    Place,
    Reading,
    Refused,
    StoreUnavailableError,
)
from processor.store.layout import (
    Argument,
    Keys,
    parse_pane,
    script_arguments,
    unpack_head,
    unpack_states,
    windows_key,
)

Client: TypeAlias = "Redis | RedisCluster"

PAGE = 500
"""How many panes or journal entries one round trip reads."""

COMMANDS_MAX = 50
"""How many commands are under way at once. Each needs a connection of its own; a client has at most
a hundred, and refuses the next command, while there may be any number of partitions."""

KEEPS = "noeviction"
"""The policy under which a full Redis refuses a commit instead of forgetting panes."""

_REREADS_MAX = 10
"""How often a reader starts over because, while it read, more commits went by than are kept."""


class UnfitStoreError(Exception):
    """This Redis, or our way into it, will never do; the message says what to change."""


class RedisStore:
    """One namespace in Redis."""

    def __init__(self, client: Client, namespace: str) -> None:
        """Use a client that returns bytes (no `decode_responses`); it is closed with the store."""
        # redis-py's types say "bytes or str" of every reply; with this client they are bytes.
        self._client: Any = client
        self._namespace = namespace
        self._turns = asyncio.Semaphore(COMMANDS_MAX)
        self._away: tuple[type[Exception], ...] = (RedisError, OSError)
        if isinstance(client, RedisCluster):
            # A Cluster's client that learns of another topology closes connections while others use
            # them, and these commands then fail on what is None.
            self._away += (AttributeError,)
        self._commit = _Script(client, "commit.lua")
        self._read = _Script(client, "read.lua", read_only=True)
        self._publish = _Script(client, "publish.lua")

    async def check(self) -> None:
        """Look whether this Redis may hold a view; of one that is away nothing is said.

        Raises:
            UnfitStoreError: it does not let us in, or it evicts keys.
        """
        try:
            async with self._turns:
                policies = await self._eviction_policies()
        except NoPermissionError:
            return  # INFO is not needed for anything else.
        except (AuthenticationError, ResponseError) as error:
            raise UnfitStoreError(
                f"Redis does not let us in: {error} (redis.username, redis.password)"
            ) from None
        except self._away:
            return
        for policy in policies - {KEEPS}:
            raise UnfitStoreError(
                f"this Redis evicts keys when it is full (maxmemory-policy {policy}), and numbers"
                f" would be too small without a word: set it to {KEEPS}"
            )

    async def head(self, place: Place) -> tuple[str, Head] | None:
        """The head's commit id and the head; None if there is none."""
        async with self._turn():
            commit, head = await self._client.hmget(self._keys(place).head, ["commit", "head"])
        return None if commit is None else (commit.decode(), unpack_head(head))

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        """Apply a commit if the head is its predecessor."""
        names, arguments = script_arguments(self._keys(place), commit)
        async with self._turn():
            reply = await self._commit(names, arguments)
        return Refused(reply[0].decode()) if isinstance(reply, list) else Applied()

    async def load(self, place: Place, commit: str) -> Stored | Refused:
        """The whole view, if the head is `commit` before and after it was read."""
        keys = self._keys(place)
        found = await self.head(place)
        if found is None or found[0] != commit:
            return Refused(found[0] if found else NONE)
        states: dict[bytes, bytes] = {}
        written = []
        async with self._turn():
            async for clock_ms, changed in self._journal(keys):
                states |= changed
                written.append((clock_ms, tuple(changed)))
            names = await self._client.zrange(keys.panes, 0, -1)
            panes = await self._panes(keys, names)
        after = await self.head(place)
        if after is None or after[0] != commit:
            return Refused(after[0] if after else NONE)
        return Stored(found[1], states, panes, written)

    async def read(self, place: Place, since: str) -> Reading | None:
        """What changed since a commit, or everything if that is too old; None without a head."""
        reply = await self._reply(place, since)
        for _ in range(_REREADS_MAX):
            if reply is None:
                return None
            if reply.names is None:
                return Reading(reply.commit, reply.head, whole=False, panes=reply.panes)
            keys = self._keys(place)
            async with self._turn():
                panes = await self._panes(keys, reply.names)
            # The panes were not read in one piece with the head, so what changed meanwhile is read
            # on top of them.
            newer = await self._reply(place, reply.commit)
            if newer is not None and newer.names is None:
                return Reading(newer.commit, newer.head, whole=True, panes=panes | newer.panes)
            reply = newer
        raise StoreUnavailableError(f"{place} changes faster than it can be read")

    async def publish_windows(self, now_ms: int, values: Mapping[str, str]) -> None:
        """Replace the published windows, unless those that are there are newer."""
        flat = [item for pair in values.items() for item in pair]
        async with self._turn():
            await self._publish([windows_key(self._namespace)], [now_ms, *flat])

    async def published_windows(self) -> tuple[int, dict[str, str]]:
        """The published windows and their now; (0, {}) if nothing was ever published."""
        async with self._turn():
            found = await self._client.hgetall(windows_key(self._namespace))
        values = {name.decode(): value.decode() for name, value in found.items()}
        return int(values.pop("now_ms", "0")), values

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _eviction_policies(self) -> set[str]:
        """What every node that holds keys does when it is full."""
        if not isinstance(self._client, RedisCluster):
            return {(await self._client.info("memory")).get("maxmemory_policy", KEEPS)}
        await self._client.initialize()
        told = await self._client.info("memory", target_nodes=RedisCluster.PRIMARIES)
        return {node.get("maxmemory_policy", KEEPS) for node in told.values()}

    def _keys(self, place: Place) -> Keys:
        return Keys(self._namespace, place)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One of the commands under way.

        Whatever Redis or the way to it has against it, the caller may try again.
        """
        async with self._turns:
            try:
                # Until it knows its nodes, a Cluster's client asks any of them about any key.
                await self._client.initialize()
                yield
            except self._away as error:
                raise StoreUnavailableError(str(error) or type(error).__name__) from error

    async def _reply(self, place: Place, since: str) -> "_Reply | None":
        keys = self._keys(place)
        names = [keys.head, keys.recent, keys.panes]
        async with self._turn():
            reply = await self._read(names, [since, keys.pane_prefix])
        if reply is None:
            return None
        commit, head, *rest = reply
        if not rest:
            return _Reply(commit.decode(), unpack_head(head), None, {})
        kind, *found = rest
        if kind == b"whole":
            return _Reply(commit.decode(), unpack_head(head), found[0], {})
        panes = {
            parse_pane(name.decode()): _cells(cells)
            for name, cells in zip(found[::2], found[1::2], strict=True)
        }
        return _Reply(commit.decode(), unpack_head(head), None, panes)

    async def _panes(self, keys: Keys, names: Sequence[bytes]) -> dict[Pane, Cells]:
        panes: dict[Pane, Cells] = {}
        for at in range(0, len(names), PAGE):
            page = [parse_pane(name.decode()) for name in names[at : at + PAGE]]
            pipeline = self._client.pipeline(transaction=False)
            for pane in page:
                pipeline.hgetall(keys.pane(pane))
            for pane, cells in zip(page, await pipeline.execute(), strict=True):
                panes[pane] = {cell.decode(): packed for cell, packed in cells.items()}
        return panes

    async def _journal(self, keys: Keys) -> AsyncIterator[tuple[int, dict[bytes, bytes]]]:
        """The journal's entries, oldest first: (clock_ms, states)."""
        after = "-"
        while entries := await self._client.xrange(keys.journal, min=after, count=PAGE):
            for entry, fields in entries:
                yield int(entry.partition(b"-")[0]), unpack_states(fields[b"states"])
            after = "(" + entries[-1][0].decode()


class _Reply(NamedTuple):
    """What read.lua answers; `names` are those of all panes, None if `panes` say what changed."""

    commit: str
    head: Head
    names: Sequence[bytes] | None
    panes: dict[Pane, Cells]


class _Script:
    """A script, sent by its hash; in full when the server does not know it."""

    def __init__(self, client: Client, name: str, *, read_only: bool = False) -> None:
        self._text = (files("processor.store") / name).read_text()
        self._digest = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()
        self._by_digest = client.evalsha_ro if read_only else client.evalsha
        self._in_full = client.eval_ro if read_only else client.eval

    async def __call__(self, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        try:
            return await self._by_digest(self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self._in_full(self._text, len(keys), *keys, *arguments)


def _cells(flat: Sequence[bytes]) -> Cells:
    return {cell.decode(): packed for cell, packed in zip(flat[::2], flat[1::2], strict=True)}
