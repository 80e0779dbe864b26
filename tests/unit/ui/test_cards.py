"""A card says in each state how its job is doing, and offers what can be done then."""

from collections.abc import Iterator
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.film import Ancestor
from bot.domain.job import Kind, State
from bot.domain.params import JobImageRef, JobParams, Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.ui.cards import Card, ShownClip, draw, draw_result
from tests.support.jobs import JOB_ID, sample_job

NOON = 1_795_003_200_000

BUTTON, THUMBNAIL = 2, 11
"""What Discord calls them."""

GREEN, RED, BLURPLE, GREY = 0x2ECC71, 0xE74C3C, 0x5865F2, 0x979C9F


def card(state: State = State.RUNNING, /, *, shows: dict[str, Any] | None = None, **fields: Any) -> Card:
    """Give a job's card; `shows` is what the card knows beside its job."""
    return Card(sample_job(state=state, **fields), "TTAPI", 8, **(shows or {}))


def parts(view: LayoutView) -> Iterator[dict[str, Any]]:
    waiting = view.to_components()
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*part.get("components", []), *filter(None, [part.get("accessory")]), *waiting]


def texts(card: Card) -> list[str]:
    return [part["content"] for part in parts(draw(card)) if "content" in part]


def buttons(card: Card) -> list[str]:
    return [part["custom_id"] for part in parts(draw(card)) if part["type"] == BUTTON]


def accent(card: Card) -> int:
    return draw(card).to_components()[0]["accent_color"]


OWN_LIMIT = "Waiting, place 4: 3 jobs of this member are being made, as many as one member may have at once"

STATES: list[tuple[Card, str, int]] = [
    (card(State.RECEIVED), "Looking at the picture…", GREY),
    (card(State.RECEIVED, kind=Kind.IMAGINE), "Looking at the prompt…", GREY),
    (card(State.QUEUED, shows={"queue_position": 3}), "Waiting, place 3", GREY),
    (card(State.QUEUED, shows={"queue_position": 1, "wait_ms": 120_000}), "Waiting, place 1, about 2 min", GREY),
    (card(State.QUEUED, tries=1, due_ms=5), "TTAPI is busy; I am trying again.", GREY),
    (
        card(State.QUEUED, shows={"queue_position": 2, "paused_until_ms": 9_000}),
        "Waiting, place 2: TTAPI does not answer well, I try again <t:9:R>.",
        GREY,
    ),
    (card(State.SUBMITTING, lease="one"), "Handing it to TTAPI…", BLURPLE),
    (
        card(State.SUBMITTING),
        "TTAPI has not answered; I am waiting to see whether it took the job.",
        BLURPLE,
    ),
    (card(State.RUNNING), "▱▱▱▱▱▱▱▱▱▱ being made", BLURPLE),
    (card(State.RUNNING, progress=45), "▰▰▰▰▱▱▱▱▱▱ 45 %", BLURPLE),
    (card(State.RUNNING, progress=100, shows={"wait_ms": 0}), "▰▰▰▰▰▰▰▰▰▰ 100 %", BLURPLE),
    (card(State.READY), "▰▰▰▰▰▰▰▰▰▰ made; fetching the clips…", BLURPLE),
    (card(State.READY, kind=Kind.BLEND), "▰▰▰▰▰▰▰▰▰▰ made; fetching the pictures…", BLURPLE),
    (card(State.QUEUED, shows={"queue_position": 4, "wait_ms": 9, "own_limit": 3}), OWN_LIMIT, GREY),
    (card(State.FAILING, error_code="cancelled", error_data={"by": 11}), "Cancelled by <@11>.", GREY),
    (card(State.FAILED, error_code="cancelled", error_data={"by": None}), "Cancelled by an admin.", GREY),
    (card(State.FAILED, error_code="job_failed", error_data={"reason": "upstream", "provider": "TTAPI"}), "", RED),
]


@pytest.mark.parametrize(
    ("shown", "words", "colour"), STATES, ids=[f"{one.job.state}-{number}" for number, (one, _, _) in enumerate(STATES)]
)
def test_a_card_says_how_its_job_is_doing(shown: Card, words: str, colour: int) -> None:
    said = texts(shown)
    assert said[0].startswith("**")
    assert said[1].startswith(words)
    assert said[-1].endswith(f"job {JOB_ID}")
    assert accent(shown) == colour


