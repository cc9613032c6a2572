"""The words of the network: regions, target groups, themes, organisations. These are the ones it starts with.

Codes and TOOI addresses of provinces and water boards are those of CBS and the TOOI register (2026). Municipalities
change every year and are imported: ``python -m services.catalog organisations import FILE``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

Kind = Literal["region", "target-group", "theme", "organisation"]

WHOLE_COUNTRY: Final = "NL"
_TOOI: Final = "https://identifier.overheid.nl/tooi/id"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One word. ``parts`` are the codes of the provinces and municipalities a region is made of.

    ``pillars`` say what a theme is good for: ``people``, ``planet``, ``profit``. From the day ``valid_to`` on a word is
    no longer offered; what has it keeps it.

    An organisation's code is its TOOI address; ``region`` is the region it lies in. ``domains_corrected``: an organiser
    said which mail domains are its own, and no file says better.
    """

    kind: Kind
    code: str
    labels: Mapping[str, str]
    position: int = 0
    organisation_kind: str | None = None
    region: str | None = None
    parts: tuple[str, ...] = ()
    pillars: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    merged_into: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    domains_corrected: bool = False


def municipality(cbs_code: str, tooi_id: str, name: str, province: str) -> Reference:
    """A municipality (``GM0014``) in a province (``PV20``). Raises ``ValueError`` where the codes cannot be true."""
    if tooi_id != f"{_TOOI}/gemeente/{cbs_code.lower()}":
        raise ValueError(f"{tooi_id!r} is not the TOOI address of {cbs_code!r}")
    if province not in _PROVINCES:
        raise ValueError(f"{province!r} is not a province")
    if not name:
        raise ValueError(f"{cbs_code} has no name")
    return Reference(
        kind="organisation",
        code=tooi_id,
        labels={"nl": name},
        organisation_kind="municipality",
        region=province,
    )


def is_region(code: str) -> bool:
    """Whether ``code`` is that of a province."""
    return code in _PROVINCES


def renewed(known: Reference, read: Reference) -> Reference:
    """An organisation as it was ``read`` from a file; what the file does not say stays as it is ``known``."""
    keeps = known.domains_corrected or not read.email_domains
    return replace(
        read,
        labels={**known.labels, **_other_words(known.labels, read.labels)},
        position=known.position,
        region=read.region or known.region,
        email_domains=known.email_domains if keeps else read.email_domains,
        merged_into=known.merged_into,
        valid_from=known.valid_from,
        domains_corrected=known.domains_corrected,
    )


def _other_words(known: Mapping[str, str], read: Mapping[str, str]) -> dict[str, str]:
    """The labels that differ in more than their capitals."""
    return {language: text for language, text in read.items() if text.casefold() != known.get(language, "").casefold()}


_PROVINCES: Final = {
    "PV20": "Groningen",
    "PV21": "Fryslân",
    "PV22": "Drenthe",
    "PV23": "Overijssel",
    "PV24": "Flevoland",
    "PV25": "Gelderland",
    "PV26": "Utrecht",
    "PV27": "Noord-Holland",
    "PV28": "Zuid-Holland",
    "PV29": "Zeeland",
    "PV30": "Noord-Brabant",
    "PV31": "Limburg",
}

_WATER_BOARDS: Final = {
    "WS0152": "waterschap Rijn en IJssel",
    "WS0155": "waterschap Amstel, Gooi en Vecht",
    "WS0372": "Hoogheemraadschap van Delfland",
    "WS0539": "waterschap De Dommel",
    "WS0616": "Hoogheemraadschap van Rijnland",
    "WS0621": "waterschap Rivierenland",
    "WS0636": "Hoogheemraadschap De Stichtse Rijnlanden",
    "WS0646": "waterschap Hunze en Aa's",
    "WS0647": "waterschap Noorderzijlvest",
    "WS0650": "waterschap Zuiderzeeland",
    "WS0651": "Hoogheemraadschap Hollands Noorderkwartier",
    "WS0652": "waterschap Brabantse Delta",
    "WS0653": "Wetterskip Fryslân",
    "WS0654": "waterschap Aa en Maas",
    "WS0655": "waterschap Hollandse Delta",
    "WS0656": "Hoogheemraadschap van Schieland en de Krimpenerwaard",
    "WS0661": "waterschap Scheldestromen",
    "WS0662": "waterschap Vallei en Veluwe",
    "WS0663": "waterschap Vechtstromen",
    "WS0664": "waterschap Drents Overijsselse Delta",
    "WS0665": "waterschap Limburg",
}

