"""What can be broken in the sandbox, and the triggers for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from sandbox.discord import Fault
from sandbox.harness import Sandbox
from sandbox.provider.model.faults import DownloadFault, Huge, SubmitFault
from sandbox.provider.vendor import Vendor
from sandbox.provider.vendors import VENDORS
from sandbox.sentences import t
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.fault_triggers import (
    BackgroundTasks,
    ImmediateTrigger,
    NextRequestTrigger,
    SwitchTrigger,
    WaitsFor,
)

CARDS = r"^/(webhooks/|channels/\d+/messages/\d+)"
"""The paths that cards are changed at; a command's first answer, which has 3 seconds, goes to another."""

MIB = 1024 * 1024

FORBIDDEN_WORD = "kraken"
"""What nobody asks for unless they want to see it refused."""

WAITS_FOR_A_CARD = WaitsFor(
    t("waits for the next change of a card"), t("It waits already for the next change of a card.")
)

WAITS_FOR_AN_ORDER = WaitsFor(t("waits for the next order"), t("It waits already for the next order."))

WAITS_FOR_A_DOWNLOAD = WaitsFor(
    t("waits for the next download of a film or picture"),
    t("It waits already for the next download of a film or picture."),
)

F = TypeVar("F", bound=SubmitFault | DownloadFault)


@dataclass(frozen=True)
class FaultTargets:
    """Hold what can be broken; each trigger is made once a button."""

    sandbox: Sandbox
    supervisor: BotSupervisor
    tasks: BackgroundTasks

    @property
    def provider(self) -> str:
        """Name the provider that jobs go to unless somebody chooses another one."""
        return self.sandbox.providers[0]

    @property
    def vendor(self) -> Vendor:
        """Give what is particular to it."""
        return VENDORS[self.provider]

    @property
    def title(self) -> str:
        """Give its name for people."""
        return self.vendor.title

    @property
    def lists_jobs(self) -> bool:
        """Whether a job whose answer was lost can be found there."""
        return self.vendor.calls_back

    @property
    def checks_prompts(self) -> bool:
        """Whether it tells free of charge that a prompt is forbidden, as who makes images does."""
        return self.vendor.images

    def kill(self) -> ImmediateTrigger:
        """Kill the bot and leave it dead."""
        return ImmediateTrigger(self.supervisor.kill, self.tasks, self._dead)

    def restart(self) -> ImmediateTrigger:
        """Kill the bot, if it lives, and start it."""
        return ImmediateTrigger(self.supervisor.restart, self.tasks)

    def start(self) -> ImmediateTrigger:
        """Start the bot if it is dead."""
        return ImmediateTrigger(
            self.supervisor.start,
            self.tasks,
            lambda: None if self.supervisor.state == "stopped" else t("The bot is there."),
        )

    def drop_gateway(self, *, resumable: bool) -> ImmediateTrigger:
        """Cut the bot's connection to Discord's gateway."""

        def drop() -> Awaitable[None]:
            return self.sandbox.discord.drop_gateway(resumable=resumable)

        return ImmediateTrigger(
            drop, self.tasks, lambda: None if self.supervisor.state == "running" else t("The bot is not connected.")
        )

    def unavailable(self, times: int) -> NextRequestTrigger[Fault]:
        """Let Discord answer 503 to the next requests about cards."""
        faults = self.sandbox.discord.faults

        def withdraw(fault: Fault) -> None:
            if fault in faults.waiting:
                faults.waiting.remove(fault)

        return NextRequestTrigger(
            lambda: faults.status("*", CARDS, 503, times=times),
            lambda fault: fault.hit.wait(),
            withdraw,
            WAITS_FOR_A_CARD,
            self.tasks,
        )

    def refuse_galleries(self) -> SwitchTrigger:
        """Let Discord refuse edits that add images or clips."""
        knobs = self.sandbox.discord.knobs

        def turn(on: bool) -> None:
            knobs.refuse_gallery_files_on_edit = on

        return SwitchTrigger(lambda: knobs.refuse_gallery_files_on_edit, turn)

    def next_submit(self, fault: SubmitFault) -> NextRequestTrigger[SubmitFault]:
        """Let a fault befall the next order of any kind."""
        return self._next_at_provider(lambda: fault, self.sandbox.provider.next_order, WAITS_FOR_AN_ORDER)

    def forbid_word(self) -> SwitchTrigger:
        """Let the provider refuse prompts for a word in them."""
        settings = self.sandbox.provider.settings
        word = {FORBIDDEN_WORD}

        def turn(on: bool) -> None:
            settings.banned_words = settings.banned_words | word if on else settings.banned_words - word

        return SwitchTrigger(lambda: word <= settings.banned_words, turn)

    def too_big(self) -> NextRequestTrigger[DownloadFault]:
        """Let the next clip or image be a MiB larger than any file that Discord takes here."""

        def fault() -> DownloadFault:
            guilds = self.sandbox.discord.guilds.values()
            limits = [self.sandbox.discord.knobs.attachment_size_limit, *(guild.upload_limit for guild in guilds)]
            return Huge(max(limits) + MIB)

        return self._next_at_provider(fault, self.sandbox.provider.next_download, WAITS_FOR_A_DOWNLOAD)

    def hold(self) -> SwitchTrigger:
        """Let no job end."""
        fake_provider = self.sandbox.provider

        def turn(on: bool) -> None:
            if on:
                fake_provider.settings.hold = True
            else:
                fake_provider.release()

        return SwitchTrigger(lambda: fake_provider.settings.hold, turn)

    def callbacks(self, habit: Literal["twice", "never"]) -> SwitchTrigger:
        """Let the provider call back twice, or never."""
        knobs = self.sandbox.provider.settings
        silent = None if self.vendor.calls_back else t("{provider} calls nobody back.", provider=self.title)

        def turn(on: bool) -> None:
            knobs.callbacks = habit if on else "once"

        return SwitchTrigger(lambda: knobs.callbacks == habit, turn, lambda: silent)

    def _dead(self) -> str | None:
        return t("The bot is dead already.") if self.supervisor.state == "stopped" else None

    def _next_at_provider(
        self, make: Callable[[], F], inject: Callable[[F], None], waits_for: WaitsFor
    ) -> NextRequestTrigger[F]:
        fake_provider = self.sandbox.provider

        def arm() -> F:
            fault = make()
            inject(fault)
            return fault

        return NextRequestTrigger(
            arm,
            lambda fault: fake_provider.until(lambda fake_provider: not fake_provider.is_queued(fault), timeout=None),
            fake_provider.withdraw,
            waits_for,
            self.tasks,
        )
