from pathlib import Path

import pytest

from processor.settings.load import load
from processor.settings.problem import Origin, SettingsError
from processor.settings.source import Given, file_in_force, given_by, value_at
from tests.settings.conftest import KEY, Right, Wrong


def test_the_file_is_the_named_one_then_the_variables_then_ours(folder: Path) -> None:
    named, variable = Path("a.toml"), {"CXPULSE_CONFIG": "b.toml"}
    assert file_in_force(named, variable) == named
    assert file_in_force(None, variable) == Path("b.toml")
    assert file_in_force(None, {"CXPULSE_CONFIG": ""}) is None
    (folder / "cxpulse.toml").touch()
    assert file_in_force(None, {}) == Path("cxpulse.toml")


def test_the_environment_goes_before_the_file_and_the_file_before_the_defaults(
    right: Right,
) -> None:
    toml = '[log]\nlevel = "DEBUG"\nformat = "json"'
    loaded = right(toml, CXPULSE_LOG__LEVEL="error")
    assert (loaded.settings.log.level, loaded.settings.log.format) == ("ERROR", "json")
    assert str(loaded.origins["log.level"]) == "environment CXPULSE_LOG__LEVEL"
    assert str(loaded.origins["log.format"]) == "file cxpulse.toml"
    assert str(loaded.origins["redis.cluster"]) == "default"


def test_a_list_of_tables_is_replaced_as_a_whole(right: Right) -> None:
    toml = '[[topics]]\nname = "a"\nentity = "cart"\n[[topics]]\nname = "b"\nentity = "contact"'
    loaded = right(toml, CXPULSE_TOPICS='[{"name": "c", "entity": "response", "life": "40d"}]')
    assert [topic.name for topic in loaded.settings.topics] == ["c"]
    assert str(loaded.origins["topics.c.life"]) == "environment CXPULSE_TOPICS"
    assert str(loaded.origins["topics.c.reach"]) == "default"


def test_a_table_of_free_names_is_merged_entry_by_entry(right: Right) -> None:
    loaded = right(
        '[unknown_words]\nshop = ["guest"]\nchat = ["0"]\n[targets]\nnps_score = 1',
        CXPULSE_UNKNOWN_WORDS__SHOP="nobody,anonymous",
        CXPULSE_TARGETS='{"csat_ratio": 0.5}',
    )
    assert loaded.settings.unknown_words == {"shop": ("nobody", "anonymous"), "chat": ("0",)}
    assert loaded.settings.targets["nps_score"] == 1
    assert str(loaded.origins["unknown_words.shop"]).startswith("environment")
    assert str(loaded.origins["targets.csat_ratio"]) == "environment CXPULSE_TARGETS"


def test_a_variable_that_is_empty_counts_as_absent(right: Right) -> None:
    loaded = right('[log]\nlevel = "DEBUG"', CXPULSE_LOG__LEVEL="", CXPULSE_KAFKA__GROUP="")
    assert loaded.settings.log.level == "DEBUG"
    assert loaded.settings.kafka.group is None


def test_a_variable_that_is_no_setting_is_refused(wrong: Wrong) -> None:
    assert wrong(CXPULSE_KAFKA_GROUP="x", CXPULSE_KAFKA__GRUOP="x", CXPULSE_LIFE="x") == [
        "CXPULSE_KAFKA_GROUP: there is no such variable; did you mean CXPULSE_KAFKA__GROUP?",
        "CXPULSE_KAFKA__GRUOP: there is no such variable; did you mean CXPULSE_KAFKA__GROUP?",
        "CXPULSE_LIFE: there is no such variable",
    ]
    assert len(wrong(CXPULSE_KAFKA="{}")) == 1


def test_other_peoples_variables_are_left_alone(right: Right) -> None:
    right(CXPULSE_EXPORTER_SERVICE_HOST="10.0.0.1", PATH="/bin", cxpulse_log__level="x")
    right(CXPULSE_PORT="tcp://10.0.0.1:9700", CXPULSE_PORT_9700_TCP_ADDR="10.0.0.1")
    right(CXPULSE_EXPORTER_SERVICE_PORT_METRICS="9700")


def test_a_port_with_one_underscore_too_few_is_not_taken_for_a_service(wrong: Wrong) -> None:
    assert wrong(CXPULSE_WORKER_PORT="9701") == [
        "CXPULSE_WORKER_PORT: there is no such variable; did you mean CXPULSE_WORKER__PORT?"
    ]


