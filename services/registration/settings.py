"""What registration wants to know from the environment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from services.registration.issuers.issuer import ClientKey, Issuer, read_client_key
from services.registration.rules.claims import ClaimRule
from shared.people.roles import GivenRole
from shared.settings import Common, Reader, SettingError, read

_RULE = re.compile(r"(?P<value>[^=,]+?)\s*=\s*(?P<role>[a-z]+)(?::(?P<regions>[^=,:]+))?")
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Settings:
    """All settings of registration. ``issuers`` are identity providers where organisers sign in.

    ``mails_links`` lets organisers sign in with a link by mail too.
    """

    common: Common
    issuers: tuple[Issuer, ...] = ()
    mails_links: bool = True


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings in ``env``. Raises ``SettingError`` with one clear sentence."""
    reader = Reader(env)
    reader.secrets("LINK_KEYS")  # it signs people's links, so here they must be given
    issuers = tuple(_issuers(reader))
    mails = ("off", "on") if issuers else ("on", "off")
    return Settings(common=read(env), issuers=issuers, mails_links=reader.choice("SIGN_IN_BY_MAIL", *mails) == "on")


def _issuers(reader: Reader) -> Iterator[Issuer]:
    """``OIDC_ISSUER`` and what belongs to it, then ``OIDC_2_ISSUER`` and so on, as long as there are."""
    number, prefix = 1, "OIDC_"
    while reader.optional(f"{prefix}ISSUER"):
        yield _issuer(reader, number, prefix)
        number += 1
        prefix = f"OIDC_{number}_"


def _issuer(reader: Reader, number: int, prefix: str) -> Issuer:
    url = _issuer_url(reader, f"{prefix}ISSUER")
    return Issuer(
        number=number,
        name=reader.text(f"{prefix}NAME", default=str(urlsplit(url).hostname)),
        url=url,
        client_id=reader.text(f"{prefix}CLIENT_ID"),
        key=_client_key(reader, f"{prefix}KEY_FILE"),
        scope=reader.text(f"{prefix}SCOPE", default="openid profile email"),
        claim=reader.text(f"{prefix}CLAIM", default="groups"),
        rules=_rules(reader, f"{prefix}ROLES"),
    )


def _issuer_url(reader: Reader, name: str) -> str:
    """As it stands in the tokens, to the letter (OpenID Connect Discovery 1.0, 3)."""
    given = reader.text(name)
    try:
        parts = urlsplit(given)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    except ValueError:
        is_safe = False
    if not is_safe or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingError(f"{name} must be the https address of an identity provider, not {given!r}.")
    return given


def _client_key(reader: Reader, name: str) -> ClientKey:
    file = Path(reader.text(name))
    try:
        return read_client_key(file.read_bytes())
    except OSError:
        raise SettingError(f"{name}: {file} cannot be read.") from None
    except (ValueError, TypeError):
        raise SettingError(
            f"{name}: {file} must hold a private key as PEM, without a password: RSA of 2048 bits or more, or P-256."
        ) from None


def _rules(reader: Reader, name: str) -> tuple[ClaimRule, ...]:
    """``kring-office=manager,kring-utrecht=organiser:PV26 PV25``: what the claim holds, the role, its regions."""
    return tuple(_rule(name, given) for given in reader.texts(name) or (reader.text(name),))


def _rule(name: str, given: str) -> ClaimRule:
    parts = _RULE.fullmatch(given)
    roles = [role for role in get_args(GivenRole) if parts and role == parts["role"] and role != "helper"]
    if parts is None or not roles:
        raise SettingError(f"{name} must hold parts like office=manager or utrecht=organiser:PV26, not {given!r}.")
    regions = tuple((parts["regions"] or "").split())
    if (roles[0] == "organiser") != bool(regions):
        raise SettingError(f"{name}: an organiser has regions, and only an organiser: {given!r}.")
    return ClaimRule(parts["value"].strip(), roles[0], regions)
