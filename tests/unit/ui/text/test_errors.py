"""The sentences that people are shown."""

import pytest

from bot.errors import ErrorKind
from bot.ui.text.errors import describe_error_code


@pytest.mark.parametrize("kind", ErrorKind)
def test_each_way_that_a_provider_fails_has_a_sentence_of_its_own(kind: ErrorKind) -> None:
    said = describe_error_code("job_failed", {"reason": str(kind), "provider": "TTAPI"}, returned=8)
    assert "TTAPI" in said
    assert "All 8 credits came back." in said
