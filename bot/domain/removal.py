"""What it means to remove jobs for good: pure, standard library only."""

from dataclasses import dataclass, replace

from bot.domain.job import Job, State
from bot.domain.params import JobParams

WAITING = (State.RECEIVED, State.QUEUED)
"""The states in which a removal takes a job back, and returns its credits."""

AT_PROVIDER = (State.SUBMITTING, State.RUNNING)
"""The states in which a removed job goes on: it is paid for and settled, and what comes of it is dropped."""


@dataclass(frozen=True)
class Removal:
    """Mirror one row of the removal table: what is still to be done about a removed job."""

    job_id: str
    guild_id: int
    by_user_id: int
    reason: str
    at_ms: int
    card_id: int | None
    """Its card when it was removed, which replies to it name."""
    look_again_ms: int
    """When whoever had it in hand is surely done: what they have sent or kept is looked for once more."""
    due_ms: int | None
    tries: int = 0
    disinherited: int = 0
    """1 once what goes on from the job shows nothing of it; 2 once that was looked at again."""


@dataclass(frozen=True)
class Removed:
    """Hold what one removal has done: the jobs as they are now, and those whose credits came back."""

    jobs: tuple[Job, ...]
    refunded: tuple[Job, ...] = ()
    more: bool = False
    """Whether there are others that were asked for: they were too many for one removal."""

    @property
    def keeps_charges(self) -> bool:
        """Tell whether anything stays charged: not all removed jobs waited."""
        refunded = {job.id for job in self.refunded}
        return any(job.id not in refunded for job in self.jobs)

    @property
    def returned(self) -> int:
        """Count the credits that came back for the removed jobs themselves."""
        own = {job.id for job in self.jobs}
        return sum(job.cost for job in self.refunded if job.id in own)

    @property
    def going_on(self) -> int:
        """Count the jobs that are at their provider, and go on unseen."""
        return sum(job.state in AT_PROVIDER for job in self.jobs)


def inherits_prompt(job: Job) -> bool:
    """Tell whether a job's words are those of the job that it goes on from, and nobody's own."""
    return job.kind.continues_job and "prompt" not in job.params.explicit_options


def without_content(params: JobParams) -> JobParams:
    """Leave of what was asked for what says nothing of it: the numbers that sums are made of.

    With them stays whether somebody typed its words, as what goes on from it inherits those.
    """
    return replace(
        JobParams("", clips=params.clips, motion=params.motion, resolution=params.resolution, speed=params.speed),
        action=params.action,
        explicit_options=tuple(option for option in params.explicit_options if option == "prompt"),
    )
