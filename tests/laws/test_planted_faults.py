"""A law that cannot fail proves nothing: faults are planted in the core, and the laws must notice.

Each fault is one that a tired person could write. The search for it is that of the law itself,
without the shrinking.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs

from processor.core import pane, step, window
from processor.core import state as states
from processor.core.contribution import Contribution, Delta
from processor.core.entity import basket, summary
from processor.core.entity.case import Case
from processor.core.entity.life import DIMENSION
from processor.core.entity.response import Response
from processor.core.head import Accounting
from processor.core.record import Outcome
from processor.core.view import Changes
from tests.laws import durable, happenings, logs
from tests.laws import test_a_case_grows_old as old_laws
from tests.laws import test_a_window_is_the_sum_of_its_panes as window_laws
from tests.laws import test_order_cannot_matter as order_laws
from tests.laws import test_states_join as join_laws
from tests.laws import test_summaries_join_to_the_newest as summary_laws
from tests.laws import test_the_oracle_agrees as oracle_laws
from tests.laws import test_what_is_taken_back_is_gone as retraction_laws
from tests.wire import NOON
from tests.world import Place

Law = Callable[..., None]
Strategies = Sequence[st.SearchStrategy[Any]]

chances = st.randoms(use_true_random=False)
cuts = st.sets(st.integers(1, 15))


def is_noticed(law: Law, *strategies: st.SearchStrategy[Any], examples: int = 400) -> bool:
    """Whether the law finds an example that breaks it."""
    body = getattr(getattr(law, "hypothesis", None), "inner_test", law)

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*strategies))
    def search(drawn: tuple[Any, ...]) -> None:
        body(*drawn)

    try:
        search()
    except AssertionError:
        return True
    return False


def on(of: st.SearchStrategy[Any]) -> Strategies:
    """What the oracle's law is asked about, for the events of one topic."""
    return logs.names, logs.gentle(of), oracle_laws.nows


def test_a_fact_by_order_of_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    def stated(facts: Any, version: Any, said: Any) -> Any:
        left = {
            known: {key: value for key, value in others.items() if key not in said}
            for known, others in facts.items()
            if known != version
        }
        return {**left, version: {**facts.get(version, {}), **said}}

    monkeypatch.setattr(states, "_stated", stated)
    law = join_laws.test_any_order_and_grouping_of_events_gives_the_same_state
    assert is_noticed(law, logs.names, join_laws.said, chances)
    order = order_laws.test_any_order_gives_the_same_states_and_panes
    assert is_noticed(order, logs.names, logs.gentle(), chances)


def test_a_delta_without_retraction(monkeypatch: pytest.MonkeyPatch) -> None:
    def grown(before: Contribution, after: Contribution) -> Delta:
        return [(1, count) for count in after if count not in before]

    monkeypatch.setattr(step, "difference", grown)
    law = retraction_laws.test_withdrawing_every_entity_leaves_no_pane
    assert is_noticed(law, logs.names, logs.gentle(), st.booleans(), st.booleans())
    assert is_noticed(oracle_laws._compare, *on(happenings.surveys))


def test_a_gap_of_exactly_the_quiet_time_that_is_no_abandonment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = basket._runs

    def runs(activity: Any, start_ms: int, quiet_ms: int) -> Iterator[int]:
        return right(activity, start_ms, quiet_ms + 1)

    monkeypatch.setattr(basket, "_runs", runs)
    assert is_noticed(oracle_laws._compare, *on(happenings.carts))


def test_an_instant_on_a_boundary_in_the_pane_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pane, "pane_at", lambda tier_ms, at_ms: (tier_ms, (at_ms - 1) // tier_ms * tier_ms)
    )
    assert is_noticed(oracle_laws._compare, *on(happenings.surveys))


def test_a_window_that_is_one_pane_short(monkeypatch: pytest.MonkeyPatch) -> None:
    right = window.window_ranges

    def ranges(of: Any, reading: Any, now_ms: int, end_ms: int) -> Any:
        return right(of, reading, now_ms + of.tier_ms, end_ms)

    monkeypatch.setattr(window, "window_ranges", ranges)
    law = window_laws.test_any_pace_of_the_clock_shows_the_same
    steps = st.lists(st.sampled_from((0, 1, 3_600_000)), min_size=1, max_size=3)
    assert is_noticed(law, logs.names, logs.gentle(), steps, st.sampled_from((0, 1)))


