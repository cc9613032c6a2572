"""Manifests: who signed, how many that is of all there are, withdrawn again, and in and out as a file."""

import io
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.catalog.conftest import SAME_SITE, World, errors
from tests.catalog.sending import fields_of

TOOI = "https://identifier.overheid.nl/tooi/id"
UTRECHT, LIMBURG = f"{TOOI}/provincie/pv26", f"{TOOI}/provincie/pv31"
PLAN = "https://provincie.example/actieplan"
HOME = "/organise/manifest"


def send(client: FlaskClient, on: str, to: str, **typed: Any) -> TestResponse:
    """Fill in the form to ``to`` that stands on the page ``on``, and send it."""
    fields = fields_of(client.get(on).text, to)
    return client.post(to, data={**fields, **typed}, headers=SAME_SITE)


def a_manifest(editor: FlaskClient, **typed: Any) -> str:
    """The path where editors keep a new one."""
    texts = {"title.nl": "Manifest 2026-2030", "text.nl": "Wij kopen voortaan <eerlijk> in.", "startsOn": "2026-01-01"}
    made = send(editor, f"{HOME}/new", f"{HOME}/new", **{**texts, **typed})
    assert made.status_code == 303, errors(made.text)
    return made.location.partition("?")[0]


def sign(editor: FlaskClient, path: str, organisation: str, **typed: Any) -> dict[str, str]:
    """Note a signature; gives what is not right, by field."""
    form = {"organisation": organisation, "signedOn": "2027-03-01", **typed}
    answer = send(editor, path, f"{path}/signatures", **form)
    return {} if answer.status_code == 303 else errors(answer.text)


def read(editor: FlaskClient, path: str, file: bytes) -> TestResponse:
    """Read a file of signatures in."""
    return send(editor, path, f"{path}/file", file=(io.BytesIO(file), "signed.csv"))


def signed(world: World, query: str = "") -> list[str]:
    answer = world.public.get(f"/v1/manifests/manifest-2026-2030/signatories?lang=nl{query}")
    assert answer.status_code == 200, answer.json
    return [row["name"] for row in answer.json or []]


def test_who_signs_is_counted_among_all_there_are_until_it_withdraws(world: World, organiser: FlaskClient) -> None:
    path = a_manifest(organiser)
    assert sign(organiser, path, "Provincie Utrecht", actionPlan=PLAN) == {}
    assert sign(organiser, path, LIMBURG) == {}
    assert "#organisation" in {f"#{name}" for name in sign(organiser, path, "Stichting Voorbeld")}
    assert sign(organiser, path, "Stichting Voorbeeld", other="true") == {}
    assert set(sign(organiser, path, UTRECHT, signedOn="2027-05-02")) == {"signedOn"}

    page = unescape(world.public.get("/manifest").text)
    assert "3 organisaties hebben getekend." in page
    assert "2 van de 12 provincies" in page
    assert "0 van de 21 waterschappen" in page
    assert f'href="{PLAN}"' in page
    assert "&lt;eerlijk&gt;" in world.public.get("/manifest").text
    assert signed(world) == ["provincie Limburg", "provincie Utrecht", "Stichting Voorbeeld"]
    assert signed(world, "&kind=other") == ["Stichting Voorbeeld"]
    assert signed(world, "&region=PV26&region=PV20") == ["provincie Utrecht"]
    assert "provincie Utrecht" not in world.public.get("/manifest?region=PV31").text
    assert world.public.get("/v1/manifests/manifest-2026-2030/signatories?region=PV99").status_code == 400

    one = f"{path}/signatures/one"
    gone = send(organiser, f"{one}?signatory={LIMBURG}", one, withdrawnOn="2027-05-01")
    assert gone.status_code == 303
    assert signed(world) == ["provincie Utrecht", "Stichting Voorbeeld"]
    assert "1 van de 12 provincies" in unescape(world.public.get("/manifest").text)
    (said,) = world.public.get("/v1/manifests").json or []
    assert (said["signatories"], said["shares"][0]) == (2, {"kind": "province", "signed": 1, "known": 12})


def test_signatures_come_in_from_the_file_that_goes_out(world: World, organiser: FlaskClient) -> None:
    path = a_manifest(organiser)
    assert sign(organiser, path, UTRECHT, actionPlan=PLAN) == {}
    assert sign(organiser, path, "Stichting Voorbeeld", other="true") == {}
    file = world.public.get("/manifest/manifest-2026-2030.csv").data
    changed = world.public.get("/v1/manifests").json

    world.clock.forward(days=1)
    assert read(organiser, path, file).status_code == 303
    assert world.public.get("/v1/manifests").json == changed  # the same again changes nothing, not even the moment

    more = file + b'"";"provincie Drenthe";"";"";"2027-04-01";"";""\r\n'
    assert read(organiser, path, more).status_code == 303
    assert signed(world) == ["provincie Drenthe", "provincie Utrecht", "Stichting Voorbeeld"]

    bad = (
        file
        + '"";"Nergens";"";"";"2027-04-01";"";""\r\n"";"provincie Fryslân";"";"";"1 mei";"geen link";""\r\n'.encode()
    )
    refused = read(organiser, path, bad)
    assert refused.status_code == 400
    why = unescape(refused.text)
    assert "4, organisation" in why
    assert "5, signedOn" in why
    assert "5, actionPlan" in why
    assert len(signed(world)) == 3
    for nothing in (b"\xff\xfe\x00", b"name;signedOn\r\n"):
        answer = read(organiser, path, nothing)
        assert (answer.status_code, "een kopregel nodig met de kolommen" in answer.text) == (400, True)

    of_a_spreadsheet = "name;signedOn\r\nprovincie Fryslân;2027-04-01\r\n".encode("cp1252")
    assert read(organiser, path, of_a_spreadsheet).status_code < 400
    assert len(signed(world)) == 4


def test_of_several_manifests_the_one_that_runs_is_shown_first(world: World, organiser: FlaskClient) -> None:
    a_manifest(organiser)
    a_manifest(organiser, **{"title.nl": "Manifest 2021-2025", "startsOn": "2021-01-01", "endsOn": "2025-12-31"})
    refused = send(
        organiser,
        f"{HOME}/new",
        f"{HOME}/new",
        **{"title.en": "Next", "startsOn": "2028-01-01", "endsOn": "2027-01-01"},
    )
    assert errors(refused.text) == {"endsOn": "Laatste dag: Het einde ligt voor het begin."}
    page = world.public.get("/manifest?lang=nl").text
    assert "<title>Manifest 2026-2030" in page
    assert 'href="/manifest/manifest-2021-2025"' in page
    assert "Engels ontbreekt" in organiser.get(HOME).text
    path = f"{HOME}/manifest-2026-2030"
    opened = fields_of(organiser.get(path).text, path)
    looked = organiser.post(path, data={**opened, "text.nl": "**Groen**", "preview": "yes"}, headers=SAME_SITE)
    assert "<strong>Groen</strong>" in looked.text
    assert "Groen" not in world.public.get("/manifest").text
    world.clock.forward(minutes=1)
    assert send(organiser, path, path, **{"text.nl": "**Groener**"}).status_code == 303
    late = organiser.post(path, data={**opened, "text.nl": "Grijs"}, headers=SAME_SITE)
    assert (late.status_code, "Grijs" in late.text) == (409, True)
    assert "<strong>Groener</strong>" in world.public.get("/manifest").text
    assert world.public.get("/manifest/nothing").status_code == 404
    assert world.public.get(HOME).status_code == 303  # to sign in
