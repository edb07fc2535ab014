"""From Kafka to the store: the worker.

Faust gives the app, the agents, the worker's life and the consumer group; delivery is batched
(`consumer`), positions come from the store, and a partition is owned by a `lane`. No meaning lives
here: lanes fold with `processor.core` and commit with `processor.store`.

    consumer thread ──Batch──> agent ──> lane: fold ──> dead letters, summaries ──> commit
"""
