"""A calendar program as RFC 5546 describes it: it knows nothing but the mails it is given, in the order they came."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.notifications.answering import answer
from tests.notifications.office import Entry, Mail


@dataclass(frozen=True)
class Held:
    """An entry that stands in the calendar, as the newest mail about it says, with what its user answered."""

    mail: Mail
    entry: Entry
    partstat: str

    @property
    def place(self) -> tuple[int, datetime]:
        """Which of two objects about one entry is newer (RFC 5546 2.1.5)."""
        return self.entry.sequence, self.entry.stamped_at


@dataclass
class CalendarProgram:
    """One person's program. It forgets what was cancelled, as Thunderbird does: a later REQUEST then brings a ghost."""

    entries: dict[str, Held] = field(default_factory=dict)

    def receive(self, mail: Mail) -> None:
        """Do what the calendar object in ``mail`` says, if it holds one and it is not older than what we know."""
        if not mail.calendars:
            return
        new = Held(mail, mail.entry, mail.entry.partstat)
        known = self.entries.get(new.entry.uid)
        if known and new.place < known.place:
            return
        if new.entry.method == "REQUEST":
            self.entries[new.entry.uid] = new
        elif new.entry.method == "CANCEL":
            self.entries.pop(new.entry.uid, None)

    def shown(self) -> list[Entry]:
        """What stands in the calendar: without what its user said no to."""
        return [held.entry for held in self.entries.values() if held.partstat != "DECLINED"]

    def answer(self, partstat: str, at: datetime) -> bytes:
        """Answer the one entry there is; gives the mail that goes to its organizer."""
        (held,) = self.entries.values()
        self.entries[held.entry.uid] = replace(held, partstat=partstat)
        return answer(held.mail, partstat, at=at)
