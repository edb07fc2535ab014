"""How fast: one worker from Kafka to committed in Redis, beside a peer that does the same work, and what a scrape costs.

Timings here are ratios in one run on one machine; nothing asserts them. Every answer is checked before its speed counts.
"""
