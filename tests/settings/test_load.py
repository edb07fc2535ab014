from processor.settings.catalog import ITEM, catalog
from tests.settings.conftest import Right


def test_every_setting_has_a_value_in_force_and_an_origin(right: Right) -> None:
    names = {value.name for value in right().values}
    for row in catalog():
        listed = ITEM in row.path or row.path[-1].startswith("<")
        assert listed or row.name in names or row.path[0] == "targets", row.name
    assert {"topics.carts.life", "windows.28d.pane", "targets.nps_score"} <= names


def test_names_in_force_are_different(right: Right) -> None:
    table = '[[questions]]\nname = "q"\nsurvey_id = "s"\nkind = "nps"\nquestion_id = '
    loaded = right(f'{table}"1"\n{table}"2"')
    names = [value.name for value in loaded.values]
    assert len(names) == len(set(names))
    assert "questions.#2.question_id" in names


def test_a_value_knows_whether_it_decides_stored_data(right: Right) -> None:
    stored = {value.name: value.stored for value in right().values}
    assert stored["cart.quiet_time"]
    assert stored["topics.carts.life"]
    assert not stored["topics.carts.arrival_time"]
    assert not stored["redis.timeout"]


def test_secrets_in_force_are_masked(right: Right) -> None:
    loaded = right('[redis]\npassword = "hunter2"')
    (password,) = (value for value in loaded.values if value.name == "redis.password")
    assert (password.value, password.shown) == ("********", "********")
    assert "hunter2" not in repr(loaded)
