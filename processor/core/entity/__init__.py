"""The entities: what their events say, when they count, and what they count for.

Each entity's room holds its registers, `lift` (event -> state) and `contribution` (state ->
counts). All are pure functions of their arguments and the definitions; the exact rules are
docs/counting.md.
"""
