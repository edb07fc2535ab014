"""What an operator should hear about an event that was accepted all the same."""

from typing import NamedTuple


class Remark(NamedTuple):
    """Something noticed: `subject` is where (a dimension, a survey), `detail` what.

    Neither is personal.
    """

    kind: str
    subject: str
    detail: str


UNMAPPED_QUESTION = "unmapped_question"
"""An answer was ignored: neither the registry nor the answer says what its question is."""
UNLISTED_VALUE = "unlisted_value"
"""A dimension's value is not in its configured list; it counts under __other__."""
UNLISTED_CURRENCY = "unlisted_currency"
"""An amount is in a currency that is not summed."""
UNKNOWN_FIELD = "unknown_field"
"""A producer sends a field that the contract does not have: it is misspelt, or we are behind."""
