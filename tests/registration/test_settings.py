"""Identity providers are named in the environment, any number of them; what is wrong stops the start."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt

from services.registration.rules.claims import ClaimRule, RoleGiven, claim_in, role_given
from services.registration.settings import read_settings
from shared.settings import SettingError
from tests.builders import NOON

COMMON = {
    "SECRET_KEY": "0f4e8a1b7c2d9653e0f4a8b1c7d29653",
    "LINK_KEYS": "a1b2c3d4e5f60718293a4b5c6d7e8f90",
    "ERASURE_KEYS": "c0ffee11d00d22beef33feed44face55",
    "DATABASE_URL": "sqlite:///data/kring.db",
    "BROKER_URL": "memory://",
}


def a_key_file(folder: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    file = folder / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(file)


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    return {
        **COMMON,
        "OIDC_ISSUER": "https://login.example/tenant/v2.0",
        "OIDC_CLIENT_ID": "kring",
        "OIDC_KEY_FILE": a_key_file(tmp_path, ec.generate_private_key(ec.SECP256R1())),
        "OIDC_ROLES": "kring-office = manager, kring-east=organiser:PV24 PV25",
    }


def test_there_is_none_unless_it_is_named_and_then_links_are_mailed(good: dict[str, str]) -> None:
    settings = read_settings(COMMON)
    assert (settings.issuers, settings.mails_links) == ((), True)
    assert read_settings(good).mails_links is False
    assert read_settings({**good, "SIGN_IN_BY_MAIL": "on"}).mails_links is True


def test_each_issuer_has_a_number_and_a_meaning_of_its_claims(good: dict[str, str]) -> None:
    second = {f"OIDC_2_{name.removeprefix('OIDC_')}": value for name, value in good.items() if "OIDC" in name}
    one, two = read_settings({**good, **second, "OIDC_2_NAME": "Waterschap", "OIDC_2_CLAIM": "roles"}).issuers
    assert (one.number, one.name, one.claim) == (1, "login.example", "groups")
    assert (two.number, two.name, two.claim) == (2, "Waterschap", "roles")
    assert one.rules == (ClaimRule("kring-office", "manager"), ClaimRule("kring-east", "organiser", ("PV24", "PV25")))
    signed = one.key.signed_name("kring", "https://login.example/token", ["ES256", "RS256"], NOON)
    assert jwt.decode(signed, one.key.key, algorithms=["ES256"]).header["kid"] == one.key.key.thumbprint()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "http://login.example"),
        ("OIDC_ISSUER", "https://login.example?tenant=1"),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_KEY_FILE", "/nowhere/key.pem"),
        ("OIDC_KEY_FILE", "pyproject.toml"),
        ("OIDC_ROLES", ""),
        ("OIDC_ROLES", "office"),
        ("OIDC_ROLES", "office=king"),
        ("OIDC_ROLES", "office=helper"),
        ("OIDC_ROLES", "office=organiser"),
        ("OIDC_ROLES", "office=manager:PV26"),
        ("SIGN_IN_BY_MAIL", "perhaps"),
    ],
)
def test_a_wrong_setting_stops_the_start(good: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings({**good, name: value})


def test_a_key_with_a_certificate_is_known_by_that(good: dict[str, str], tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kring")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, NOON, NOON + timedelta(days=1)).sign(key, SHA256())
    file = Path(a_key_file(tmp_path, key))
    file.write_bytes(file.read_bytes() + made.public_bytes(Encoding.PEM))

    ours = read_settings({**good, "OIDC_KEY_FILE": str(file)}).issuers[0].key

    header = jwt.decode(ours.signed_name("kring", "https://login.example", [], NOON), ours.key, ["PS256"]).header
    assert urlsafe_b64decode(f"{header['x5t#S256']}=") == made.fingerprint(SHA256())
    assert "kid" not in header


def test_a_short_key_is_none(good: dict[str, str], tmp_path: Path) -> None:
    short = a_key_file(tmp_path, rsa.generate_private_key(65537, 1024))  # noqa: S505  # that is the point
    with pytest.raises(SettingError, match="2048"):
        read_settings({**good, "OIDC_KEY_FILE": short})


def test_the_first_rule_that_holds_gives_the_role_and_all_of_that_role_give_its_regions() -> None:
    rules = (ClaimRule("a", "auditor"), ClaimRule("b", "organiser", ("PV26",)), ClaimRule("c", "organiser", ("PV25",)))
    assert role_given(rules, ["c", "b"]) == RoleGiven("organiser", ("PV26", "PV25"))
    assert role_given(rules, ["b", "a", 7, {"a": 1}]) == RoleGiven("auditor")
    assert role_given(rules, "c") == RoleGiven("organiser", ("PV25",))
    assert [role_given(rules, claim) for claim in (None, [], ["d"], "ab", {"a": True}, 1)] == [None] * 6


def test_a_claim_is_found_by_its_name_or_by_its_way() -> None:
    claims = {"https://id.example/roles": ["a"], "realm_access": {"roles": ["b"]}, "groups": "c"}
    assert claim_in(claims, "https://id.example/roles") == ["a"]
    assert claim_in(claims, "realm_access.roles") == ["b"]
    assert [claim_in(claims, name) for name in ("roles", "groups.roles", "realm_access.groups")] == [None] * 3
