"""Nobody posts without end: counted before anything else, alike for all, and not forgotten by a rollback."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from shared.web.limits import PER_WINDOW, PostLimits
from tests.shared.web.demo import Demo, demo_service

HALF = 0.5  # of the limit: 10 posts for one address


@pytest.fixture(params=["sqlite", "postgresql"])
def narrow(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Demo]:
    own = {"database_url": request.getfixturevalue("postgres")()} if request.param == "postgresql" else {}
    demo = demo_service(tmp_path, limits=HALF, **own)
    yield demo
    demo.database.engine.dispose()


def post(client: FlaskClient, address: str, network: str = "192.0.2.1") -> int:
    path = f"/registration/v1/posts?address={address}"
    return client.post(path, environ_base={"REMOTE_ADDR": network}).status_code


def test_one_address_is_counted_over_all_networks_and_told_when_to_come_back(narrow: Demo) -> None:
    client = narrow.client()
    statuses = [post(client, "a@x.nl", network=f"192.0.2.{number}") for number in range(12)]
    assert statuses == [202] * 10 + [429] * 2
    assert post(client, "b@x.nl") == 202
    refused = client.post("/registration/v1/posts?address=a@x.nl")
    assert refused.mimetype == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 600


def test_a_whole_ministry_may_sign_up_from_one_network() -> None:
    assert PER_WINDOW["network"] >= 300


def test_one_network_is_counted_over_all_addresses(narrow: Demo) -> None:
    client, allowed = narrow.client(), int(PER_WINDOW["network"] * HALF)
    statuses = Counter(post(client, f"a{number}@x.nl") for number in range(allowed + 3))
    assert statuses == {202: allowed, 429: 3}
    assert post(client, "a0@x.nl", network="198.51.100.7") == 202


def test_two_threads_never_get_more_together_than_one(narrow: Demo) -> None:
    clients = [narrow.client() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        statuses = Counter(
            status
            for counted in pool.map(lambda client: [post(client, "a@x.nl") for _ in range(15)], clients)
            for status in counted
        )
    assert statuses == {202: 10, 429: 20}


def test_counts_survive_the_rollback_of_what_was_asked(narrow: Demo) -> None:
    limits: PostLimits = narrow.app.extensions["kring_limits"]
    for _ in range(10):
        limits.count("sign-up", {"address": "a@x.nl"})
        with suppress(ZeroDivisionError), narrow.database.begin() as tx:
            tx.session.execute(text("DELETE FROM rate_limit"))
            raise ZeroDivisionError
    assert post(narrow.client(), "a@x.nl") == 429


def test_after_the_window_all_is_well_and_old_counts_are_swept_away(narrow: Demo) -> None:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    narrow.database.clock = lambda: moment
    client = narrow.client()
    assert [post(client, "a@x.nl") for _ in range(11)][-2:] == [202, 429]
    assert post(client, "b@x.nl") == 202
    moment += timedelta(minutes=10)
    assert post(client, "a@x.nl") == 202
    with narrow.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM rate_limit")) == 3


def test_what_is_stored_tells_nobody_whose_it_is(tmp_path: Path) -> None:
    stored = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        demo = demo_service(tmp_path / name, secret_key=f"the-key-of-service-{name}-0123456789")
        post(demo.client(), "alice@gov.nl")
        with demo.database.reading() as session:
            stored.append(set(session.scalars(text("SELECT key FROM rate_limit"))))
        demo.database.engine.dispose()
    assert stored[0]
    assert not stored[0] & stored[1], "without the key nobody can find an address by trying"
    assert "alice" not in str(stored)
    assert "192.0.2" not in str(stored)


def test_the_network_is_the_readers_behind_our_own_proxy_and_nobody_elses_claim(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    behind = demo_service(tmp_path / "a", limits=1 / 600, trusted_proxies=1)
    direct = demo_service(tmp_path / "b", limits=1 / 600)

    def ask(demo: Demo, address: str, claimed: str) -> int:
        headers = {"X-Forwarded-For": claimed}
        return demo.client().post(f"/registration/v1/posts?address={address}", headers=headers).status_code

    assert [ask(behind, "a@x.nl", "192.0.2.1"), ask(behind, "b@x.nl", "192.0.2.2")] == [202, 202]
    assert [ask(direct, "a@x.nl", "192.0.2.1"), ask(direct, "b@x.nl", "192.0.2.2")] == [202, 429]


def test_off_is_off(tmp_path: Path) -> None:
    client = demo_service(tmp_path, limits=None).client()
    assert {post(client, "a@x.nl") for _ in range(30)} == {202}
