import pytest

from processor.settings.collection import OpenTable, Words
from processor.settings.form import Whole
from processor.settings.problem import Fault, FaultsError
from processor.settings.text import Text

LETTERS = Text(r"[a-z]+", "letters")
WORDS = Words(LETTERS, "words", 1, 3)


@pytest.mark.parametrize("written", [["a", "b"], ("a", "b"), "a,b", " a , b ,", '["a", "b"]'])
def test_a_list_is_a_list_or_words_with_commas_or_json(written: object) -> None:
    assert WORDS.parse(written) == ("a", "b")


@pytest.mark.parametrize(
    "written", [[], "", ",", "a,b,c,d", ["a", "a"], ["A"], [1], "[", '{"a": 1}', 1, None]
)
def test_anything_else_is_no_list_and_says_what_would_be(written: object) -> None:
    with pytest.raises(ValueError) as caught:
        WORDS.parse(written)
    assert str(caught.value) == "a list of 1 to 3 different words: each letters"


def test_a_list_that_may_be_empty_says_how_long_it_may_be() -> None:
    assert Words(LETTERS, "words", 0, 3).allowed.startswith("a list of up to 3 different words")
    assert Words(LETTERS, "words").parse([]) == ()


def test_a_list_is_shown_with_commas() -> None:
    assert WORDS.show(("a", "b")) == "a, b"
    assert WORDS.show(()) == WORDS.show(None) == "none"


def test_every_wrong_entry_of_a_table_is_named() -> None:
    table = OpenTable(LETTERS, Whole(0, 9), "a table of letters", {"a": 1})
    assert table.parse({"b": 2}) == {"a": 1, "b": 2}
    with pytest.raises(FaultsError) as caught:
        table.parse({"b": 10, "c": 3, "D": 4})
    assert caught.value.faults == (
        Fault(("b",), "a whole number between 0 and 9"),
        Fault(("D",), "its name must be letters"),
    )
    with pytest.raises(ValueError, match="a table of letters"):
        table.parse(["a"])


def test_a_table_is_shown_with_commas() -> None:
    table = OpenTable(LETTERS, Whole(0, 9), "a table of letters")
    assert table.show({"a": 1, "b": 2}) == "a = 1, b = 2"
    assert table.show({}) == "none"
