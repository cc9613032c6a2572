"""People who do not exist, at organisations that do: one after the other, each organisation in its turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle

GIVEN = (
    "Anna", "Bram", "Chaima", "Daan", "Esra", "Femke", "Gijs", "Hanna", "Imran", "Jolanda", "Koen", "Loes",
    "Mohamed", "Nienke", "Otto", "Priya", "Quinten", "Roos", "Sjoerd", "Tess", "Umit", "Vera", "Wouter", "Xandra",
    "Yusuf", "Zoë",
)  # fmt: skip
FAMILY = ("Voorbeeld", "van den Verzinsel", "Fictief", "de Proef", "Bedacht", "Verzonnen", "Testpersoon")


@dataclass(frozen=True)
class DemoPerson:
    """Someone who signs up: name, address that reaches nobody, TOOI address of the organisation."""

    name: str
    email: str
    organisation: str


def people(organisations: list[str]) -> Iterator[DemoPerson]:
    """Fictitious people without end, spread over ``organisations`` (TOOI addresses); always the same ones."""
    names = (f"{given} {family}" for family in cycle(FAMILY) for given in GIVEN)
    for number, name, organisation in zip(count(1), names, cycle(organisations), strict=False):
        yield DemoPerson(name, f"deelnemer{number}@{organisation.rsplit('/', 1)[1]}.example", organisation)
