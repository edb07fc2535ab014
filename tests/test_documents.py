"""The generated pages are what is made now, true of what is exposed, and true to the byte."""

import re
from collections.abc import Callable, Iterator
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from processor.core import pane, score
from processor.core.admission import Admitted
from processor.core.head import Head
from processor.core.metric import SCORES
from processor.core.pane import pack_vector
from processor.core.tally import Vector
from processor.store import layout
from tests.documents import __main__ as writer
from tests.documents.catalog.holding import exposed, told, total_name
from tests.documents.example import story
from tests.documents.example.anatomy import packed_case, packed_state, packed_summary
from tests.documents.example.arithmetic import net_promoter_steps
from tests.documents.example.call import naming_of
from tests.documents.example.stage import Act
from tests.documents.example.story import CUSTOMER, EDIT, ORDER, REMARK, SURVEY, record, tell
from tests.documents.example.wire import commit_listing, typed
from tests.laws.runs import vectors
from tests.oracle import Oracle
from tests.world import World, totals

ROOT = Path(__file__).parent.parent


def text_of(name: str) -> str:
    return (writer.DOCS / name).read_text(encoding="utf-8")


@pytest.fixture
def anew() -> Iterator[None]:
    """The story is told once in a run; whoever changes the product has it told anew."""
    tell.cache_clear()
    yield
    tell.cache_clear()


@pytest.mark.parametrize("name", writer.PAGES)
def test_the_page_in_the_repository_is_the_one_that_is_made(name: str) -> None:
    assert text_of(name) == writer.PAGES[name](), "run `python -m tests.documents`"


def test_writing_the_pages_twice_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(writer, "DOCS", tmp_path)
    assert writer.main() == 0
    assert capsys.readouterr().out.split() == list(writer.PAGES)
    assert writer.main() == 0
    assert capsys.readouterr().out == ""


def _long_form(vector: Vector) -> bytes:
    """The same array with a longer head: every reader takes it for the same vector."""
    return b"\xdc" + len(vector).to_bytes(2, "big") + pack_vector(vector)[1:]


def _later_id(head: Head) -> str:
    return f"{head.clock_ms + 1}-{head.position}"


@pytest.mark.parametrize(
    ("where", "name", "fault"),
    [(pane, "pack_vector", _long_form), (layout, "journal_id", _later_id)],
    ids=["the codec of cells", "the name of a journal entry"],
)
@pytest.mark.usefixtures("anew")
def test_a_changed_byte_is_noticed(
    where: object, name: str, fault: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, fault)
    assert text_of("worked-example.md") != writer.PAGES["worked-example.md"]()


def test_steps_that_lead_elsewhere_than_the_score_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(score, "Z", 1.96)
    with pytest.raises(ValueError, match="the steps lead to"):
        net_promoter_steps(3, 1, 5)


@pytest.mark.parametrize("name", writer.PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text_of(name)):
        path, _, anchor = target.partition("#")
        linked = writer.DOCS / path if path else writer.DOCS / name
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), target


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


METRICS = text_of("metrics.md")


def test_every_family_that_is_exposed_is_on_the_page_and_every_one_on_the_page_is_exposed() -> None:
    assert told(METRICS).keys() == exposed().keys()


@pytest.mark.parametrize("name", ["cx_fcr_ratio", "cx_orders", "cx_up", "cx_worker_stopped"])
def test_a_metric_without_a_row_is_noticed(name: str) -> None:
    without = "\n".join(line for line in METRICS.splitlines() if f"`{name}`" not in line) + "\n"
    assert name in exposed().keys() - told(without).keys()


def test_the_page_gives_every_family_the_labels_that_it_has() -> None:
    common = {"window", "channel", "brand", "queue"}
    for name, labels in told(METRICS).items():
        if not name.endswith(("_coverage_ratio", "_target")):
            assert labels == set(exposed()[name].labels) - common, name


def test_a_family_that_shows_only_at_times_is_on_the_page_too() -> None:
    """The scrapes may miss a condition; the names in the source do not."""
    source = (ROOT / "processor" / "export" / "exposition.py").read_text(encoding="utf-8")
    names = re.findall(r'f"\{PREFIX\}(\w+)"', source)
    assert len(names) >= 8
    assert [name for name in names if f"cx_{name}" not in told(METRICS)] == []


@pytest.mark.parametrize("name", writer.PAGES)
def test_no_page_speaks_of_a_metric_that_does_not_exist(name: str) -> None:
    known = exposed().keys()
    named = set(re.findall(r"\bcx_\w+", text_of(name)))
    assert [each for each in named if total_name(each) not in known] == []


def test_every_score_and_count_has_its_row() -> None:
    for metric in SCORES:
        assert f"cx_{metric.name}" in told(METRICS)
        assert metric.source in METRICS


