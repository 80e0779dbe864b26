"""What an error says in a log."""

import pytest

from bot.errors import ErrorKind, ProviderError


@pytest.mark.parametrize("kind", [ErrorKind.MODERATED_PROMPT, ErrorKind.INVALID_REQUEST, ErrorKind.UPSTREAM])
def test_a_log_repeats_no_words_of_a_provider_that_may_quote_a_prompt(kind: ErrorKind) -> None:
    error = ProviderError(kind, "no", "Banned prompt: boat", 400)
    for told in (str(error), repr(error)):
        assert "boat" not in told
        assert kind in told
        assert "400" in told
    assert error.message == "Banned prompt: boat"


def test_a_log_says_what_a_provider_says_of_our_account() -> None:
    assert "no points left" in str(ProviderError(ErrorKind.INSUFFICIENT_BALANCE, "no", "no points left"))
