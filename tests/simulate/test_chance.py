from collections import Counter

import pytest

from processor.simulate.chance import Chance, Wheel


def test_a_stream_depends_on_the_seed_and_its_name_alone() -> None:
    first, again = Chance(5), Chance(5)
    again.stream("other").random()
    assert first.stream("carts").random() == again.stream("carts").random()


def test_other_names_and_other_seeds_are_other_streams() -> None:
    draws = {Chance(seed).stream(name).random() for seed in (1, 2) for name in ("a", "b")}
    assert len(draws) == 4


def test_a_restarted_stream_is_at_its_beginning() -> None:
    chance = Chance(5)
    stream = chance.stream("a")
    before = [stream.random() for _ in range(3)]
    chance.restart(stream, "a")
    assert [stream.random() for _ in range(3)] == before


def test_a_seed_gives_the_same_numbers_for_ever() -> None:
    # Whoever changes how streams are seeded changes every recorded simulation.
    assert Chance(1).stream("carts").between(0, 10**9) == 256_299_709


def test_a_wheel_is_picked_from_by_weight() -> None:
    wheel, stream = Wheel({"often": 3.0, "seldom": 1.0}), Chance(1).stream("wheel")
    picked = Counter(stream.pick(wheel) for _ in range(4000))
    assert picked["often"] / 4000 == pytest.approx(0.75, abs=0.03)


def test_a_wheel_has_no_gap_at_its_ends() -> None:
    wheel = Wheel({"first": 1.0, "last": 1.0})
    assert (wheel.at(0.0), wheel.at(0.999999), wheel.at(1.0)) == ("first", "last", "last")


def test_spread_keeps_to_its_limits_and_favours_no_magnitude() -> None:
    stream = Chance(1).stream("spread")
    drawn = [stream.spread(10, 100_000) for _ in range(4000)]
    assert min(drawn) >= 10
    assert max(drawn) < 100_000
    assert sum(value < 1000 for value in drawn) / 4000 == pytest.approx(0.5, abs=0.03)


def test_waiting_times_have_their_mean_and_are_never_zero() -> None:
    stream = Chance(1).stream("around")
    drawn = [stream.around(500.0) for _ in range(20_000)]
    assert min(drawn) >= 1
    assert sum(drawn) / len(drawn) == pytest.approx(500, rel=0.05)
