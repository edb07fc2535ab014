"""`cxpulse verify`: a running system held against its own log, number by number.

What lives here: the oracle, the replay of a log through it, what a running system says of itself,
and the comparison of the two. What must never live here: a write, to Redis or to Kafka.
"""