_TARGET_GROUPS: Final = {
    "bestuurder": {"nl": "bestuurder", "en": "elected official or executive"},
    "beleidsmaker": {"nl": "beleidsmaker of beleidsmedewerker", "en": "policy officer"},
    "budgethouder": {"nl": "budgethouder", "en": "budget holder"},
    "projectmanager": {"nl": "projectmanager", "en": "project manager"},
    "projectleider": {"nl": "projectleider", "en": "project leader"},
    "duurzaamheidsadviseur": {"nl": "duurzaamheidsadviseur", "en": "sustainability adviser"},
    "inkoper": {"nl": "inkoper", "en": "procurement officer"},
    "anders": {"nl": "andere rol", "en": "other role"},
}

_THEMES: Final = {
    "circulair": {"nl": "circulair inkopen", "en": "circular procurement"},
    "klimaat": {"nl": "klimaat", "en": "climate"},
    "milieu-en-biodiversiteit": {"nl": "milieu en biodiversiteit", "en": "environment and biodiversity"},
    "social-return": {"nl": "social return", "en": "social return"},
    "diversiteit-en-inclusie": {"nl": "diversiteit en inclusie", "en": "diversity and inclusion"},
    "ketenverantwoordelijkheid": {"nl": "ketenverantwoordelijkheid", "en": "responsible supply chains"},
    "innovatie": {"nl": "innovatiegericht inkopen", "en": "innovation-oriented procurement"},
}

_PILLARS: Final = {
    "circulair": ("planet", "profit"),
    "klimaat": ("planet",),
    "milieu-en-biodiversiteit": ("planet",),
    "social-return": ("people",),
    "diversiteit-en-inclusie": ("people",),
    "ketenverantwoordelijkheid": ("people", "planet"),
    "innovatie": ("profit",),
}

DEFAULTS: Final[tuple[Reference, ...]] = (
    *(
        Reference(kind="region", code=code, labels={"nl": name}, parts=(code,), position=position)
        for position, (code, name) in enumerate(_PROVINCES.items(), start=1)
    ),
    Reference(
        kind="region",
        code=WHOLE_COUNTRY,
        labels={"nl": "heel Nederland", "en": "the whole country"},
        parts=tuple(_PROVINCES),
        position=len(_PROVINCES) + 1,
    ),
    *(
        Reference(kind="target-group", code=code, labels=labels, position=position)
        for position, (code, labels) in enumerate(_TARGET_GROUPS.items(), start=1)
    ),
    *(
        Reference(kind="theme", code=code, labels=labels, position=position, pillars=_PILLARS.get(code, ()))
        for position, (code, labels) in enumerate(_THEMES.items(), start=1)
    ),
    *(
        Reference(
            kind="organisation",
            code=f"{_TOOI}/provincie/{code.lower()}",
            labels={"nl": f"provincie {name}", "en": f"Province of {name}"},
            organisation_kind="province",
            region=code,
        )
        for code, name in _PROVINCES.items()
    ),
    *(
        Reference(
            kind="organisation",
            code=f"{_TOOI}/waterschap/{code.lower()}",
            labels={"nl": name},
            organisation_kind="water-board",
        )
        for code, name in _WATER_BOARDS.items()
    ),
)
"""What every installation starts with."""
