"""The links that stand in mails, each good for one page: read, or refused in words that say how to get another."""

from dataclasses import dataclass

from shared.i18n import _
from shared.people.links import BadLink, Link, Links
from shared.web.problems import Problem


@dataclass(frozen=True)
class MailedLink:
    """One kind of link that is mailed.

    ``purpose`` is what it is signed for; ``advice`` says what to do where it opens nothing, marked by ``N_`` at its
    owner's; ``ask_again`` is the path where another is asked for, where there is one.
    """

    purpose: str
    advice: str
    ask_again: str = ""

    def read(self, links: Links, token: str) -> Link:
        """What ``token`` says. Raises ``Problem`` 404 where it was never ours, or is over."""
        try:
            return links.read(token, self.purpose)
        except BadLink as error:
            raise self.dead() from error

    def dead(self) -> Problem:
        """The refusal of a link that opens nothing (any more), in the language of the request."""
        return dead_link(_(self.advice), self.ask_again)


def dead_link(advice: str, ask_again: str = "") -> Problem:
    """The refusal of a link that opens nothing (any more); ``advice`` in the language of the request."""
    return Problem(404, title=_("This link does not work any more"), detail=advice, ask_again=ask_again)
