import json
import re
from collections import Counter
from itertools import islice, pairwise
from typing import get_args

import pytest

from processor.simulate.broken import FAULTS
from processor.simulate.catalog import person
from processor.simulate.company import Company, generate
from processor.simulate.delivery import ADMITTED, EXPIRED, Sending
from processor.simulate.simulation import Simulation
from processor.simulate.story import Cause
from schemas.decode import Rejection, TopicKind, decode, entity_id
from schemas.event import AnyEvent
from tests.simulate.streams import DAY, HOUR, MINUTE, MONDAY, MORNING, busy_morning, told

FUTURE_MAX = 5 * MINUTE


def read(sending: Sending) -> AnyEvent | Rejection:
    return decode(
        TopicKind(sending.topic),
        sending.key,
        sending.value,
        sending.headers,
        latest_ms=sending.arrival_ms + FUTURE_MAX,
    )


def sound(sendings: tuple[Sending, ...]) -> list[Sending]:
    return [sending for sending in sendings if sending.expected in (ADMITTED, EXPIRED)]


def test_the_same_settings_give_the_same_bytes() -> None:
    settings = Simulation(seed=4, start_ms=MORNING, count=3000)
    assert list(generate(settings)) == list(generate(settings))


def test_another_seed_gives_another_company() -> None:
    first, second = (told(Simulation(seed=s, start_ms=MORNING, count=500))[0] for s in (1, 2))
    assert not {s.key for s in first if s.key} & {s.key for s in second if s.key} - {b"\xff\xfe"}


def test_whether_anybody_notes_the_truth_changes_nothing() -> None:
    settings = Simulation(seed=4, start_ms=MORNING, count=3000)
    assert tuple(generate(settings)) == told(settings)[0]


def test_records_come_in_order_of_arrival_and_never_before_they_were_written() -> None:
    sendings = busy_morning()[0]
    assert all(a.arrival_ms <= b.arrival_ms for a, b in pairwise(sendings))
    for sending in sound(sendings):
        event = read(sending)
        assert not isinstance(event, Rejection)
        assert event.occurred_at < sending.arrival_ms


@pytest.mark.parametrize("count", [1, 7, 500, 4001])
def test_a_count_is_met_exactly(count: int) -> None:
    assert len(told(Simulation(seed=2, start_ms=MORNING, count=count))[0]) == count


def test_a_company_without_end_goes_on_and_is_told_as_far_as_it_is_listened_to() -> None:
    stream = generate(Simulation(seed=2, start_ms=MORNING, rate=5.0))
    assert len(list(islice(stream, 5000))) == 5000
    assert next(stream).arrival_ms > MORNING


def test_no_story_begins_after_the_end_but_those_that_have_begun_are_told() -> None:
    settings = Simulation(seed=2, start_ms=MORNING, end_ms=MORNING + HOUR, rate=2.0)
    drained, truth = told(settings)
    assert drained[-1].arrival_ms > MORNING + HOUR
    assert truth.contacts(MORNING + HOUR, MORNING + 20 * DAY)["contacts"] == 0


def test_without_draining_nothing_arrives_at_the_end_or_later() -> None:
    end = MORNING + HOUR
    settings = Simulation(seed=2, start_ms=MORNING, end_ms=end, rate=2.0)
    cut = list(generate(Simulation(seed=2, start_ms=MORNING, end_ms=end, rate=2.0, drain=False)))
    assert cut == [s for s in told(settings)[0] if s.arrival_ms < end]


@pytest.mark.parametrize("daily", [True, False])
def test_the_rate_is_kept_over_a_week(daily: bool) -> None:
    days = 14 if daily else 9
    stream = generate(
        Simulation(seed=6, start_ms=MONDAY, end_ms=MONDAY + days * DAY, rate=0.06, daily=daily)
    )
    # The first days are short of the follow-ups of the days before; a week later all is even.
    settled = sum(MONDAY + (days - 7) * DAY <= s.arrival_ms < MONDAY + days * DAY for s in stream)
    assert settled == pytest.approx(0.06 * 7 * 86_400, rel=0.07)


def test_the_day_has_a_shape() -> None:
    settings = Simulation(seed=6, start_ms=MONDAY, end_ms=MONDAY + 7 * DAY, rate=0.08)
    truth = told(settings)[1]

    def contacts(day: int, hour: int) -> int:
        begin = MONDAY + day * DAY + hour * HOUR
        return truth.contacts(begin, begin + HOUR)["contacts"]

    workdays = range(5)
    morning, lunch, night = (sum(contacts(d, h) for d in workdays) for h in (10, 12, 3))
    assert night * 5 < lunch < morning
    assert sum(contacts(d, 10) for d in (5, 6)) / 2 < morning / 5


