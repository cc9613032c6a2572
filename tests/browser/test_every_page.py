"""What must hold on every page, in both languages: WCAG 2.2 AA by axe-core, small screens, large text, a quiet browser.

What a program can't judge (is the text clear, is the order sensible) is looked at by people: `make screenshots`.
"""

import gzip
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.routes import Routes
from tests.browser.running import RunningKring
from tests.browser.walk import NODE_MODULES, Walk, walk
from tests.registration.evil_issuer import CLIENT, a_key, an_issuer

CHECKER = NODE_MODULES / "vnu-jar/build/dist/vnu.jar"
AS_TYPED = ("Bad value “x” for attribute “value” on element “input”",)
"""What is wrong stays in its field as it was typed; the walk types an x."""

LARGEST = 100_000
"""Bytes of a page with all that it loads, gzipped."""

MOST_REQUESTS = 5


@pytest.fixture(scope="module")
def kring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningKring]:
    """Organisers may sign in elsewhere too, at an issuer that only has to be there."""
    key = tmp_path_factory.mktemp("issuer") / "key.pem"
    key.write_bytes(a_key("ours").as_pem(private=True))
    with an_issuer(datetime.now(UTC)) as issuer:
        settings = {
            "OIDC_ISSUER": issuer.url,
            "OIDC_NAME": "Voorbeeld-ID",
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_KEY_FILE": str(key),
            "OIDC_ROLES": "office=manager",
            "SIGN_IN_BY_MAIL": "on",
        }
        running = RunningKring(tmp_path_factory.mktemp("walked"), issuer.url, **settings)
        yield running
        running.stop()


@pytest.fixture(scope="module")
def walked(kring: RunningKring) -> Walk:
    return walk(kring)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    return Routes(tmp_path_factory.mktemp("routes"))


def test_no_page_is_forgotten(kring: RunningKring, walked: Walk, routes: Routes) -> None:
    seen = {rule for page in walked.seen for rule in routes.rules("GET", page.asked)}
    forgotten = {rule for rule in routes.pages() - seen if "<" in rule or is_page(kring, rule)}
    assert forgotten == set(), "add a Place to tests/browser/pages.py"


def test_what_counts_as_no_page_is_none(kring: RunningKring, routes: Routes) -> None:
    assert [path for path in routes.no_pages() if is_page(kring, path)] == []


def is_page(kring: RunningKring, path: str) -> bool:
    """Whether a manager is shown something there."""
    answer = kring.visits.get(kring.address + path, allow_redirects=False, timeout=30)
    return answer.ok and answer.headers["Content-Type"].startswith("text/html") and not answer.is_redirect


def test_every_page_answers_as_it_should(walked: Walk) -> None:
    assert walked.faults("status") == {}


@pytest.mark.parametrize("check", ["axe", "light", "dark"])
def test_axe_finds_nothing(walked: Walk, check: str) -> None:
    assert walked.faults(check) == {}


@pytest.mark.parametrize("size", ["phone", "large text"])
def test_nothing_is_cut_off_or_needs_sideways_scrolling(walked: Walk, size: str) -> None:
    assert walked.faults(size) == {}


def test_a_keyboard_reaches_everything_and_one_sees_where_one_is(walked: Walk) -> None:
    assert walked.faults("keyboard") == {}


def test_a_refused_form_leads_to_what_is_wrong_and_says_it_there(walked: Walk) -> None:
    assert walked.faults("errors") == {}


def test_the_browser_has_nothing_to_complain_about(walked: Walk) -> None:
    assert walked.faults("browser") == {}


def test_a_page_has_one_heading_and_says_its_language(walked: Walk) -> None:
    assert {str(page): page.facts["headings"] for page in walked.seen if page.facts["headings"] != 1} == {}
    assert [str(page) for page in walked.seen if page.facts["language"] != page.language] == []
    assert {str(page): page.facts["strange"] for page in walked.seen if page.facts["strange"]} == {}


def test_a_title_tells_pages_apart(walked: Walk, routes: Routes) -> None:
    titles = defaultdict(set)
    for page in walked.seen:
        if page.method == "GET" and page.status < 400:
            titles[page.language, page.facts["title"]].add(routes.page_at(page.asked[0]))
    assert {title: pages for title, pages in titles.items() if len(pages) > 1} == {}


def test_a_page_is_light(walked: Walk) -> None:
    sizes = {url: len(gzip.compress(body)) for url, body in walked.files.items()}
    too_heavy = {}
    for page in walked.seen:
        weight = len(gzip.compress(page.body)) + sum(sizes[url] for url in page.facts["loaded"])
        if weight > LARGEST or len(page.facts["loaded"]) + 1 > MOST_REQUESTS:
            too_heavy[str(page)] = f"{weight} bytes, {page.facts['loaded']}"
    assert too_heavy == {}


def test_all_html_is_valid(walked: Walk, tmp_path: Path) -> None:
    pages = {str(tmp_path / f"{number}.html"): page for number, page in enumerate(walked.seen)}
    for file, page in pages.items():
        Path(file).write_bytes(page.body)
    quickly = ["-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    words = ["--format", "json", "--stdout", "--exit-zero-always", *pages]
    ran = subprocess.run(["java", *quickly, "-jar", CHECKER, *words], capture_output=True, text=True, check=True)
    mistakes = defaultdict(set)
    for said in json.loads(ran.stdout)["messages"]:
        if not said["message"].startswith(AS_TYPED):
            page = pages[urlsplit(said["url"]).path]
            mistakes[f"{said['message']} {said.get('extract', '')[:120]}"].add(str(page))
    assert mistakes == {}
