"""What a member is told of what is kept of them is true of every setting."""

from bot.ui.text import privacy as text


def test_that_the_rest_stays_is_said_with_and_without_an_end_for_prompts() -> None:
    small = "Small pictures for lists stay as long as their job."
    for days in (0, 7):
        told = text.how_long(30, days)
        assert f"for 30 days. {small}\n" in told
        assert "The rest stays until you are forgotten." in told
        assert ("go 7 days after" in told) == (days == 7)


def test_the_file_is_not_said_to_hold_what_it_does_not() -> None:
    assert "without the pictures and films themselves" in text.all_of_it(1000)
