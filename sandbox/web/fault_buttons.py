"""The buttons that break things; what each should lead to is true of this bot, and tests hold it to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.harness import Sandbox
from sandbox.provider.model.faults import (
    Hang,
    ResetAfter,
)
from sandbox.sentences import Sentence, t
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from sandbox.web.fault_targets import FORBIDDEN_WORD, FaultTargets
from sandbox.web.fault_triggers import BackgroundTasks, FaultTrigger, ImmediateTrigger
from sandbox.web.wire.activity import Fault

BOT, DISCORD, PROVIDER, AFTERWARDS = t("The bot"), "Discord", t("The provider"), t("Afterwards")


@dataclass(frozen=True)
class FaultButton:
    """Name a button, and say what it should lead to; `make` gives its trigger.

    `{provider}` stands for the provider's name. A `switch` is clicked again to end what it does. `without_list` and
    `without_check` say what it leads to at a provider that lists no jobs or checks no prompts, where that is something
    else.
    """

    name: str
    group: str
    label: Sentence
    leads_to: Sentence
    make: Callable[[FaultTargets], FaultTrigger]
    switch: bool = False
    without_list: Sentence | None = None
    without_check: Sentence | None = None


FAULT_BUTTONS = (
    FaultButton(
        "restart",
        BOT,
        t("Kill -9 and start again"),
        t(
            "The bot is away for a few seconds, and then goes on where it was: every card is finished, and nothing is "
            "paid for twice. Commands meanwhile show “The application did not respond”."
        ),
        lambda targets: targets.restart(),
    ),
    FaultButton(
        "kill",
        BOT,
        t("Kill -9 and leave it dead"),
        t(
            "Commands and buttons show “The application did not respond” after 3 seconds. {provider} goes on with its "
            "jobs, and their films come once the bot is started."
        ),
        lambda targets: targets.kill(),
    ),
    FaultButton(
        "start",
        BOT,
        t("Start the bot"),
        t("Within some seconds it is connected, takes up every unfinished job, and runs the code as it is now."),
        lambda targets: targets.start(),
    ),
    FaultButton(
        "gateway",
        DISCORD,
        t("Drop the gateway"),
        t(
            "The bot connects again at once and resumes its session. Discord repeats what it missed: no command is "
            "lost."
        ),
        lambda targets: targets.drop_gateway(resumable=True),
    ),
    FaultButton(
        "session",
        DISCORD,
        t("Lose the gateway session"),
        t(
            "The bot signs on anew after 5 seconds. Commands in the first of them show “The application did not "
            "respond”; cards go on, for they need no gateway."
        ),
        lambda targets: targets.drop_gateway(resumable=False),
    ),
    FaultButton(
        "unavailable",
        DISCORD,
        t("Answer 503 to the next card"),
        t("Two requests in a row are refused. The card stands still for about 4 seconds, and then goes on."),
        lambda targets: targets.unavailable(2),
    ),
    FaultButton(
        "galleries",
        DISCORD,
        t("Refuse films in edits"),
        t(
            "As discord-api-docs#7529 reports: Discord refuses edits that add files to a gallery. Films come as a "
            "reply to the card, which links to it. The bot remembers this for an hour, or until it is started again."
        ),
        lambda targets: targets.refuse_galleries(),
        switch=True,
    ),
    FaultButton(
        "hang",
        PROVIDER,
        t("Hang at the next order"),
        t(
            "{provider} takes the order and never answers. The card stands still for a minute; then the bot looks for "
            "the job, finds it and shows the film. It is ordered and paid for once."
        ),
        lambda targets: targets.next_submit(Hang()),
        without_list=t(
            "{provider} takes the order and never answers. The card stands still for a minute, then says that "
            "it has not answered, and a minute later that all credits came back."
        ),
    ),
    FaultButton(
        "refuse",
        PROVIDER,
        t("Refuse the next order"),
        t("The card says that {provider} did not accept the request, and that all credits came back."),
        lambda targets: targets.next_submit(targets.vendor.refusal),
    ),
    FaultButton(
        "money",
        PROVIDER,
        t("Be out of money at the next order"),
        t("The card says that our account at {provider} is empty, that all credits came back, and to tell an admin."),
        lambda targets: targets.next_submit(targets.vendor.empty_account),
    ),
    FaultButton(
        "lost",
        PROVIDER,
        t("Lose the next order's answer"),
        t(
            "{provider} takes the order, and the connection breaks before it says so. The card says that it has not "
            "answered; the bot does not order again, finds the job some seconds later, and the film comes."
        ),
        lambda targets: targets.next_submit(ResetAfter()),
        without_list=t(
            "{provider} takes the order, and the connection breaks before it says so. The card says that it "
            "has not answered; the bot does not order again, and after 2 minutes all credits come back."
        ),
    ),
    FaultButton(
        "fail",
        PROVIDER,
        t("Fail the next job while it runs"),
        t(
            "[Banned prompt detected]: the card gets as far as the job does, then says that {provider} refused the "
            "prompt because of its words, and that all credits came back."
        ),
        lambda targets: targets.next_submit(targets.vendor.banned_prompt),
    ),
    FaultButton(
        "forbid",
        PROVIDER,
        t("Forbid the word “{word}”", word=FORBIDDEN_WORD),
        t(
            "Who writes it in a prompt reads alone that {provider} forbids it, and that nothing was charged: the bot "
            "asks before it orders. After three times in a day it takes no prompt of theirs until tomorrow."
        ),
        lambda targets: targets.forbid_word(),
        switch=True,
        without_check=t(
            "The card of a prompt with it says that {provider} refused it because of its words, and that all "
            "credits came back."
        ),
    ),
    FaultButton(
        "big",
        PROVIDER,
        t("Return a file too big for the chat"),
        t("The next film is a MiB larger than Discord takes. The bot keeps it as it is, and shows a smaller one."),
        lambda targets: targets.too_big(),
    ),
    FaultButton(
        "stuck",
        PROVIDER,
        t("Let no job end"),
        t(
            "Cards stay at 99 %. Switched off, the jobs end and their films come; after 35 minutes the bot would give "
            "up, and all credits would come back."
        ),
        lambda targets: targets.hold(),
        switch=True,
    ),
    FaultButton(
        "twice",
        PROVIDER,
        t("Call back twice"),
        t("Each end is told twice, as the calls show. The film is shown once and paid for once."),
        lambda targets: targets.callbacks("twice"),
        switch=True,
    ),
    FaultButton(
        "never",
        PROVIDER,
        t("Never call back"),
        t("The bot finds the end by asking, as it does all the time: the film comes at most a moment later."),
        lambda targets: targets.callbacks("never"),
        switch=True,
    ),
)
"""All of them, in the order of the page; `reset` follows."""

RESET = (
    t("Put everything right"),
    t("What still waits is forgotten, every switch is off, held jobs go on, and a dead bot is started."),
)


class FaultButtons:
    """Click the buttons of one sandbox, and tell how each stands."""

    def __init__(self, sandbox: Sandbox, supervisor: BotSupervisor) -> None:
        self._supervisor = supervisor
        self._tasks = BackgroundTasks()
        targets = FaultTargets(sandbox, supervisor, self._tasks)
        reset = FaultButton("reset", AFTERWARDS, *RESET, lambda _: ImmediateTrigger(self._start_if_dead, self._tasks))
        self._buttons = [*FAULT_BUTTONS, reset]
        self._targets = targets
        self._triggers = {one.name: one.make(targets) for one in self._buttons}

    async def end(self) -> None:
        """Stop waiting for requests that armed faults are to hit."""
        await self._tasks.end()

    def click(self, name: str) -> None:
        """Break something; raise `Refused` with a sentence when that makes no sense now."""
        trigger = self._triggers.get(name)
        if trigger is None:
            raise Refused(t("There is no such thing to break."))
        trigger.click()
        if name == "reset":
            for other in self._triggers.values():
                other.reset()

    def rows(self) -> list[Fault]:
        """Tell how everything stands."""
        return [self._row(one, self._triggers[one.name]) for one in self._buttons]

    def _row(self, one: FaultButton, trigger: FaultTrigger) -> Fault:
        leads_to = one.leads_to
        if one.without_list and not self._targets.lists_jobs:
            leads_to = one.without_list
        if one.without_check and not self._targets.checks_prompts:
            leads_to = one.without_check
        return {
            "name": one.name,
            "group": one.group,
            "label": one.label,
            "leads_to": leads_to.filled(provider=self._targets.title),
            "switch": one.switch,
            "state": trigger.state,
            "say": trigger.say,
        }

    async def _start_if_dead(self) -> None:
        if self._supervisor.state == "stopped":
            await self._supervisor.start()
