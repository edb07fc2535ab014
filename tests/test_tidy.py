"""Style as a test: each message names the fix.

Where a rule makes a file worse, the exception stands here with its reason; one that is not needed
any more fails too.
"""

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
MADE = re.compile(r"\.git|\.venv|\.cache|.*_cache|\.hypothesis|.*\.egg-info|dist|build")
TEXTS = sorted(
    path
    for top in ROOT.iterdir()
    if not MADE.fullmatch(top.name)
    for path in (top.rglob("*") if top.is_dir() else (top,))
    if path.is_file()
    and path.suffix not in (".pyc", ".png")
    and not path.name.startswith(".coverage")
)
REQUIREMENTS = sorted(ROOT.glob("requirements/*"))

MAY_TAKE_MORE = {
    "schemas/decode.py decode": "the parts of a record come apart, and packing them costs each one",
    "processor/cli.py demo": "typer makes an option of each parameter",
    "processor/cli.py simulate": "typer makes an option of each parameter",
}
CLOCKS = re.compile(r"\btime\.time|\bdatetime\.(?:now|utcnow|today)|\bdate\.today|\btime_ns\b")
MAY_READ_CLOCKS = {
    "processor/clock.py": "it is the clock",
    "schemas/examples/producers/aiokafka_producer.py": "an example of somebody else's program",
    "schemas/examples/producers/confluent_producer.py": "an example of somebody else's program",
}
ENVIRONMENT = re.compile(r"\bos\.environ\b|\bgetenv\b")
MAY_READ_ENVIRONMENT = {
    "processor/cli.py": "it hands the environment to the settings",
}
LEFTOVERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
VAGUE = re.compile(r"(?:^|_)(?:utils?|helpers?|common|manager|misc)(?:_|$)")
MACHINE_PATHS = re.compile(r"(?<![\w.~])(?:~|/(?:home|root|Users|work|tmp|mnt))/")
REGISTRIES = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host")

COVERED_BY = {
    # Two lines, through which every process comes that tests start.
    "processor/__main__.py": "tests/e2e/system.py",
    # One suite holds all stores to one contract.
    "processor/store/memory_store.py": "tests/store/test_contract.py",
    # An app only shows what it is worth with a consumer, on a real Kafka.
    "processor/stream/app.py": "tests/stream/test_consumer.py",
    # The examples for producers are run as they are printed.
    "schemas/examples/producers/aiokafka_producer.py": "tests/schemas/test_producers.py",
    "schemas/examples/producers/confluent_producer.py": "tests/schemas/test_producers.py",
}
UNTESTED = {
    "processor/clock.py": "one line that a test could only repeat",
}

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


def parameters(function: Function) -> int:
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def mirrored(path: Path) -> Path:
    """Where the tests of a file stand."""
    parts = path.relative_to(ROOT).parts
    inner = parts[1:] if parts[0] == "processor" else parts
    return ROOT.joinpath("tests", *inner[:-1], f"test_{inner[-1]}")


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_file_is_one_concept(path: Path) -> None:
    lines = path.read_text().count("\n")
    assert lines <= FILE_LINES_MAX, f"{name_of(path)} has {lines} lines: split it by concept"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_file_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), (
        f"{name_of(path)} begins without a word: say what lives here, and what never may"
    )


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
        if f"{name_of(path)} {function.name}" not in MAY_TAKE_MORE:
            count = parameters(function)
            assert count <= PARAMETERS_MAX, (
                f"{name_of(path)}:{function.lineno} {function.name} takes {count} things:"
                " give those that belong together a name"
            )


