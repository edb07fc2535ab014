"""The example that people copy is complete and right, its commented lines included."""

import re
import tomllib
from pathlib import Path

from processor.settings.catalog import ITEM, catalog
from processor.settings.definition import to_definitions
from processor.settings.load import load
from tests.settings.conftest import KEY

EXAMPLE = Path(__file__).parent.parent.parent / "cxpulse.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def uncommented(folder: Path) -> str:
    """The example with its commented settings in force, and with files that are there."""
    (folder / "file").write_text(KEY)
    text = re.sub(r"^#(?=[a-z_]+ = )", "", TEXT, flags=re.MULTILINE)
    return re.sub(r'(?<=_file = )".*"', f'"{folder / "file"}"', text)


def test_the_example_is_right_as_it_is() -> None:
    loaded = load(EXAMPLE, {})
    assert len(loaded.settings.questions) > 10


def test_what_is_commented_out_is_right_as_well(tmp_path: Path) -> None:
    path = tmp_path / "cxpulse.toml"
    path.write_text(uncommented(tmp_path))
    settings = load(path, {}).settings
    assert settings.kafka.security_protocol == "SASL_SSL"
    assert settings.redis.tls
    assert settings.kafka.ce_type_prefixes == ("com.example.",)
    assert to_definitions(settings).fingerprint


def test_the_example_names_almost_every_setting(tmp_path: Path) -> None:
    tree = tomllib.loads(uncommented(tmp_path))
    rare = {
        "namespace.id_key",
        "kafka.password",
        "kafka.certificate_file",
        "kafka.key_file",
        "redis.password",
        "redis.certificate_file",
        "redis.key_file",
        "questions[].source",
    }
    left_out = set()
    for row in catalog():
        tables = [tree]
        for part in row.path[:-1]:
            tables = [
                below
                for table in tables
                for below in ([table] if part == ITEM else _below(table.get(part, {})))
            ]
        known = any(row.path[-1] in table for table in tables) or row.path[-1].startswith("<")
        if not known and row.path[0] != "targets":
            left_out.add(row.name)
    assert left_out == rare


def _below(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else [value]  # type: ignore[list-item]  # a table


def test_every_example_section_is_one_of_ours() -> None:
    assert set(tomllib.loads(TEXT)) == {row.path[0] for row in catalog()}
