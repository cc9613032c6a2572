"""The daily CSV export of the Dutch register of government organisations (``organisaties.overheid.nl/export/…``).

One file per kind, such as ``Gemeenten.csv``: UTF-8, separated by ``;``, with the columns ``TOOi URI``,
``Officiële naam``, ``Type``, ``Einddatum``, ``E-mail adressen``, ``Internetpagina's`` and one that begins with
``Adressen (``. A cell holds several things as ``info@gemeente.example, label: algemeen; …``.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from services.catalog.rules.domains import BadDomainError, domain_of, is_for_everyone
from services.catalog.rules.references import Reference, is_region

TOOI, NAME, KIND, ENDS, MAIL, SITES, PLACES = (
    "tooi uri",
    "officiele naam",
    "type",
    "einddatum",
    "e-mail adressen",
    "internetpagina's",
    "adressen",
)
"""The columns, without capitals, accents and what stands in brackets."""

NEEDED: Final = (TOOI, NAME, KIND)

_TOOI = re.compile(r"https://identifier\.overheid\.nl/tooi/id/[a-z_-]+/[a-z0-9_-]+")
_PART: Final = "organisatieonderdeel"
_KINDS: Final = MappingProxyType(
    {
        "gemeente": "municipality",
        "provincie": "province",
        "waterschap": "water-board",
        "regionaal samenwerkingsorgaan": "joint-body",
        "grensoverschrijdend regionaal samenwerkingsorgaan": "joint-body",
        "gemeenschappelijke regeling": "joint-body",
        "ministerie": "state-body",
        "agentschap": "state-body",
        "inspectie": "state-body",
        "zelfstandig bestuursorgaan": "state-body",
        "hoog college van staat": "state-body",
        "adviescollege": "state-body",
        "interdepartementale commissie": "state-body",
        "kabinet van de koning": "state-body",
        "rechtspraak": "state-body",
        "politie": "state-body",
    }
)
_LETTERS: Final = ("GR", "FR", "DR", "OV", "FL", "GE", "UT", "NH", "ZH", "ZE", "NB", "LI")
_PROVINCES: Final = MappingProxyType({letters: f"PV{number}" for number, letters in enumerate(_LETTERS, start=20)})
"""The code of each province by its letters (ISO 3166-2)."""

_IN_ONE_PROVINCE: Final = ("municipality", "joint-body")
_PROVINCE = re.compile(r"provincieAfkorting: *([A-Z]{2})\b")
_DAYS: Final = ("%d-%m-%Y", "%Y-%m-%d")


def organisation(row: Mapping[str, str]) -> Reference | None:
    """The organisation in a row; None for a part of one. Raises ``ValueError`` where the row cannot be true."""
    sorts = [sort.strip().casefold() for sort in row[KIND].split(";")]
    if _PART in sorts:
        return None
    code, name = row[TOOI], row[NAME]
    if not _TOOI.fullmatch(code):
        raise ValueError(f"{code!r} is not a TOOI address")
    if not name:
        raise ValueError(f"{code} has no name")
    kind = next((_KINDS[sort] for sort in sorts if sort in _KINDS), "other")
    return Reference(
        kind="organisation",
        code=code,
        labels={"nl": name.removeprefix("Gemeente ") if kind == "municipality" else name},
        organisation_kind=kind,
        region=_region(kind, code, row.get(PLACES, "")),
        email_domains=tuple(dict.fromkeys(_domains(row))),
        valid_to=_day(row.get(ENDS, "")),
    )


def _region(kind: str, code: str, places: str) -> str | None:
    if kind == "province":
        own = code.rpartition("/")[2].upper()
        return own if is_region(own) else None
    found = _PROVINCE.search(places)
    return _PROVINCES.get(found[1]) if found and kind in _IN_ONE_PROVINCE else None


def _domains(row: Mapping[str, str]) -> Iterator[str]:
    """The domains of its mail, and of its sites that are a domain's own: a page on another's says nothing."""
    hosts = [address.rpartition("@")[2] for address in _things(row.get(MAIL, ""))]
    for site in _things(row.get(SITES, "")):
        try:
            parts = urlsplit(site)
            host = parts.hostname or ""
        except ValueError:
            continue
        if parts.path in ("", "/") and not parts.query:
            hosts.append(host.removeprefix("www."))
    for host in hosts:
        try:
            domain = domain_of(host)
        except BadDomainError:
            continue
        if not is_for_everyone(domain):
            yield domain


def _things(cell: str) -> Iterator[str]:
    """What a cell lists, without the labels."""
    for thing in cell.split(";"):
        value = thing.partition(",")[0].strip()
        if value:
            yield value


def _day(text: str) -> date | None:
    if not text:
        return None
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a day")
