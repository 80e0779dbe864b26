"""Whose language is written: of the task that answers, or of what is drawn inside of it."""

import asyncio

from bot.ui.text.format import format_credits, format_large_number, join_and, join_sentences
from bot.ui.text.translate import speak, speaking

PRICES = {"en": "8 credits", "vi": "8 credit", "zh-CN": "8 积分"}


async def test_each_task_speaks_for_itself_however_they_take_turns() -> None:
    said: dict[str, list[str]] = {}

    async def answer(locale: str) -> None:
        speak(locale)
        for _ in range(3):
            await asyncio.sleep(0)
            said.setdefault(locale, []).append(format_credits(8))

    await asyncio.gather(*(asyncio.create_task(answer(locale)) for locale in PRICES))
    assert said == {locale: [price] * 3 for locale, price in PRICES.items()}
    assert format_credits(8) == "8 credits"


async def test_a_card_is_drawn_in_the_servers_language_in_the_midst_of_an_answer() -> None:
    with speaking("vi"):
        with speaking("zh-CN"):
            card = format_credits(8)
        with speaking(None):
            fallback = format_credits(8)
        assert (card, fallback, format_credits(8)) == (PRICES["zh-CN"], PRICES["en"], PRICES["vi"])
    assert format_credits(8) == PRICES["en"]


def test_numbers_lists_and_sentences_are_put_together_as_each_language_does() -> None:
    written: list[tuple[str, str, str]] = []
    for locale in PRICES:
        with speaking(locale):
            written.append((format_large_number(2000), join_and(["A", "B", "C"]), join_sentences("A.", "B.")))
    assert written == [
        ("2,000", "A, B and C", "A. B."),
        ("2.000", "A, B và C", "A. B."),
        ("2,000", "A、B 和 C", "A.B."),
    ]
