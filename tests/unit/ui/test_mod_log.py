"""The messages of a mod log: within Discord's limits whatever was typed, and nobody is pinged by them."""

from dataclasses import replace
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.log_turns import EVENTS, REPORTS
from bot.domain.mod_log import EventKind, LogEvent
from bot.domain.reports import MAX_REASON, Outcome, Report
from bot.ui.mod_log import draw_digest, draw_events, draw_reports, draw_urgent
from bot.ui.report_buttons import ReportButton
from bot.ui.text import mod_log as text

NOW = 1_795_003_200_000
LONGEST_ID = 9_223_372_036_854_775_807
ADA, MIRA = 10, 11


def event(kind: EventKind, at_ms: int = NOW, **data: Any) -> LogEvent:
    return LogEvent("event1", kind, data, at_ms)


def report(number: int = 1, **fields: Any) -> Report:
    longest = Report(
        LONGEST_ID, f"1m7wte9b7e35{number:02}", LONGEST_ID, "*" * MAX_REASON, LONGEST_ID, LONGEST_ID, LONGEST_ID
    )
    return replace(longest, **fields)


def characters(view: LayoutView) -> int:
    return view.content_length()


def shown(view: LayoutView) -> str:
    return "\n".join(item["content"] for item in view.to_components() if item["type"] == 10)


def components(view: LayoutView) -> int:
    return len(list(view.walk_children()))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            event(EventKind.REMOVED, by=ADA, jobs=["abc"], member=MIRA, reason="rude *words*"),
            "<@10> removed job `abc` of <@11>. Reason: rude \\*words\\*",
        ),
        (
            event(EventKind.REMOVED, by=ADA, jobs=[f"job{n}" for n in range(12)], member=ADA, reason=None),
            "<@10> removed their own jobs `job0`, `job1`, `job2`, `job3`, `job4`, `job5`, `job6`, `job7`, `job8`, "
            "`job9`, 2 more jobs.",
        ),
        (
            event(EventKind.BLOCKED, by=ADA, member=MIRA, until_ms=NOW, reason=None),
            "<@10> blocked <@11> until <t:1795003200:f>.",
        ),
        (event(EventKind.BLOCKED, by=ADA, member=MIRA, until_ms=None), "<@10> blocked <@11> for good."),
        (
            event(
                EventKind.BLOCKED,
                by=ADA,
                member=MIRA,
                until_ms=None,
                before={"by": 12, "until_ms": NOW, "reason": None},
            ),
            "<@10> blocked <@11> for good. This takes the place of a block until <t:1795003200:f>, by <@12>.",
        ),
        (event(EventKind.UNBLOCKED, by=ADA, member=MIRA), "<@10> lifted the block of <@11>."),
        (
            event(EventKind.WORDS_REFUSED, member=MIRA, job="abc", words=["one", "two"], strikes=2),
            "A prompt of <@11> was refused for its words: “one”, “two”. That makes 2 strikes today.",
        ),
        (
            event(EventKind.WORDS_REFUSED, member=MIRA, job="abc", words=[], strikes=0),
            "A prompt of <@11> was refused for its words.",
        ),
        (
            event(EventKind.QUOTA, by=ADA, subject="member", subject_id=MIRA, credits=None, granted=8),
            "<@10> gave <@11> 8 credits on top.",
        ),
        (
            event(EventKind.QUOTA, by=ADA, subject="role", subject_id=5, credits=40),
            "<@10> set <@&5> to 40 credits in each period.",
        ),
        (
            event(EventKind.QUOTA, by=ADA, subject="member", subject_id=MIRA, credits=0),
            "<@10> blocked <@11> with an allowance of 0.",
        ),
        (
            event(EventKind.QUOTA, by=ADA, subject="default", subject_id=0, credits=24, period="day"),
            "<@10> set every member to 24 credits each day.",
        ),
        (
            event(EventKind.QUOTA, by=ADA, subject="default", subject_id=0, credits=None),
            "<@10> cleared what was set for every member.",
        ),
        (
            event(EventKind.SETTINGS, by=ADA, changes=[["providers", "ttapi acedata"]]),
            "<@10> set the order of providers to TTAPI, then AceData.",
        ),
        (
            event(EventKind.ACCOUNT, provider="ttapi", error="insufficient_balance"),
            "**The account at TTAPI is empty.** Nothing can be made there until it is filled up.",
        ),
        (
            event(EventKind.ACCOUNT, provider="ttapi", error="auth"),
            "**TTAPI does not accept its key.** Nothing can be made there until it is put right.",
        ),
        (
            event(EventKind.SERVER_CREDITS, percent=80, limit=100, used=84, period="2026-11-30"),
            "**The server's credits run low:** 84 of 100 are used in this period.",
        ),
        (
            event(EventKind.REPORT, by=ADA, job="abc", member=MIRA, link="https://discord.com/1", reason="<@1> @all"),
            "<@10> reported [job abc](https://discord.com/1) of <@11>: \\<\\@1> \\@all",
        ),
    ],
)
def test_each_event_says_who_did_what_to_whom(told: LogEvent, sentence: str) -> None:
    assert text.event(told) == sentence


