"""The two pages that are made by running the product: docs/metrics.md and docs/worked-example.md.

`python -m tests.documents` writes them. What must never live here: a number, a name or a formula
that the core's tables or a run of the core could give. What the rest may lean on: writing the pages
twice changes nothing, and a test holds the pages in the repository equal to what is written here.
"""
