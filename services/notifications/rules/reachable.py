"""Whether somebody read our mail, though it was said not to arrive."""

from shared.events.registration import Registration

_ONLY_A_LINK_LEADS_ON = {"unconfirmed", "offered"}


def acted_on_mail(before: Registration | None, now: Registration) -> bool:
    """Whether what changed between two states of one registration can only come from a mail of ours to that person.

    From a reply, or by the personal link: out of what a click ends, or to sign off. Who fills in the form anew has read
    nothing.
    """
    if before is None or before.status == now.status or before.person.email != now.person.email:
        return False
    if now.cause == "reply":
        return True
    return now.cause == "participant" and (before.status in _ONLY_A_LINK_LEADS_ON or now.status == "cancelled")
