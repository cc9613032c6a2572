"""What editors type becomes a page and nothing else."""

import re

import pytest

from services.catalog.forms.markdown import links_in, rendered

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://kring.example "\\" onmouseover=alert(1) x=")',
    "![x](https://elsewhere.example/pixel.png)",
    "![x](javascript:alert(1))",
    "<iframe src=https://elsewhere.example></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>*{display:none}</style>",
    "```html\n</code><script>alert(1)</script>\n```",
    "# <svg/onload=alert(1)>",
    "[<img src=x onerror=alert(1)>](https://kring.example)",
]
TAG = re.compile(r"<(/?[a-z0-9]+)((?:\s[^<>]*)?)>")


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_hostile_comes_out(typed: str) -> None:
    html = str(rendered(typed))
    for name, attributes in TAG.findall(html):
        assert name.strip("/") in {"p", "a", "h2", "pre", "code"}, html
        names = re.findall(r'([a-z]+)="[^"]*"', attributes)
        assert set(names) <= {"href", "rel", "title"}, html
        assert re.sub(r'\s[a-z]+="[^"]*"', "", attributes) == "", html
    assert all(link.startswith("https://") for link in re.findall(r'href="([^"]*)"', html)), html


def test_headings_follow_on_those_of_the_page_and_links_vouch_for_nothing() -> None:
    html = rendered("## Eén\n\n#### Drie\n\n# Nul\n\n[bron](https://bron.example/?a=1&b=2)\n\n- **vet**", highest=3)
    assert re.findall(r"<(h.)>(\w+)</\1>", html) == [("h3", "Eén"), ("h4", "Drie"), ("h3", "Nul")]
    assert '<a href="https://bron.example/?a=1&amp;b=2" rel="nofollow noopener">bron</a>' in html
    assert "<li><strong>vet</strong></li>" in html


def test_the_links_in_a_text_are_found_once() -> None:
    text = "[a](https://a.example) <https://b.example/x>\n\n> [nog](https://a.example) [blad](/meetings)"
    assert links_in(text) == ("https://a.example", "https://b.example/x", "/meetings")
