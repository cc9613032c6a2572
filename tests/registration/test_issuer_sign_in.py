"""Organisers sign in at an identity provider that does everything right; one that does not gets nobody in."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.actions.keep_organisers import keep_organiser
from services.registration.tables import flow, grants, heard_logout, issuer_attempt
from shared.db.audit_search import Question, entries
from shared.web.access import SIGN_IN_COOKIE
from tests.grounds import Ground, Standing
from tests.registration.conftest import Clock, World, csrf, founded
from tests.registration.evil_issuer import CLIENT, Evil, a_key, an_issuer, signed_with_public_key, unsigned

PAGE, DESK = "/registration/sign-in", "/registration/desk"
LOGOUT = "/registration/v1/issuers/1/logout"
_days = count(2, 2)


@dataclass
class Elsewhere:
    """A visitor of registration, and the two issuers where one signs in to it."""

    world: World
    issuer: Evil
    other: Evil
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.world.service.app.test_client()

    def go(self, number: int = 1, back_to: str = "") -> str:
        """Press the button that leads to an issuer; gives where it leads."""
        away = self.start(number, back_to)
        assert away.status_code == 200, away.text
        found = re.search(r'content="0; url=([^"]+)"', away.text)
        assert found
        return html.unescape(found[1])

    def start(self, number: int = 1, back_to: str = "") -> TestResponse:
        page = self.browser.get(PAGE)
        return self.browser.post(f"{PAGE}/oidc/{number}/start", data={"csrf_token": csrf(page), "next": back_to})

    def come_back(self, brought: dict[str, str], number: int = 1, browser: FlaskClient | None = None) -> TestResponse:
        """Come back with what the issuer gave, and press the button there."""
        browser = browser or self.browser
        address = f"{PAGE}/oidc/{number}"
        shown = browser.get(address, query_string=brought)
        if shown.status_code != 200:
            return shown
        return browser.post(address, data={"csrf_token": csrf(shown), **brought})

    def sign_in(self) -> TestResponse:
        return self.come_back(self.issuer.code_for(self.go()))

    def is_in(self, browser: FlaskClient | None = None) -> bool:
        return (browser or self.browser).get(DESK).status_code == 200

    def refusals(self) -> list[str]:
        """Which checks did not let somebody in, as the audit log has them: without who it was."""
        with self.world.service.database.reading() as session:
            noted = entries(session, flow, Question(act="sign-in.refused"), limit=100)
        assert {(each.by, each.thing) for each in noted} <= {("nobody", "issuer-1"), ("nobody", "issuer-2")}
        assert not any("anna" in str(each).lower() for each in noted)
        return [each.facts["code"] for each in noted]

    def hear(self, token: str) -> int:
        """The issuer says that somebody signed out there."""
        return self.browser.post(LOGOUT, data={"logout_token": token}).status_code


@pytest.fixture(scope="module")
def issuers() -> Iterator[tuple[Evil, Evil]]:
    """Two sites that stand through all stories."""
    with an_issuer(Clock().now) as one, an_issuer(Clock().now) as two:
        yield one, two


@pytest.fixture
def elsewhere(ground: Ground, clock: Clock, standing: dict[object, Standing], issuers: tuple[Evil, Evil]) -> Elsewhere:
    """Each story is a few days after the one before, so that nothing is believed which was said in that one."""
    clock.now += timedelta(days=next(_days))
    one, two = (Evil(each.url, clock.now) for each in issuers)
    for each, now in zip(issuers, (one, two), strict=True):
        vars(each).update(vars(now))
    which = ("registration at issuers", ground.name, one.url)
    if which not in standing:
        url = ground.lasting_url("registration")
        build = lambda now: founded(url, now, issuers=(issuers[0].as_issuer(1), issuers[1].as_issuer(2)))  # noqa: E731
        standing[which] = Standing(build, clock)
    service = standing[which].as_new(clock)
    return Elsewhere(World(service, clock, service.app.test_client()), *issuers)


only_embedded = pytest.mark.parametrize("ground", ["embedded"], indirect=True)


def test_an_organiser_signs_in_elsewhere_and_is_known_by_what_the_claims_say(elsewhere: Elsewhere) -> None:
    elsewhere.issuer.claims = {"groups": ["south", "east", "unknown"]}
    address = elsewhere.go(back_to="/registration/desk?past=true")
    brought = elsewhere.issuer.code_for(address)

    assert elsewhere.browser.get(f"{PAGE}/oidc/1", query_string=brought).status_code == 200
    assert not elsewhere.is_in()  # a GET signs nobody in
    back = elsewhere.come_back(brought)

    assert (back.status_code, back.location) == (303, "/registration/desk?past=true")
    assert elsewhere.is_in()
    (session,) = elsewhere.world.told("access.changed")
    assert (session.kind, session.role, session.regions) == ("session", "organiser", ("PV24", "PV30"))
    assert session.known_as == "Anna van Voorbeeld"
    (form,) = elsewhere.issuer.forms
    shown = jwt.decode(form["client_assertion"], a_key("ours"), algorithms=["RS256", "PS256"]).claims
    assert (shown["iss"], shown["sub"], shown["aud"]) == (CLIENT, CLIENT, f"{elsewhere.issuer.url}/token")
    assert shown["exp"] - shown["iat"] <= 60
    assert len(form["code_verifier"]) >= 43
    with elsewhere.world.service.database.reading() as database:
        assert database.execute(select(issuer_attempt)).all() == []


def test_a_manager_sees_whose_role_comes_from_an_issuer(elsewhere: Elsewhere) -> None:
    assert elsewhere.sign_in().status_code == 303

    (line,) = (
        line for line in elsewhere.browser.get("/registration/roles").text.split("<tr>") if "Anna van Voorbeeld" in line
    )

    assert "Voorbeeld-ID" in line
    assert "Programmamanager" in line
    assert "/ending" not in line


def test_what_the_id_token_does_not_say_the_issuer_is_asked(elsewhere: Elsewhere) -> None:
    elsewhere.issuer.claims = {"groups": None, "name": None, "email": "anna@kring.example", "email_verified": False}
    elsewhere.issuer.user_info = {"sub": "anna", "groups": ["office"], "preferred_username": "anna"}

    assert elsewhere.sign_in().status_code == 303

    (session,) = elsewhere.world.told("access.changed")
    assert (session.role, session.known_as) == ("manager", "anna")  # the address is nobody's word


def test_a_key_that_is_new_is_asked_for_but_not_again_and_again(elsewhere: Elsewhere) -> None:
    assert elsewhere.sign_in().status_code == 303
    elsewhere.issuer.keys = [a_key("two")]
    elsewhere.issuer.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, a_key("two"))
    elsewhere.world.clock.now += timedelta(minutes=2)

    assert elsewhere.sign_in().status_code == 303

    elsewhere.issuer.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "three"}, claims, a_key("one"))
    asked = elsewhere.issuer.asked.count("/keys")
    assert [elsewhere.hear(elsewhere.issuer.logout_token(jti=str(each))) for each in range(5)] == [400] * 5
    assert elsewhere.issuer.asked.count("/keys") == asked


def test_who_has_another_role_now_is_signed_out_where_it_was_the_old_one(elsewhere: Elsewhere) -> None:
    elsewhere.sign_in()
    before, elsewhere.browser = elsewhere.browser, elsewhere.world.service.app.test_client()
    elsewhere.issuer.claims = {"groups": "east"}

    elsewhere.sign_in()

    assert not elsewhere.is_in(before)
    assert elsewhere.is_in()
    assert len({said.person_id for said in elsewhere.world.told("access.changed")}) == 1


def test_the_session_is_a_new_one_whatever_the_browser_had_before(elsewhere: Elsewhere) -> None:
    elsewhere.browser.set_cookie(SIGN_IN_COOKIE, "planted")
    elsewhere.sign_in()
    first = elsewhere.browser.get_cookie(SIGN_IN_COOKIE)
    elsewhere.sign_in()
    second = elsewhere.browser.get_cookie(SIGN_IN_COOKIE)
    assert first
    assert second
    assert len({"planted", first.value, second.value}) == 3
    with elsewhere.world.service.database.reading() as database:
        assert len(database.execute(select(grants).where(~grants.c.revoked)).all()) == 1


def test_who_signs_out_here_is_shown_the_way_to_sign_out_there(elsewhere: Elsewhere) -> None:
    elsewhere.sign_in()

    left = elsewhere.browser.post("/registration/sign-out", data={"csrf_token": csrf(elsewhere.browser.get(DESK))})

    assert f"{elsewhere.issuer.url}/out?client_id=kring&amp;post_logout_redirect_uri=http%3A%2F%2F127" in left.text
    assert not elsewhere.is_in()


@pytest.mark.parametrize("whom", [{"sub": "anna"}, {"sub": None, "sid": "there-1"}, {"sid": "there-1"}])
def test_who_signs_out_there_is_signed_out_here(elsewhere: Elsewhere, whom: dict[str, str]) -> None:
    elsewhere.sign_in()
    assert elsewhere.hear(elsewhere.issuer.logout_token(jti="another", sub=None, sid="there-2")) == 200
    assert elsewhere.is_in()

    assert elsewhere.hear(elsewhere.issuer.logout_token(**whom)) == 200

    assert not elsewhere.is_in()
    elsewhere.world.clock.now += timedelta(days=1)
    elsewhere.world.do_what_is_due()
    with elsewhere.world.service.database.reading() as database:
        assert database.execute(select(heard_logout)).all() == []


def test_an_issuer_that_is_away_for_an_hour_is_believed_as_before_and_one_never_heard_is_not(
    elsewhere: Elsewhere,
) -> None:
    assert elsewhere.sign_in().status_code == 303
    elsewhere.world.clock.now += timedelta(hours=2)
    elsewhere.issuer.metadata = elsewhere.other.metadata = {"issuer": None}

    assert elsewhere.start().status_code == 200
    assert elsewhere.start(2).status_code == 400


def later(elsewhere: Elsewhere, seconds: int) -> int:
    return int(elsewhere.issuer.now.timestamp()) + seconds


def other_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, a_key("another"))


def unknown_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "another"}, claims, a_key("another"))


def not_announced(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "PS256", "kid": "one"}, claims, a_key("one"), algorithms=["PS256"])


def as_logout_token(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one", "typ": "logout+jwt"}, claims, a_key("one"))


def own_key_inside(claims: dict[str, Any]) -> str:
    key = a_key("another")
    return jwt.encode({"alg": "RS256", "kid": "another", "jwk": key.as_dict(private=False)}, claims, key)


def broken(claims: dict[str, Any]) -> str:
    head, _, tail = jwt.encode({"alg": "RS256", "kid": "one"}, claims, a_key("one")).rpartition(".")
    return f"{head}.{tail[::-1]}"


Claims = Callable[[Elsewhere], dict[str, Any]]
BAD_CLAIMS: dict[str, Claims] = {
    "of another issuer": lambda _: {"iss": "https://elsewhere.example"},
    "of the other issuer that is known": lambda those: {"iss": those.other.url},
    "with a slash too much in its issuer": lambda those: {"iss": f"{those.issuer.url}/"},
    "of no issuer": lambda _: {"iss": None},
    "for another audience": lambda _: {"aud": "another"},
    "for nobody": lambda _: {"aud": None},
    "for several without saying who asked": lambda _: {"aud": [CLIENT, "another"]},
    "that another asked for": lambda _: {"aud": [CLIENT, "another"], "azp": "another"},
    "that is over": lambda those: {"exp": later(those, -61)},
    "that never ends": lambda _: {"exp": None},
    "that ends at no number": lambda _: {"exp": "tomorrow"},
    "of the future": lambda those: {"iat": later(those, 90)},
    "of no moment": lambda _: {"iat": None},
    "not to be used yet": lambda those: {"nbf": later(those, 90)},
    "with another nonce": lambda _: {"nonce": "another"},
    "without nonce": lambda _: {"nonce": None},
    "of nobody": lambda _: {"sub": None},
    "of an organiser's address only": lambda _: {"sub": None, "email": "noor@kring.example", "email_verified": True},
    "of a number": lambda _: {"sub": 7},
    "of a name too long": lambda _: {"sub": "a" * 256},
    "for another access token": lambda _: {"at_hash": "c29tZXRoaW5n"},
}
BAD_SIGNATURES: dict[str, Callable[[dict[str, Any]], str]] = {
    "none": unsigned,
    "with the public key as a secret": signed_with_public_key,
    "with a key that is not published": unknown_key,
    "with another key under a known name": other_key,
    "with a key that it brings along": own_key_inside,
    "with an algorithm that was not announced": not_announced,
    "broken": broken,
    "on a logout token": as_logout_token,
}


@only_embedded
@pytest.mark.parametrize("kind", BAD_CLAIMS)
def test_a_token_gets_nobody_in(elsewhere: Elsewhere, kind: str) -> None:
    with elsewhere.world.service.database.begin() as tx:
        keep_organiser(tx, "noor@kring.example", "manager", by="operator")
    elsewhere.issuer.claims = BAD_CLAIMS[kind](elsewhere)

    assert elsewhere.sign_in().status_code == 400

    assert not elsewhere.is_in()
    assert elsewhere.refusals() == ["bad-id-token"]


@only_embedded
@pytest.mark.parametrize("kind", BAD_SIGNATURES)
def test_a_signature_gets_nobody_in(elsewhere: Elsewhere, kind: str) -> None:
    elsewhere.issuer.sign = BAD_SIGNATURES[kind]

    assert elsewhere.sign_in().status_code == 400

    assert not elsewhere.is_in()


BAD_ISSUERS: dict[str, dict[str, Any]] = {
    "is another": {"metadata": {"issuer": "https://elsewhere.example"}},
    "takes only plain challenges": {"metadata": {"code_challenge_methods_supported": ["plain"]}},
    "takes no challenges": {"metadata": {"code_challenge_methods_supported": []}},
    "knows clients by a password only": {
        "metadata": {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    },
    "has no token endpoint": {"metadata": {"token_endpoint": None}},
    "has its keys where nobody is protected": {"metadata": {"jwks_uri": "file:///keys"}},
    "has no keys": {"metadata": {"jwks_uri": "http://127.0.0.1:9/"}},
    "gives no ID token": {"answer": {"id_token": None}},
    "answers with an error": {"status": 500},
    "sends its answer elsewhere": {"status": 302},
    "speaks of another person": {"claims": {"groups": None}, "user_info": {"sub": "bram", "groups": ["office"]}},
    "speaks of nobody": {"claims": {"groups": None}, "user_info": {"groups": ["office"]}},
    "gives no role": {"claims": {"groups": ["unknown"]}},
    "gives a role in another claim": {"claims": {"groups": None, "roles": ["office"]}},
}


@only_embedded
@pytest.mark.parametrize("kind", BAD_ISSUERS)
def test_an_issuer_gets_nobody_in_that(elsewhere: Elsewhere, kind: str) -> None:
    vars(elsewhere.issuer).update(BAD_ISSUERS[kind])

    started = elsewhere.start()
    answer = elsewhere.sign_in() if started.status_code == 200 else started

    assert answer.status_code in {400, 403, 503}
    assert not elsewhere.is_in()
    assert len(elsewhere.refusals()) == (started.status_code == 200)


def test_a_flow_gets_nobody_in_twice_or_in_another_browser(elsewhere: Elsewhere) -> None:
    brought = elsewhere.issuer.code_for(elsewhere.go())
    stranger = elsewhere.world.service.app.test_client()

    assert elsewhere.come_back(brought, browser=stranger).status_code == 400
    assert not elsewhere.is_in(stranger)
    assert elsewhere.come_back(brought).status_code == 303
    elsewhere.browser.delete_cookie(SIGN_IN_COOKIE)
    assert elsewhere.come_back({**brought, **elsewhere.issuer.code_for(elsewhere.go(), "b")}).status_code == 303
    elsewhere.browser.delete_cookie(SIGN_IN_COOKIE)
    assert elsewhere.come_back(brought).status_code == 400
    assert not elsewhere.is_in()


Flow = Callable[[Elsewhere, dict[str, str]], dict[str, str]]
BAD_FLOWS: dict[str, Flow] = {
    "with a state that nobody gave": lambda _, brought: {**brought, "state": "made-up"},
    "without state": lambda _, brought: {"code": brought["code"]},
    "without code": lambda _, brought: {"state": brought["state"]},
    "with an error": lambda _, brought: {"state": brought["state"], "error": "access_denied"},
    "with another code": lambda _, brought: {**brought, "code": "guessed"},
    "in the name of another issuer": lambda those, brought: {**brought, "iss": those.other.url},
}


@only_embedded
@pytest.mark.parametrize("kind", BAD_FLOWS)
def test_a_flow_gets_nobody_in(elsewhere: Elsewhere, kind: str) -> None:
    brought = BAD_FLOWS[kind](elsewhere, elsewhere.issuer.code_for(elsewhere.go()))

    assert elsewhere.come_back(brought).status_code == 400

    assert not elsewhere.is_in()


@only_embedded
def test_one_issuer_cannot_pass_on_what_was_begun_at_the_other(elsewhere: Elsewhere) -> None:
    brought = elsewhere.issuer.code_for(elsewhere.go(1))
    elsewhere.go(2)
    assert elsewhere.come_back(brought, number=2).status_code == 400
    assert elsewhere.other.forms == []  # nor does it get the code
    assert not elsewhere.is_in()


@only_embedded
def test_an_issuer_that_says_its_name_always_must_say_it(elsewhere: Elsewhere) -> None:
    elsewhere.issuer.metadata = {"authorization_response_iss_parameter_supported": True}
    brought = elsewhere.issuer.code_for(elsewhere.go())
    assert elsewhere.come_back(brought).status_code == 400
    brought = elsewhere.issuer.code_for(elsewhere.go())
    assert elsewhere.come_back({**brought, "iss": elsewhere.issuer.url}).status_code == 303


@only_embedded
def test_who_takes_too_long_begins_anew(elsewhere: Elsewhere) -> None:
    brought = elsewhere.issuer.code_for(elsewhere.go())
    elsewhere.world.clock.now += timedelta(minutes=10)
    assert elsewhere.come_back(brought).status_code == 400
    elsewhere.world.do_what_is_due()
    with elsewhere.world.service.database.reading() as database:
        assert database.execute(select(issuer_attempt)).all() == []


BAD_LOGOUTS: dict[str, Claims] = {
    "with a nonce": lambda _: {"nonce": "n"},
    "without events": lambda _: {"events": None},
    "of another event": lambda _: {"events": {"https://elsewhere.example/event": {}}},
    "whose event says nothing": lambda _: {"events": {"http://schemas.openid.net/event/backchannel-logout": True}},
    "for another audience": lambda _: {"aud": "another"},
    "of another issuer": lambda those: {"iss": those.other.url},
    "of nobody": lambda _: {"sub": None},
    "without a name of its own": lambda _: {"jti": None},
    "of the future": lambda those: {"iat": later(those, 90)},
    "that is over": lambda those: {"exp": later(those, -61)},
    "that never ends": lambda _: {"exp": None},
    "that ends after all time": lambda _: {"exp": 10**18},
}


@only_embedded
@pytest.mark.parametrize("kind", BAD_LOGOUTS)
def test_a_logout_token_ends_nothing(elsewhere: Elsewhere, kind: str) -> None:
    elsewhere.sign_in()

    assert elsewhere.hear(elsewhere.issuer.logout_token(**BAD_LOGOUTS[kind](elsewhere))) == 400

    assert elsewhere.is_in()


@only_embedded
@pytest.mark.parametrize("kind", [kind for kind in BAD_SIGNATURES if kind != "on a logout token"])
def test_a_logout_token_ends_nothing_signed(elsewhere: Elsewhere, kind: str) -> None:
    elsewhere.sign_in()
    elsewhere.issuer.sign = BAD_SIGNATURES[kind]

    assert elsewhere.hear(elsewhere.issuer.logout_token()) == 400

    assert elsewhere.is_in()


def test_a_logout_token_works_once_and_an_id_token_is_none(elsewhere: Elsewhere) -> None:
    """Also while clocks may differ; and it is our memory that refuses it: once that is gone, it works again."""
    elsewhere.sign_in()
    assert elsewhere.hear(elsewhere.issuer.id_token("n")) == 400
    token = elsewhere.issuer.logout_token()
    assert elsewhere.hear(token) == 200
    elsewhere.sign_in()

    assert elsewhere.hear(token) == 400
    elsewhere.world.clock.now += timedelta(seconds=150)  # it ended half a minute ago
    elsewhere.world.do_what_is_due()
    assert elsewhere.hear(token) == 400

    assert elsewhere.is_in()
    with elsewhere.world.service.database.begin() as tx:
        tx.session.execute(heard_logout.delete())
    assert elsewhere.hear(token) == 200
    assert not elsewhere.is_in()
