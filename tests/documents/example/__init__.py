"""docs/worked-example.md: a few records followed from Kafka to /metrics, to the byte.

What lives here: one story (`story`), the stage that runs it through the real core (`stage`), and
the ways to show what happened. What must never live here: a number that the story follows to and
that could be asked of the core instead.
"""