def test_tables_in_the_environment_are_json(wrong: Wrong) -> None:
    (line,) = wrong(CXPULSE_TOPICS="surveys,carts")
    assert line.startswith("CXPULSE_TOPICS: must be JSON: ")
    assert wrong(CXPULSE_TOPICS='{"name": "a"}') == [
        "topics = {'name': 'a'} (environment CXPULSE_TOPICS): a list of tables: each begins with"
        " [[topics]]"
    ]


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    def line(path: str) -> str:
        with pytest.raises(SettingsError) as caught:
            load(Path(path), {})
        return str(caught.value)

    (folder / "latin.toml").write_bytes(b"# \xe9")
    (folder / "broken.toml").write_text("[kafka\n")
    assert line("none.toml") == "file none.toml: no such file or directory"
    assert line(".") == "file .: is a directory"
    assert line("latin.toml") == "file latin.toml: must be UTF-8 text"
    assert line("broken.toml").startswith("file broken.toml: is not TOML: ")


def test_a_file_that_the_environment_names_must_be_there(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"file none\.toml: no such file or directory"):
        load(None, {"CXPULSE_CONFIG": "none.toml"})


def test_a_secret_and_its_file_in_one_source_are_one_too_many(wrong: Wrong, folder: Path) -> None:
    (folder / "password").write_text("hunter2")
    assert wrong('[redis]\npassword = "x"\npassword_file = "password"') == [
        "redis.password: either this or redis.password_file, not both"
    ]


def test_of_a_secret_and_its_file_the_later_source_wins(right: Right, folder: Path) -> None:
    (folder / "password").write_text("from the file\n")
    for toml, variable, value, origin in (
        ('password_file = "password"', "PASSWORD", "given", "environment CXPULSE_REDIS__PASSWORD"),
        ('password = "given"', "PASSWORD_FILE", "password", "secret file password"),
    ):
        loaded = right(f"[redis]\n{toml}", **{f"CXPULSE_REDIS__{variable}": value})
        password = loaded.settings.redis.password
        assert password is not None
        assert password.get_secret_value() in ("given", "from the file")
        assert str(loaded.origins["redis.password"]) == origin


def test_a_secret_file_is_read_without_its_last_line_break_only(right: Right, folder: Path) -> None:
    (folder / "password").write_bytes(b" two  words \r\n")
    password = right('[redis]\npassword_file = "password"').settings.redis.password
    assert password is not None
    assert password.get_secret_value() == " two  words "


def test_a_secret_file_that_is_not_there_is_told_once(wrong: Wrong, folder: Path) -> None:
    assert wrong('[redis]\npassword_file = "none"') == [
        "redis.password_file = 'none' (file cxpulse.toml): the path of a file that this process"
        " may read (no such file or directory)"
    ]
    (folder / "binary").write_bytes(b"\xff\xfe")
    assert wrong('[redis]\npassword_file = "binary"') == [
        "redis.password_file = 'binary' (file cxpulse.toml): a file of UTF-8 text"
    ]


def test_a_value_where_a_table_should_be_hides_nothing(wrong: Wrong) -> None:
    assert wrong("kafka = 5\nredis = []", CXPULSE_KAFKA__GROUP="x") == [
        "kafka = 5 (file cxpulse.toml): a table of settings",
        "redis = [] (file cxpulse.toml): a table of settings",
    ]


def test_an_empty_table_sets_nothing(right: Right) -> None:
    assert set(map(str, right("[kafka]\n[targets]").origins.values())) == {"default"}


def test_what_was_given_can_be_asked_for_by_place(folder: Path) -> None:
    given = given_by(None, {"CXPULSE_LOG__LEVEL": "INFO", "CXPULSE_NAMESPACE__ID_KEY": KEY})
    origin = Origin("environment", "CXPULSE_LOG__LEVEL")
    assert value_at(given.tree, ("log", "level")) == "INFO"
    assert given.origin(("log", "level")) == given.origin(("log",)) == origin
    assert str(given.origin(("kafka",))) == "default"
    for path in (("log", "format"), ("log", "level", "x"), ("none",)):
        with pytest.raises(KeyError):
            value_at(given.tree, path)
    assert Given().origin(("log",)) == given.origin(("none",))


def test_files_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / "cxpulse.toml").write_text('[redis]\npassword_file = "p"', encoding="utf-8-sig")
    (folder / "p").write_text("hunter2", encoding="utf-8-sig")
    password = load(None, {}).settings.redis.password
    assert password is not None
    assert password.get_secret_value() == "hunter2"
