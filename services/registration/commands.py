"""The door for operators: ``python -m services.registration keys|organisers|sign-in-link|attendees|list-access``."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import click
from sqlalchemy.orm import Session

from services.registration.actions.keep_keys import add_key, revoke_key
from services.registration.actions.keep_organisers import keep_organiser, remove_organiser
from services.registration.actions.sign_in import make_link
from services.registration.issuers.issuer import Issuer
from services.registration.lists.attendee_list import Asked, of_group, take_list
from services.registration.lists.columns import Form
from services.registration.lists.files import file_of
from services.registration.queries.access import first_manager, keys, organiser_with
from services.registration.queries.afterwards import list_accesses
from services.registration.queries.meetings import meeting_called
from services.registration.queries.references import known_groups
from services.registration.rules.addresses import BadAddressError, address_key
from services.registration.rules.purposes import ONLY_COUNTS, PURPOSES, Purpose
from shared.db.transaction import Database, Transaction
from shared.i18n import LANGUAGES, Language, speaking, translator
from shared.people.links import Links
from shared.people.roles import SCOPES, GivenRole
from shared.service import Service
from shared.settings import Common

Place = Callable[[], tuple[Database, Common]]
"""Gives the database to work on and the settings that go with it."""

LINK_LASTS = timedelta(days=1)
"""How long a link works that an operator makes by hand."""

_ROLE = click.Choice(get_args(GivenRole))
_SCOPE = click.Choice(tuple(SCOPES))
_TRANSLATIONS = Path(__file__).parent / "translations"
_FIRST_MANAGER = "manager@kring.example"
_OPERATOR = "operator"


def add_commands(group: click.Group, place: Place) -> click.Group:
    """Add registration's own verbs to the commands of every service."""
    own: tuple[click.Command, ...] = (
        _keys(place),
        _organisers(place),
        _sign_in_link(place),
        _attendees(place),
        _list_access(place),
    )
    for command in own:
        group.add_command(command)
    return group


def issuers_command(known: Callable[[], tuple[Sequence[Issuer], str]]) -> click.Command:
    """The command that says what identity providers must know of us; ``known`` gives them and our own address."""

    @click.command("issuers")
    def issuers() -> None:
        """Show what each identity provider is to be told: our addresses, and the public half of our key."""
        found, base_url = known()
        for issuer in found:
            click.echo(f"{issuer.number}\t{issuer.name}\t{issuer.url}")
            for what, path in (
                ("redirect", f"sign-in/oidc/{issuer.number}"),
                ("after signing out", "sign-in"),
                ("back-channel logout", f"v1/issuers/{issuer.number}/logout"),
            ):
                click.echo(f"  {what}\t{base_url}/registration/{path}")
            click.echo(f"  keys\t{json.dumps(issuer.key.public())}")

    return issuers


def first_manager_link(service: Service, common: Common) -> str:
    """The address where the first manager signs in, once, within a day; makes that manager if nobody is one yet."""
    with service.database.begin() as tx:
        return _link(tx, _first_manager(tx), common)


def _first_manager(tx: Transaction) -> str:
    return first_manager(tx.session) or keep_organiser(tx, _FIRST_MANAGER, "manager", by=_OPERATOR)


def _organiser(tx: Transaction, email: str) -> str:
    person = organiser_with(tx.session, address_key(_address(email)))
    if person is None:
        raise click.ClickException(f"{email} has no role: organisers add {email} --role …")
    return str(person.id)


def _link(tx: Transaction, person_id: str, common: Common) -> str:
    valid_until = tx.now + LINK_LASTS
    token = Links(common.link_keys).sign("sign-in", make_link(tx, person_id, valid_until), valid_until=valid_until)
    return f"{common.base_url}/registration/sign-in/{token}"


def _keys(place: Place) -> click.Group:
    group = click.Group("keys", help="Keys for organisers' programs.")

    @group.command("add")
    @click.option("--role", type=_ROLE, required=True)
    @click.option("--region", "regions", multiple=True, help="code of a region that an organiser may work in")
    @click.option("--meeting", "meeting_name", help="id or slug of the meeting that a helper may see")
    @click.option("--scope", "scopes", multiple=True, type=_SCOPE, help="what the key may do of that; all otherwise")
    @click.option("--name", default="", help="what the key is for")
    def add(
        *, role: GivenRole, regions: tuple[str, ...], meeting_name: str | None, scopes: tuple[str, ...], name: str
    ) -> None:
        """Make a key and print it, this once."""
        with place()[0].begin() as tx:
            meeting_id = _meeting(tx.session, meeting_name).id if meeting_name else None
            secret = add_key(tx, role, by=_OPERATOR, name=name, regions=regions, meeting_id=meeting_id, scopes=scopes)
        click.echo(secret)

    @group.command("list")
    def list_() -> None:
        """Show the keys that open something: id, role, regions, scopes, when made, name."""
        with place()[0].reading() as session:
            for key in keys(session):
                made = f"{key.issued_at:%Y-%m-%dT%H:%M:%SZ}"
                bounds = (",".join(key.regions), ",".join(key.scopes))
                click.echo("\t".join((key.id, key.role, *bounds, made, key.name)))

    @group.command("revoke")
    @click.argument("key_id")
    def revoke(key_id: str) -> None:
        """Let the key with this id open nothing any more."""
        with place()[0].begin() as tx:
            found = revoke_key(tx, key_id, _OPERATOR)
        if not found:
            raise click.ClickException(f"there is no key {key_id} that opens something")

    return group


