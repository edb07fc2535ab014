from processor.simulate.catalog import person
from processor.simulate.delivery import EXPIRED, arrive
from processor.simulate.relic import tell_relic
from processor.simulate.simulation import Simulation
from processor.simulate.story import Cause
from processor.simulate.world import make_world
from schemas.decode import Rejection, TopicKind, decode
from tests.simulate.streams import MORNING


def test_a_relic_is_sound_and_prompt_and_too_old_to_count() -> None:
    world = make_world(Simulation(start_ms=MORNING))
    for number in range(50):
        cause = Cause("relic", MORNING, number, person(number, known=True))
        (record,) = tell_relic(world, cause).records
        event = decode(
            TopicKind(record.topic), record.key, record.value, record.headers, latest_ms=MORNING
        )
        assert not isinstance(event, Rejection)
        assert record.occurred_ms == MORNING
        assert arrive(record, MORNING + 100).expected == EXPIRED
