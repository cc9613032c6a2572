"""The doctor looks at mail: records, servers, and an invitation to ourselves that goes all the way and is answered."""

import base64
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import func, select

from services.notifications import tables
from services.notifications.app import build_from_env, examine_from_env
from services.notifications.post.doctor.records import Records
from services.notifications.post.doctor.servers import incoming
from shared.doctor.findings import Finding
from tests.grounds import Embedded
from tests.notifications.a_world import a_certificate, a_name_server, a_world
from tests.notifications.office import KEY

DOMAIN = "agenda.kring.example"
PASSES = f"mx.kring.example; spf=pass; dkim=pass; dmarc=pass header.from={DOMAIN}"


class Patient:
    """An installation in a world where all is well, until a test changes something."""

    def __init__(self, ground: Embedded, folder: Path) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_file = folder / "dkim.pem"
        self.key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.says, self.tls = PASSES, a_certificate(folder)
        self.records = {
            "MX": "10 mx.kring.example.",
            "TXT": '"v=spf1 ip4:127.0.0.1 -all"',
            "DKIM": _in_pieces(f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"),
            "DMARC": '"v=DMARC1; p=reject; adkim=s; aspf=s"',
        }
        self.settings = {
            "BASE_URL": "https://kring.example",
            "DATABASE_URL": ground.database_url("notifications"),
            "BROKER_URL": ground.broker_url,
            "SECRET_KEY": KEY,
            "LINK_KEYS": KEY,
            "ERASURE_KEYS": KEY,
            "MAIL_DOMAIN": DOMAIN,
            "REPLIES_URL": f"folder:{folder / 'replies'}",
            "AUTHSERV_ID": "mx.kring.example",
            "DKIM_KEY_FILE": str(self.key_file),
        }
        self.replies, self.kept = folder / "replies", 0

    def examined(self) -> list[Finding]:
        with ExitStack() as stack:
            resolver = stack.enter_context(a_name_server()).know(_zone(self.records))
            world = stack.enter_context(a_world(tls=self.tls, inbound=self.replies, says=self.says))
            env = {"MAIL_URL": world.url, **self.settings}
            service = build_from_env(env)
            stack.callback(service.database.engine.dispose)
            examine = examine_from_env(env, service, resolver=resolver, reach=lambda _name: ("127.0.0.1", world.port))
            found = list(examine)
            with service.database.reading() as session:
                self.kept = session.scalar(select(func.count()).select_from(tables.incoming_mail)) or 0
        return found

    def complaints(self) -> dict[str, str]:
        """Whatever is not well: subject, and what it says with what to do."""
        found = [finding for finding in self.examined() if finding.level != "ok"]
        assert all(finding.remedy for finding in found), "each says what to do"
        return {finding.subject: f"{finding.level}: {finding.words} {finding.remedy}" for finding in found}


@pytest.fixture
def patient(embedded: Embedded, tmp_path: Path) -> Patient:
    return Patient(embedded, tmp_path)


def test_where_all_is_well_the_invitation_arrives_and_its_answer_is_read(patient: Patient) -> None:
    found = patient.examined()

    assert {finding.level for finding in found} == {"ok"}, found
    subjects = [finding.subject for finding in found]
    assert subjects == [
        *("mail server", "MX", "SPF", "DKIM", "DMARC"),
        *("invitation", "invitation", "sender", "answer"),
    ]
    assert patient.kept == 0, "nothing of it stays in the mailroom"


RECORDS: list[tuple[str, str | None, str, str]] = [
    ("MX", None, "MX", "wrong: no record"),
    ("MX", "0 .", "MX", "wrong: no record"),
    ("TXT", None, "SPF", "wrong: 0 records"),
    ("TXT", '"v=spf1 +all"', "SPF", "wrong: lets everybody send"),
    ("TXT", '"v=spf1 ip4:127.0.0.1"', "SPF", "warning: says nothing of all others"),
    ("TXT", f'"v=spf1 {" ".join(f"a:h{n}.example" for n in range(11))} -all"', "SPF", "more than 10 look-ups"),
    ("TXT", f'"v=spf1 include:{DOMAIN} include:{DOMAIN} -all"', "SPF", "wrong: needs more than 10 look-ups"),
    ("DKIM", None, "DKIM", "publish: kring._domainkey"),
    ("DKIM", '"v=DKIM1; k=rsa; p=AAAA"', "DKIM", "another key than ours"),
    ("DMARC", None, "DMARC", "wrong: 0 records"),
    ("DMARC", '"v=DMARC1; p=none"', "DMARC", "warning: p=none"),
]


def test_a_record_that_is_not_right_is_named_with_what_to_publish(patient: Patient) -> None:
    with a_name_server() as names:
        for record, value, subject, said in RECORDS:
            records = {name: text for name, text in {**patient.records, record: value}.items() if text}
            asked = Records(DOMAIN, names.know(_zone(records)))
            servers = incoming(DOMAIN, asked.mail_servers(), lambda _name: ("127.0.0.1", 1))
            examined = [*servers, *asked.examine("kring", patient.key_file.read_bytes())]
            found = [each for each in examined if each.level != "ok" and "does not answer us" not in each.words]

            assert [each.subject for each in found] == [subject]
            assert said in f"{found[0].level}: {found[0].words} {found[0].remedy}"


def test_a_server_without_tls_or_that_is_away_is_named(patient: Patient) -> None:
    patient.settings |= {"REPLIES_URL": ""}
    patient.tls = None  # type: ignore[assignment]  # offers none
    assert "wrong: mx.kring.example offers none" in patient.complaints()["STARTTLS"]

    patient.settings |= {"MAIL_URL": "smtp://127.0.0.1:1"}
    assert "wrong: the mail server: ConnectionRefusedError" in patient.complaints()["mail server"]


def test_who_is_not_known_to_be_us_is_told_by_which_check(patient: Patient) -> None:
    patient.says = f"mx.kring.example; spf=fail; dkim=pass; dmarc=fail header.from={DOMAIN}"

    assert "wrong: not known to be us: spf=fail, dkim=pass, dmarc=fail" in patient.complaints()["sender"]


def test_mail_in_a_folder_is_wrong_for_people_and_right_for_a_try_out(patient: Patient, tmp_path: Path) -> None:
    patient.settings |= {"MAIL_URL": f"folder:{tmp_path / 'mail'}"}
    assert list(patient.complaints()) == ["mail"]

    patient.settings |= {"BASE_URL": "http://127.0.0.1:8000"}
    assert patient.complaints() == {}


def _zone(records: Mapping[str, str]) -> str:
    """A master file (RFC 1035 5.1)."""
    places = {"MX": f"{DOMAIN}. 60 IN MX", "TXT": f"{DOMAIN}. 60 IN TXT"}
    places |= {"DKIM": f"kring._domainkey.{DOMAIN}. 60 IN TXT", "DMARC": f"_dmarc.{DOMAIN}. 60 IN TXT"}
    return "\n".join(f"{places[name]} {value}" for name, value in records.items())


def _in_pieces(text: str) -> str:
    """As a record that is longer than 255 octets is written (RFC 7208 3.3)."""
    return " ".join(f'"{text[start : start + 200]}"' for start in range(0, len(text), 200))
