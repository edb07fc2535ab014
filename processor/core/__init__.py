"""The pure heart of CX Pulse: what events mean, and how they become numbers.

No clock, no I/O, no environment, no randomness, no logging, no async lives here. Read it in this
order; each room leans only on those above it:

    state       what a state is, and how states join
    packing     a state's canonical bytes
    tally       what is counted: integer vectors that add and subtract
    definitions everything that decides stored data, and its fingerprint
    identity    keyed hashes in place of ids
    entity/     response, contact, case, cart: event -> state -> contribution
    admission   a record: admitted, expired or rejected
    step        state before + event -> state after + delta
    pane        where a delta lands in time; what is past retention
    view, fold  a partition's view, and what a batch does to it
    window      panes -> windows at one common now
    score       counts -> a score with its bounds
    metric      the one table of metrics
"""
