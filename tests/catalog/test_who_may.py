"""Who comes past which door of the organisers' meetings: every route of theirs against everyone, in one table.

A route that is not in the table fails, and so does a line without a route.
"""

import re

import pytest

from tests.catalog.conftest import SAME_SITE, World, as_object
from tests.catalog.test_files import send_file

READERS, ORGANISERS = {"organiser", "auditor", "manager"}, {"organiser", "manager"}
ANY_READERS, ANY_ORGANISERS = READERS | {"organiser of another"}, ORGANISERS | {"organiser of another"}

TABLE = {
    "GET /organise/": ANY_READERS,
    "GET /organise/past": ANY_READERS,
    "GET /organise/series": READERS,
    "POST /organise/series/copies": ORGANISERS,
    "POST /organise/chosen/publication": ORGANISERS,
    "POST /organise/chosen/cancellation": ANY_ORGANISERS,
    "GET /organise/meetings/new": ANY_ORGANISERS,
    "POST /organise/meetings/new": ANY_ORGANISERS,
    "GET /organise/meetings/<meeting_id>": READERS,
    "POST /organise/meetings/<meeting_id>": ORGANISERS,
    "GET /organise/meetings/<meeting_id>/history": READERS,
    "GET /organise/meetings/<meeting_id>/preview": READERS,
    "GET /organise/meetings/<meeting_id>/copies": ORGANISERS,
    "POST /organise/meetings/<meeting_id>/copies": ORGANISERS,
    "GET /organise/meetings/<meeting_id>/discarding": ORGANISERS,
    "POST /organise/meetings/<meeting_id>/discarding": ORGANISERS,
    "POST /organise/meetings/<meeting_id>/publication": ORGANISERS,
    "POST /organise/meetings/<meeting_id>/cancellation": ORGANISERS,
    "GET /organise/meetings/<meeting_id>/files": READERS,
    "POST /organise/meetings/<meeting_id>/files": ORGANISERS,
    "GET /v1/meetings/<meeting_id>/history": READERS,
    "POST /v1/meetings/<meeting_id>/files": ORGANISERS,
    "GET /v1/meetings/<meeting_id>/files": READERS,
    "GET /v1/files/<file_id>": READERS,
    "PATCH /v1/files/<file_id>": ORGANISERS,
    "PUT /v1/files/<file_id>/content": ORGANISERS,
    "DELETE /v1/files/<file_id>": ORGANISERS,
    "POST /v1/publications": ANY_ORGANISERS,
    "POST /v1/cancellations": ANY_ORGANISERS,
    "POST /v1/meetings": ANY_ORGANISERS,
    "PATCH /v1/meetings/<meeting_id>": ORGANISERS,
    "DELETE /v1/meetings/<meeting_id>": ORGANISERS,
    "POST /v1/meetings/<meeting_id>/copies": ORGANISERS,
    "POST /v1/meetings/<meeting_id>/publication": ORGANISERS,
    "POST /v1/meetings/<meeting_id>/cancellation": ORGANISERS,
    "POST /v1/series/<path:series>/copies": ORGANISERS,
    "POST /v1/series/<path:series>/publication": ORGANISERS,
    "POST /v1/series/<path:series>/cancellation": ORGANISERS,
}
"""Who is let in: their own fault (400, 428) or the state of things (409) may still stop them."""

EVERYONE = ("anyone", "helper", "organiser", "organiser of another", "auditor", "manager")
OURS = re.compile(
    r"/organise/(meetings/.+|series.*|chosen/.+|past|)|/v1/(meetings.*|series/.+|files/.+|publications|cancellations)"
)


def test_every_route_is_in_the_table(world: World) -> None:
    public = {"GET /v1/meetings", "GET /v1/meetings/<meeting_id>", "GET /v1/meetings/<meeting_id>/files/archive"}
    routes = {
        f"{method} {rule.rule}"
        for rule in world.service.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if OURS.fullmatch(rule.rule) and "documents" not in rule.rule
    }
    assert routes - public == set(TABLE)


@pytest.mark.parametrize("who", EVERYONE)
def test_nobody_comes_past_a_door_that_is_not_theirs(world: World, who: str) -> None:
    keys = {"organiser of another": ("organiser", "PV20"), "organiser": ("organiser", "PV26")}
    if who not in {"anyone", "manager"}:
        world.give_key(who, *keys.get(who, (who,)))
    secret = {"anyone": "", "manager": "the-first-manager"}.get(who, who)
    wrong = {}
    for route, let_in in TABLE.items():
        answer = knock(world, route, secret)
        is_in = answer not in {401, 403, 404} and not (answer == 303 and who == "anyone")
        if is_in is not (who in let_in):
            wrong[route] = answer
    assert wrong == {}


def knock(world: World, route: str, secret: str) -> int:
    """What someone is answered who comes to a draft of Utrecht in a series of its own."""
    draft = world.draft(series="Reeks")
    method, path = route.split()
    path = re.sub("<(meeting|owner)_id>", draft["id"], path).replace("<path:series>", "Reeks")
    if "<file_id>" in path:
        path = path.replace("<file_id>", as_object(send_file(world, draft["id"]))["id"])
    path += "?name=Reeks" if path == "/organise/series" else ""
    client = world.service.app.test_client()
    if path.startswith("/v1"):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return client.open(path, method=method, headers=headers, json={}).status_code
    typed = {}
    if secret:
        client.set_cookie("kring_signin", secret)
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/feedback?page=/").text)
        typed = {"csrf_token": token[1] if token else ""}
    typed |= {"meeting": draft["id"], "name": "Reeks", "days": "7"}
    return client.open(path, method=method, data=typed if method == "POST" else None, headers=SAME_SITE).status_code