def acts() -> list[Act]:
    return [each for each in tell() if isinstance(each, Act)]


def test_the_commits_on_the_page_are_the_arguments_that_are_sent() -> None:
    shown = [act for act in acts() if commit_listing(act) in text_of("worked-example.md")]
    assert len(shown) == 9
    for act in shown:
        keys, arguments = typed(commit_listing(act))
        assert keys == act.keys
        assert arguments == [sent if isinstance(sent, bytes) else str(sent) for sent in _sent(act)]


def _sent(act: Act) -> list[Any]:
    predecessor, commit, head, *rest = act.arguments
    return [predecessor, commit, head.decode() if isinstance(head, bytes) else head, *rest]


def test_the_bytes_taken_apart_are_all_the_bytes() -> None:
    naming = naming_of(tell(), "contact")
    cases = naming_of(tell(), "case")
    (packed,) = tell().contact.changes.states.values()
    assert joined(packed_state(packed, naming)) == packed
    (case,) = tell().case_again.changes.states.values()
    assert joined(packed_case(case, cases)) == case
    summary = tell().case.told[0].record.value or b""
    assert joined(packed_summary(summary, cases)) == summary


def joined(anatomy: str) -> bytes:
    pieces = [line.partition("  ")[0] for line in anatomy.splitlines()[1:-1]]
    return bytes.fromhex("".join(pieces))


def test_the_windows_of_the_example_are_those_of_the_oracle() -> None:
    stage = tell().stage
    oracle = Oracle(stage.definitions, stage.identity)
    for act in stage.acts:
        for each in act.told if act.place != stage.cases else ():
            assert oracle.read(act.place.topic, 0, each.record)[0] in ("applied", "no_effect")
    as_of_ms = tell().windows.partitions["carts", 0].as_of_ms
    known = {(p.topic, 0): as_of_ms for p in stage.places} | {("cases", 0): as_of_ms}
    expected = oracle.windows(story.NOW_MS, known)
    for window in stage.definitions.windows:
        assert vectors(totals(tell().windows, window.name)) == expected[window.name]


def test_the_lines_on_the_page_are_lines_of_the_exposition() -> None:
    lines = re.findall(
        r"^(?:# )?(?:HELP |TYPE )?cx_.*$", text_of("worked-example.md"), re.MULTILINE
    )
    assert len(lines) > 60
    real = set(tell().exposition.splitlines())
    # In Redis a line is a field and a value, and the page shows one of them like that.
    assert [line for line in lines if line not in real] == ['cx_nps_score{window="1h"}  40.0']


def test_the_steps_on_the_page_end_in_the_numbers_that_are_exposed() -> None:
    page = text_of("worked-example.md")
    series = {
        sample.name + str(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(tell().exposition)
        for sample in family.samples
    }
    blocks = re.findall(r"```text\n(score = [^`]*)```\n\n```text\n(cx_[^`]*)```", page)
    assert len(blocks) == 6
    for steps, lines in blocks:
        name, window = re.match(r'(\w+)\{window="(\w+)"\}', lines).groups()  # type: ignore[union-attr]
        for step, suffix in (("score", ""), ("lower", "_lower"), ("upper", "_upper")):
            ended = re.findall(rf"^{step} .*?(\S+)$", steps, re.MULTILINE)
            held = series[f"{name}{suffix}[('window', '{window}')]"]
            assert isclose(float(ended[0]), held, rel_tol=1e-5, abs_tol=1e-9)


def test_no_id_and_no_remark_is_sent_to_redis() -> None:
    ids = (str(SURVEY["response_id"]), str(SURVEY["event_id"]), CUSTOMER, ORDER, REMARK)
    for act in tell().stage.acts:
        sent = b" ".join(a if isinstance(a, bytes) else str(a).encode() for a in act.arguments)
        assert [each for each in ids if each.encode() in sent] == []


def test_an_edit_that_arrives_first_gives_the_same_state_and_panes() -> None:
    definitions = tell().stage.definitions
    worlds = [World(definitions, bytes(range(32))) for _ in range(2)]
    for world, order in zip(worlds, ((SURVEY, EDIT), (EDIT, SURVEY)), strict=True):
        for offset, event in enumerate(order):
            world.feed("surveys", [record(offset, event, "11:55:00")])
    one, other = (world.view("surveys") for world in worlds)
    assert one.panes.stored == other.panes.stored
    assert _state(worlds[0], (SURVEY, EDIT)) == _state(worlds[1], (EDIT, SURVEY))


def _state(world: World, events: tuple[dict[str, Any], ...]) -> object:
    plan = world.plans.of("surveys")
    state: Any = None
    for event in events:
        admitted = plan.admission.admit(record(0, event, "11:55:00"))
        assert isinstance(admitted, Admitted)
        state = admitted.addition if state is None else plan.rules.join(state, admitted.addition)
    return state