@pytest.mark.parametrize(
    "path", [p for p in PRODUCT if name_of(p) not in MAY_READ_CLOCKS], ids=name_of
)
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    found = CLOCKS.search(path.read_text())
    assert not found, (
        f"{name_of(path)} reads {found and found[0]}:"
        " be given an instant, or processor.clock.now_ms"
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


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_nothing_speaks_of_the_machine_it_was_written_on(path: Path) -> None:
    found = MACHINE_PATHS.search(path.read_text(errors="replace"))
    assert not found, (
        f"{name_of(path)} names a path under {found and found[0]}, which nobody else has:"
        " go from this file, or ask tempfile"
    )


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_requirements_leave_the_registry_to_whoever_installs(path: Path) -> None:
    found = REGISTRIES.search(path.read_text())
    assert not found, f"{name_of(path)} has {found and found[0]}: pin names, versions and hashes"


@pytest.mark.parametrize(
    "path",
    [p for p in PRODUCT if p.stem != "__init__" and name_of(p) not in COVERED_BY | UNTESTED],
    ids=name_of,
)
def test_every_file_has_its_tests(path: Path) -> None:
    tests = mirrored(path)
    assert tests.exists(), (
        f"{name_of(path)} is covered by no file of its own: write {name_of(tests)}"
    )


@pytest.mark.parametrize(("path", "tests"), COVERED_BY.items())
def test_what_covers_a_file_from_elsewhere_is_there(path: str, tests: str) -> None:
    assert (ROOT / tests).exists(), f"{tests} is gone: who covers {path} now?"


def test_every_exception_is_needed() -> None:
    texts = {name_of(path): path.read_text() for path in PRODUCT}
    large = {
        f"{name_of(path)} {function.name}"
        for path in PRODUCT
        for function in functions(path)
        if parameters(function) > PARAMETERS_MAX
    }
    timely = {name for name, text in texts.items() if CLOCKS.search(text)}
    worldly = {name for name, text in texts.items() if ENVIRONMENT.search(text)}
    uncovered = {name_of(path) for path in PRODUCT if not mirrored(path).exists()}
    idle = [
        *(MAY_TAKE_MORE.keys() - large),
        *(MAY_READ_CLOCKS.keys() - timely),
        *(MAY_READ_ENVIRONMENT.keys() - worldly),
        *((COVERED_BY | UNTESTED).keys() - uncovered),
    ]
    assert not idle, f"{idle} keep the rule now: take them off the list of exceptions"


def test_the_checks_of_functions_can_fail() -> None:
    """A planted function breaks every limit."""
    deep = "def f(a, b, c, d, e, g):\n" + "".join("    " * n + f"if a{n}:\n" for n in range(1, 5))
    planted = ast.parse(deep + "    " * 5 + "pass\n" + "    x = 1\n" * 40).body[0]
    assert isinstance(planted, Function)
    assert nesting(planted) > NESTING_MAX
    assert body_lines(planted) > BODY_LINES_MAX
    assert parameters(planted) > PARAMETERS_MAX


def test_the_checks_of_files_can_fail() -> None:
    assert not ast.get_docstring(ast.parse('X = 1\n"""Too late."""\n'))
    assert mirrored(ROOT / "processor/store/gap.py") == ROOT / "tests/store/test_gap.py"
    assert mirrored(ROOT / "schemas/gap.py") == ROOT / "tests/schemas/test_gap.py"
    assert Path(__file__) in TEXTS
    assert {".ci", "Makefile", "docs", "scripts"} <= {p.relative_to(ROOT).parts[0] for p in TEXTS}


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (CLOCKS, "time.time()"),
        (ENVIRONMENT, "os.environ"),
        (LEFTOVERS, "# TO" + "DO: later"),
        (VAGUE, "time_utils"),
        (MACHINE_PATHS, 'JARS = "/ho' + 'me/somebody/kafka"'),
        (MACHINE_PATHS, "cd /wo" + "rk/main"),
        (MACHINE_PATHS, "dir=/tm" + "p/cxpulse"),
        (MACHINE_PATHS, "~" + "/kafka/bin"),
        (REGISTRIES, "--index-url internal"),
        (REGISTRIES, "faust @ git+https://example.com/faust"),
    ],
)
def test_the_checks_of_words_can_fail(pattern: re.Pattern[str], planted: str) -> None:
    assert pattern.search(planted)


@pytest.mark.parametrize(
    "text",
    ["https://example.com/home/", "docs/work/plan.md", "/etc/ssl/certs", "./tmp/x", "a/~b", "//"],
)
def test_other_paths_are_nobodys_machine(text: str) -> None:
    assert not MACHINE_PATHS.search(text)