def test_every_type_of_event_is_sent() -> None:
    types = {type(read(sending)) for sending in sound(busy_morning()[0])}
    assert types == set(get_args(AnyEvent))


def test_every_reason_for_a_dead_letter_occurs() -> None:
    expected = {sending.expected for sending in busy_morning()[0]}
    assert expected == {ADMITTED, EXPIRED, *FAULTS}


def test_the_contract_receives_every_record_as_the_company_expects() -> None:
    for sending in busy_morning()[0]:
        event = read(sending)
        reason = event.reason if isinstance(event, Rejection) else None
        wanted = sending.expected if sending.expected in FAULTS else None
        assert reason == wanted, sending


def test_keys_are_entity_ids() -> None:
    for sending in sound(busy_morning()[0]):
        event = read(sending)
        assert not isinstance(event, Rejection)
        assert entity_id(event) == sending.key


def test_shares_are_what_was_asked_for() -> None:
    settings = Simulation(
        seed=8, start_ms=MONDAY, end_ms=MONDAY + 6 * DAY, rate=0.12, expired=0.01, excluded=0.03
    )
    sendings, truth = told(settings)
    marks, total = truth.marks, len(sendings)
    expected = Counter(sending.expected for sending in sendings)
    broken = sum(expected[reason] for reason in FAULTS)
    assert marks["late"] / marks["records"] == pytest.approx(0.05, rel=0.1)
    assert marks["duplicated"] / marks["records"] == pytest.approx(0.02, rel=0.1)
    assert marks["corrected"] / marks["records"] == pytest.approx(0.03, rel=0.1)
    assert broken / total == pytest.approx(0.005, rel=0.25)
    assert expected[EXPIRED] / total == pytest.approx(0.01, rel=0.3)
    keys = {s.key for s in sound(sendings)}
    excluded = {s.key for s in sound(sendings) if s.value and b'"excluded":"' in s.value}
    assert len(excluded) / len(keys) == pytest.approx(0.03, rel=0.25)


def test_a_share_of_nothing_is_nothing() -> None:
    settings = Simulation(
        seed=8,
        start_ms=MORNING,
        count=4000,
        late=0.0,
        duplicated=0.0,
        shuffled=0.0,
        corrected=0.0,
        expired=0.0,
        broken=0.0,
        excluded=0.0,
    )
    sendings, truth = told(settings)
    assert {sending.expected for sending in sendings} == {ADMITTED}
    assert set(truth.marks) == {"records"}
    assert len({(s.topic, s.value, s.headers) for s in sendings}) == 4000
    assert not any(b"excluded" in (s.value or b"") for s in sendings)


def test_what_was_sent_is_accounted_for() -> None:
    sendings, truth = busy_morning()
    assert truth.sent == Counter((sending.topic, sending.expected) for sending in sendings)


def test_customers_come_back_and_many_are_unknown() -> None:
    known: Counter[str] = Counter()
    unknown = 0
    for sending in busy_morning()[0]:
        event = read(sending) if sending.expected == ADMITTED else None
        if event is not None and type(event).__name__ == "ContactStarted":
            customer = getattr(event, "customer_id", None)
            known.update([customer] if customer else [])
            unknown += customer is None
    assert sum(times > 1 for times in known.values()) > 50
    assert unknown > 0.2 * sum(known.values())


def test_there_is_nothing_personal_in_the_stream() -> None:
    """Every string is an id, a code or a time: no blanks, no signs of names, mail or telephones."""
    code = re.compile(r"[a-z0-9_./:+-]+|[A-Z]{3}|\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d")
    for sending in sound(busy_morning()[0]):
        assert sending.value is not None
        said = json.loads(sending.value)
        for text in strings(said):
            assert code.fullmatch(text), text
        for answer in said.get("answers", ()):
            assert not (answer["kind"] == "text" and "value" in answer)
        assert re.fullmatch(r"cust-\d{6,8}", said.get("customer_id", "cust-000000"))


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def test_ids_are_prefixed_by_their_source() -> None:
    prefixes = {
        sending.key.partition(b":")[0] for sending in sound(busy_morning()[0]) if sending.key
    }
    assert prefixes == {b"forms", b"acd", b"shop", b"order"}


def test_two_contacts_of_one_customer_never_begin_in_the_same_second() -> None:
    company = Company(Simulation(seed=1, start_ms=MORNING, count=1))
    causes = [Cause("contact", MORNING + 5, n, person(7, known=True)) for n in range(4)]
    seconds = [company._apart(cause).at_ms // 1000 for cause in causes]
    assert len(set(seconds)) == 4
