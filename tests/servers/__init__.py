"""Real servers for the tests, without containers: Kafka, Redis, Redis Cluster and promtool.

`scripts/install-servers` brings the programs. Every server runs in a temporary folder, on a free
port of 127.0.0.1, and is gone when its context ends, or with the process that started it. All calls
block; from a coroutine, `asyncio.to_thread` may make any of them.
"""
