from processor.settings.problem import (
    DEFAULT,
    Origin,
    Problem,
    SettingsError,
    nearest,
    shown,
    suggestion,
)


def test_a_line_names_the_setting_the_value_its_origin_and_what_is_right() -> None:
    origin = Origin("environment", "CXPULSE_LOG__LEVEL")
    problem = Problem("log.level", "one of DEBUG, INFO", "'LOUD'", origin)
    assert str(problem) == "log.level = 'LOUD' (environment CXPULSE_LOG__LEVEL): one of DEBUG, INFO"


def test_a_line_leaves_out_what_there_is_not() -> None:
    assert str(Problem("redis.password", "needed")) == "redis.password: needed"
    assert str(Problem("a", "b", None, DEFAULT)) == "a (default): b"


def test_an_error_lists_every_problem_on_a_line_of_its_own() -> None:
    error = SettingsError([Problem("a", "x"), Problem("b", "y")])
    assert str(error) == "a: x\nb: y"
    assert [problem.name for problem in error.problems] == ["a", "b"]


def test_a_secret_is_masked_whatever_it_is() -> None:
    assert shown("hunter2", secret=True) == shown(5, secret=True) == "********"


def test_a_password_in_an_address_is_not_shown() -> None:
    assert shown("redis://me:hunter2@localhost:6379") == "'***@localhost:6379'"
    assert "hunter2" not in shown(["redis://:hunter2@localhost", "me:hunter2@other:1"])


def test_a_long_value_is_cut() -> None:
    assert len(shown("x" * 1000)) == 80
    assert shown("x" * 1000).endswith("…")


def test_only_a_name_that_is_near_is_suggested() -> None:
    assert nearest("sesion_timeout", ["session_timeout", "group"]) == "session_timeout"
    assert nearest("anything", ["session_timeout", "group"]) is None
    assert suggestion("group") == "; did you mean group?"
    assert suggestion(None) == ""
