"""The four kinds of register, and what a merge makes of them."""

from processor.core.state import State, contents, merge, pack, unpack, version_of

OLD, NEW = (0, 1, 5), (0, 2, 1)


def test_of_two_facts_the_newer_stands() -> None:
    old, new = State({OLD: {1: 10, 2: 20}}), State({NEW: {1: 11}})
    joined = State({OLD: {2: 20}, NEW: {1: 11}})
    assert merge(old, new) == joined
    assert merge(new, old) == joined
    assert contents(joined) == {1: 11, 2: 20}


def test_a_version_of_which_nothing_is_left_disappears() -> None:
    assert merge(State({OLD: {1: 10}}), State({NEW: {1: 11}})).facts == {NEW: {1: 11}}


def test_of_one_version_the_greater_content_stands() -> None:
    assert merge(State({OLD: {1: 10, 3: 1}}), State({OLD: {1: 9, 2: 2}})).facts == {
        OLD: {1: 10, 2: 2, 3: 1}
    }


def test_a_records_shape_comes_before_time() -> None:
    record = State({(1, 1, 0): {1: 10}})
    assert merge(State({(0, 9, 0): {1: 11}}), record) == record


def test_least_most_and_marks_know_no_version() -> None:
    one = State(least={1: 5}, most={1: 5}, marks={1: 0b01})
    other = State(least={1: 3, 2: 9}, most={1: 3}, marks={1: 0b10})
    assert merge(one, other) == State(least={1: 3, 2: 9}, most={1: 5}, marks={1: 0b11})


def test_a_merge_that_says_nothing_new_gives_the_very_same_state() -> None:
    state = State({OLD: {1: 10}}, {1: 5}, {1: 5}, {1: 1})
    assert merge(state, State()) is state
    assert merge(state, State({(0, 0, 0): {1: 99}}, {1: 6}, {1: 4}, {1: 1})) is state


def test_a_state_survives_being_packed() -> None:
    state = State({OLD: {1: 10, 2: b"customer", 3: (1, 2)}}, {1: 5}, {1: 5}, {1: 1})
    assert unpack(pack(state)) == state


def test_one_can_ask_who_said_it() -> None:
    state = State({OLD: {1: 10}, NEW: {2: 20}})
    assert version_of(state, 2) == NEW
    assert version_of(state, 3) is None
