"""How fast: one worker from Kafka to committed in Redis, beside a peer, and what a scrape costs.

The peer does the same work. Timings are ratios in one run on one machine; nothing asserts them.
Every answer is checked before its speed counts.
"""
