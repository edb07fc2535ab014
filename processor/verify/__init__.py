"""Checking a view against its log: the slow, obviously right reading of the rules.

What lives here: the oracle and what it is made of. What must never live here: anything of the core
but its settings, its names and its hashes, for two readings that share logic share its faults.
"""
