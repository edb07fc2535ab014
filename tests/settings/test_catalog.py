from processor.settings.catalog import ITEM, catalog, dotted, setting_at, variable_of
from processor.settings.model import Settings
from processor.settings.source import given_by


def test_every_setting_is_described_in_whole_sentences() -> None:
    for row in catalog():
        assert row.meaning.endswith((".", "?")), row.name
        assert row.meaning[0].isupper() or row.meaning[0] == "`", row.name
        assert row.form.allowed, row.name


def test_every_default_is_one_that_its_form_would_let_through() -> None:
    for row in catalog():
        if row.default is not None and not row.required:
            text = row.form.show(row.default)
            written = "" if text == "none" else text
            if written:
                assert row.form.parse(written) == row.default, row.name


def test_names_are_different_and_variables_too() -> None:
    names = [row.name for row in catalog()]
    assert len(set(names)) == len(names)
    variables = [row.variable for row in catalog() if ITEM not in row.path]
    assert len(set(variables)) == len(variables)


def test_every_single_setting_can_be_set_by_its_variable() -> None:
    for row in catalog():
        if ITEM not in row.path and not row.path[-1].startswith("<"):
            given = given_by(None, {row.variable: "x"})
            assert not given.problems
            assert given.origin(row.path).place == row.variable


def test_a_place_has_a_row() -> None:
    life = setting_at(("topics", 3, "life"))
    assert life is not None
    assert life.name == "topics[].life"
    assert life.variable == "CXPULSE_TOPICS"
    words = setting_at(("unknown_words", "satismeter/eu"))
    assert words is not None
    assert words.variable == "CXPULSE_UNKNOWN_WORDS"
    assert setting_at(("topics",)) is None
    assert setting_at(()) is None


def test_a_path_has_a_name_and_a_variable() -> None:
    assert dotted(("topics", ITEM, "life")) == "topics[].life"
    assert variable_of(("kafka", "group")) == "CXPULSE_KAFKA__GROUP"


def test_only_tables_stand_at_the_top() -> None:
    assert {row.path[0] for row in catalog()} == {
        field.alias or name for name, field in Settings.model_fields.items()
    }
