"""docs/metrics.md: every metric on /metrics, from the tables and from scrapes of the real thing.

What lives here: how the page is cut, and words for people. What must never live here: a metric's
name, formula or source; those stand in `core.metric` and `core.counted`, or in what a scrape shows.
"""
