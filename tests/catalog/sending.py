"""What a browser sends of a form on a page, when nothing in it was touched."""

from html.parser import HTMLParser


def fields_of(page: str, action: str) -> dict[str, list[str]]:
    """The values by name, in their order, of the form that goes to ``action``."""
    reader = _Reader(action)
    reader.feed(page)
    reader.close()
    assert reader.fields, f"no form to {action} on this page"
    return reader.fields


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.is_inside = False
        self.fields: dict[str, list[str]] = {}
        self.options: list[tuple[str, bool]] = []
        self.textarea: list[str] | None = None
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("action") == self.action
        elif self.is_inside and tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif self.is_inside and tag in {"select", "textarea"}:
            self.name, self.options = given["name"], []
            self.textarea = [] if tag == "textarea" else None
        elif self.is_inside and tag == "input" and ("checked" in given or given["type"] not in {"checkbox", "radio"}):
            self.send(given["name"], given.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif self.is_inside and tag == "select":
            chosen = [value for value, is_chosen in self.options if is_chosen]
            self.send(self.name, *(chosen or [value for value, _ in self.options[:1]]))
        elif self.is_inside and tag == "textarea" and self.textarea is not None:
            self.send(self.name, "".join(self.textarea).removeprefix("\n").replace("\n", "\r\n"))
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea.append(data)

    def send(self, name: str, *values: str) -> None:
        self.fields.setdefault(name, []).extend(values)
