"""CX Pulse: what customers say and do, from Kafka to numbers that people watch.

    schemas <- core <- store, clock, logs, process <- stream, export, simulate, verify, settings
                                                                <- wiring <- demo <- cli

Imports run one way, as drawn, and neighbours know nothing of each other.
"""
