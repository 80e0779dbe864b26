"""What every provider can be asked, in the bot's own words."""

from typing import TYPE_CHECKING, Protocol

from bot.providers.capabilities import Capabilities
from bot.providers.types import Account, CallbackMatcher, ExtendRequest, Snapshot, SpeedStatus, Submitted, VideoRequest

if TYPE_CHECKING:
    from bot.providers.images import ImageProvider


class Provider(Protocol):
    """Make clips. All calls raise `ProviderError` and nothing else."""

    @property
    def name(self) -> str:
        """Give the name used in settings and rows, such as "ttapi"."""
        ...

    @property
    def title(self) -> str:
        """Give the name that people read, such as "TTAPI"."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """Say what it can do."""
        ...

    @property
    def images(self) -> "ImageProvider | None":
        """Give what makes images there; None where only clips are made."""
        ...

    async def submit(self, request: VideoRequest) -> Submitted:
        """Start a job; an error's `accepted` says whether it may be running all the same."""
        ...

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Start a job that continues a clip; errors as for `submit`."""
        ...

    async def poll(self, remote_id: str) -> Snapshot:
        """Ask how a job is doing: free, and may be repeated at will."""
        ...

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        """Search for a job whose id was never learned, by its prompt and callback URL; None when it is not listed."""
        ...

    def parse_callback(self, body: bytes) -> str | None:
        """Read which job a callback speaks of; a hint that anybody may have sent, None when there is none."""
        ...

    async def account(self) -> Account:
        """Try the key, free of charge; AUTH or ACCOUNT_BLOCKED when it does not open anything."""
        ...

    async def speed_status(self) -> tuple[SpeedStatus, ...]:
        """Ask how the provider itself is doing, free of charge; empty where it does not tell."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...
