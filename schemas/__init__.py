"""The wire contract: typed events, how bytes become one, and why some do not.

What lives here: everything that a producer and this product agree on. What must never live here:
what an event counts for, and anything that reads a clock, a network or an environment. What the
rest may lean on: `schemas.decode.decode` never raises and returns either an event that keeps
every rule or a `Rejection` with a reason of the closed list.
"""
