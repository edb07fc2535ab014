from tests.settings.conftest import Right, Wrong


def test_a_cart_lives_until_everything_that_may_arrive_about_it_has(wrong: Wrong) -> None:
    assert wrong('[cart]\nquiet_time = "2d"\n[[topics]]\nname = "c"\nentity = "cart"') == [
        "topics.c.life: at least 4325m: its lateness_max, its future_max and cart.quiet_time"
    ]
    assert wrong('[cart]\nquiet_time = "3d"')[0].startswith("topics.carts.life = 3d (default):")


def test_dead_letters_do_not_go_where_events_come_from(wrong: Wrong) -> None:
    assert wrong('[kafka]\ndead_letter_topic = "carts"') == [
        "topics.carts.name = carts (default): not the topic of kafka.dead_letter_topic"
    ]


def test_words_for_unknown_may_be_empty_and_belong_to_a_source(right: Right, wrong: Wrong) -> None:
    loaded = right('[unknown_words]\n"satismeter/eu" = ["", "No response"]')
    assert loaded.settings.unknown_words == {"satismeter/eu": ("", "No response")}
    (line,) = wrong('[unknown_words]\n"Satis Meter" = ["0"]')
    assert line.startswith("unknown_words.Satis Meter = ['0'] (file cxpulse.toml): its name must")


def test_an_exporter_is_not_stale_between_two_refreshes(wrong: Wrong) -> None:
    assert wrong('[exporter]\nrefresh = "30s"\nstale_after = "30s"') == [
        "exporter.stale_after = '30s' (file cxpulse.toml): more than exporter.refresh"
    ]


def test_redis_is_not_waited_for_longer_than_a_rebalance(wrong: Wrong) -> None:
    assert wrong('[redis]\ntimeout = "10s"') == [
        "redis.timeout = '10s' (file cxpulse.toml): less than kafka.rebalance_timeout, which is 10s"
    ]
    assert wrong('[kafka]\nrebalance_timeout = "1s"') == [
        "redis.timeout = 2s (default): less than kafka.rebalance_timeout, which is 1s"
    ]
