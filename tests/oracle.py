"""The oracle, under the name by which the tests know it.

It lives in the product, because an operator may ask the same question of a real log that the tests
ask of a random one: does the view hold what the log says? The two must not answer it by different
code.
"""

from processor.verify.oracle import CASES, Cells, Oracle

__all__ = ["CASES", "Cells", "Oracle"]
