"""A page as a browser without scripts sees it: the form on it, with what is filled in already."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """Where it goes (empty: to the address of its page), and its fields by name."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


def form_of(page: str, action: str = "") -> Form:
    """The one form that is posted in the main part of ``page`` (to an address that ends in ``action``)."""
    reader = _Reader()
    reader.feed(page)
    found = [form for form in reader.forms if form.method == "post" and form.action.endswith(action)]
    assert len(found) == 1, f"{len(found)} forms to post on this page: {page}"
    return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.is_main = False
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.is_main = True
        elif tag == "form" and self.is_main:
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif self.is_main and self.forms:
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.is_main = False

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self.select = name
            form.fields[name] = ""
        elif tag == "option" and self.select in form.fields:
            form.choices.setdefault(self.select, []).append(given.get("value", ""))
            if "selected" in given:
                form.fields[self.select] = given.get("value", "")
        elif tag == "button" and name:
            form.choices.setdefault(name, []).append(given.get("value", ""))
        elif tag in {"input", "textarea"} and name:
            self._input(form, name, given)

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        if given.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        else:
            form.fields[name] = given.get("value", "")
