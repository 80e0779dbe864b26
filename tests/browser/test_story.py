"""The whole story in a browser: by mouse alone, and by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visits
from tests.browser.visit import JOB_MS, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAYED = "(video) => video.currentTime > 0.2 && !video.error"


async def test_a_film_is_asked_for_by_mouse_plays_and_is_extended(mira: Visit, boat: Path) -> None:
    await mira.text.click()
    await mira.tab.keyboard.type("/")
    await mira.tab.locator("#suggestions [role=option]").filter(has_text="video").first.click()
    await mira.option("prompt").locator("textarea").fill("a paper boat by mouse")
    await mira.attach("image", boat)
    await mira.tab.get_by_role("button", name="Send", exact=True).click()

    card = mira.last("a paper boat by mouse")
    await expect(card.locator("video")).to_have_count(4, timeout=JOB_MS)
    await expect(card).to_contain_text("8 credits")
    await expect(mira.text).to_be_focused()

    film = card.locator("video").first
    await film.evaluate("(video) => { video.muted = true; return video.play(); }")
    await mira.tab.wait_for_function(PLAYED, arg=await film.element_handle())

    await mira.button(card, ":2:high").click()
    extended = mira.last("from clip 2 of")
    await expect(extended.locator("video")).to_have_count(4, timeout=JOB_MS)


async def test_a_film_goes_on_with_words_by_keyboard_and_by_mouse(mira: Visit, boat: Path) -> None:
    keys = mira.tab.keyboard
    await mira.command("video")
    await mira.option("prompt").locator("textarea").fill("a paper boat that goes on")
    await mira.attach("image", boat)
    await keys.press("Enter")
    card = mira.last("a paper boat that goes on")
    words = card.locator('button[data-custom-id^="words:"]')
    await words.focus(timeout=JOB_MS)
    await keys.press("Enter")
    modal = mira.tab.locator("dialog#modal")
    prompt = modal.locator('[data-field="prompt"]').locator("textarea, input").first
    await expect(prompt).to_be_focused()
    await keys.type("it sinks by keyboard")
    await modal.get_by_role("button", name="Submit").focus()
    await keys.press("Enter")
    await expect(modal).to_have_count(0)
    typed = mira.last("it sinks by keyboard")
    await expect(typed.locator("video")).to_have_count(4, timeout=JOB_MS)
    await expect(typed).to_contain_text("from its last frame")

    await words.click()
    await expect(modal).to_contain_text("It becomes a new film that starts at the clip's last frame.")
    await expect(modal).to_contain_text("4 films, SD: 8 credits")
    await prompt.fill("it flies by mouse")
    for field, choice in (("clip", "Clip 3"), ("films", "1 film, SD: 2 credits")):
        await modal.locator(f'[data-field="{field}"]').get_by_role("combobox").click()
        await mira.tab.get_by_role("option", name=choice).click()
    await modal.get_by_role("button", name="Submit").click()
    clicked = mira.last("it flies by mouse")
    await expect(clicked.locator("video")).to_have_count(1, timeout=JOB_MS)
    await expect(clicked).to_contain_text("2 credits")
    await expect(clicked).to_contain_text("from clip 3 of")


async def test_pictures_become_a_film_by_keyboard_alone(mira: Visit) -> None:
    keys = mira.tab.keyboard
    await mira.text.focus()
    await keys.type("/imag")
    await keys.press("Tab")
    await keys.type("a red kite by keyboard")
    await keys.press("Enter")

    card = mira.last("a red kite by keyboard")
    await expect(mira.button(card, ":upsample2")).to_be_visible(timeout=JOB_MS)
    await mira.button(card, ":upsample2").focus()
    await keys.press("Enter")
    single = mira.last("a red kite by keyboard").filter(has_not=mira.tab.locator('[data-custom-id$=":upsample2"]'))
    await expect(mira.button(single, ":1:high")).to_be_visible(timeout=JOB_MS)

    await mira.button(single, ":1:high").focus()
    await keys.press("Space")
    modal = mira.tab.locator("dialog#modal")
    prompt = modal.locator('[data-field="prompt"]').locator("textarea, input").first
    await expect(prompt).to_be_focused()
    await expect(prompt).to_have_value("a red kite by keyboard")
    await keys.press("ControlOrMeta+a")
    await keys.type("it rises by keyboard")
    await modal.get_by_role("button", name="Submit").focus()
    await keys.press("Enter")
    await expect(modal).to_have_count(0)
    film = mira.last("it rises by keyboard")
    await expect(film.locator("video").first).to_be_visible(timeout=JOB_MS)


async def test_focus_goes_back_to_the_button_when_a_form_is_left(mira: Visit) -> None:
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill("a blue kite to leave")
    await mira.tab.keyboard.press("Enter")
    animate = mira.button(mira.last("a blue kite to leave"), ":1:low")
    await animate.focus(timeout=JOB_MS)
    await mira.tab.keyboard.press("Enter")
    await expect(mira.tab.locator("dialog#modal")).to_be_visible()
    await mira.tab.keyboard.press("Escape")
    await expect(mira.tab.locator("dialog#modal")).to_have_count(0)
    await expect(animate).to_be_focused()


async def test_settings_and_a_preset_complete_what_is_asked_for(mira: Visit) -> None:
    keys = mira.tab.keyboard
    # By keyboard alone.
    await mira.command("settings")
    await mira.add("speed")
    await keys.type("relax")
    for key in ("Enter", "Enter"):
        await keys.press(key)
    await expect(mira.last("Saved.")).to_contain_text("Speed: relax", timeout=JOB_MS)
    await expect(mira.last("Saved.")).to_contain_text("Only you can see this")

    # By mouse.
    await mira.text.click()
    await keys.type("/preset")
    await mira.tab.locator("#suggestions [role=option]").filter(has_text="preset save").click()
    await mira.option("name").locator("textarea").fill("sea")
    await mira.tab.locator("#composer .more input").click()
    await mira.tab.locator("#suggestions [role=option]").filter(has_text="words").click()
    await mira.option("words").locator("textarea").fill("at sea --ar 16:9")
    await mira.tab.get_by_role("button", name="Send", exact=True).click()
    await expect(mira.last("is saved")).to_contain_text("sea: at sea --ar 16:9", timeout=JOB_MS)

    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill("a kite with a preset")
    await mira.add("preset")
    await keys.type("se")
    await expect(mira.tab.locator("#suggestions [role=option]").first).to_contain_text("sea")
    for key in ("ArrowDown", "Enter", "Enter"):
        await keys.press(key)
    card = mira.last("a kite with a preset, at sea --ar 16:9")
    await expect(mira.button(card, ":upsample1")).to_be_visible(timeout=JOB_MS)
    for words in ("relax speed", "Own settings: relax speed.", "Preset: words."):
        await expect(card).to_contain_text(words)


async def test_an_admin_limits_a_member_who_alone_reads_the_refusal(visits: Visits, boat: Path) -> None:
    ada, leo, mira = [await visits.open(name) for name in ("ada", "leo", "mira")]
    await ada.command("quota set")
    await ada.tab.keyboard.type("leo")
    await ada.tab.keyboard.press("Enter")
    await ada.tab.keyboard.press("Tab")
    await ada.option("credits").locator("input").fill("4")
    await ada.tab.keyboard.press("Enter")
    await expect(ada.last("Only you can see this")).to_contain_text("4")

    await leo.command("video")
    await leo.option("prompt").locator("textarea").fill("a boat that leo cannot pay")
    await leo.attach("image", boat)
    await leo.tab.keyboard.press("Enter")
    refusal = leo.last("This takes 8 credits, and you have 4 left.")
    await expect(refusal).to_contain_text("Only you can see this", timeout=JOB_MS)
    await expect(mira.last("This takes 8 credits, and you have 4 left.")).to_have_count(0)

    await refusal.get_by_text("Dismiss message").click()
    await expect(refusal).to_have_count(0)
    await leo.tab.reload()
    await expect(leo.messages().first).to_be_visible()
    await expect(leo.last("This takes 8 credits, and you have 4 left.")).to_have_count(0)


async def test_a_member_is_not_offered_what_only_admins_may_do(visits: Visits) -> None:
    for name, count in (("ada", 1), ("mira", 0)):
        visit = await visits.open(name)
        await visit.text.click()
        await visit.tab.keyboard.type("/quota set")
        await expect(visit.tab.locator("#suggestions [role=option]").filter(has_text="quota set")).to_have_count(count)


async def test_where_the_bot_may_not_post_it_says_so(visits: Visits, boat: Path) -> None:
    mira = await visits.open("mira", "no-bots")
    await mira.command("video")
    await mira.option("prompt").locator("textarea").fill("a boat")
    await mira.attach("image", boat)
    await mira.tab.keyboard.press("Enter")
    await expect(mira.last("I lack Send Messages in this channel.")).to_contain_text("Nothing was charged.")


async def test_a_link_leads_to_a_message_elsewhere_and_the_browser_leads_back(site: Site, visits: Visits) -> None:
    mira = await visits.open("mira", "gallery")
    await mira.text.fill("the message that is meant")
    await mira.text.press("Enter")
    meant = await mira.last("the message that is meant").get_attribute("data-message")
    for number in range(40):
        await site.guild_setup.leo.say(site.guild_setup.films, f"leo speaks of other things, {number}")
    await mira.go("films")
    there = next(channel for channel in site.guild_setup.guild.channels if channel.name == "gallery")
    await mira.text.fill(f"see https://discord.com/channels/{site.guild_setup.guild.id}/{there.id}/{meant}")
    await mira.text.press("Enter")
    await mira.last("see").get_by_role("button", name="#gallery › message").click()
    await expect(mira.last("the message that is meant")).to_be_focused()
    await mira.tab.go_back()
    await expect(mira.tab.locator("#channel-header")).to_contain_text("films")
    await mira.tab.go_forward()
    await expect(mira.tab.locator("#channel-header")).to_contain_text("gallery")


async def test_any_picture_in_a_message_is_animated_from_its_menu(mira: Visit, boat: Path) -> None:
    await mira.tab.locator("#composer input[type=file]").first.set_input_files(boat)
    await mira.text.fill("look at my boat")
    await mira.tab.keyboard.press("Enter")
    posted = mira.last("look at my boat")
    # The message is sent once its file is there, which takes seconds on a machine that runs much beside.
    await expect(posted.locator("img").last).to_be_visible(timeout=JOB_MS)
    await posted.click(button="right")
    await mira.tab.locator("#menu").get_by_role("menuitem", name="Animate this image").click()
    modal = mira.tab.locator("dialog#modal")
    await modal.locator('[data-field="prompt"]').locator("textarea, input").first.fill("it floats away from the menu")
    await modal.get_by_role("button", name="Submit").click()
    await expect(mira.last("it floats away from the menu").locator("video").first).to_be_visible(timeout=JOB_MS)


async def test_words_are_suggested_while_an_option_is_typed(mira: Visit) -> None:
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill("a kite to be found again")
    await mira.tab.keyboard.press("Enter")
    card = mira.last("a kite to be found again")
    await expect(mira.button(card, ":upsample1")).to_be_visible(timeout=JOB_MS)
    words = await card.inner_text()
    job = re.search(r"job (\w+)", words)
    assert job is not None
    await mira.command("jobs show")
    await mira.tab.keyboard.type("kite to be found")
    await expect(mira.tab.locator("#suggestions [role=option]").first).to_contain_text("a kite to be found again")
    for key in ("ArrowDown", "Enter", "Enter"):
        await mira.tab.keyboard.press(key)
    await expect(mira.messages().filter(has_text=job[1])).not_to_have_count(1, timeout=JOB_MS)