def test_as_many_events_as_are_taken_at_a_time_usually_share_one_message() -> None:
    removed = event(EventKind.REMOVED, by=LONGEST_ID, jobs=["1m7wte9b7e357w"], member=LONGEST_ID, reason=None)
    [view] = draw_events([removed] * EVENTS, NOW)
    assert shown(view).count("removed their own job") == EVENTS


def test_events_with_long_reasons_take_as_many_messages_as_they_need() -> None:
    removed = event(EventKind.REMOVED, by=LONGEST_ID, jobs=["1m7wte9b7e357w"], member=LONGEST_ID, reason="*" * 300)
    views = draw_events([removed] * EVENTS, NOW)
    assert sum(shown(view).count("removed their own job") for view in views) == EVENTS
    assert all(characters(view) <= 4000 for view in views)


def test_what_is_told_late_says_when_it_happened() -> None:
    lifted = event(EventKind.UNBLOCKED, by=ADA, member=MIRA)
    [view] = draw_events([lifted], NOW + 3_600_000)
    assert shown(view) == "<t:1795003200:f>: <@10> lifted the block of <@11>."


def test_as_many_reports_as_share_a_message_fit_into_it() -> None:
    settled = [report(number, outcome=Outcome.BLOCKED, handled_by=LONGEST_ID) for number in range(REPORTS)]
    open_ones = [report(number) for number in range(REPORTS)]
    for reports in (settled, open_ones):
        view = draw_reports(reports)
        assert characters(view) <= 4000
        assert components(view) <= 40


def test_a_report_has_three_buttons_until_it_is_settled() -> None:
    view = draw_reports([report(1), report(2, outcome=Outcome.DISMISSED, handled_by=ADA)])
    buttons = [child for child in view.walk_children() if isinstance(child, ReportButton)]
    assert [button.outcome for button in buttons] == list(Outcome)
    assert {button.job_id for button in buttons} == {report(1).job_id}
    assert shown(view).endswith("-# Dismissed by <@10>.")
    assert all(len(button.custom_id) <= 100 for button in buttons)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_button_is_read_back_from_its_custom_id(outcome: Outcome) -> None:
    made = ReportButton(outcome, "1m7wte9b7e357w", LONGEST_ID)
    match = ReportButton.__discord_ui_compiled_template__.fullmatch(made.custom_id)
    assert match is not None
    read = ReportButton.from_match(match)
    assert (read.outcome, read.job_id, read.user_id) == (outcome, "1m7wte9b7e357w", LONGEST_ID)


def test_an_owner_is_told_of_a_thousand_events_in_one_message() -> None:
    removed = event(EventKind.REMOVED, by=LONGEST_ID, jobs=["1m7wte9b7e357w"], member=LONGEST_ID, reason="*" * 300)
    view = draw_digest([removed] * 1000, "Paper Boats", None)
    told = shown(view)
    assert characters(view) <= 4000
    assert told.startswith("**Paper Boats: what happened since I last wrote**")
    assert f"… and {1000 - told.count('removed their own job')} more." in told
    assert told.endswith("names one.")


def test_an_owner_is_told_which_channel_cannot_be_written_in() -> None:
    empty = event(EventKind.ACCOUNT, provider="ttapi", error="insufficient_balance")
    told = shown(draw_urgent([empty], "Paper Boats", 70))
    assert told.startswith("**Paper Boats: jobs cannot be made**\n- **The account at TTAPI is empty.**")
    assert "<#70>" in told
