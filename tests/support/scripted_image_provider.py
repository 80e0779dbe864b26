"""A picture maker that does as it is told, call by call."""

from bot.providers.images import (
    ActionRequest,
    BlendRequest,
    DescribeRequest,
    ImageSnapshot,
    ImagineRequest,
    RegionRequest,
    SeedRequest,
)
from bot.providers.types import RemoteState, Submitted
from tests.support.scripted_provider import Script

Asked = ImagineRequest | ActionRequest | BlendRequest | DescribeRequest | RegionRequest | SeedRequest


class ScriptedImageProvider:
    """Answer orders, polls and checks as scripted, and remember what was asked."""

    def __init__(self, *images: str) -> None:
        self.submits: Script[Submitted] = Script(Submitted("picture 1"))
        self.polls: Script[ImageSnapshot] = Script(ImageSnapshot(RemoteState.SUCCEEDED, 100, images=images))
        self.checks: Script[tuple[str, ...]] = Script(())
        self.asked: list[Asked] = []
        self.checked: list[str] = []

    async def imagine(self, request: ImagineRequest) -> Submitted:
        return await self._asked(request)

    async def run_action(self, request: ActionRequest) -> Submitted:
        return await self._asked(request)

    async def blend(self, request: BlendRequest) -> Submitted:
        return await self._asked(request)

    async def describe(self, request: DescribeRequest) -> Submitted:
        return await self._asked(request)

    async def inpaint(self, request: RegionRequest) -> Submitted:
        return await self._asked(request)

    async def seed(self, request: SeedRequest) -> Submitted:
        return await self._asked(request)

    async def poll(self, remote_id: str) -> ImageSnapshot:
        assert remote_id
        return await self.polls.next()

    async def check_prompt(self, prompt: str) -> tuple[str, ...]:
        self.checked.append(prompt)
        return await self.checks.next()

    async def _asked(self, request: Asked) -> Submitted:
        self.asked.append(request)
        return await self.submits.next()
