"""Knowledge, experts and the programme's own texts: kept by editors in the browser, read by people and programs."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.catalog.conftest import SAME_SITE, World, as_object, errors, reasons
from tests.catalog.sending import fields_of

QUESTION = {
    "kind": "question",
    "title": {"nl": "Wat kost circulair inkopen?", "en": "What does buying circular cost?"},
    "body": {"nl": "Vaak **minder** over de hele levensduur."},
    "themes": ["circulair"],
}
LINK = {
    "kind": "link",
    "title": {"nl": "Wegwijzer"},
    "summary": {"nl": "Waar begin je?"},
    "url": "https://wegwijzer.example/begin",
    "source": "Bureau Voorbeeld",
}


def gather(world: World, document: dict[str, Any], *, publish: bool = True) -> dict[str, Any]:
    made = world.ask("POST", "/v1/knowledge", json=document)
    assert made.status_code == 201, made.json
    item = as_object(made)
    if publish:
        published = world.ask("POST", f"/v1/knowledge/{item['id']}/publication")
        assert published.status_code == 200, published.json
        item = as_object(published)
    return item


def listed(world: World, query: str = "", key: str = "") -> list[str]:
    answer = world.ask("GET", f"/v1/knowledge{query}", key) if key else world.public.get(f"/v1/knowledge{query}")
    assert isinstance(answer.json, list), answer.json
    return [item["title"]["nl"] for item in answer.json]


def save(client: FlaskClient, path: str, typed: dict[str, Any]) -> TestResponse:
    sent = fields_of(client.get(path).text, path.partition("?")[0]) | typed
    return client.post(path.partition("?")[0], data=sent, headers=SAME_SITE)


def test_an_editor_writes_sees_a_preview_publishes_and_everyone_reads(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    new = "/organise/knowledge/new?kind=question"
    typed = {
        "title.nl": "Mag dat zomaar?",
        "body.nl": "# Ja\n\nMits u het [meldt](https://regels.example).<script>",
        "themes": ["klimaat"],
        "meetings": f"http://127.0.0.1:8000/meetings/{meeting['slug']}\n",
    }
    preview = save(organiser, new, typed | {"preview": "yes"})
    assert '<h4>Ja</h4>\n<p>Mits u het <a href="https://regels.example" rel="nofollow noopener">' in preview.text
    assert "Engels ontbreekt" in preview.text
    assert listed(world, key="the-first-manager") == []

    saved = save(organiser, new, typed)
    assert saved.status_code == 303, errors(saved.text)
    path = saved.location.partition("?")[0]
    assert world.public.get("/knowledge/mag-dat-zomaar").status_code == 404
    assert "Dit is een concept" in organiser.get("/knowledge/mag-dat-zomaar").text
    publication = f"{path}/publication"
    assert save_on(organiser, path, publication).status_code == 303

    page = world.public.get("/knowledge/mag-dat-zomaar?lang=en").text
    assert "<h2>Ja</h2>" in page
    assert "&lt;script&gt;" in page
    assert 'lang="nl"' in page
    assert "This text is there only in Dutch." in page
    assert 'Last updated: <time datetime="2027-05-01">Saturday 1 May 2027</time>' in page
    assert f'href="/meetings/{meeting["slug"]}"' in page
    assert "/knowledge/mag-dat-zomaar" in world.public.get(f"/meetings/{meeting['slug']}").text
    assert "/knowledge/mag-dat-zomaar" in world.public.get("/").text


def save_on(client: FlaskClient, page: str, action: str) -> TestResponse:
    """Press the button of the form that goes to ``action``."""
    return client.post(action, data=fields_of(client.get(page).text, action), headers=SAME_SITE)


def test_two_editors_do_not_overwrite_each_other(world: World, organiser: FlaskClient) -> None:
    path = f"/organise/knowledge/{gather(world, QUESTION)['id']}"
    mine = fields_of(organiser.get(path).text, path)
    assert save(organiser, path, {"body.en": "Often less."}).status_code == 303

    refused = organiser.post(path, data=mine | {"title.nl": "Van mij"}, headers=SAME_SITE)
    assert refused.status_code == 409
    assert 'value="Van mij"' in refused.text
    again = organiser.post(path, data=fields_of(refused.text, path), headers=SAME_SITE)
    assert again.status_code == 303
    assert listed(world) == ["Van mij"]


def test_what_an_item_lacks_is_said_beside_the_field_and_nothing_typed_is_lost(
    world: World, organiser: FlaskClient
) -> None:
    refused = save(organiser, "/organise/knowledge/new?kind=link", {"url": "geen adres", "meetings": "nergens"})
    assert refused.status_code == 400
    assert set(errors(refused.text)) == {"title.nl", "url", "meetings"}
    assert 'value="geen adres"' in refused.text

    path = f"/organise/knowledge/{gather(world, {'kind': 'link', 'title': {'nl': 'Half'}}, publish=False)['id']}"
    half = save_on(organiser, path, f"{path}/publication")
    assert half.status_code == 400
    assert set(errors(half.text)) == {"url", "source", "summary.nl"}
    copied = world.ask("POST", "/v1/knowledge", json={**LINK, "body": {"nl": "De hele tekst van een ander."}})
    assert "body" in reasons(copied)


def test_a_link_says_when_it_was_last_looked_at(world: World, organiser: FlaskClient) -> None:
    path = f"/organise/knowledge/{gather(world, LINK)['id']}"
    assert save(organiser, path, {"seenToday": "true"}).status_code == 303
    page = world.public.get("/knowledge/wegwijzer").text
    assert 'href="https://wegwijzer.example/begin" rel="nofollow noopener"' in page
    assert "Bureau Voorbeeld" in page
    assert "zaterdag 1 mei 2027" in page


def test_a_scheme_is_shown_as_past_when_its_period_is_over(world: World) -> None:
    gather(world, {**QUESTION, "kind": "scheme", "title": {"nl": "Potje"}, "validTo": "2027-05-02"})
    assert "tot en met zondag 2 mei 2027" in world.public.get("/knowledge/potje").text.lower()
    assert "Dit is voorbij." not in world.public.get("/knowledge/potje").text
    world.clock.forward(days=1, hours=12)
    assert "Dit is voorbij." not in world.public.get("/knowledge/potje").text
    world.clock.forward(hours=2)
    assert "Dit is voorbij." in world.public.get("/knowledge/potje").text


def test_knowledge_is_found_by_kind_theme_meeting_and_words(world: World) -> None:
    meeting = world.publish()
    gather(world, {**QUESTION, "meetings": [meeting["slug"]]})
    world.clock.forward(minutes=1)
    gather(world, LINK)
    gather(world, {**QUESTION, "title": {"nl": "Nog niet klaar"}}, publish=False)
    assert listed(world) == ["Wegwijzer", "Wat kost circulair inkopen?"]
    assert "Nog niet klaar" in listed(world, key="the-first-manager")
    for query in ("?kind=question", "?theme=circulair", f"?meeting={meeting['id']}", "?q=levensduur"):
        assert listed(world, query) == ["Wat kost circulair inkopen?"], query
    for query in ("?kind=nowhere", "?theme=nowhere", "?meeting=nowhere"):
        assert world.public.get(f"/v1/knowledge{query}").status_code == 400
        assert world.public.get(f"/knowledge{query}").status_code == 400
    page = world.public.get("/knowledge?theme=circulair&q=levensduur").text
    assert "Wegwijzer" not in page
    assert "Er is niets gevonden" in world.public.get("/knowledge?q=xyzzy").text
    first = world.public.get("/v1/knowledge?limit=1")
    assert 'page=2>; rel="next"' in first.headers["Link"]


def test_programs_change_with_a_merge_patch_that_names_the_version(world: World) -> None:
    item = gather(world, QUESTION)
    path = f"/v1/knowledge/{item['id']}"
    etag = world.public.get(path).headers["ETag"]
    changed = world.ask("PATCH", path, json={"body": {"en": "Often less."}}, headers={"If-Match": etag})
    assert as_object(changed)["body"] == {**QUESTION["body"], "en": "Often less."}  # type: ignore[dict-item]  # a text
    assert world.ask("PATCH", path, json={"source": "x"}).status_code == 428
    assert world.ask("PATCH", path, json={"source": "x"}, headers={"If-Match": etag}).status_code == 412
    emptied = world.ask("PATCH", path, json={"body": None}, headers={"If-Match": "*"})
    assert "body" in reasons(emptied)
    assert world.public.patch(path, json={}).status_code == 401
    assert world.ask("DELETE", f"{path}/publication").status_code == 200
    assert world.public.get(path).status_code == 404
    renamed = world.ask("PATCH", path, json={"title": {"nl": "Anders"}}, headers={"If-Match": "*"})
    assert as_object(renamed)["slug"] == item["slug"]


def test_a_meeting_that_not_everyone_finds_is_not_given_away(world: World) -> None:
    hidden = world.publish(visibility="invited")
    item = gather(world, {**QUESTION, "meetings": [hidden["id"]]})
    assert as_object(world.public.get(f"/v1/knowledge/{item['id']}"))["meetings"] == []
    assert hidden["slug"] not in world.public.get(f"/knowledge/{item['slug']}").text
    assert as_object(world.ask("GET", f"/v1/knowledge/{item['id']}"))["meetings"] == [hidden["id"]]


def test_nobody_is_an_expert_without_having_agreed_and_who_leaves_is_erased(
    world: World, organiser: FlaskClient
) -> None:
    new = "/organise/experts/new"
    typed = {"name": "Vera Verzonnen", "email": "vera@bureau.example", "themes": ["klimaat"], "helpsWith.nl": "Rekenen"}
    for day in ("", "2027-05-02"):
        assert set(errors(save(organiser, new, typed | {"consentedOn": day}).text)) == {"consentedOn"}
    assert "<p>Rekenen</p>" in save(organiser, new, typed | {"preview": "yes"}).text
    assert "Vera" not in world.public.get("/knowledge/experts").text
    saved = save(organiser, new, typed | {"consentedOn": "2027-04-30"})
    assert saved.status_code == 303, errors(saved.text)
    assert "mailto:vera@bureau.example" in world.public.get("/knowledge/experts?theme=klimaat").text
    assert "Vera" not in world.public.get("/knowledge/experts?theme=circulair").text
    (told,) = world.public.get("/v1/experts?theme=klimaat").json or []
    assert "consentedOn" not in told

    path = saved.location.partition("?")[0]
    assert set(errors(save(organiser, path, {"meetings": "spreekuur"}).text)) == {"meetings"}
    hour = world.publish(title={"nl": "Spreekuur van Vera"})
    assert save(organiser, path, {"meetings": f"http://localhost/meetings/{hour['slug']}"}).status_code == 303
    assert (world.public.get("/v1/experts").json or [])[0]["meetings"] == [hour["id"]]
    there = f'href="/meetings/{hour["slug"]}">Vraag het bij Spreekuur van Vera'
    assert there in world.public.get("/knowledge/experts").text
    world.clock.forward(days=400)
    assert hour["slug"] not in world.public.get("/knowledge/experts").text
    world.clock.forward(days=-400)
    old = fields_of(organiser.get(path).text, path)
    assert save(organiser, path, {"email": ""}).status_code == 303
    assert organiser.post(path, data=old, headers=SAME_SITE).status_code == 409
    assert "mailto" not in world.public.get("/knowledge/experts").text
    assert save_on(organiser, path, f"{path}/removal").status_code == 303
    assert "Vera" not in world.public.get("/knowledge/experts").text
    assert world.public.get("/v1/experts").json == []


def test_the_programmes_own_texts_are_kept_in_the_browser(world: World, organiser: FlaskClient) -> None:
    assert "Leer van elkaar" in world.public.get("/").text
    path = "/organise/texts/start"
    mine = fields_of(organiser.get(path).text, path)
    assert "<h4>Hoi</h4>" in save(organiser, path, {"body.nl": "# Hoi", "preview": "yes"}).text
    assert save(organiser, path, {"title.nl": "Samen verder", "body.nl": "# Hoi"}).status_code == 303
    start = world.public.get("/").text
    assert "<h2>Hoi</h2>" in start
    assert 'Laatst bijgewerkt: <time datetime="2027-05-01">zaterdag 1 mei 2027</time>' in start
    assert "Samen verder" in start
    assert organiser.post(path, data=mine, headers=SAME_SITE).status_code == 409
    assert save(organiser, "/organise/texts/privacy", {"body.nl": "Wij tellen *niets*."}).status_code == 303
    assert "Wij tellen <em>niets</em>." in world.public.get("/privacy").text
    assert "Over het programma" in world.public.get("/about").text
    assert world.public.post(path, data=mine, headers=SAME_SITE).status_code in {303, 400}


def test_the_same_on_both_grounds(world_on: World) -> None:
    meeting = world_on.publish()
    first, second = (gather(world_on, {**QUESTION, "meetings": [meeting["id"]]}) for _ in range(2))
    assert (first["slug"], second["slug"]) == ("wat-kost-circulair-inkopen", "wat-kost-circulair-inkopen-2")
    assert (
        listed(world_on, f"?meeting={meeting['slug']}&theme=circulair&q=MINDER&kind=question")
        == ["Wat kost circulair inkopen?"] * 2
    )
