"""The pure heart of CX Pulse: what events mean, and how they become numbers.

No clock, no I/O, no environment, no randomness, no logging, no async lives here. Read it in this
order; each room leans only on those above it (tested):

    state         what a state is, and how states join
    tally         what is counted: integer vectors that add and subtract
    definitions   everything that decides stored data, and its fingerprint
    identity      keyed hashes in place of ids
    slice         the slices a count is kept in, and the names of their cells
    question      what a survey's questions mean: the registry applied to an answer
    record        a record of the log, and what became of it
    remark        what an operator should hear about an event that was accepted
    contribution  what a state counts for, and the difference of two of these
    entity/       response, contact, case, cart: event -> state -> contribution
    admission     a record: admitted, expired or refused
    step          state before + what an event adds -> state after + delta
    pane          where a delta lands in time, and what is past retention
    head          what a partition's view claims: how far it has read, how current it is
    view          a partition's view, and what a batch does to it
    plan          definitions -> how each topic's records become a view
    window        panes -> windows at one common now
    score         counts -> a score with its bounds
    formula       a vector -> a count or a score that is exported
    counted       the one table of metrics, first half: counts
    metric        the one table of metrics, second half: scores
    series        what a number is called on /metrics
"""
