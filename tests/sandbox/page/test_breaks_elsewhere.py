"""The breaks at the other vendors, each in that vendor's own way: the card says what the button promises."""

from pathlib import Path

import pytest

from bot.sandbox.page.breaks import Breaks
from bot.sandbox.page.keeper import Keeper
from bot.sandbox.page.refusal import Refused
from bot.sandbox.stage import set_stage
from tests.e2e.scene import set_scene
from tests.e2e.test_restart import hasten

TITLES = {"acedata": "AceData", "apimart": "APIMart", "cometapi": "CometAPI"}

SENTENCES = {
    "refuse": "{} did not accept the request. All 8 credits came back.",
    "money": "Our account at {} is empty. All 8 credits came back.",
    "fail": "{} refused the prompt because of its words. All 8 credits came back.",
}


@pytest.mark.parametrize("provider", TITLES)
async def test_a_vendor_refuses_is_empty_and_fails_in_its_own_words(tmp_path: Path, provider: str) -> None:
    async with set_stage(tmp_path, providers=(provider,)) as stage, Keeper(stage) as keeper:
        hasten(stage)
        breaks = Breaks(stage, keeper)
        assert await keeper.start(), keeper.say
        for name, sentence in SENTENCES.items():
            breaks.press(name)
            row = next(row for row in breaks.rows() if row["name"] == name)
            assert TITLES[provider] in row["leads_to"]
            asked = await set_scene(stage).video()
            card = await asked.until(lambda message: "came back" in message.text, 20)
            assert sentence.format(TITLES[provider]) in card.text
        await breaks.end()
        assert stage.discord.violations == []


async def test_a_vendor_that_calls_nobody_back_cannot_do_so_twice(tmp_path: Path) -> None:
    async with set_stage(tmp_path, providers=("apimart",)) as stage, Keeper(stage) as keeper:
        breaks = Breaks(stage, keeper)
        row = next(row for row in breaks.rows() if row["name"] == "twice")
        assert (row["state"], row["say"]) == ("off", "APIMart calls nobody back.")
        with pytest.raises(Refused, match="APIMart calls nobody back"):
            breaks.press("twice")
        await breaks.end()
