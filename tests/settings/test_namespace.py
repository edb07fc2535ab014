from pathlib import Path

import pytest

from tests.settings.conftest import KEY, Right, Wrong

MAKE = 'make them with python -c "import secrets; print(secrets.token_hex(32))"'


@pytest.mark.parametrize("key", ["ab" * 31, "ab" * 33, "xy" * 32, "ab" * 31 + "a "])
def test_a_key_has_64_hexadecimal_digits_and_is_never_shown(wrong: Wrong, key: str) -> None:
    assert wrong(CXPULSE_NAMESPACE__ID_KEY=key) == [
        "namespace.id_key = ******** (environment CXPULSE_NAMESPACE__ID_KEY): 64 hexadecimal"
        f" digits; {MAKE}"
    ]


def test_a_key_may_come_from_a_file(right: Right, wrong: Wrong, folder: Path) -> None:
    (folder / "key").write_text(KEY + "\n")
    toml = '[namespace]\nid_key_file = "key"'
    key = right(toml).settings.namespace.id_key
    assert key is not None
    assert key.get_secret_value() == KEY
    (folder / "key").write_text("hunter2")
    assert wrong(toml) == [
        f"namespace.id_key = ******** (secret file key): 64 hexadecimal digits; {MAKE}"
    ]


def test_a_name_fits_into_keys_groups_and_topics(wrong: Wrong) -> None:
    for name in ("", "CX", "a.b", "a_b", "a{b", "x" * 41):
        (line,) = wrong(f'[namespace]\nname = "{name}"')
        assert "lower-case letters, digits and hyphens" in line
