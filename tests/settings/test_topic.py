from processor.core.definitions import DAY_MS, DEFAULT_TOPICS
from processor.settings.topic import default_topics
from tests.settings.conftest import Right, Wrong


def test_a_cart_has_limits_of_its_own_unless_they_are_set(right: Right) -> None:
    toml = '[[topics]]\nname = "shop"\nentity = "Cart"\n'
    (topic,) = right(toml).settings.topics
    assert (topic.entity, topic.lateness_max_ms, topic.life_ms) == ("cart", DAY_MS, 3 * DAY_MS)
    (topic,) = right(toml + 'life = "9d"').settings.topics
    assert topic.life_ms == 9 * DAY_MS
    (topic,) = right('[[topics]]\nname = "calls"\nentity = "contact"').settings.topics
    assert (topic.lateness_max_ms, topic.life_ms) == (7 * DAY_MS, 30 * DAY_MS)


def test_the_default_topics_are_those_of_the_contract() -> None:
    assert [topic.name for topic in default_topics()] == [topic.name for topic in DEFAULT_TOPICS]


def test_an_entity_lives_at_least_as_long_as_its_events_may_be_late(wrong: Wrong) -> None:
    toml = '[[topics]]\nname = "surveys"\nentity = "response"\nlateness_max = "7d"\nlife = "6d"'
    assert wrong(toml) == [
        "topics.surveys.life = '6d' (file cxpulse.toml): at least 7d, which is the topic's"
        " lateness_max"
    ]


def test_no_source_topic_is_called_like_the_derived_one(wrong: Wrong) -> None:
    (line,) = wrong('[[topics]]\nname = "cases"\nentity = "contact"')
    assert line.startswith("topics.cases.name = 'cases' (file cxpulse.toml): another name")


def test_two_topics_of_one_name_are_refused(wrong: Wrong) -> None:
    table = '[[topics]]\nname = "calls"\nentity = "contact"\n'
    assert wrong(table * 2) == [
        "topics.#2.name = 'calls' (file cxpulse.toml): a name of its own, and #1 of this list has"
        " it already"
    ]


def test_a_topic_says_what_it_is_about(wrong: Wrong) -> None:
    assert wrong('[[topics]]\nname = "calls"') == [
        "topics.calls.entity (file cxpulse.toml): needed: one of response, contact, cart"
    ]
    assert wrong('[[topics]]\nname = "calls"\nentity = "case"') == [
        "topics.calls.entity = 'case' (file cxpulse.toml): one of response, contact, cart"
    ]