def test_a_window_that_forgets_to_let_panes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    right = window.Rolling._shift

    def shift(self: Any, sign: int, cells: Any) -> None:
        if sign > 0:
            right(self, sign, cells)

    monkeypatch.setattr(window.Rolling, "_shift", shift)
    law = window_laws.test_a_window_that_was_kept_up_equals_a_fresh_one
    names = st.sampled_from(tuple(window_laws.EVERYTHING))
    assert is_noticed(law, names, window_laws.actions)


def test_contacts_forgotten_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(self: Any, anchor_s: int, *, windows: int) -> int:
        return anchor_s * 1000 + windows * happenings.REPEAT

    monkeypatch.setattr(Case, "_known_until_ms", known)
    assert is_noticed(oracle_laws._compare, *on(happenings.contacts))


def test_a_neighbour_that_is_forgotten_before_whoever_needs_it_is_final(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = Case._known_until_ms

    def known(self: Any, anchor_s: int, *, windows: int) -> int:
        return right(self, anchor_s, windows=2)

    monkeypatch.setattr(Case, "_known_until_ms", known)
    with pytest.raises(AssertionError):
        old_laws.test_no_count_falls_below_zero()


def test_a_summary_that_leaves_its_labels_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "_ALWAYS", summary._ALWAYS - {DIMENSION})
    assert is_noticed(oracle_laws._compare, *on(happenings.contacts))


def test_a_summary_that_is_not_sent_when_a_contact_counts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = summary._spoken
    monkeypatch.setattr(summary, "_spoken", lambda state: right(state)[:-1])
    started = happenings.gentle_contact(created_at=NOON, direction="inbound", customer_id="anna")
    gone = happenings.gentle_contact(type="contact.withdrawn", event_id="w")
    again = summary_laws.of_one_contact.map(lambda more: [started, gone, *more])
    law = summary_laws.test_nobody_is_left_with_a_stale_summary
    assert is_noticed(law, logs.names, again, examples=1000)


def test_a_bound_that_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Response, "_exceeds", lambda self, state: False)
    assert is_noticed(oracle_laws._compare, *on(happenings.surveys))


def test_a_position_that_is_not_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Accounting.count

    def count(self: Accounting, outcome: Outcome, reason: str = "") -> None:
        if outcome is not Outcome.NO_EFFECT:
            right(self, outcome, reason)

    monkeypatch.setattr(Accounting, "count", count)
    law = retraction_laws.test_every_position_is_accounted_for_after_every_batch
    gaps = st.just([0])
    assert is_noticed(law, logs.names, logs.rough(), gaps, st.booleans())


def test_a_commit_before_the_cases_were_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(self: Any, place: Place, to: int, *, dies_after: str = "") -> None:
        view = self.view(place)
        records = self.logs[place][view.head.position : to]
        changes: Changes[Any] = view.fold(records, max(to, view.head.position))
        durable.commit(self.stored[place], changes)
        if dies_after:
            self.die()
            return
        self._tell(changes)

    monkeypatch.setattr(durable.Worker, "work", work)
    law = order_laws.test_a_crash_anywhere_changes_nothing
    assert is_noticed(law, logs.names, logs.gentle(happenings.contacts), cuts, order_laws.deaths)


def test_a_commit_that_leaves_a_changed_pane_out(monkeypatch: pytest.MonkeyPatch) -> None:
    right = durable.commit

    def commit(stored: Any, changes: Changes[Any]) -> None:
        least = min(changes.panes.cells, default=None)
        kept = {at: cells for at, cells in changes.panes.cells.items() if at != least}
        panes = pane.PaneChanges(kept, changes.panes.gone)
        right(stored, structs.replace(changes, panes=panes))

    monkeypatch.setattr(durable, "commit", commit)
    law = order_laws.test_a_crash_anywhere_changes_nothing
    assert is_noticed(law, logs.names, logs.gentle(), cuts, order_laws.deaths)


@pytest.mark.parametrize("of", ["surveys", "contacts", "carts"])
def test_without_a_fault_nothing_is_noticed(of: str) -> None:
    assert not is_noticed(oracle_laws._compare, *on(happenings.OF_ONE_TOPIC[of]), examples=30)
