"""The sentences that people are shown."""

import pytest

from bot.errors import BannedWords, ErrorKind
from bot.ui.text.errors import describe_error, describe_error_code


@pytest.mark.parametrize("kind", ErrorKind)
def test_each_way_that_a_provider_fails_has_a_sentence_of_its_own(kind: ErrorKind) -> None:
    said = describe_error_code("job_failed", {"reason": str(kind), "provider": "TTAPI"}, returned=8)
    assert "TTAPI" in said
    assert "All 8 credits came back." in said


def test_no_more_forbidden_words_are_named_than_a_card_has_room_for() -> None:
    told = describe_error(BannedWords(tuple(f"word {number} {'x' * 200}" for number in range(10)), "TTAPI"))
    assert "word 4" in told
    assert "word 5" not in told
    assert len(told) < 500
