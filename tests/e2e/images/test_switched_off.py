"""Pictures of a provider that was switched off since: what needs it is refused by its name, and the rest goes on."""

from pathlib import Path

from tests.e2e.support.delivery import bot_without_errors
from tests.e2e.support.guild import create_server, finished, job_id
from tests.e2e.support.images import (
    CREDITS,
    drawn,
    image_sandbox,
    imagine,
    refused,
)
from tests.e2e.support.masks import mask_of, region, size_of

SWITCHED_OFF = "TTAPI is switched off here. Nothing was charged. Ask an admin, or start something new."


async def test_what_was_made_by_a_provider_that_was_switched_off(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, providers=("ttapi", "acedata")) as sandbox:
        server = create_server(sandbox)
        async with bot_without_errors(sandbox):
            grid = await imagine(server)
            single = await drawn(await server.mira.click(grid, f"act:{job_id(grid)}:upsample1"), 1)
            asked = await server.mira.slash(server.channel, "seed", job=job_id(grid))
            seed = await asked.until(lambda message: "The seed is" in message.text, 20)
        sandbox.providers = ("acedata",)
        async with bot_without_errors(sandbox):
            left = CREDITS - 2
            for asked in (
                await server.mira.click(grid, f"act:{job_id(grid)}:reroll"),
                await server.mira.slash(server.channel, "seed", job=job_id(single)),
                await region(server, job_id(single), mask_of(size_of(single))),
            ):
                assert await refused(server, asked, left) == SWITCHED_OFF
            told = await refused(server, await server.mira.slash(server.channel, "imagine", prompt="a kite"), left)
            assert told.startswith("No provider here makes pictures.")
            asked = await server.mira.slash(server.channel, "seed", job=job_id(grid))
            again = await asked.until(lambda message: "The seed is" in message.text, 20)
            assert again.text.splitlines()[0] in seed.text
            form = await server.mira.click(grid, f"animate:{job_id(grid)}:1:low")
            await form.answered()
            # Its button asks for low motion, which is more than AceData can be asked for.
            assert (await refused(server, await server.mira.submit(form, {}), left)).startswith(
                "AceData has no low motion."
            )
            shown = await drawn(await server.mira.slash(server.channel, "jobs show", id=job_id(grid)))
            assert f"made by TTAPI, job {job_id(grid)}" in shown.text
            none = [button.custom_id for button in shown.buttons if (button.custom_id or "").endswith(":1:none")]
            form = await server.mira.click(shown, none[0] or "")
            await form.answered()
            assert "made by AceData" in (await finished(await server.mira.submit(form, {}))).text
