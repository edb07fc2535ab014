"""What an operator may set, from where, and what is made of it.

One file and the environment become one frozen tree, `model.Settings`, or a list of everything that
is wrong with them. Read it in this order; each room leans only on those above it:

    problem     what is wrong, in words for a tired reader
    form, text, collection
                how one value is written, and what it may be
    section     what all tables of settings share
    namespace, tls, kafka, redis, topic, window, dimension, question, rule, process, target
                the tables
    model       all of them together, and what must fit between them
    catalog     every setting as a row
    source      the file and the environment as one tree
    complaint   what pydantic finds wrong, in our words
    load        settings, and where each value came from
    definition  definitions, identity and names of a namespace
    connection  how to reach Kafka and Redis
    document    docs/settings.md

No setting is read anywhere else: neither the environment nor a file. Nothing is imported here, so
that a command line that only prints its help does not wait for it.
"""
