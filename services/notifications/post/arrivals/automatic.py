"""Whether a program sent a mail, or a list did: nothing that we write may answer it (RFC 3834, RFC 2919)."""

import re
from collections.abc import Callable

_PRECEDENCE = {"bulk", "list", "junk", "auto_reply"}
_OF_LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List")
_OF_PROGRAMS = (
    "X-Autoreply",
    "X-Auto-Reply",
    "X-Autorespond",
    "X-Autoreply-From",
    "X-Mail-Autoreply",
    "X-Vacation",
    "X-FC-MachineGenerated",
    "X-Loop",
)
_ABSENT = re.compile(
    r"(?:automatisch(?:e)? (?:antwoord|beantwoording)|afwezig(?:heid(?:sbericht)?)?\b|niet aanwezig"
    r"|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|autoreply"
    r"|automatische antwort|abwesenheit|abwesend|réponse automatique|absence du bureau|absent\(e\)"
    r"|respuesta automática|fuera de la oficina|risposta automatica|fuori sede|resposta automática"
    r"|autosvar|automatisk svar|automaattinen vastaus|odpowiedź automatyczna)",
    re.IGNORECASE,
)
"""How the subjects of those begin who are away, where a mail program says so nowhere else."""


def is_automatic(header: Callable[[str], str]) -> bool:
    """Whether the headers of a mail say so; ``header`` gives one by its name, empty where there is none."""
    submitted = header("Auto-Submitted").split(";")[0].partition("(")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or header("Precedence").strip().lower() in _PRECEDENCE
        or any(header(name) for name in (*_OF_LISTS, *_OF_PROGRAMS))
        or header("Return-Path").strip() == "<>"
        or _ABSENT.match(header("Subject").strip()) is not None
    )
