from pathlib import Path

import pytest

from processor.settings.problem import Fault
from processor.settings.redis import RedisSettings
from processor.settings.tls import tls_faults

PEM = Path("x.pem")


def files(**given: Path) -> RedisSettings:
    return RedisSettings().model_copy(update=given)


def test_what_nobody_reads_is_a_fault_each() -> None:
    both = files(ca_file=PEM, key_file=PEM)
    assert list(tls_faults(both, "why")) == [
        Fault(("ca_file",), "why"),
        Fault(("key_file",), "why"),
    ]


@pytest.mark.parametrize("lacking", ["certificate_file", "key_file"])
def test_a_certificate_and_its_key_go_together(lacking: str) -> None:
    pair = {"certificate_file": PEM, "key_file": PEM}
    assert not list(tls_faults(files(**pair), None))
    del pair[lacking]
    assert [fault.path for fault in tls_faults(files(**pair), None)] == [(lacking,)]
