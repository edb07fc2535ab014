from schemas.event import Answer, ContactRecorded, Segment, SurveySubmitted, SurveyWithdrawn
from schemas.record import Part, parts_of
from schemas.shape import Role


def test_a_record_is_cut_into_itself_and_the_objects_of_its_list() -> None:
    said = {"answers": [{"question_id": "q1"}, None, 7, {}], "segments": [{}]}
    parts = list(parts_of(SurveySubmitted, said))
    assert [(part.path, part.struct) for part in parts] == [
        ("", SurveySubmitted),
        ("answers[0].", Answer),
        ("answers[3].", Answer),
    ]


def test_a_list_that_is_none_has_no_parts() -> None:
    nothings: list[object] = [None, {}, "x", 5]
    for nonsense in nothings:
        assert len(list(parts_of(ContactRecorded, {"segments": nonsense}))) == 1
    assert len(list(parts_of(SurveyWithdrawn, {"answers": [{}]}))) == 1


def test_present_is_what_is_neither_absent_nor_null_nor_of_another_role() -> None:
    part = Part("", Segment, {"queued_at": 5, "ended_at": None, "queue": "q", "mood": "good"})
    assert [(field.name, said) for field, said in part.present(Role.INSTANT)] == [("queued_at", 5)]