def _organisers(place: Place) -> click.Group:
    group = click.Group("organisers", help="People with a role, who sign in by mail.")

    @group.command("add")
    @click.argument("email")
    @click.option("--role", type=_ROLE, required=True)
    @click.option("--region", "regions", multiple=True, help="code of a region that an organiser may work in")
    def add(email: str, role: GivenRole, regions: tuple[str, ...]) -> None:
        """Give the person behind this address a role, or another one."""
        with place()[0].begin() as tx:
            keep_organiser(tx, _address(email), role, regions, by=_OPERATOR)

    @group.command("remove")
    @click.argument("email")
    def remove(email: str) -> None:
        """Take someone's role away and sign them out."""
        with place()[0].begin() as tx:
            found = remove_organiser(tx, _address(email), _OPERATOR)
        if not found:
            raise click.ClickException(f"{email} has no role")

    return group


def _sign_in_link(place: Place) -> click.Command:
    @click.command("sign-in-link")
    @click.argument("email", required=False)
    def sign_in_link(email: str | None) -> None:
        """Print a link with which this organiser (without EMAIL: the first manager) signs in, once, within a day."""
        database, common = place()
        with database.begin() as tx:
            link = _link(tx, _organiser(tx, email) if email else _first_manager(tx), common)
        click.echo(link)

    return sign_in_link


def _attendees(place: Place) -> click.Command:
    @click.command("attendees")
    @click.argument("meeting")
    @click.option("--target-group", "groups", multiple=True, help="code; all of them otherwise")
    @click.option("--form", type=click.Choice(("csv", "xlsx", "pdf", "badges")), default="csv", show_default=True)
    @click.option("--purpose", type=click.Choice(PURPOSES), default=PURPOSES[0], show_default=True)
    @click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
    @click.option("--each", is_flag=True, help="a file per target group, and one for all")
    @click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="folder for --each")
    def attendees(  # noqa: PLR0913  # one for each option
        *,
        meeting: str,
        groups: tuple[str, ...],
        form: Form,
        purpose: Purpose,
        language: Language,
        out: Path | None,
        each: bool,
    ) -> None:
        """Write who comes to MEETING (its id or slug); access needs and diet only ever go to its organisers."""
        if each != (out is not None):
            raise click.UsageError("--each and --out belong together")
        if form == "badges" and purpose in ONLY_COUNTS:
            raise click.UsageError(f"nobody stands on a list for {purpose}: there are no badges of it")
        database, common = place()
        with database.reading() as session:
            row = _meeting(session, meeting)
            unknown = set(groups) - known_groups(session) - {group["code"] for group in row.target_groups}
        if unknown:
            raise click.ClickException(f"unknown target group: {', '.join(sorted(unknown))}")
        with speaking(translator(language, _TRANSLATIONS)):
            asked = Asked(by=_OPERATOR, role="anyone", purpose=purpose, form=form, groups=groups)
            taken = take_list(database, row, asked)
            if out is None:
                click.echo(file_of(taken, common.base_url).content, nl=False)
                return
            out.mkdir(parents=True, exist_ok=True)
            for one in (taken, *(of_group(taken, part) for part in taken.groups)):
                file = file_of(one, common.base_url)
                (out / file.name).write_bytes(file.content)
                click.echo(f"{out / file.name}\t{one.everyone.people}")

    return attendees


def _list_access(place: Place) -> click.Command:
    @click.command("list-access")
    @click.argument("meeting")
    def list_access(meeting: str) -> None:
        """Show who saw or took lists of MEETING: when, who, for what, in which form, of which groups, how many."""
        with place()[0].reading() as session:
            for line in list_accesses(session, _meeting(session, meeting).id):
                when = f"{line.at:%Y-%m-%dT%H:%M:%SZ}"
                groups = ",".join(line.target_groups) or "all"
                who = line.email or line.by
                click.echo("\t".join((when, who, line.purpose, line.form, groups, str(line.people))))

    return list_access


def _meeting(session: Session, name: str) -> Any:
    row = meeting_called(session, name)
    if row is None:
        raise click.ClickException(f"there is no published meeting {name}")
    return row


def _address(email: str) -> str:
    try:
        address_key(email)
    except BadAddressError:
        raise click.ClickException(f"{email} is no mail address") from None
    return email
