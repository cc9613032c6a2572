"""Words, venues and mail domains that the demonstration has beside those of every installation: invented ones."""

from services.catalog.actions.correct_domains import correct_domains
from services.catalog.actions.keep_venue import keep_venue
from services.catalog.actions.keep_word import keep_word
from services.catalog.queries import organisation
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Reference
from services.catalog.rules.venues import KeptVenue
from shared.db.transaction import Database

_MIDDLE = Reference(
    kind="region",
    code="midden-voorbeeld",
    labels={"nl": "Midden-Nederland (voorbeeld)", "en": "The middle of the country (example)"},
    position=20,
    parts=("PV24", "PV26", "GM0281"),
)
_VENUES = (
    KeptVenue(
        code="zaal-de-kring",
        name="Zaal De Kring (voorbeeld)",
        address="Voorbeeldplein 1",
        postal_code="1234 AB",
        city="Utrecht",
        travel_info={"nl": "Tien minuten lopen van het station.", "en": "Ten minutes on foot from the station."},
        accessibility_info={"nl": "Gelijkvloers, met ringleiding.", "en": "No steps, with a hearing loop."},
    ),
    KeptVenue(
        code="huis-van-de-voorbeelden", name="Huis van de voorbeelden", address="Verzonnenstraat 2", city="Almere"
    ),
)


_TOOI = "https://identifier.overheid.nl/tooi/id/gemeente"
_DOMAINS = {f"{_TOOI}/gm0034": "almere.example", f"{_TOOI}/gm0344": "utrecht.example"}
"""From where people of two municipalities write: who signs up with such an address types no organisation."""


def load_reference(database: Database, addresses: Addresses) -> None:
    """Keep them; what is there already stays the same."""
    with database.begin() as tx:
        for code, domain in _DOMAINS.items():
            known = organisation(tx.session, code)
            if known and not known.domains_corrected:
                correct_domains(tx, known, [domain], addresses)
        keep_word(tx, _MIDDLE, addresses)
        for venue in _VENUES:
            keep_venue(tx, venue)
