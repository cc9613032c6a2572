"""The signature on a mail is ours, over what matters in it, and anyone can check it."""

import subprocess
from base64 import b64encode
from pathlib import Path

import dkim
import pytest

from services.notifications.settings import read_settings
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from shared.settings import SettingError
from tests.builders import a_meeting, a_person, a_registration
from tests.notifications.office import Office
from tests.notifications.test_settings import GOOD


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", file, "1024"], check=True, capture_output=True)
    return file


def test_a_signature_holds_until_somebody_changes_the_mail(office: Office, key_file: Path) -> None:
    signed = office.again(dkim_key=key_file.read_bytes())
    meeting = a_meeting()
    signed.tell(MeetingPublished(meeting=meeting))
    person = a_person(name="Şam, Jänsen " * 5)
    signed.tell(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id, person=person)))
    source = signed.one_mail().source
    record = _record(key_file)

    assert _holds(source, record)
    refolded = source.replace(b"Subject: ", b"Subject:\r\n  ", 1)
    assert _holds(refolded, record)
    for before, after in ((b"Reply-To: r", b"Reply-To: x"), (b"From: ", b"From: v@x.nl\r\nFrom: "), (b"PG", b"PH")):
        assert not _holds(source.replace(before, after, 1), record), before


@pytest.mark.parametrize(
    ("name", "value"),
    [("DKIM_KEY_FILE", "nowhere.pem"), ("DKIM_KEY_FILE", __file__), ("DKIM_SELECTOR", "Ons Kring")],
    ids=["no file", "no key", "no name"],
)
def test_a_key_that_cannot_sign_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings({**GOOD, name: value})


def test_the_key_is_read_from_its_file(key_file: Path) -> None:
    settings = read_settings({**GOOD, "DKIM_KEY_FILE": str(key_file)})
    assert (settings.dkim_key, settings.dkim_selector) == (key_file.read_bytes(), "kring")
    assert "PRIVATE" not in repr(settings)


def _record(key_file: Path) -> bytes:
    """The line for the domain, made as docs/operations.md says."""
    made = ["openssl", "rsa", "-in", str(key_file), "-pubout", "-outform", "DER"]
    public = subprocess.run(made, check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


def _holds(source: bytes, record: bytes) -> bool:
    """What a receiving server finds, that asks the domain for its key."""
    names: list[bytes] = []

    def ask(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        names.append(name)
        return record

    verdict = bool(dkim.verify(source, dnsfunc=ask))
    assert names == [b"kring._domainkey.kring.example."]
    return verdict
