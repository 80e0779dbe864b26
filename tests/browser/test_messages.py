"""Messages on the page while they change: nothing that the reader does is taken from them."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.scripted import (
    BOT,
    CHANNEL,
    LEO,
    MIRA,
    Json,
    Server,
    button,
    container,
    films,
    opened,
    row,
    words,
    written,
)
from tests.browser.tabs import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAILURE = "The application did not respond"
FROM_THE_END = "(scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight"


def with_history(*messages: Json) -> Any:
    def prepare(server: Server) -> None:
        server.history = list(messages)

    return prepare


def told(server: Server, state: str, *, kind: str = "click", **more: Any) -> None:
    said = {"id": "5", "command": None, "message": written(1)["id"], "custom_id": "again", "channel": CHANNEL}
    server.tell("interaction", **{**said, "kind": kind, "state": state, "say": None, "modal": None, **more})


async def from_the_end(tab: Page) -> int:
    return await tab.locator("#messages").evaluate(FROM_THE_END)


async def test_a_film_goes_on_while_its_card_is_edited(tabs: Tabs) -> None:
    async with opened(tabs, with_history(written(1, components=[container(words("50 %"), films("a"))]))) as (
        tab,
        server,
    ):
        await tab.locator("video").evaluate(
            "(film) => { film.muted = film.loop = true; window.film = film; return film.play(); }"
        )
        for parts in (
            [films("a", "b", issued=2), words("a second film")],
            [words("words before"), words("and more"), films("a", "b", issued=3), row(button("Extend", "extend"))],
            [words("the other one first"), films("b", "a", issued=4)],
        ):
            server.show(written(1, components=[container(*parts)]))
            await expect(tab.locator("article")).to_contain_text(
                next(part["content"] for part in parts if "content" in part)
            )
            assert await tab.evaluate("() => film.isConnected && !film.paused && film.src.endsWith('is=1')")
            moment = await tab.evaluate("() => film.currentTime")
            await asyncio.sleep(0.3)
            assert await tab.evaluate("() => film.currentTime") != moment


async def test_focus_and_opened_spoilers_stay_through_an_edit(tabs: Tabs) -> None:
    before = written(1, components=[words("the end: ||they sail||"), row(button("Again", "again"))])
    async with opened(tabs, with_history(before)) as (tab, server):
        spoiler = tab.locator(".spoiler")
        await spoiler.focus()
        await tab.keyboard.press("Enter")
        await expect(spoiler.locator("span")).to_be_visible()
        await tab.get_by_role("button", name="Again").focus()
        server.show(
            written(1, components=[words("the end: ||they sail||"), words("new"), row(button("Again", "again"))])
        )
        await expect(tab.locator("article")).to_contain_text("new")
        await expect(tab.get_by_role("button", name="Again")).to_be_focused()
        await expect(spoiler.locator("span")).to_be_visible()
        server.show(written(1, components=[words("the end: ||they sink||")]))
        await expect(spoiler.locator("span")).to_be_hidden()


async def test_a_pressed_button_waits_and_says_when_nobody_answers(tabs: Tabs) -> None:
    async with opened(tabs, with_history(written(1, components=[row(button("Again", "again"))]))) as (tab, server):
        again = tab.locator("[data-custom-id=again]")
        await again.press("Enter")
        asked = await server.until_asked("click")
        assert (asked["message"], asked["custom_id"]) == (written(1)["id"], "again")
        told(server, "waiting")
        await expect(again).to_be_disabled()
        await again.press("Enter")
        told(server, "failed", say=FAILURE)
        await expect(tab.get_by_role("alert")).to_have_text(FAILURE)
        await expect(again).to_be_enabled()
        await expect(again).to_be_focused()
        assert not [one for one in server.asked if one["op"] == "click"]
        await again.press("Enter")
        told(server, "answered")
        await expect(tab.get_by_role("alert")).to_have_count(0)


async def test_a_refused_press_says_why_below_its_message(tabs: Tabs) -> None:
    async with opened(tabs, with_history(written(1, components=[row(button("Again", "again"))]))) as (tab, server):
        server.refusals["click"] = "This message is gone."
        await tab.get_by_role("button", name="Again").click()
        await expect(tab.locator("article").get_by_role("alert")).to_have_text("This message is gone.")
        await expect(tab.get_by_role("button", name="Again")).to_be_enabled()


async def test_a_command_without_an_answer_is_told_at_the_end_and_can_be_put_away(tabs: Tabs) -> None:
    async with opened(tabs, with_history()) as (tab, server):
        lines = tab.locator("#lines")
        told(server, "waiting", kind="slash", command="quota set")
        await expect(lines).to_contain_text("Mira used /quota set")
        await expect(lines).to_contain_text("Sending command…")
        told(server, "failed", kind="slash", command="quota set", say=FAILURE)
        await expect(lines.get_by_role("alert")).to_have_text(FAILURE)
        await lines.get_by_role("button", name="Dismiss message").click()
        await expect(lines).to_be_empty()


async def test_what_is_written_after_a_command_without_an_answer_stands_below_it(tabs: Tabs) -> None:
    before = [written(number, LEO, text=f"before {number}", minutes=number) for number in (1, 2)]
    async with opened(tabs, with_history(*before)) as (tab, server):
        failed = tab.locator(".pending")
        told(server, "waiting", kind="slash", command="credits")
        await expect(tab.locator("#lines")).to_contain_text("Sending command…")
        told(server, "failed", kind="slash", command="credits", say=FAILURE)
        await expect(tab.locator("#lines").get_by_role("alert")).to_have_text(FAILURE)
        alert = await failed.get_by_role("alert").element_handle()
        for number in (3, 4):
            server.show(written(number, LEO, text=f"after {number}", minutes=number))
        await expect(tab.locator("article").last).to_contain_text("after 4")
        whole = tab.locator("#list > :not(.welcome), #lines > *")
        await expect(whole).to_contain_text(["before 1", "before 2", FAILURE, "after 3", "after 4"])
        assert await (await failed.get_by_role("alert").element_handle()).evaluate(
            "(one, other) => one === other", alert
        )
        # Who reads on below it sees who writes, and the keyboard goes past it.
        await expect(tab.locator("article .head").nth(2)).to_be_visible()
        await tab.locator("article").nth(2).focus()
        await tab.keyboard.press("ArrowUp")
        await expect(tab.locator("article").nth(1)).to_be_focused()
        # It stays there when the page is told all anew, and what is gone leaves it where it is.
        server.tell(
            "history",
            channel=CHANNEL,
            messages=[*before, *(written(number, LEO, text=f"after {number}", minutes=number) for number in (3, 4, 5))],
        )
        server.tell("message_gone", channel=CHANNEL, message=written(3)["id"])
        await expect(whole).to_contain_text(["before 1", "before 2", FAILURE, "after 4", "after 5"])
        await failed.get_by_role("button", name="Dismiss message").click()
        await expect(whole).to_contain_text(["before 1", "before 2", "after 4", "after 5"])
        await expect(failed).to_have_count(0)


async def test_a_select_by_keyboard_sends_what_was_chosen(tabs: Tabs) -> None:
    options = [{"label": label, "value": label.lower()} for label in ("Red", "Green", "Blue")]
    one = {"type": 3, "custom_id": "one", "placeholder": "One colour", "options": options}
    two = {"type": 3, "custom_id": "two", "placeholder": "Two", "options": options, "min_values": 2, "max_values": 2}
    async with opened(tabs, with_history(written(1, components=[row(one), row(two)]))) as (tab, server):
        await tab.get_by_role("combobox", name="One colour").focus()
        for key in ("ArrowDown", "b", "Enter"):
            await tab.keyboard.press(key)
        assert (await server.until_asked("select"))["values"] == ["blue"]
        await tab.get_by_role("combobox", name="Two").focus()
        for key in ("Enter", "Enter", "Escape", "Enter", "Enter", "ArrowDown", "Enter", "ArrowDown", "Enter", "Escape"):
            await tab.keyboard.press(key)
        assert (await server.until_asked("select"))["values"] == ["red", "green"]
        assert not [asked for asked in server.asked if asked["op"] == "select"]


async def test_only_who_reads_the_end_is_taken_along(tabs: Tabs) -> None:
    many = [written(number, LEO, text=f"line {number}", minutes=number) for number in range(1, 80)]
    async with opened(tabs, with_history(*many)) as (tab, server):
        scroller, present = tab.locator("#messages"), tab.get_by_role("button", name="New messages")
        server.show(written(100, LEO, text="read at once", minutes=100))
        await expect(tab.get_by_text("read at once")).to_be_in_viewport()
        assert await from_the_end(tab) <= 1
        await expect(present).to_be_hidden()
        await scroller.evaluate("(scroller) => { scroller.scrollTop = 200; }")
        await tab.wait_for_timeout(200)
        server.show(written(101, LEO, text="read later", minutes=101))
        await expect(present).to_be_visible()
        assert await scroller.evaluate("(scroller) => scroller.scrollTop") == 200
        await present.click()
        await expect(tab.get_by_text("read later")).to_be_in_viewport()
        await expect(present).to_be_hidden()


async def test_messages_stand_in_order_and_in_groups(tabs: Tabs) -> None:
    history = (
        written(1, LEO, text="one", minutes=0),
        written(3, LEO, text="three", minutes=2),
        written(4, LEO, text="four, much later", minutes=20),
        written(5, MIRA, text="five", minutes=21),
    )
    async with opened(tabs, with_history(*history)) as (tab, server):
        heads = tab.locator("article .head:visible")
        await expect(heads).to_have_count(3)
        server.show(written(2, MIRA, text="two", minutes=1))
        await expect(tab.locator("article .content")).to_have_text(["one", "two", "three", "four, much later", "five"])
        await expect(heads).to_have_count(5)
        server.tell("message_gone", channel=CHANNEL, message=written(2)["id"])
        await expect(tab.locator("article")).to_have_count(4)
        await expect(heads).to_have_count(3)


async def test_a_private_message_can_be_put_away(tabs: Tabs) -> None:
    secret = written(1, text="You have no credits left.", page={"ephemeral": True})
    async with opened(tabs, with_history(secret)) as (tab, server):
        await expect(tab.locator("article")).to_contain_text("Only you can see this")
        await tab.get_by_role("button", name="Dismiss message").click()
        assert (await server.until_asked("delete"))["message"] == secret["id"]


async def test_what_the_page_does_not_know_is_named_and_the_rest_is_shown(tabs: Tabs) -> None:
    odd = written(1, BOT, components=[{"type": 99}, words("after it")])

    def prepare(server: Server) -> None:
        server.knows_types = False
        server.history = [odd]

    async with opened(tabs, prepare) as (tab, _):
        await expect(tab.locator("article")).to_contain_text("This page cannot show components of type 99.")
        await expect(tab.locator("article")).to_contain_text("after it")


async def test_a_page_that_stays_up_keeps_only_the_newest_messages(tabs: Tabs) -> None:
    def prepare(server: Server) -> None:
        server.most_messages = 5
        server.history = [written(number, LEO, text=f"line {number}", minutes=number) for number in range(4)]

    async with opened(tabs, prepare) as (tab, server):
        for number in range(4, 12):
            server.show(written(number, LEO, text=f"line {number}", minutes=number))
        await expect(tab.locator("article").last).to_contain_text("line 11")
        await expect(tab.locator("article")).to_have_count(5)
        await expect(tab.locator("article").first).to_contain_text("line 7")
        server.show(written(7, LEO, text="line 7, edited", minutes=7))
        await expect(tab.locator("article").first).to_contain_text("edited")
        await expect(tab.locator("article")).to_have_count(5)


async def test_a_reaction_is_joined_and_left_by_a_click_and_begun_from_the_menu(tabs: Tabs) -> None:
    async def asks(server: Server, emoji: str, on: bool) -> None:
        asked = await server.until_asked("react")
        assert (asked["message"], asked["emoji"], asked["on"]) == (written(1)["id"], emoji, on)

    def page(count: int, mine: bool) -> Json:
        return {"reactions": [{"emoji": "⭐", "count": count, "mine": mine}]}

    async with opened(tabs, with_history(written(1, text="a boat", page=page(1, False)))) as (tab, server):
        star = tab.get_by_role("button", name="⭐, 1 reaction")
        await expect(star).to_have_attribute("aria-pressed", "false")
        await star.click()
        await asks(server, "⭐", True)
        server.show(written(1, text="a boat", page=page(2, True)))
        star = tab.get_by_role("button", name="⭐, 2 reactions")
        await expect(star).to_have_attribute("aria-pressed", "true")
        await expect(star).to_have_text("⭐2")
        await star.press("Enter")
        await asks(server, "⭐", False)
        await tab.locator("article").first.click(button="right")
        await tab.get_by_role("menuitem", name="React with 👍").click()
        await asks(server, "👍", True)
        server.refusals["react"] = "Mira cannot react like this: Missing Permissions."
        await star.click()
        await expect(tab.get_by_role("alert")).to_contain_text("Missing Permissions")
        server.show(written(1, text="a boat", page={"reactions": [], "may_react": False}))
        await expect(star).to_have_count(0)
        await tab.locator("article").first.click(button="right")
        await expect(tab.get_by_role("menuitem", name="Copy Text")).to_be_visible()
        await expect(tab.get_by_role("menuitem", name="React with")).to_have_count(0)
