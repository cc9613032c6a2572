"""A theme is a file of tokens, a logo and a name, chosen by settings: every theme is readable, by day and by night."""

import re
from pathlib import Path

import pytest

from shared import web
from shared.settings import SettingError, read
from shared.themes import DEFAULT, coming_along, read_theme
from tests.shared.test_settings import GOOD
from tests.shared.web.demo import demo_service

FORM = "/registration/form"
FRAME = Path(web.__file__).parent
ENOUGH_TO_READ = 4.5  # WCAG 2.2, 1.4.3
ENOUGH_TO_SEE = 3.0  # WCAG 2.2, 1.4.11

ON_GROUND = [
    ("default-color-document", "default-bg-document"),
    ("default-color-document", "default-bg-subtle"),
    ("default-color-default", "default-bg-document"),
    ("default-color-default", "default-bg-default"),
    ("default-color-subtle", "default-bg-subtle"),
    ("default-inverse-color-document", "default-inverse-bg-document"),
    ("accent-1-inverse-color-default", "action-1-inverse-bg-default"),
    ("accent-1-inverse-color-default", "accent-1-inverse-bg-default"),
    ("accent-1-inverse-color-hover", "accent-1-inverse-bg-hover"),
    ("accent-1-color-default", "default-bg-document"),
    ("accent-1-color-hover", "accent-1-bg-hover"),
    ("action-2-color-default", "default-bg-document"),
    ("action-2-color-default", "default-bg-subtle"),
    ("action-2-color-hover", "default-bg-hover"),
    *((f"{kind}-color-document", f"{kind}-bg-default") for kind in ("info", "positive", "warning", "negative")),
    *((f"{kind}-color-default", f"{kind}-bg-default") for kind in ("info", "positive", "warning", "negative")),
    ("negative-color-default", "default-bg-document"),
]
AROUND = [("default-border-default", "default-bg-document"), ("negative-border-default", "default-bg-document")]


def test_a_site_has_the_name_the_colours_and_the_logo_of_its_settings(tmp_path: Path) -> None:
    own = tmp_path / "theme"
    own.mkdir()
    (own / "tokens.css").write_text(":root { --basis-color-default-bg-document: #fffff0 }")
    (own / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>Ours</title></svg>')
    settings = read({**GOOD, "THEME": str(own), "SITE_NAME": "Netwerk Voorbeeldland"})

    client = demo_service(tmp_path, theme=settings.theme, site_name=settings.site_name).client()

    page = client.get(FORM).text
    assert "Netwerk Voorbeeldland</title>" in page
    assert re.search(r'<a [^>]*href="/"><img src="[^"]*logo.svg\?v=\w+" alt=""[^>]*>Netwerk Voorbeeldland</a>', page)
    assert "#fffff0 }" in client.get("/registration/static/look.css").text[-40:]
    assert "Ours" in client.get("/registration/static/logo.svg").text
    assert client.get("/registration/static/logo.svg").mimetype == "image/svg+xml"


def test_a_theme_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^THEME must be kring or voorbeeldland, or a folder with tokens.css and"):
        read({**GOOD, "THEME": str(tmp_path)})


def test_without_the_design_system_no_token_is_missing() -> None:
    asked = set(re.findall(r"var\((--basis-[\w-]+)\)", (FRAME / "static" / "base.css").read_text()))
    assert asked - set(re.findall(r"(--basis-[\w-]+):", read_theme(DEFAULT).tokens)) == set()


@pytest.mark.parametrize("theme", coming_along())
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_every_theme(theme: str, scheme: str) -> None:
    colours = colours_of(read_theme(theme).tokens, scheme)
    for pairs, enough in ((ON_GROUND, ENOUGH_TO_READ), (AROUND, ENOUGH_TO_SEE)):
        found = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
        assert {pair: ratio for pair, ratio in found.items() if ratio < enough} == {}


def colours_of(tokens: str, scheme: str) -> dict[str, str]:
    """The colours by name that hold in the end, by day (`light`) or by night (`dark`)."""
    by_day = re.sub(r"@media[^{]*\{\s*:root \{[^}]*\}\s*\}", "", tokens)
    chosen = by_day if scheme == "light" else tokens
    return dict(re.findall(r"--basis-color-([\w-]+): (#[0-9a-f]+);", chosen))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == len("#rrggbb") else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
