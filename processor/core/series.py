"""What a number is called on /metrics: the name of a series, and its labels."""

from processor.core.slice import Cell, Pairs

PREFIX = "cx_"
"""What every series begins with."""


def series_name(metric: str, cell: Cell) -> str:
    """The name of a metric's series.

    By slice it is another one, since a total is not one of its parts.
    """
    by = "_".join(dimension for dimension, _ in cell.slice)
    return f"{PREFIX}{metric}_by_{by}" if by else f"{PREFIX}{metric}"


def series_labels(window: str, cell: Cell) -> Pairs:
    """The labels of a cell's series: the window, mandatory dimensions, the slice."""
    return (("window", window), *cell.dimensions, *cell.slice)
