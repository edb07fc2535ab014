"""What people and Prometheus see: the exposition, the wallboard, the numbers as JSON.

It is a process of its own, reads a store and nothing else, and has the only clock through which the
view is looked at. No arithmetic on numbers lives here: counts come from windows, scores from
`processor.core.metric`.
"""
