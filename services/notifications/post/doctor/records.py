"""What the DNS says of our mail domain: MX (RFC 5321 5.1), SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489)."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dns.exception import DNSException
from dns.rdatatype import MX, TXT, RdataType
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from shared.doctor.findings import Finding, ok, warning, wrong

_LOOKS_UP = re.compile(r"[+?~-]?(?:include:|a\b|mx\b|ptr\b|exists:|redirect=)", re.IGNORECASE)
_MOST_LOOK_UPS = 10  # RFC 7208 4.6.4
_INCLUDED = re.compile(r"(?:include:|redirect=)(\S+)", re.IGNORECASE)
_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*)", re.IGNORECASE)


class DnsAwayError(Exception):
    """No name server answers; what it would have said is not known."""


@dataclass(frozen=True)
class Records:
    """The records of ``domain``, asked by ``resolver``. What raises ``DnsAwayError`` is said by who asked."""

    domain: str
    resolver: Resolver

    def examine(self, selector: str, key: bytes | None) -> Iterator[Finding]:
        """All but MX; ``key`` (PEM) is ours, if we sign, and stands under ``selector``."""
        yield self._spf()
        yield self._dkim(selector, key)
        yield self._dmarc()

    def mail_servers(self) -> list[str]:
        """The hosts that take mail for the domain, the preferred first; empty where there are none."""
        answers = self._answers(self.domain, MX)
        hosts = sorted((record.preference, record.exchange.to_text(omit_final_dot=True)) for record in answers)
        return [host for _, host in hosts if host not in {"", "."}]  # RFC 7505: a lone "." takes none

    def _spf(self) -> Finding:
        found = self._spf_of(self.domain)
        remedy = f'publish: {self.domain}. TXT "v=spf1 ip4:… -all", with the addresses that your mail server sends from'
        if len(found) != 1:
            return wrong("SPF", f"{len(found)} records at {self.domain}, not one", remedy)
        policy = found[0]
        if self._looks_up_too_much(policy):
            return wrong("SPF", f"needs more than {_MOST_LOOK_UPS} look-ups: others take it for broken", remedy)
        if policy.split()[-1].lower() in {"+all", "all", "?all"}:
            return wrong("SPF", f"lets everybody send: {policy}", remedy)
        if not re.search(r"\s[-~]all$|\sredirect=", policy, re.IGNORECASE):
            return warning("SPF", f"says nothing of all others: {policy}", "end it with -all")
        return ok("SPF", policy)

    def _dkim(self, selector: str, key: bytes | None) -> Finding:
        name = f"{selector}._domainkey.{self.domain}"
        found = [_tags(record) for record in self._texts(name)]
        published = next((tags["p"] for tags in found if "p" in tags), None)
        if key is None:
            if published:
                return ok("DKIM", f"the mail server signs; a key stands at {name}")
            remedy = "let the mail server sign, or set DKIM_KEY_FILE; DKIM_SELECTOR names where its key stands"
            return warning("DKIM", f"we do not sign, and no key stands at {name}", remedy)
        public = _public(key)
        if published is None:
            return wrong("DKIM", f"no key at {name}", f'publish: {name}. TXT "v=DKIM1; k=rsa; p={public}"')
        if "".join(published.split()) != public:
            remedy = f"publish the half of ours, p={public}, or set the key that belongs to this one"
            return wrong("DKIM", f"another key than ours stands at {name}", remedy)
        return ok("DKIM", f"our key stands at {name}")

    def _dmarc(self) -> Finding:
        name = f"_dmarc.{self.domain}"
        found = [tags for tags in map(_tags, self._texts(name)) if tags.get("v") == "DMARC1"]
        if len(found) != 1:
            remedy = f'publish: {name}. TXT "v=DMARC1; p=none; adkim=s; aspf=s; rua=mailto:…", and p=reject later'
            return wrong("DMARC", f"{len(found)} records at {name}, not one", remedy)
        policy = found[0].get("p", "").lower()
        if policy not in {"quarantine", "reject"}:
            remedy = "read the reports that come to rua, and set p=reject when all that is ours passes"
            return warning("DMARC", f"p={policy}: mail in our name is let through", remedy)
        return ok("DMARC", f"p={policy}")

    def _looks_up_too_much(self, policy: str) -> bool:
        """Whether this policy brings more questions than others will ask, those of what it includes counted too."""
        count, policies = 0, [policy]
        while policies:
            terms = policies.pop().split()[1:]
            count += sum(1 for term in terms if _LOOKS_UP.match(term))
            if count > _MOST_LOOK_UPS:
                return True
            included = [found[1] for term in terms if (found := _INCLUDED.search(term))]
            policies += [each for name in included for each in self._spf_of(name)]
        return False

    def _spf_of(self, name: str) -> list[str]:
        return [text for text in self._texts(name) if text.lower().split()[:1] == ["v=spf1"]]

    def _texts(self, name: str) -> list[str]:
        """Each TXT record as one text: those longer than 255 octets travel in pieces (RFC 7208 3.3)."""
        records = self._answers(name, TXT)
        return [b"".join(record.strings).decode("ascii", errors="replace") for record in records]

    def _answers(self, name: str, kind: RdataType) -> list[Any]:
        try:
            return list(self.resolver.resolve(name, kind))
        except (NXDOMAIN, NoAnswer):
            return []
        except DNSException as error:
            raise DnsAwayError(type(error).__name__) from error


def _tags(record: str) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in _TAG.findall(record)}


def _public(key: bytes) -> str:
    """The public half as it stands in the record (RFC 6376 3.6.1)."""
    half = load_pem_private_key(key, password=None).public_key()
    return base64.b64encode(half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
