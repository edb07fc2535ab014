"""The names that carry a fingerprint: one view of the world per set of definitions, side by side with others."""


def namespace(name: str, fingerprint: str) -> str:
    """What the keys in Redis begin with."""
    return f"{name}:{fingerprint}"


def cases_topic(name: str, fingerprint: str) -> str:
    """The derived topic: summaries of contacts, keyed by customer."""
    return f"{name}.{fingerprint}.cases"


def group(name: str, fingerprint: str) -> str:
    """The consumer group of the workers."""
    return f"{name}-{fingerprint}"
