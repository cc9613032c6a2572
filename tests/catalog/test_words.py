"""Organisers keep the words of the network and its venues: added, renamed, ordered, ended, merged, and told."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.catalog.app import build
from services.catalog.settings import Settings
from tests.catalog.conftest import SAME_SITE, World, as_object, errors, lines, reasons
from tests.catalog.sending import fields_of
from tests.catalog.test_reference import ROWS, import_, write

UTRECHT = ROWS[0][1]


def put(world: World, path: str, **word: Any) -> TestResponse:
    return world.ask("PUT", f"/v1/{path}", json=word, headers={"Accept-Language": "en"})


def codes(world: World, path: str) -> list[str]:
    return [word["code"] for word in world.public.get(f"/v1/{path}").json or []]


def last_told(world: World) -> Any:
    return world.told("reference.changed")[-1]


def test_a_word_is_added_renamed_ordered_and_ended_and_each_time_told(world_on: World) -> None:
    world = world_on
    added = put(world, "themes/bodem", labels={"nl": "bodem"}, position=0, pillars=["planet"])
    assert (added.status_code, as_object(added)["pillars"]) == (200, ["planet"])
    assert codes(world, "themes")[0] == "bodem"
    assert (last_told(world).kind, last_told(world).labels) == ("theme", {"nl": "bodem"})

    renamed = {"labels": {"nl": "bodem en water", "en": "soil and water"}, "position": 99, "validTo": "2027-05-02"}
    assert put(world, "themes/bodem", **renamed).status_code == 200
    assert codes(world, "themes")[-1] == "bodem"
    assert (last_told(world).labels["en"], str(last_told(world).valid_to)) == ("soil and water", "2027-05-02")
    before = len(world.told("reference.changed"))
    assert put(world, "themes/bodem", **renamed).status_code == 200
    assert len(world.told("reference.changed")) == before
    assert as_object(world.public.get("/v1/themes/bodem"))["validTo"] == "2027-05-02"
    assert world.public.get("/v1/themes/lucht").status_code == 404


def test_what_an_organiser_renamed_stays_so_at_the_next_start(world: World) -> None:
    put(world, "target-groups/inkoper", labels={"nl": "inkoopadviseur"}, position=7)
    build(Settings(world.service.app.config["KRING_SETTINGS"]), clock=world.clock).database.engine.dispose()
    assert as_object(world.public.get("/v1/target-groups/inkoper"))["labels"] == {"nl": "inkoopadviseur"}


def test_a_new_name_stands_in_the_calendar_of_a_meeting_that_has_the_word(world: World) -> None:
    world.publish()
    put(world, "themes/circulair", labels={"nl": "rondgaand inkopen"}, position=1)
    assert "rondgaand inkopen" in world.feed()


def test_a_region_is_any_set_of_provinces_and_municipalities(world: World, tmp_path: Any) -> None:
    import_(world, write(tmp_path, ROWS))
    kept = put(world, "regions/midden", labels={"nl": "Midden"}, position=1, parts=["PV24", "GM0344"])
    assert as_object(kept)["parts"] == ["PV24", "GM0344"]
    assert world.draft(region="midden")["regions"] == ["midden"]
    assert reasons(put(world, "regions/elders", labels={"nl": "Elders"}, parts=["GM9999"])) == {
        "parts": "There is no 'GM9999'."
    }


def test_a_word_that_becomes_another_has_ended_and_never_becomes_itself(world: World) -> None:
    merged = put(world, "themes/klimaat", labels={"nl": "klimaat"}, mergedInto="circulair")
    assert (as_object(merged)["mergedInto"], as_object(merged)["validTo"]) == ("circulair", "2027-05-01")
    assert last_told(world).merged_into == "circulair"
    round_ = put(world, "themes/circulair", labels={"nl": "circulair"}, mergedInto="klimaat")
    assert "cannot become itself" in reasons(round_)["mergedInto"]


def test_an_organisation_is_kept_by_its_official_address(world: World, tmp_path: Any) -> None:
    import_(world, write(tmp_path, ROWS))
    path = f"organisations/{quote(UTRECHT, safe='')}"
    changed = put(
        world, path, labels={"nl": "Utrecht"}, kind="municipality", region="PV26", emailDomains=["Utrecht.example"]
    )
    assert as_object(changed)["emailDomains"] == ["utrecht.example"]
    assert (last_told(world).code, last_told(world).email_domains) == (UTRECHT, ("utrecht.example",))
    taken = put(world, "organisations/werkbedrijf", labels={"nl": "Werkbedrijf"}, emailDomains=["utrecht.example"])
    assert "belongs to Utrecht already" in reasons(taken)["emailDomains"]


@pytest.mark.parametrize(
    ("path", "word", "field"),
    [
        ("themes/x", {}, "labels"),
        ("themes/x", {"labels": {"nl": "x"}, "pillars": ["fun"]}, "pillars.0"),
        ("themes/x%20y", {"labels": {"nl": "x"}}, "code"),
        ("themes/x", {"labels": {"nl": "x"}, "validFrom": "2027-01-02", "validTo": "2027-01-02"}, "validTo"),
        ("themes/x", {"labels": {"nl": "x"}, "parts": ["PV26"]}, "parts"),
        ("venues/Stadhuis!", {"name": "Stadhuis"}, "code"),
    ],
)
def test_what_cannot_be_is_said_with_the_field(world: World, path: str, word: dict[str, Any], field: str) -> None:
    refused = put(world, path, **word)
    assert (refused.status_code, list(reasons(refused))) == (400, [field])


def test_only_organisers_keep_words(world: World) -> None:
    world.give_key("audit", "auditor")
    word = {"json": {"labels": {"nl": "x"}}}
    assert world.ask("PUT", "/v1/themes/x", key="audit", **word).status_code == 403
    assert world.public.put("/v1/themes/x", **word).status_code == 401
    assert world.public.get("/organise/reference/themes").status_code == 303


def keep(organiser: FlaskClient, address: str, /, **typed: Any) -> TestResponse:
    """Fill in the form at this address, and send it."""
    page = organiser.get(address).text
    action = page.partition('<form method="post" action="')[2].partition('"')[0].replace("&amp;", "&")
    return organiser.post(action, data=fields_of(page, action) | typed, headers=SAME_SITE)


def test_on_the_page_a_region_is_made_of_towns_by_name(world: World, organiser: FlaskClient, tmp_path: Any) -> None:
    import_(world, write(tmp_path, ROWS))
    typed = {"labels.nl": "Midden", "parts": ["PV24"], "municipalities": "utrecht\nGM0070\nNergens"}
    refused = keep(organiser, "/organise/reference/regions/one", **typed)
    assert (refused.status_code, list(errors(refused.text))) == (400, ["municipalities"])
    assert "Nergens" in errors(refused.text)["municipalities"]

    saved = keep(organiser, "/organise/reference/regions/one", **{**typed, "municipalities": "utrecht\nGM0070"})
    assert saved.status_code == 303
    assert as_object(world.public.get("/v1/regions/midden"))["parts"] == ["PV24", "GM0344", "GM0070"]
    assert "Franekeradeel-Oost" in organiser.get(saved.location).text
    taken = keep(organiser, "/organise/reference/regions/one", **{"labels.nl": "Weer", "code": "midden"})
    assert list(errors(taken.text)) == ["code"]


def test_an_ended_theme_is_no_longer_offered_but_stays_where_it_was_chosen(
    world: World, organiser: FlaskClient
) -> None:
    has_it, has_not = world.draft(), world.draft(themes=[])
    saved = keep(organiser, "/organise/reference/themes/one?code=circulair", validTo="2027-05-01")
    assert saved.status_code == 303
    shown = {each["id"]: organiser.get(f"/organise/meetings/{each['id']}").text for each in (has_it, has_not)}
    assert 'value="circulair"' in shown[has_it["id"]]
    assert 'value="circulair"' not in shown[has_not["id"]]
    assert "1 mei 2027" in organiser.get("/organise/reference/themes").text


def test_a_kept_venue_is_filled_in_by_a_button_and_nothing_is_saved_by_it(world: World, organiser: FlaskClient) -> None:
    typed = {"name": "Stadhuis", "address": "Stadsplateau 1", "city": "Utrecht", "accessibilityInfo.nl": "Met lift"}
    assert keep(organiser, "/organise/reference/venues/one", **typed).status_code == 303
    assert [venue["code"] for venue in world.public.get("/v1/venues").json or []] == ["stadhuis"]

    new = "/organise/meetings/new"
    page = organiser.get(new).text
    assert '<option value="Stadhuis">' in page
    begun = fields_of(page, new) | {"title.nl": "Warmte", "venue.name": "stadhuis", "fillIn": "yes"}
    filled = organiser.post(new, data=begun, headers=SAME_SITE)
    fields = fields_of(filled.text, new)
    assert filled.status_code == 200
    assert [fields[name] for name in ("title.nl", "venue.name", "venue.city", "accessibilityInfo.nl")] == [
        ["Warmte"],
        ["Stadhuis"],
        ["Utrecht"],
        ["Met lift"],
    ]
    assert not world.ask("GET", "/v1/meetings?status=draft").json

    unknown = organiser.post(new, data=begun | {"venue.name": "Elders"}, headers=SAME_SITE)
    assert list(errors(unknown.text)) == ["venue.name"]
    put(world, "venues/stadhuis", name="Stadhuis", validTo="2027-05-01")
    assert '<option value="Stadhuis">' not in organiser.get(new).text


def test_who_asks_for_a_word_finds_what_had_another_name_for_it(world_on: World) -> None:
    world = world_on
    for theme in ("klimaat", "circulair", "innovatie"):
        world.publish(themes=[theme], title={"nl": f"Over {theme}"})
        item = {"kind": "question", "title": {"nl": theme}, "body": {"nl": "Ja."}, "themes": [theme]}
        kept = as_object(world.ask("POST", "/v1/knowledge", json=item))
        assert world.ask("POST", f"/v1/knowledge/{kept['id']}/publication").status_code == 200
    assert titles(world, "meetings?theme=circulair") == {"Over circulair"}
    put(world, "themes/klimaat", labels={"nl": "klimaat"}, mergedInto="milieu-en-biodiversiteit")
    put(world, "themes/milieu-en-biodiversiteit", labels={"nl": "milieu"}, mergedInto="circulair")

    for theme in ("circulair", "klimaat"):  # also behind an address that someone kept
        assert titles(world, f"meetings?theme={theme}") == {"Over circulair", "Over klimaat"}
        assert titles(world, f"knowledge?theme={theme}") == {"circulair", "klimaat"}
        assert sorted(lines(world.feed(f"?theme={theme}"), "SUMMARY")) == ["Over circulair", "Over klimaat"]
    assert titles(world, "meetings?theme=innovatie") == {"Over innovatie"}


def test_regions_and_roles_that_became_another_are_found_alike(world: World) -> None:
    for region, role, title in (("PV26", "inkoper", "Oud"), ("PV24", "beleidsmaker", "Nieuw")):
        world.publish(region=region, targetGroups=[role], title={"nl": title}, seatPlan={"capacity": 40})
    put(world, "regions/PV26", labels={"nl": "Utrecht"}, mergedInto="PV24")
    put(world, "target-groups/inkoper", labels={"nl": "inkoper"}, mergedInto="beleidsmaker")
    for asked in ("region=PV24", "region=PV26", "targetGroup=beleidsmaker", "targetGroup=inkoper"):
        assert titles(world, f"meetings?{asked}") == {"Oud", "Nieuw"}, asked
        page = world.public.get(f"/meetings?{asked}").text
        assert (">Oud<" in page, ">Nieuw<" in page) == (True, True), asked


def test_forms_offer_what_can_be_chosen_today_and_what_was_chosen_already(world: World, organiser: FlaskClient) -> None:
    world.publish()
    expert = {"name": "Vera", "themes": ["klimaat"], "consentedOn": "2027-05-01"}
    path = f"/organise/experts/{as_object(world.ask('POST', '/v1/experts', json=expert))['id']}"
    put(world, "themes/klimaat", labels={"nl": "klimaat"}, mergedInto="circulair")
    put(world, "regions/PV26", labels={"nl": "Utrecht"}, validTo="2027-05-01")
    for asking in ("/meetings", "/calendar", "/knowledge", "/knowledge/experts", "/stories", "/stories/new"):
        assert 'value="klimaat"' not in world.public.get(asking).text, asking
    for asking in ("/meetings", "/calendar", "/stories", "/stories/new"):
        assert 'value="PV26"' not in world.public.get(asking).text, asking
    assert 'value="klimaat" selected' in world.public.get("/meetings?theme=klimaat").text
    assert 'value="klimaat"' in organiser.get(path).text
    assert 'value="klimaat"' not in organiser.get("/organise/experts/new").text


def titles(world: World, asked: str) -> set[str]:
    return {each["title"]["nl"] for each in world.public.get(f"/v1/{asked}").json or []}
