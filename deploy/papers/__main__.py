"""``python -m deploy.papers register|dpia``."""

import os
from pathlib import Path
from typing import get_args

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import deploy.papers
from deploy.papers.kept import Part, parts
from shared.i18n import Language
from shared.periods import Periods
from shared.release import VERSION
from shared.settings import Reader, SettingError, read_periods

_TEXTS = Path(__file__).parent / "texts"
_CELL = str.maketrans({"\n": " ", "|": "\\|"})


def paper(name: str, language: Language, periods: Periods) -> str:
    """The draft called ``name`` (``register``, ``dpia``) in Markdown; ``periods`` are those that are set here."""
    texts = Environment(
        loader=FileSystemLoader(_TEXTS),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # Markdown, of words that all stand in the code
    )
    texts.filters["cell"] = lambda text: str(text).translate(_CELL)
    kept = parts(language, periods)
    return texts.get_template(f"{name}.{language}.md").render(
        parts=kept, release=VERSION, grounds=_once(kept, "ground"), readers=_once(kept, "seen_by")
    )


def _once(kept: list[Part], what: str) -> list[str]:
    """Each value of one column of the data map, in its order."""
    return list(dict.fromkeys(str(getattr(line, what)) for part in kept for line in part.lines))


@click.command(help=deploy.papers.__doc__)
@click.argument("name", type=click.Choice(["register", "dpia"]))
@click.option("--language", type=click.Choice(get_args(Language)), default="nl", show_default=True)
def main(name: str, language: Language) -> None:
    """See the package."""
    try:
        click.echo(paper(name, language, read_periods(Reader(os.environ))), nl=False)
    except SettingError as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
