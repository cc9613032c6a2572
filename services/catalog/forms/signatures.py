"""Signatures as a file: what is given out can be read in again, and changes nothing then."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from marshmallow import EXCLUDE, ValidationError
from sqlalchemy.orm import Session

from services.catalog.forms.manifests import SignatureForm, signatory_name, signature_in
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.manifests import Signature
from shared.cells import csv_file
from shared.i18n import N_, current_translator
from shared.web.problems import reasons

COLUMNS = ("organisation", "name", "kind", "province", "signedOn", "actionPlan", "withdrawnOn")
"""Read in, ``province`` says nothing and ``kind`` only whether it is ``other``; a name is enough for a known one."""

_MOST = 5_000


def signature_file(rows: Iterable[Any]) -> bytes:
    """The signatories as CSV, in the language spoken now."""
    return csv_file(COLUMNS, (_cells(row) for row in rows), current_translator().language)


def read_signatures(session: Session, content: bytes) -> list[Signature]:
    """The signatures in a CSV file, separated by ``;`` or ``,``. Raises ``FlawedError`` with every line not right."""
    try:
        text = content.decode("utf-8-sig")
        lines = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",", strict=True)
        numbered = [(lines.line_num, row) for row in lines]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FlawedError([Flaw("file", "no-csv", N_("This is not a CSV file in UTF-8."))]) from error
    if not numbered or "signedOn" not in (lines.fieldnames or ()) or len(numbered) > _MOST:
        reason = N_("We need a header with the columns %(columns)s, and at most %(most)s lines below it.")
        raise FlawedError([Flaw("file", "no-signatures", reason, {"columns": ", ".join(COLUMNS), "most": _MOST})])
    found: dict[str, Signature] = {}
    flaws: list[Flaw] = []
    for line, row in numbered:
        try:
            signed = _signature(session, row)
            found[signed.signatory] = signed
        except FlawedError as error:
            flaws += _at(line, error)
    if flaws:
        raise FlawedError(flaws)
    return list(found.values())


def _signature(session: Session, row: dict[str, Any]) -> Signature:
    cells = {name: value.strip() for name, value in row.items() if isinstance(value, str) and value.strip()}
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
