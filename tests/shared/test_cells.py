"""What is written for spreadsheet programs comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from shared.cells import plain_cell, safe_cell

SIGNS = st.sampled_from(["=", "+", "-", "@", "\uff1d", ";", ",", "\t", "\n", " ", '"', "a", "1", "\u200b"])


@given(st.lists(SIGNS | st.characters(exclude_characters="'", exclude_categories=["Cs"]), max_size=12).map("".join))
def test_a_cell_that_was_made_safe_is_read_back_as_it_was(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


def test_what_somebody_typed_with_such_a_sign_stays() -> None:
    for text in ("'s-Hertogenbosch", "in 't veld", "ja, 's ochtends", "'t Gooi; 's middags"):
        assert plain_cell(text) == text
