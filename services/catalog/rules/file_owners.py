"""What files hang on, and who may have which of them."""

from datetime import datetime

from services.catalog.rules.files import AttachedFile, OwnerKind, is_shown
from services.catalog.rules.knowledge import Item
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import may_see, thing_of
from shared.people.roles import Actor, may

Owner = Meeting | Item


def kind_of(owner: Owner) -> OwnerKind:
    """What it is called among owners of files."""
    return "meeting" if isinstance(owner, Meeting) else "knowledge"


def may_have(actor: Actor, file: AttachedFile, owner: Owner, now: datetime) -> bool:
    """Whether ``actor`` may have ``file`` of ``owner`` at ``now`` (aware) without a signed link.

    Organisers may have every one that they can change.
    """
    if isinstance(owner, Item):
        return not owner.is_draft or may(actor, "programme.read")
    if not may_see(actor, owner):
        return False
    is_for_all = file.audience == "all" and is_shown(file, owner.ends_at, now)
    return is_for_all or may(actor, "draft.read", thing_of(owner))
