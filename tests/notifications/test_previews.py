"""Organisers read every mail there is, filled in with an example."""

from email import message_from_bytes
from email.policy import default

import pytest

from services.notifications.forms import KINDS
from shared.web.access import SIGN_IN_COOKIE
from tests.notifications.office import Office


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_mail_can_be_read_and_opened_in_a_mail_program(office: Office, language: str) -> None:
    visitor = office.service.app.test_client()
    visitor.set_cookie(SIGN_IN_COOKIE, "the-manager")
    listed = visitor.get(f"/notifications/previews?lang={language}").text
    for kind in KINDS:
        assert f"/notifications/previews/{kind}" in listed
        page = visitor.get(f"/notifications/previews/{kind}")
        file = visitor.get(f"/notifications/previews/{kind}.eml")
        assert (page.status_code, file.status_code) == (200, 200)
        mail = message_from_bytes(file.data, policy=default)
        assert mail["Subject"] in page.text
    assert visitor.get("/notifications/previews/nothing").status_code == 404
    assert office.service.app.test_client().get("/notifications/previews").status_code == 303
