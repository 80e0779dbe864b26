"""What people see on the page: the place they are in, its history, and what happens while they look."""

from bot.sandbox.page import Page
from bot.sandbox.page.scene import Scene
from tests.sandbox.page.tabs import a_tab, of


async def test_who_enters_is_told_of_the_place_and_its_history(page: Page, scene: Scene) -> None:
    await scene.ada.say(scene.films, "welcome")
    async with a_tab(page) as tab:
        place = await tab.enters("leo")
        assert (place["me"]["name"], place["me"]["title"], place["me"]["manages"]) == ("leo", "Leo", False)
        assert place["channel"] == str(scene.films.id)
        assert [message["content"] for message in tab.history] == ["welcome"]
        assert tab.all("bot")[-1]["state"] == "stopped"


async def test_what_one_member_writes_another_sees_at_once(page: Page, scene: Scene) -> None:
    async with a_tab(page, "mira") as mira, a_tab(page, "leo") as leo:
        await mira.does("say", content="hello <@" + str(scene.leo.id) + ">", files=[])
        shown = (await leo.until(of("shown")))["message"]
        assert shown["author"]["username"] == "mira"
        assert (shown["page"]["mine"], shown["page"]["pings_me"], shown["page"]["may_delete"]) == (False, True, False)
        own = (await mira.until(of("shown")))["message"]
        assert (own["page"]["mine"], own["page"]["pings_me"], own["page"]["may_delete"]) == (True, False, True)
