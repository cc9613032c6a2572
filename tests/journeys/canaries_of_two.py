"""The same through what people of the network type for each other: profiles, talks for two, questions, reports."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.journeys.kring import BASE_URL, Visitor
from tests.journeys.pages import form_of
from tests.notifications.office import Mail

if TYPE_CHECKING:
    from tests.journeys.canaries import Walk


def meet_each_other(walk: "Walk", invited: Mapping[str, Mail]) -> None:
    """Two who come make a profile; one asks the other to talk, twice, and reports them. ``invited``: their mails."""
    word = walk.cage.word
    (first, second), mails = list(invited)[:2], list(invited.values())
    one, other = (_member(walk, email) for email in (first, second))
    for visitor, mail in ((one, mails[0]), (other, mails[1])):
        _brings_a_question(walk, visitor, mail)
    page = _found(one)
    one.press(
        one.get(f"{page}/sparring"), words=f"Hoe doet u {word()}?", place=f"Zaal {word()}", first="2027-03-01T10:00"
    )
    link = _link(walk.kring.new_mail()[second], "sparring")
    moment = other.submit(form_of(other.open(link).text, "/proposal"), moment="2027-03-02T10:00")
    assert moment.status_code == 200, moment.text
    one.submit(
        form_of(one.open(_link(walk.kring.new_mail()[first], "sparring")).text, "/choice"),
        time="2027-03-02T09:00:00Z",
        place=f"Bij {word()}",
    )
    agreed = walk.kring.new_mail()
    assert agreed.keys() >= {first, second}, "both have it in their calendars"
    asked = other.press(other.get(f"{_found(other)}/sparring"), words=f"Kent u {word()}?", place=word())
    assert asked.status_code == 400  # they are to talk already: the form comes back
    reported = one.press(one.get(f"{page}/report"), text=f"Over {word()}")
    assert reported.status_code == 201, reported.text


def comes_back(walk: "Walk", mail: Mail) -> None:
    """A delivery report about a mail of ours: it says of whom, in words and for programs."""
    address, word = walk.cage.email(), walk.cage.word()
    lines = [
        f"From: mailer-daemon@{word}.example",
        f"To: {mail.entry.organizer}",
        f"Subject: Niet bezorgd: {walk.cage.word()}",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
        *("", "--x", "", f"Uw bericht aan {address} kon niet worden bezorgd.", "--x"),
        *("Content-Type: message/delivery-status", "", f"Reporting-MTA: dns; mx.{word}.example", ""),
        f"Final-Recipient: rfc822; {address}",
        *(
            "Action: failed",
            "Status: 5.1.1",
            f"Diagnostic-Code: smtp; 550 5.1.1 <{address}>: no {word}",
            "",
            "--x--",
            "",
        ),
    ]
    walk.kring.drop("\r\n".join(lines).encode())
    walk.kring.settle()


def _member(walk: "Walk", email: str) -> Visitor:
    visitor, word = walk.kring.visitor(), walk.cage.word
    visitor.press(visitor.get("/registration/network/sign-in"), email=email)
    visitor.press(visitor.open(_link(walk.kring.new_mail()[email], "network/sign-in")))
    said = {
        "name": walk.cage.name(),
        "organisation": f"Gemeente {word()}",
        "targetGroup": "inkoper",
        "canHelpWith": f"Alles over {word()}",
        "lookingFor": f"Iemand voor {word()}",
        "visibleTo": "network",
    }
    joined = visitor.press(visitor.get("/registration/network/profile"), **said, agree="true")
    assert joined.status_code == 200, joined.text
    return visitor


def _brings_a_question(walk: "Walk", visitor: Visitor, mail: Mail) -> None:
    page = visitor.open(_link([mail], "mine")).request.path
    brought = visitor.press(visitor.get(f"{page}/question"), text=f"Wie weet {walk.cage.word()}?", shared="true")
    assert brought.status_code == 200, brought.text


def _found(viewer: Visitor) -> str:
    """The page of the only other one, in the directory of the first."""
    found = re.search(
        r'href="(/registration/network/people/[0-9a-f-]{36})"', viewer.get("/registration/network/people").text
    )
    assert found
    return found[1]


def _link(mails: "list[Mail]", page: str) -> str:
    (link,) = {
        each for mail in mails for each in re.findall(rf"{re.escape(BASE_URL)}(/registration/{page}/\S+)", mail.text)
    }
    return str(link)
