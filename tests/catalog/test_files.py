"""Files of meetings and knowledge: what is taken, who gets it and from when."""

from collections.abc import Mapping
from io import BytesIO
from urllib.parse import quote, unquote
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.events.catalog import Document
from tests.catalog.conftest import SAME_SITE, World, as_object, errors, reasons
from tests.catalog.sending import fields_of
from tests.catalog.test_knowledge import gather, save_on

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def packed(parts: Mapping[str, bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


SLIDES = packed({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"})
OPEN_SHEET = packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<o/>"})
SHEET = packed({"_rels/.rels": b"<r/>", "[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})


def add(client: FlaskClient, path: str, name: str, content: bytes, **typed: str) -> TestResponse:
    data = {"csrf_token": fields_of(client.get(path).text, path)["csrf_token"], **typed}
    answer = client.post(path, data={**data, "file": (BytesIO(content), name)}, headers=SAME_SITE)
    answer.request.environ["wsgi.input"].close()  # the client leaves what it spooled to a file
    return answer


def why(client: FlaskClient, path: str, name: str, content: bytes) -> str:
    """What stands beside the field when this is refused."""
    refused = add(client, path, name, content)
    assert refused.status_code in {400, 413}, refused.status
    return errors(refused.text)["file"]


def send_file(
    world: World, meeting_id: str, content: bytes = PDF, said: Mapping[str, str] | None = None
) -> TestResponse:
    """Add a file through the API, as the manager."""
    return sent_to(world, "POST", f"/v1/meetings/{meeting_id}/files", ("Verslag.pdf", content), said)


def sent_to(
    world: World, method: str, path: str, file: tuple[str, bytes], said: Mapping[str, str] | None = None
) -> TestResponse:
    name, content = file
    data = {"file": (BytesIO(content), name), **(said or {})}
    answer = world.ask(method, path, data=data, headers={"If-Match": "*"})
    answer.request.environ["wsgi.input"].close()  # the client leaves what it spooled to a file
    return answer


def links_in(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('href="') if part.startswith("/files/")]


def test_a_file_for_everyone_is_on_the_page_and_saved_not_opened(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    path = f"/organise/meetings/{meeting['id']}/files"
    name = "../../map/Presentatie café \u202efdp.exe\x07.pdf"
    assert add(organiser, path, name, PDF, **{"title.nl": "De presentatie"}).status_code == 303
    page = world.public.get(f"/meetings/{meeting['slug']}").text
    assert "De presentatie</a> (PDF, 1 kB)" in page
    (link,) = links_in(page)
    given = world.public.get(link)
    assert given.data == PDF
    assert given.headers["Content-Length"] == str(len(PDF))
    assert given.mimetype == "application/pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    plain, _, exact = given.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="Presentatie caf_ fdp.exe.pdf"'
    assert unquote(exact) == "Presentatie café fdp.exe.pdf"
    (told,) = world.told("meeting.changed")
    assert told.meeting.documents == (Document(title={"nl": "De presentatie"}, url=f"http://127.0.0.1:8000{link}"),)

    assert save_on(organiser, path, f"/organise{link}/removal").status_code == 303
    assert world.public.get(link).status_code == 404
    assert world.told("meeting.changed")[-1].meeting.documents == ()


def test_a_file_gets_another_name_and_newer_content_at_the_same_address(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    add(organiser, f"/organise/meetings/{meeting['id']}/files", "Concept.pdf", PDF, **{"title.nl": "Verslag"})
    (link,) = links_in(world.public.get(f"/meetings/{meeting['slug']}").text)
    path = f"/organise{link}"
    before = {name: values[0] for name, values in fields_of(organiser.get(path).text, path).items()}
    changed = before | {"title.nl": "Eindverslag"}

    refused = add(organiser, path, "virus.exe", b"MZ", **changed)
    assert (refused.status_code, set(errors(refused.text))) == (400, {"file"})
    assert add(organiser, path, "Eind.pdf", PDF + b"%", **changed).status_code == 303

    page = world.public.get(f"/meetings/{meeting['slug']}").text
    assert (links_in(page), "Eindverslag</a>" in page) == ([link], True)
    assert world.public.get(link).data == PDF + b"%"
    late = organiser.post(path, data=before, headers=SAME_SITE)
    assert (late.status_code, world.public.get(link).data) == (409, PDF + b"%"), "somebody else changed it meanwhile"


def test_all_files_of_a_meeting_come_in_one(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    path = f"/organise/meetings/{meeting['id']}/files"
    large = PDF + bytes(range(256)) * 3000
    for name, content in (("Dia's.pptx", SLIDES), ("dia's.PPTX", SLIDES), ("Verslag.pdf", large)):
        assert add(organiser, path, name, content).status_code == 303
    add(organiser, path, "Later.pdf", PDF, shownFrom="end")
    answer = world.public.get(f"/meetings/{meeting['slug']}/files.zip")
    assert answer.headers["Content-Length"] == str(len(answer.data))
    with ZipFile(BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["Dia's.pptx", "dia's (2).pptx", "Verslag.pdf"]
        assert archive.read("Verslag.pdf") == large
    assert world.public.get(f"/meetings/{world.publish()['slug']}/files.zip").status_code == 404


def test_what_is_for_participants_is_closed_to_all_others(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    path = f"/organise/meetings/{meeting['id']}/files"
    for name in ("Geheim.pdf", "Ook geheim.pdf"):
        assert add(organiser, path, name, PDF, audience="participants").status_code == 303
    mine = links_in(organiser.get(path).text)
    told = world.told("meeting.changed")[-1].meeting
    assert told.documents == ()
    sent = [document.url.removeprefix("http://127.0.0.1:8000") for document in told.participant_documents]
    first, _, everything = sent

    pages = ("/", "/meetings/{slug}", "/v1/meetings", "/v1/meetings/{id}", "/meetings/{slug}.ics")
    for pattern in (*pages, "/calendar.ics", "/calendar.atom", "/v1/knowledge", "/knowledge"):
        public = pattern.format(**meeting)
        shown = world.public.get(public).text
        assert "eheim" not in shown, public
        assert "/files/" not in shown, public
    assert all(world.public.get(link).status_code == 404 for link in mine)
    assert world.public.get(f"/meetings/{meeting['slug']}/files.zip").status_code == 404
    assert all(organiser.get(link).data == PDF for link in mine)

    given = world.public.get(first)
    assert given.data == PDF
    assert given.headers["Cache-Control"] == "no-store"
    assert given.headers["Referrer-Policy"] == "no-referrer"
    with ZipFile(BytesIO(world.public.get(everything).data)) as archive:
        assert archive.namelist() == ["Geheim.pdf", "Ook geheim.pdf"]
    for forged in (first[:-1], f"/files/for-participants/{everything.rpartition('/')[2]}", "/files/archive/x"):
        assert world.public.get(forged).status_code == 404


def test_what_is_for_afterwards_appears_at_the_end(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    path = f"/organise/meetings/{meeting['id']}/files"
    for name, audience in (("Verslag.pdf", "all"), ("Foto's.png", "participants")):
        content = PNG if name.endswith("png") else PDF
        assert add(organiser, path, name, content, shownFrom="end", audience=audience).status_code == 303
    shown = organiser.get(path).text
    (open_to_all, _) = links_in(shown)
    for_some = "/files/for-participants/" + shown.partition("/files/for-participants/")[2].partition("<")[0]
    assert [world.public.get(link).status_code for link in (open_to_all, for_some)] == [404, 404]
    before = world.told("meeting.changed")[-1].meeting
    assert (before.documents, before.participant_documents) == ((), ())

    world.clock.forward(days=45)
    world.work()
    assert [world.public.get(link).status_code for link in (open_to_all, for_some)] == [200, 200]
    assert "Verslag.pdf</a>" in world.public.get(f"/meetings/{meeting['slug']}").text
    held = world.told("meeting.held")[-1].meeting
    assert [document.title["nl"] for document in held.documents] == ["Verslag.pdf"]
    assert [document.title["nl"] for document in held.participant_documents] == ["Foto's.png"]


def test_files_of_drafts_are_for_organisers_only(world: World, organiser: FlaskClient) -> None:
    meeting = world.draft()
    path = f"/organise/meetings/{meeting['id']}/files"
    assert add(organiser, path, "Vast.pdf", PDF).status_code == 303
    (link,) = links_in(organiser.get(path).text)
    assert world.public.get(link).status_code == 404
    assert organiser.get(link).status_code == 200
    assert world.told("meeting.changed") == []
    elsewhere = world.publish(region="PV20")
    assert organiser.get(f"/organise/meetings/{elsewhere['id']}/files").status_code == 403
    assert organiser.post(f"/organise/meetings/{elsewhere['id']}/files", headers=SAME_SITE).status_code in {400, 403}
    assert world.public.get(path).status_code == 303


NOT_TAKEN = [
    ("leeg.pdf", b"", "Dit bestand is leeg."),
    ("te-groot.pdf", PDF + b" " * 15_200_000, "Dit bestand is groter dan 15 MB."),
    ("net-te-groot.pdf", PDF + b" " * (15_000_000 - len(PDF) + 1), "Dit bestand is groter dan 15 MB."),
    ("pagina.html", b"<!doctype html><script>alert(1)</script>", "Dit is geen PDF"),
    ("plaatje.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Dit is geen PDF"),
    ("programma.pdf", b"MZ\x90\x00\x03", "Dit is geen PDF"),
    ("tekst.pdf", b"rommel %PDF-1.7", "Dit is geen PDF"),
    ("plaatje.pdf", PNG, "eindigt"),
    ("verslag", PDF, "eindigt"),
    ("verslag.pdf.exe", PDF, "eindigt"),
    ("dia.pptx", SHEET, "eindigt"),
    ("gewoon.zip", packed({"a.txt": b"x"}), "Dit is geen PDF"),
    ("plaatje.png", PNG + SLIDES, "van twee soorten tegelijk"),
    ("verslag.pdf", PDF + packed({"index.html": b"x"}), "van twee soorten tegelijk"),
    ("stuk.pptx", SLIDES[:-30], "is stuk"),
    ("veel.pptx", packed({f"{number}": b"" for number in range(5_001)}), "uitgepakt"),
    ("macro.pptx", packed({"[Content_Types].xml": b"", "ppt/vbaProject.bin": b"x"}), "een programma"),
    ("macro.odp", packed({"mimetype": b"application/x", "Basic/Standard/Module1.xml": b"x"}), "een programma"),
    ("vals.odp", packed({"mimetype": b"text/html"}), "Dit is geen PDF"),
]  # fmt: skip


def test_what_is_not_taken_is_refused_with_words(world: World, organiser: FlaskClient) -> None:
    path = f"/organise/meetings/{world.draft()['id']}/files"
    said = [(name, reason, why(organiser, path, name, content)) for name, content, reason in NOT_TAKEN]
    assert [each for each in said if each[1] not in each[2]] == []
    assert links_in(organiser.get(path).text) == []


@pytest.mark.parametrize(("place", "bytes_"), [(20, 10_000), (24, 301_000_000)], ids=["shared", "unpacked"])
def test_an_archive_that_says_too_much_is_a_bomb(world: World, organiser: FlaskClient, place: int, bytes_: int) -> None:
    content = bytearray(SLIDES)
    directory = content.find(b"PK\x01\x02")  # PKWARE's APPNOTE, 4.3.12: packed and unpacked size
    content[directory + place : directory + place + 4] = bytes_.to_bytes(4, "little")
    path = f"/organise/meetings/{world.draft()['id']}/files"
    assert "uitgepakt" in why(organiser, path, "bom.pptx", bytes(content))


def test_no_more_than_twenty_files_hang_on_one_thing(world: World, organiser: FlaskClient) -> None:
    path = f"/organise/meetings/{world.draft()['id']}/files"
    for number in range(20):
        assert add(organiser, path, f"{number}.pdf", PDF).status_code == 303
    assert "Er zijn al 20 bestanden" in why(organiser, path, "nog-een.pdf", PDF)


def test_a_document_may_be_a_file_and_stays_as_long_as_everyone_reads_it(world: World, organiser: FlaskClient) -> None:
    item = gather(world, {"kind": "document", "title": {"nl": "Factsheet"}}, publish=False)
    path = f"/organise/knowledge/{item['id']}/files"
    assert world.ask("POST", f"/v1/knowledge/{item['id']}/publication").status_code == 400
    assert add(organiser, path, "Factsheet.ods", OPEN_SHEET).status_code == 303
    (link,) = links_in(organiser.get(path).text)
    assert world.public.get(link).status_code == 404
    assert world.ask("POST", f"/v1/knowledge/{item['id']}/publication").status_code == 200
    assert "(ODS, 1 kB)" in world.public.get("/knowledge/factsheet").text
    assert world.public.get(link).data == OPEN_SHEET
    refused = save_on(organiser, path, f"/organise{link}/removal")
    assert refused.status_code == 409
    assert "Haal het eerst van de site" in refused.text
    assert world.public.get(link).status_code == 200


def test_the_same_on_both_grounds(world_on: World) -> None:
    world_on.give_key("session", "manager")
    client = world_on.service.app.test_client()
    client.set_cookie("kring_signin", "session")
    meeting = world_on.publish()
    path = f"/organise/meetings/{meeting['id']}/files"
    content = PDF + bytes(range(256)) * 5000
    assert add(client, path, "Groot.pdf", content).status_code == 303
    (link,) = links_in(client.get(path).text)
    assert world_on.public.get(link).data == content
    assert save_on(client, path, f"/organise{link}/removal").status_code == 303
    assert world_on.public.get(f"/files/{quote('../../etc/passwd', safe='')}").status_code == 404


def test_programs_add_change_replace_and_take_away_files(world_on: World) -> None:
    world = world_on
    meeting = world.publish()
    sent = send_file(world, meeting["id"], said={"titleNl": "Het verslag", "audience": "participants"})
    assert sent.status_code == 201, sent.json
    file = as_object(sent)
    assert (file["title"], file["name"], file["size"]) == ({"nl": "Het verslag"}, "Verslag.pdf", len(PDF))
    assert sent.headers["Location"] == f"http://127.0.0.1:8000/v1/files/{file['id']}"
    assert world.public.get(file["participantsUrl"]).data == PDF
    here = f"/v1/files/{file['id']}"
    for path in (here, f"/v1/meetings/{meeting['id']}/files/archive"):
        assert world.public.get(path).status_code == 404, path
    assert world.public.get(f"/v1/meetings/{meeting['id']}/files").json == []

    version = {"If-Match": sent.headers["ETag"]}
    changed = world.ask("PATCH", here, json={"audience": "all", "title": {"en": "The report"}}, headers=version)
    assert as_object(changed)["title"] == {"nl": "Het verslag", "en": "The report"}
    assert world.ask("PATCH", here, json={"audience": "nobody"}, headers={"If-Match": "*"}).status_code == 400
    assert world.ask("PATCH", here, json={"audience": "all"}, headers=version).status_code == 412
    assert world.ask("DELETE", here).status_code == 428
    (document,) = world.told("meeting.changed")[-1].meeting.documents
    assert document == Document(title={"nl": "Het verslag", "en": "The report"}, url=file["url"])

    replaced = sent_to(world, "PUT", f"{here}/content", ("Dia's.pptx", SLIDES))
    assert as_object(replaced)["name"] == "Dia's.pptx"
    (listed,) = world.public.get(f"/v1/meetings/{meeting['id']}/files").json or []
    assert (listed["mediaType"], listed["participantsUrl"]) == (replaced.json["mediaType"], None)  # type: ignore[index]
    assert world.public.get(listed["url"]).data == SLIDES
    with ZipFile(BytesIO(world.public.get(f"/v1/meetings/{meeting['id']}/files/archive").data)) as archive:
        assert archive.read("Dia's.pptx") == SLIDES

    assert world.ask("DELETE", here, headers={"If-Match": "*"}).status_code == 204
    assert world.public.get(listed["url"]).status_code == 404
    assert world.told("meeting.changed")[-1].meeting.documents == ()


def test_what_programs_send_is_refused_with_what_is_wrong_with_it(world: World) -> None:
    meeting = world.publish()["id"]
    assert "file" in reasons(send_file(world, meeting, content=b"#!/bin/sh"))
    assert set(reasons(send_file(world, meeting, said={"audience": "nobody", "titleNl": "x" * 300}))) == {
        "audience",
        "titleNl",
    }
    path = f"/v1/meetings/{meeting}/files"
    nothing = world.ask("POST", path, data={"titleNl": "Niets"}, content_type="multipart/form-data")
    assert "file" in reasons(nothing)
    assert world.ask("POST", path, json={}).status_code == 415
    assert send_file(world, meeting, content=PDF + bytes(15_200_000)).status_code == 413
    assert world.ask("POST", "/v1/meetings/nothing/files", json={}).status_code == 404


def test_a_document_that_everyone_reads_keeps_its_file(world: World) -> None:
    item = {"kind": "document", "title": {"nl": "Actieplan"}}
    kept = as_object(world.ask("POST", "/v1/knowledge", json=item))["id"]
    path = f"/v1/knowledge/{kept}/files"
    assert "audience" in reasons(sent_to(world, "POST", path, ("Plan.pdf", PDF), {"audience": "participants"}))
    file = as_object(sent_to(world, "POST", path, ("Plan.pdf", PDF)))
    assert world.public.get(path).status_code == 404
    assert world.ask("POST", f"/v1/knowledge/{kept}/publication").status_code == 200
    assert [each["knowledgeId"] for each in world.public.get(path).json or []] == [kept]
    refused = world.ask("DELETE", f"/v1/files/{file['id']}", headers={"If-Match": "*"})
    assert (refused.status_code, as_object(refused)["type"].rpartition("/")[2]) == (409, "file-needed")
    assert world.ask("DELETE", f"/v1/knowledge/{kept}/publication").status_code == 200
    assert world.ask("DELETE", f"/v1/files/{file['id']}", headers={"If-Match": "*"}).status_code == 204
