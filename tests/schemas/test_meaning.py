import pytest
from msgspec import Struct

from schemas.meaning import meaning
from schemas.shape import fields_of
from tests.schemas.test_event import STRUCTS


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_has_a_meaning_of_whole_sentences(struct: type[Struct]) -> None:
    for field in fields_of(struct):
        said = meaning(struct, field.name)
        assert said[0].isupper() or said[0] == "`", said
        assert said.endswith("."), said
        assert "\n" not in said
        assert "  " not in said


def test_a_field_without_a_meaning_is_a_programmers_error() -> None:
    with pytest.raises(KeyError, match="has no meaning"):
        meaning(STRUCTS[0], "mood")


def test_the_same_name_may_mean_another_thing_in_another_event() -> None:
    by_name = {struct.__name__: struct for struct in STRUCTS}
    names = ("SurveyOffered", "ContactEnded", "CartUpdated")
    assert len({meaning(by_name[name], "channel") for name in names}) == 3
