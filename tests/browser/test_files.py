"""The page is served as it stands: no build, no other host, what is vendored known to the byte."""

import hashlib
import re

import pytest

from tests.browser.board_server import STATIC

# uPlot 1.6.32 as npm publishes it, dist/ of the package.
VENDORED = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}
OWN = sorted(path for path in STATIC.iterdir() if path.is_file())


@pytest.mark.parametrize("name", VENDORED)
def test_a_vendored_file_is_the_published_one(name: str) -> None:
    assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == VENDORED[name]


def test_the_licence_of_what_is_vendored_stands_beside_it() -> None:
    licence = (STATIC / "vendor" / "uPlot.LICENSE.txt").read_text()
    assert licence.startswith("The MIT License")
    assert "Leon Sorokin" in licence


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_file_names_another_host_or_writes_html(path: object) -> None:
    text = (STATIC / str(path)).read_text()
    hosts = set(re.findall(r"https?://[^/\"' )]+", text)) - {"http://www.w3.org"}
    assert hosts == set()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)


def test_every_address_in_the_page_is_relative_so_that_it_lives_under_any_path() -> None:
    addresses = re.findall(r'(?:href|src)="([^"]+)"', (STATIC / "index.html").read_text())
    assert addresses
    assert [address for address in addresses if address.startswith(("/", "http"))] == []
