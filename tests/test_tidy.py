"""Style as a test: each message names the fix. Where a rule makes a file worse, the exception stands here with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILE_LINES_MAX = 300
BODY_LINES_MAX = 40
NESTING_MAX = 3
PARAMETERS_MAX = 5

PRODUCT = sorted([*ROOT.glob("processor/**/*.py"), *ROOT.glob("schemas/**/*.py")])
EVERYTHING = sorted([*PRODUCT, *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/**/*.py")])

CLOCKS = re.compile(r"\btime\.time|\bdatetime\.(?:now|utcnow|today)|\bdate\.today|\btime_ns\b")
MAY_READ_CLOCKS = {
    "processor/clock.py": "it is the clock",
}
ENVIRONMENT = re.compile(r"\bos\.environ\b|\bgetenv\b")
MAY_READ_ENVIRONMENT = {
    "processor/cli.py": "it hands the environment to the settings",
}
LEFTOVERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
VAGUE = re.compile(r"(?:^|_)(?:utils?|helpers?|common|manager|misc)(?:_|$)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def body_lines(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def nesting(node: ast.AST, depth: int = 0) -> int:
    """How deep blocks stand in blocks; an `elif` is as deep as its `if`."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        block = isinstance(
            child,
            ast.If
            | ast.For
            | ast.AsyncFor
            | ast.While
            | ast.With
            | ast.AsyncWith
            | ast.Try
            | ast.Match,
        )
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deepest = max(deepest, nesting(child, depth + (block and not chained)))
    return deepest


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_file_is_one_concept(path: Path) -> None:
    lines = path.read_text().count("\n")
    assert lines <= FILE_LINES_MAX, f"{name_of(path)} has {lines} lines: split it by concept"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_function_does_one_thing(path: Path) -> None:
    for function in functions(path):
        where = f"{name_of(path)}:{function.lineno} {function.name}"
        lines = body_lines(function)
        assert lines <= BODY_LINES_MAX, f"{where} has {lines} lines: take a part out and name it"
        depth = nesting(function)
        assert depth <= NESTING_MAX, f"{where} nests {depth} deep: return early, or take a part out"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_function_takes_few_things(path: Path) -> None:
    for function in functions(path):
        arguments = function.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        count = len([name for name in names if name not in ("self", "cls")])
        where = f"{name_of(path)}:{function.lineno} {function.name}"
        assert count <= PARAMETERS_MAX, (
            f"{where} takes {count} things: give those that belong together a name"
        )


@pytest.mark.parametrize(
    "path", [p for p in PRODUCT if name_of(p) not in MAY_READ_CLOCKS], ids=name_of
)
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    found = CLOCKS.search(path.read_text())
    assert not found, (
        f"{name_of(path)} reads {found and found[0]}: be given an instant, or processor.clock.now_ms"
    )


@pytest.mark.parametrize(
    "path", [p for p in PRODUCT if name_of(p) not in MAY_READ_ENVIRONMENT], ids=name_of
)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    found = ENVIRONMENT.search(path.read_text())
    assert not found, f"{name_of(path)} reads the environment: make it a setting"


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_nothing_is_left_for_later(path: Path) -> None:
    found = LEFTOVERS.search(path.read_text())
    assert not found, (
        f"{name_of(path)} has {found and found[0]}: do it, or open an issue and name its number"
    )


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_name_says_what_a_thing_is(path: Path) -> None:
    names = [path.stem, *(function.name for function in functions(path))]
    vague = [name for name in names if VAGUE.search(name)]
    assert not vague, (
        f"{name_of(path)}: {vague} could be anything; use the field's word (docs/GLOSSARY.md)"
    )


def mirrored(path: Path) -> Path:
    """Where the tests of a file stand."""
    relative = path.relative_to(ROOT)
    parts = relative.parts[1:] if relative.parts[0] == "processor" else relative.parts
    return ROOT.joinpath("tests", *parts[:-1], f"test_{parts[-1]}")


UNMIRRORED = {
    "processor/clock.py": "one line that a test could only repeat",
}


@pytest.mark.parametrize(
    "path",
    [p for p in PRODUCT if p.stem != "__init__" and name_of(p) not in UNMIRRORED],
    ids=name_of,
)
def test_every_file_has_its_tests(path: Path) -> None:
    tests = mirrored(path)
    assert tests.exists(), (
        f"{name_of(path)} is covered by no file of its own: write {name_of(tests)}"
    )


def test_the_checks_can_fail() -> None:
    """A planted function breaks every limit."""
    deep = "def f(a, b, c, d, e, g):\n" + "".join("    " * n + f"if a{n}:\n" for n in range(1, 5))
    planted = ast.parse(deep + "    " * 5 + "pass\n" + "    x = 1\n" * 40).body[0]
    assert isinstance(planted, Function)
    assert nesting(planted) > NESTING_MAX
    assert body_lines(planted) > BODY_LINES_MAX
    assert (
        CLOCKS.search("time.time()")
        and ENVIRONMENT.search("os.environ")
        and VAGUE.search("time_utils")
    )
