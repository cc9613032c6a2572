"""The processes that are Kring in production: one table, run by `make stack` and written out in compose.yaml."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """One process: `part` is web, or the one part of the service's background work that it does."""

    service: str
    part: str

    @property
    def name(self) -> str:
        """What operators call it."""
        return f"{self.service}-{self.part}"

    @property
    def command(self) -> tuple[str, ...]:
        """How Python is asked to run it; web also wants `--host` and `--port`."""
        doing = ("web",) if self.part == "web" else ("worker", "--only", self.part)
        return ("python", "-m", f"services.{self.service}", *doing)


PARTS = {
    "catalog": ("web", "relay", "inbox", "due"),
    "registration": ("web", "relay", "inbox", "due"),
    "notifications": ("web", "relay", "inbox", "due", "post", "replies"),
}
PROGRAMS = tuple(Program(service, part) for service, parts in PARTS.items() for part in parts)
