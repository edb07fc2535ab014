"""Where views are kept between batches and read by exporters: Redis, or memory.

One protocol (`contract`), two implementations (`redis_store`, `memory_store`) that pass one
contract suite. No meaning lives here: a store keeps bytes under names and refuses what does not
follow the chain.
"""
