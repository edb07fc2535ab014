"""What people and Prometheus see: the exposition, the wallboard, the numbers as JSON. A process of its own.

It reads a store and nothing else; it has the only clock through which the view is looked at. No arithmetic on numbers
lives here: counts come from windows, scores from `processor.core.metric`.
"""
