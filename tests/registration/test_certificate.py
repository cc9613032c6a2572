"""A certificate of attendance: for who was there, by their own link, in their language."""

import io

from pypdf import PdfReader

from tests.builders import NOON
from tests.registration.conftest import World


def test_who_was_there_gets_a_certificate_in_either_language_and_nobody_else_does(world: World) -> None:
    facts = world.publish(target_groups=(), title={"nl": "Samen inkopen", "en": "Buying together"})
    world.sign_up(facts, "Łucja", email="anna@gemeente.example", organisation="Gouda")
    page = world.visitor.get(world.mine_link("Łucja"), follow_redirects=True)
    address = f"{page.request.path}/certificate.pdf"

    too_early = world.visitor.get(address)
    world.clock.now = NOON
    registration_id = page.request.path.rpartition("/")[2]
    attended = world.visitor.put(
        f"/registration/v1/registrations/{registration_id}/attendance",
        json={"attended": True},
        headers=world.organiser(),
    )
    dutch, english = (world.visitor.get(address, query_string={"lang": language}) for language in ("nl", "en"))

    assert "certificate.pdf" not in page.text
    assert too_early.status_code == 409
    assert "Een bewijs van deelname is voor wie" in too_early.text
    assert attended.status_code == 200
    assert f'href="{address}"' in world.visitor.get(page.request.path).text
    said = text_of(dutch.data)
    assert [words in said for words in ("Bewijs van deelname", "Łucja", "Gouda", "Samen inkopen", "14.00")] == [
        True
    ] * 5
    assert "Certificate of attendance" in text_of(english.data)
    assert "Buying together" in text_of(english.data)
    assert dutch.headers["Content-Disposition"] == f'attachment; filename="{facts.slug}.pdf"'
    assert world.service.app.test_client().get(address).headers["Location"].startswith("/registration/mine?next=")


def text_of(file: bytes) -> str:
    pages = PdfReader(io.BytesIO(file)).pages
    assert len(pages) == 1
    return pages[0].extract_text()
