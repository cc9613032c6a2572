"""Two regions become one: who organised in either organises in it, and in nothing else; who asked for it is invited."""

import re
from collections.abc import Mapping

from tests.journeys.kring import Kring, only

LABELS = {"nl": "Zuid", "en": "South"}
FOUND = ("/v1/meetings?status=draft", "/notifications/v1/messages")


def key(kring: Kring, *arguments: str) -> dict[str, str]:
    secret = kring.command("keys", "add", *arguments)
    kring.settle()
    return {"Authorization": f"Bearer {secret}"}


def seen_by(kring: Kring, organiser: Mapping[str, str]) -> set[str]:
    """The names and titles that stand in what somebody finds."""
    visitor = kring.visitor()
    visitor.client.set_cookie("kring_signin", organiser["Authorization"].removeprefix("Bearer "))
    pages = ["/organise/", "/registration/desk", "/notifications/mailroom"]
    texts = [visitor.get(page).text for page in pages] + [kring.ask("GET", call, organiser).text for call in FOUND]
    return {name for name in ("Limburgs", "Utrechts", "Zuidelijk", "limbra@", "utra@") if name in "".join(texts)}


def test_rights_and_invitations_go_along_with_a_region_that_became_another(kring: Kring) -> None:
    for region, title, person in (("PV31", "Limburgs", "Limbra"), ("PV26", "Utrechts", "Utra")):
        kring.sign_up(kring.publish(region=region, title={"nl": title}, targetGroups=[]), person)
    wish = {"name": "Bea", "email": "bea@gemeente.example", "targetGroup": "inkoper", "regions": ["PV31"]}
    assert kring.ask("POST", "/notifications/v1/subscriptions", {}, json=wish).status_code == 202
    found = re.search(r"/notifications/subscriptions/\S+", only(kring.new_mail(), "bea@gemeente.example").text)
    assert found
    visitor = kring.visitor()
    visitor.press(visitor.open(found[0]))
    old, new = (
        key(kring, "--role", "organiser", "--region", "PV31"),
        key(kring, "--role", "organiser", "--region", "zuid"),
    )
    assert seen_by(kring, old) == {"Limburgs", "limbra@"}
    assert seen_by(kring, new) == set()

    assert kring.ask("PUT", "/v1/regions/zuid", json={"labels": LABELS}).status_code == 200
    became = {"labels": {"nl": "Limburg"}, "mergedInto": "zuid"}
    assert kring.ask("PUT", "/v1/regions/PV31", new, json=became).status_code == 403  # nobody takes rights
    assert kring.ask("PUT", "/v1/regions/PV31", key(kring, "--role", "editor"), json=became).status_code == 403
    assert kring.ask("PUT", "/v1/regions/PV31", json=became).status_code == 200
    meeting = kring.publish(region="zuid", title={"nl": "Zuidelijk"}, targetGroups=[])

    assert seen_by(kring, old) == seen_by(kring, new) == {"Limburgs", "limbra@", "Zuidelijk"}
    path = f"/notifications/v1/meetings/{meeting['id']}/campaigns"
    invited = kring.ask("POST", path, old, json={"targetGroups": ["inkoper"], "regions": ["zuid"]})
    assert (invited.json or {})["people"] == 1
    drafted = kring.ask(
        "POST",
        "/v1/meetings",
        old,
        json={"title": {"nl": "Nieuw"}, "startsAt": "2027-07-01T10:00", "endsAt": "2027-07-01T11:00"},
    )
    assert (drafted.json or {})["regions"] == ["zuid"]
