"""Signatures as a file: what is given out can be read in again, and changes nothing then."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import EXCLUDE, ValidationError
from sqlalchemy.orm import Session

from services.catalog.forms.manifests import SignatureForm, signatory_name, signature_in
from services.catalog.forms.sheets import read_csv
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.manifests import Signature
from shared.calendar.remarks import RefusedFileError
from shared.cells import csv_file
from shared.i18n import N_, current_translator
from shared.web.problems import reasons

COLUMNS = ("organisation", "name", "kind", "province", "signedOn", "actionPlan", "withdrawnOn")
"""Read in, ``province`` says nothing and ``kind`` only whether it is ``other``; a name is enough for a known one."""


def signature_file(rows: Iterable[Any]) -> bytes:
    """The signatories as CSV, in the language spoken now."""
    return csv_file(COLUMNS, (_cells(row) for row in rows), current_translator().language)


def read_signatures(session: Session, content: bytes) -> list[Signature]:
    """The signatures in a CSV file, read as any sheet is. Raises ``FlawedError`` with every line not right."""
    try:
        sheet = read_csv(content)
    except RefusedFileError as error:
        raise FlawedError([Flaw("file", error.remark.code, error.remark.reason, dict(error.remark.values))]) from error
    if "signedOn" not in sheet.columns or not sheet.rows:
        reason = N_("We need a header with the columns %(columns)s, and lines below it.")
        raise FlawedError([Flaw("file", "no-signatures", reason, {"columns": ", ".join(COLUMNS)})])
    found: dict[str, Signature] = {}
    flaws: list[Flaw] = []
    for line, row in sheet.rows:
        try:
            signed = _signature(session, row)
            found[signed.signatory] = signed
        except FlawedError as error:
            flaws += _at(line, error)
    if flaws:
        raise FlawedError(flaws)
    return list(found.values())


def _signature(session: Session, cells: Mapping[str, str]) -> Signature:
    named = cells.get("organisation") or cells.get("name", "")
    said = {**cells, "organisation": named, "other": cells.get("kind") == "other"}
    try:
        return signature_in(session, SignatureForm().load(said, unknown=EXCLUDE))
    except ValidationError as error:
        wrong = [Flaw(each.name, "invalid", each.reason) for each in reasons(error.messages_dict)]
        raise FlawedError(wrong) from error


def _at(line: int, error: FlawedError) -> Iterator[Flaw]:
    """What is wrong with a line, beside the field of the file."""
    for flaw in error.flaws:
        reason = current_translator().gettext(flaw.reason) % (flaw.values or {})
        yield Flaw("file", flaw.code, "%(where)s: %(reason)s", {"where": f"{line}, {flaw.name}", "reason": reason})


def _cells(row: Any) -> tuple[str, ...]:
    days = [day.isoformat() if day else "" for day in (row.signed_on, row.withdrawn_on)]
    return (
        row.organisation or "",
        signatory_name(row),
        row.kind,
        row.region or "",
        days[0],
        row.action_plan,
        days[1],
    )
