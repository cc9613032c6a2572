"""Every refusal has words of its own, in both languages."""

from typing import get_args

import pytest

from services.registration.forms.refusals import why_not
from services.registration.rules.decision import Reason, Refused
from tests.registration.conftest import World


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_every_refusal_has_words_of_its_own_in_both_languages(world: World) -> None:
    said: dict[str, list[str]] = {}
    for language in ("nl", "en"):
        with world.service.app.test_request_context(f"/registration/sign-in?lang={language}"):
            world.service.app.preprocess_request()
            said[language] = [why_not(Refused(reason)) for reason in get_args(Reason)]
    everything = said["nl"] + said["en"]
    assert len(set(everything)) == 2 * len(get_args(Reason))
