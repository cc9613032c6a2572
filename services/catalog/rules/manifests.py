"""A manifest, the organisations that sign it, and when a signature counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.catalog.rules.flaws import Flaw
from shared.events.catalog import Texts
from shared.i18n import N_


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What organisations promise, from ``starts_on`` to ``ends_on`` inclusive (None: until further notice)."""

    id: str
    slug: str
    title: Texts
    text: Texts
    starts_on: date
    ends_on: date | None
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Signature:
    """An organisation signed: one with an official code (``organisation``), or another by its ``name``.

    It counts from ``signed_on`` until the day before ``withdrawn_on``. ``action_plan`` is an address, or empty.
    """

    signatory: str
    organisation: str | None
    name: str
    signed_on: date
    action_plan: str = ""
    withdrawn_on: date | None = None


def at_hand(manifests: Sequence[Manifest], day: date) -> Manifest | None:
    """The one to show first on ``day``: of those that run the newest, else the newest of all."""
    newest_first = sorted(manifests, key=lambda each: each.starts_on, reverse=True)
    running = [each for each in newest_first if each.starts_on <= day and (each.ends_on is None or day <= each.ends_on)]
    return next(iter(running or newest_first), None)


def signature_flaws(signed: Signature, day: date) -> Iterator[Flaw]:
    """What is wrong with the days of a signature that is written down on ``day``."""
    if signed.signed_on > day:
        yield Flaw("signedOn", "in-the-future", N_("This day is still to come."))
    if signed.withdrawn_on is not None and signed.withdrawn_on < signed.signed_on:
        yield Flaw("withdrawnOn", "before-signing", N_("This is before the day of signing."))
