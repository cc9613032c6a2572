"""Organisations from the register, and the domains of their mail: imported, corrected by organisers, told."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.catalog.app import build
from services.catalog.settings import Settings
from shared.events.catalog import ReferenceChanged
from tests.catalog.conftest import SAME_SITE, World, errors
from tests.catalog.sending import fields_of
from tests.catalog.test_reference import import_

TOOI = "https://identifier.overheid.nl/tooi/id"
UTRECHT = f"{TOOI}/gemeente/gm0344"
PROVINCE = f"{TOOI}/provincie/pv26"
MINISTRY = f"{TOOI}/ministerie/mnre9001"
WORKS = f"{TOOI}/oorg/oorg90001"
ACADEMY = f"{TOOI}/oorg/oorg90003"
COLUMNS = [
    "Officiële naam",
    "Type",
    "TOOi URI",
    "Einddatum",
    "Adressen (type, straat, plaats, provincieAfkorting)",
    "E-mail adressen",
    "Internetpagina's",
]
ROWS = [
    (
        "Gemeente Utrecht",
        "Gemeente",
        UTRECHT,
        "",
        "adresType: Bezoekadres, woonplaats: Utrecht, provincieAfkorting: UT; adresType: Postadres",
        "info@utrecht.example, label: algemeen; utrecht@gmail.com",
        "https://www.gemeente-utrecht.example/, label: algemeen",
    ),
    ("Provincie Utrecht", "Provincie", PROVINCE, "", "", "", "https://www.provincie.example"),
    ("Ministerie van Voorbeelden", "Ministerie", MINISTRY, "", "", "", "https://www.rijk.example/ministeries/vb"),
    ("Werkbedrijf", "Regionaal samenwerkingsorgaan", WORKS, "31-12-2026", "", "post@utrecht.example", ""),
    ("Directie Inkoop", "Organisatieonderdeel", f"{TOOI}/oorg/oorg90002", "", "", "inkoop@vb.example", ""),
    ("Academie", "Overheidsstichting of -vereniging", ACADEMY, "", "", "a@xn--caf-dma.example", "http://["),
]


def write(folder: Path, rows: Iterable[Sequence[str]]) -> Path:
    file = folder / "export.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter=";").writerows([COLUMNS, *rows])
    return file


def told(world: World) -> dict[str, ReferenceChanged]:
    """Each organisation as it was told last, by its code."""
    return {said.code: said for said in world.told("reference.changed") if said.kind == "organisation"}


def correct(organiser: FlaskClient, code: str, domains: str) -> TestResponse:
    shown = organiser.get("/organise/organisations/one", query_string={"code": code})
    typed = fields_of(shown.text, "/organise/organisations/one") | {"emailDomains": [domains]}
    return organiser.post("/organise/organisations/one", data=typed, headers=SAME_SITE)


def test_the_register_comes_in_with_kinds_regions_and_domains(world: World, tmp_path: Path) -> None:
    code, said = import_(world, write(tmp_path, ROWS))

    assert code == 0, said
    assert said.splitlines()[-1] == "5 organisations read, 5 new or different"
    now = told(world)
    utrecht = now[UTRECHT]
    assert (utrecht.labels, utrecht.organisation_kind, utrecht.region) == ({"nl": "Utrecht"}, "municipality", "PV26")
    assert utrecht.email_domains == ("utrecht.example", "gemeente-utrecht.example")
    province = now[PROVINCE]
    assert province.labels == {"nl": "provincie Utrecht", "en": "Province of Utrecht"}
    assert (province.region, province.email_domains) == ("PV26", ("provincie.example",))
    ministry, works, academy = (
        now[f"{TOOI}/{code}"] for code in ("ministerie/mnre9001", "oorg/oorg90001", "oorg/oorg90003")
    )
    assert (ministry.organisation_kind, ministry.email_domains) == ("state-body", ())
    assert (works.organisation_kind, str(works.valid_to), works.email_domains) == ("joint-body", "2026-12-31", ())
    assert (academy.organisation_kind, academy.email_domains) == ("other", ("xn--caf-dma.example",))
    assert f"{TOOI}/oorg/oorg90002" not in now
    assert "left out: utrecht.example is another organisation's already" in said


def test_the_same_register_twice_changes_nothing(world: World, tmp_path: Path) -> None:
    file = write(tmp_path, ROWS)
    import_(world, file)
    before = len(world.told("reference.changed"))

    assert import_(world, file)[1].splitlines()[-1] == "5 organisations read, 0 new or different"
    build(Settings(world.service.app.config["KRING_SETTINGS"]), clock=world.clock).database.engine.dispose()
    assert len(world.told("reference.changed")) == before


def test_a_row_that_is_not_right_is_named_and_the_others_come_in(world: World, tmp_path: Path) -> None:
    wrong = [
        ("Gemeente Nergens", "Gemeente", "https://example.com/gm1"),
        ("", "Gemeente", f"{TOOI}/gemeente/gm0001"),
        ("Gemeente Ooit", "Gemeente", f"{TOOI}/gemeente/gm0002", "gisteren"),
        ("Te kort",),
    ]
    code, said = import_(world, write(tmp_path, [*wrong, ROWS[0]]))

    assert code == 0
    assert said.splitlines()[-1] == "1 organisations read, 1 new or different"
    for number, why in ((2, "is not a TOOI address"), (3, "has no name"), (4, "'gisteren' is not a day"), (5, "''")):
        assert any(f"line {number}," in line and why in line for line in said.splitlines()), said


def test_an_organiser_corrects_the_domains_and_no_import_takes_it_back(
    world: World, organiser: FlaskClient, tmp_path: Path
) -> None:
    file = write(tmp_path, ROWS)
    import_(world, file)
    found = organiser.get("/organise/organisations?q=utrecht").text
    assert "gemeente-utrecht.example" in found
    assert "Ministerie van Voorbeelden" not in found

    saved = correct(organiser, UTRECHT, "@Gemeente-Utrecht.example\nutrécht.example\nutrécht.example")
    assert saved.status_code == 303
    domains = ("gemeente-utrecht.example", "xn--utrcht-dva.example")
    assert told(world)[UTRECHT].email_domains == domains

    assert correct(organiser, WORKS, "utrecht.example").status_code == 303
    import_(world, file)
    now = told(world)
    assert now[UTRECHT].email_domains == domains
    assert now[WORKS].email_domains == ("utrecht.example",)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("gmail.com", "Bij gmail.com kan iedereen een adres hebben"),
        ("mail.ziggo.nl", "Bij mail.ziggo.nl kan iedereen een adres hebben"),
        ("utrecht", "utrecht is geen domein"),
        ("10.0.0.1", "10.0.0.1 is geen domein"),
        ("<script>", "<script> is geen domein"),
        ("goed.example\nutrecht.example", "utrecht.example is al van Utrecht"),
    ],
)
def test_a_domain_that_cannot_be_is_refused_with_words(
    world: World, organiser: FlaskClient, tmp_path: Path, typed: str, why: str
) -> None:
    import_(world, write(tmp_path, ROWS))

    refused = correct(organiser, PROVINCE, typed)

    assert refused.status_code == 400
    assert why in errors(refused.text)["emailDomains"]
    assert fields_of(refused.text, "/organise/organisations/one")["emailDomains"] == [typed.replace("\n", "\r\n")]
    assert told(world)[PROVINCE].email_domains == ("provincie.example",)


def test_only_organisers_correct(world: World, organiser: FlaskClient) -> None:
    assert world.public.get("/organise/organisations").status_code == 303
    assert world.public.post("/organise/organisations/one", data={}, headers=SAME_SITE).status_code in {303, 403}
    assert organiser.get("/organise/organisations/one?code=nowhere").status_code == 404