@pytest.mark.parametrize(
    ("shown", "origin"),
    [
        (card(State.QUEUED), "for TTAPI, "),
        (card(State.RUNNING, submitted_ms=1), "for TTAPI, "),
        (card(State.READY, submitted_ms=1), "made by TTAPI, "),
        (card(State.DONE, submitted_ms=1), "made by TTAPI, "),
        (card(State.FAILED, error_code="cancelled", error_data={"by": 11}), ""),
        (card(State.FAILED, submitted_ms=1, error_code="internal"), "asked of TTAPI, "),
    ],
)
def test_only_what_is_there_was_made_by_somebody(shown: Card, origin: str) -> None:
    assert texts(shown)[-1] == f"-# {origin}job {JOB_ID}"


@pytest.mark.parametrize("state", list(State))
def test_only_what_waits_can_be_taken_back(state: State) -> None:
    offered = [f"cancel:{JOB_ID}"] if state is State.QUEUED else []
    assert [one for one in buttons(card(state)) if one.startswith("cancel:")] == offered


@pytest.mark.parametrize(
    ("params", "kind", "title"),
    [
        (JobParams("a boat"), Kind.VIDEO, "**Video** by <@11>, low motion, SD, 4 clips, 8 credits"),
        (
            JobParams(
                "a boat",
                1,
                Motion.HIGH,
                Resolution.HD,
                loop=True,
                speed=Speed.TURBO,
                prompt_mode=PromptMode.MANUAL,
            ),
            Kind.EXTEND,
            "**Extension** by <@11>, high motion, HD, 1 clip, loop, manual animation, turbo speed, 8 credits",
        ),
        (JobParams("a boat", motion=None, speed=Speed.FAST), Kind.VIDEO, "**Video** by <@11>, SD, 4 clips, 8 credits"),
        (JobParams("a kite", speed=Speed.FAST), Kind.IMAGINE, "**Pictures** by <@11>, fast speed, 8 credits"),
        (JobParams("a kite", action="upsample2"), Kind.ACTION, "**U2** by <@11>, 8 credits"),
        (JobParams("a kite", action="reroll"), Kind.ACTION, "**Drawn again** by <@11>, 8 credits"),
        (JobParams("a kite", action="pan_up"), Kind.ACTION, "**Pan up** by <@11>, 8 credits"),
        (JobParams("a kite", action="explode"), Kind.ACTION, "**Pictures** by <@11>, 8 credits"),
        (JobParams("a kite", translate=True), Kind.IMAGINE, "**Pictures** by <@11>, translated, 8 credits"),
        (JobParams("a kite", action="upsample2", translate=True), Kind.ACTION, "**U2** by <@11>, 8 credits"),
        (JobParams(""), Kind.DESCRIBE, "**Description** by <@11>, 8 credits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_card_begins_with_what_was_asked(params: JobParams, kind: Kind, title: str) -> None:
    assert texts(card(params=params, kind=kind))[0].splitlines()[0] == title


def test_why_a_moderator_blocked_somebody_is_on_no_card() -> None:
    data = {"source": "moderator", "until_ms": None, "reason": "a secret"}
    assert texts(card(State.FAILED, error_code="blocked", error_data=data))[1] == (
        "A moderator of this server has blocked you. Nothing was charged. "
        "No end is set: ask a moderator. /help, /credits and /privacy still work."
    )


def test_what_a_member_has_left_is_on_no_card() -> None:
    refused = card(State.FAILED, error_code="too_few_credits", error_data={"needed": 8, "left": 5, "renews_ms": None})
    assert texts(refused)[1] == (
        "This takes 8 credits, which is more than is left. Nothing was charged. "
        "/credits tells you what you have, and when that changes."
    )


@pytest.mark.parametrize(("cost", "words"), [(1, "1 credit came back."), (8, "All 8 credits came back.")])
def test_what_came_back_is_counted(cost: int, words: str) -> None:
    failed = card(State.FAILED, error_code="cancelled", error_data={"by": 11}, period="2026-11-20", cost=cost)
    assert texts(failed)[1] == f"Cancelled by <@11>. {words}"


def test_a_prompt_is_quoted_and_what_was_taken_out_of_it_is_told() -> None:
    params = JobParams("a *boat*", removed=("--fast", "--v 7", "-" * 70, "`x`", "five", "six", "seven"))
    _, quoted, removed = texts(card(params=params))[0].splitlines()
    assert quoted == "> a \\*boat\\*"
    assert removed == (
        f"-# Taken out of the prompt: `--fast`, `--v 7`, `{'-' * 60}`, `x`, `five` and 2 more. "
        "For `--fast` there is the option `speed`."
    )


def test_what_was_read_from_a_prompt_is_told() -> None:
    params = JobParams("a boat", read=("--motion high", "--bs 1"), removed=("--ar 16:9",))
    assert texts(card(params=params))[0].splitlines()[2:] == [
        "-# Read from the prompt: `--motion high`, `--bs 1`.",
        "-# Taken out of the prompt: `--ar 16:9`.",
    ]


@pytest.mark.parametrize(
    ("kind", "removed", "chosen", "hint"),
    [
        (Kind.VIDEO, ("--hd", "--turbo"), (), " For `--hd`, `--turbo` there are the options `resolution`, `speed`."),
        (Kind.VIDEO, ("--motion high", "--bs 2"), ("motion",), " For `--bs 2` there is the option `clips`."),
        (Kind.VIDEO, ("--relax", "https://x.example"), (), ""),
        (Kind.IMAGINE, ("—relax", "--bs 2"), (), " For `—relax` there is the option `speed`."),
        (Kind.EXTEND, ("--fast",), (), ""),
        (Kind.REGION, ("--fast",), (), ""),
    ],
)
def test_only_an_option_that_there_is_and_was_not_chosen_is_named(
    kind: Kind, removed: tuple[str, ...], chosen: tuple[str, ...], hint: str
) -> None:
    params = JobParams("a boat", removed=removed, explicit_options=chosen)
    listed = ", ".join(f"`{flag}`" for flag in removed)
    assert texts(card(params=params, kind=kind))[0].splitlines()[2] == f"-# Taken out of the prompt: {listed}.{hint}"


def test_a_card_with_all_that_can_stand_on_it_fits() -> None:
    long = tuple(f"--no {number}{'x' * 80}" for number in range(9))
    flags = ("--hd", "--sd", "--fast", "--turbo", f"--motion {'x' * 60}")
    full = card(State.DONE, params=JobParams("*" * 2000, read=long, removed=flags), shows={"clips": CLIPS})
    assert sum(map(len, texts(full))) <= 4000


@pytest.mark.parametrize(
    ("fields", "shows", "origin"),
    [
        (
            {"kind": Kind.EXTEND, "parent_job_id": "parent", "parent_slot": 2},
            {"parent_link": "link"},
            "from clip 3 of link (job parent), made by TTAPI",
        ),
        (
            {
                "kind": Kind.EXTEND,
                "parent_job_id": "parent",
                "parent_slot": 2,
                "params": JobParams("it sinks", from_last_frame=True),
            },
            {"parent_link": "link"},
            "from clip 3 of link (job parent), from its last frame, made by TTAPI",
        ),
        (
            {
                "kind": Kind.EXTEND,
                "parent_job_id": "parent",
                "parent_slot": 0,
                "params": JobParams("it sinks", from_last_frame=True),
            },
            {},
            "from clip 1 of job parent, from its last frame, made by TTAPI",
        ),
        ({"kind": Kind.SEED, "parent_job_id": "p"}, {"parent_link": "link"}, "from link (job p), made by TTAPI"),
        (
            {"params": JobParams("a", job_image=JobImageRef("lender", "2"))},
            {},
            "from a picture of job lender, made by TTAPI",
        ),
        (
            {"params": JobParams("a", provider_image=ProviderImageRef("ta_sk", 1))},
            {},
            "from picture 2 of ta\\_sk, made by TTAPI",
        ),
    ],
)
def test_a_card_says_where_its_job_comes_from(fields: dict[str, Any], shows: dict[str, Any], origin: str) -> None:
    assert texts(card(State.DONE, shows=shows, **fields))[-1] == f"-# {origin}, job {JOB_ID}"


CLIPS = [ShownClip(slot, f"clip-{slot}.mp4") for slot in range(2)]


def test_a_finished_film_shows_its_clips_and_an_extend_of_each() -> None:
    done = card(State.DONE, shows={"clips": CLIPS, "motions": (Motion.LOW, Motion.HIGH), "each": 8})
    assert [part["items"] for part in parts(draw(done)) if "items" in part] == [
        [
            {"media": {"url": f"attachment://clip-{n}.mp4"}, "description": f"clip {n + 1}", "spoiler": False}
            for n in (0, 1)
        ]
    ]
    assert buttons(done) == [f"extend:{JOB_ID}:{clip}:{motion}" for motion in ("low", "high") for clip in (1, 2)]
    said = "\n".join(texts(done))
    assert "⏩ **Extend, low motion** - 8 credits each; clips count left to right, top to bottom" in said
    assert "⚡ **Extend, high motion**\n" in said
    assert accent(done) == GREEN


def test_where_nothing_can_be_extended_there_are_no_buttons() -> None:
    assert buttons(card(State.DONE, shows={"clips": CLIPS})) == []


def test_a_film_that_can_go_on_with_words_has_a_button_for_that_beside_the_others() -> None:
    one_press = {"clips": CLIPS, "motions": (Motion.LOW,), "with_words": True}
    extends = [f"extend:{JOB_ID}:{clip}:low" for clip in (1, 2)]
    assert buttons(card(State.DONE, shows=one_press)) == [*extends, f"words:{JOB_ID}"]
    assert buttons(card(State.DONE, shows={**one_press, "motions": ()})) == [f"words:{JOB_ID}"]
    assert buttons(card(State.DONE, shows={**one_press, "clips": [ShownClip(0, result="reply")]})) == []
    assert buttons(card(State.RUNNING, shows=one_press)) == []


def test_clips_that_a_reply_shows_are_linked_and_extended_there() -> None:
    replied = [ShownClip(0, "clip-0.mp4"), ShownClip(1, result="reply"), ShownClip(2, result="reply")]
    done = card(State.DONE, shows={"clips": replied, "motions": (None,)})
    assert buttons(done) == [f"extend:{JOB_ID}:1:none"]
    assert "The clips are here: reply" in texts(done)
    result = draw_result(card(State.DONE, message_id=7, shows={"clips": CLIPS, "motions": (None,)}))
    assert [part["custom_id"] for part in parts(result) if "custom_id" in part] == [
        f"extend:{JOB_ID}:{clip}:none" for clip in (1, 2)
    ]
    said = [part["content"] for part in parts(result) if "content" in part]
    assert said[-1] == "-# the clips of https://discord.com/channels/1/5/7, made by TTAPI"


def test_a_clip_that_is_not_shown_has_a_note_once_the_job_has_ended() -> None:
    clips = [ShownClip(0, "clip-0.mp4"), ShownClip(1, note="Clip 2 is 30 MiB.")]
    assert "Clip 2 is 30 MiB." in texts(card(State.DONE, shows={"clips": clips}))
    assert "Clip 2 is 30 MiB." not in texts(card(State.READY, shows={"clips": clips}))


@pytest.mark.parametrize(
    ("kind", "clips", "said"),
    [
        (Kind.VIDEO, [ShownClip(0, "clip-1.mp4"), ShownClip(1, kept=False)], "clip 2 cannot be fetched"),
        (Kind.VIDEO, [ShownClip(0, kept=False), ShownClip(1), ShownClip(2, kept=False)], "clips 1 and 3 cannot"),
        (Kind.IMAGINE, [ShownClip(3, kept=False)], "picture 4 cannot be fetched"),
    ],
)
def test_a_card_says_which_links_are_awaited_and_until_when(kind: Kind, clips: list[ShownClip], said: str) -> None:
    waiting = card(State.READY, kind=kind, fetch_until_ms=NOON + 600_000, shows={"clips": clips})
    told = "\n".join(texts(waiting))
    assert f"made; {said}" in told
    assert "from TTAPI yet, and I keep trying until <t:1795003800:f>." in told
    assert "cannot be fetched" not in "\n".join(texts(card(State.READY, kind=kind, shows={"clips": clips})))


def test_a_card_says_that_its_provider_cannot_be_asked_just_now() -> None:
    told = "\n".join(texts(card(State.RUNNING, shows={"has_key": False})))
    assert "TTAPI is switched off here just now, so I cannot ask how far it is; I keep trying." in told


def test_what_could_not_be_delivered_says_how_to_get_it() -> None:
    said = "\n".join(texts(card(State.DONE, error_code="undeliverable", shows={"clips": [ShownClip(0)]})))
    assert f"use `/jobs show id:{JOB_ID}` in a channel where I may attach files" in said


def test_the_pictures_that_a_film_starts_and_ends_with_stand_beside_the_words() -> None:
    shown = card(shows={"frames": {"start": "start.jpg", "end": "end.jpg"}})
    media = [part["media"]["url"] for part in parts(draw(shown)) if "media" in part]
    assert media == ["attachment://start.jpg", "attachment://end.jpg"]
    assert "ending with this picture" in texts(shown)


def hidden_media(card: Card) -> list[bool]:
    """Tell of each thing that a card shows whether it is hidden."""
    drawn = list(parts(draw(card)))
    thumbnails = [part["spoiler"] for part in drawn if part["type"] == THUMBNAIL]
    return thumbnails + [item["spoiler"] for part in drawn for item in part.get("items", [])]


@pytest.mark.parametrize("hidden", [0, 1])
@pytest.mark.parametrize("state", [State.QUEUED, State.READY, State.DONE, State.FAILED])
def test_a_spoiler_hides_all_that_a_card_shows_and_thumbnails_too(state: State, hidden: int) -> None:
    shows = {"clips": CLIPS, "frames": {"start": "start.jpg", "end": "end.jpg"}}
    media = hidden_media(card(state, shows=shows, spoiler=hidden, error_code="internal"))
    assert media == [bool(hidden)] * len(media)
    assert len(media) >= 2


def test_a_spoiler_hides_clips_that_a_reply_shows() -> None:
    reply = draw_result(card(State.DONE, shows={"clips": CLIPS}, spoiler=1))
    assert [item["spoiler"] for part in parts(reply) for item in part.get("items", [])] == [True, True]


@pytest.mark.parametrize(
    ("price", "label"), [((8, 8), "Try again, 8 credits"), ((4, 8), "Try again, from 4 credits"), (None, None)]
)
def test_what_failed_for_passing_reasons_has_a_button_that_names_the_price(
    price: tuple[int, int] | None, label: str | None
) -> None:
    failed = card(State.FAILED, error_code="internal", shows={"again": price})
    labels = [part["label"] for part in parts(draw(failed)) if part["type"] == BUTTON]
    assert labels == ([] if label is None else [label])


def part_of(*slots: int) -> list[Ancestor]:
    """Give the lineage of a card whose parts go on from these clips."""
    links = [f"link{number}" for number in range(len(slots))]
    return [Ancestor(None, links[0]), *(Ancestor(*one) for one in zip(slots, [*links[1:], None], strict=True))]


@pytest.mark.parametrize(
    ("slots", "told"),
    [
        ((1,), "Part 2: [start](link0) > clip 2"),
        ((1, 0), "Part 3: [start](link0) > [clip 2](link1) > clip 1"),
        (
            (0,) * 11,
            "Part 12: [start](link0) > … > [clip 1](link6) > [clip 1](link7) > [clip 1](link8) > [clip 1](link9) > "
            "[clip 1](link10) > clip 1",
        ),
    ],
)
def test_an_extend_tells_its_lineage_above_the_line_that_a_card_is_known_by(slots: tuple[int, ...], told: str) -> None:
    drawn = card(State.DONE, kind=Kind.EXTEND, shows={"lineage": part_of(*slots)})
    lines = texts(drawn)[-1].split("\n")
    assert lines[0] == f"-# {told}"
    assert lines[1].startswith("-# ")
    assert lines[1].endswith(f"job {JOB_ID}")


def test_only_an_extend_that_shows_clips_offers_its_film() -> None:
    lineage = {"lineage": part_of(1), "joins_films": True}
    for state, shows, offered in (
        (State.DONE, {"clips": CLIPS, **lineage}, True),
        (State.DONE, {"clips": CLIPS}, False),
        (State.DONE, {"clips": [ShownClip(0, result="elsewhere")], **lineage}, False),
        (State.RUNNING, {"clips": CLIPS, **lineage}, False),
        (State.DONE, {"clips": CLIPS, **lineage, "joins_films": False}, False),
    ):
        drawn = draw(card(state, kind=Kind.EXTEND, shows=shows))
        ids = [getattr(item, "custom_id", None) for item in drawn.walk_children()]
        assert (f"film:{JOB_ID}" in ids) is offered
