"""What Chinese and Vietnamese need that English does not: other commas, other spaces, other large numbers."""

import pytest

from bot.domain.durations import DAY_MS, HOUR_MS, read_duration
from bot.domain.job import Kind, State
from bot.domain.params import JobParams, Motion, Speed
from bot.domain.pings import EndedJob, Notify, Ping
from bot.domain.prompts import FIRST_PROMPT
from bot.domain.usage import Stretch
from bot.errors import BadDuration, BadImage, ImageProblem, StoryboardMade
from bot.media import MaskReading
from bot.ui.text import cards, pings, providers, region_preview, replies, setting_changes, usage
from bot.ui.text.errors import describe_error
from bot.ui.text.format import escape_for_sentence, join_and, join_or, join_sentences
from bot.ui.text.help import first_picture
from bot.ui.text.translate import speaking
from tests.support.jobs import sample_job

CHINESE, VIETNAMESE = "zh-CN", "vi"

LINK = "https://discord.com/channels/1/5/7"


def test_chinese_has_a_space_only_beside_what_is_not_chinese() -> None:
    with speaking(CHINESE):
        assert join_or(["1", "2", "4"]) == "1、2 或 4"
        assert join_or(["<@&1>", "<@&2>"]) == "<@&1> 或 <@&2>"
        assert join_and(["TTAPI", "APIMart"]) == "TTAPI 和 APIMart"
        assert providers.motions([Motion.LOW, Motion.HIGH]) == "低或高运动幅度"
        assert providers.speeds([Speed.RELAX, Speed.FAST]) == "relax 或 fast 模式"


def test_chinese_has_one_comma_for_what_is_listed_and_one_for_what_is_said_of_a_card() -> None:
    job = sample_job(state=State.DONE, params=JobParams("a", from_last_frame=True, removed=("--hd", "--sd")))
    with speaking(CHINESE):
        assert "`--hd`、`--sd`" in cards.removed(job)
        assert "，由 TTAPI 生成，" in cards.origin(job, "TTAPI", LINK, "")
        assert providers.films(["a", "b"], ["c、d", "e"]) == "短片：a，b；c、d；e"


def test_no_link_goes_on_with_the_words_behind_it() -> None:
    failed = tuple(EndedJob("1jd8x3k2m9f4qz", Kind.VIDEO, number, 4, failed=True, shown=True) for number in (1, 2))
    with speaking(CHINESE):
        assert describe_error(StoryboardMade(LINK)).startswith(f"这个分镜[已经生成过了]({LINK})。")
        assert "[1](https://discord.com/channels/1/5/1)、[2](" in pings.direct(Ping(1, 5, 11, Notify.REPLY, failed))
        assert join_sentences(f"看这里：{LINK}", "再试一次。") == f"看这里：{LINK} 再试一次。"
        assert join_sentences(f"[看这里]({LINK})", "再试一次。") == f"[看这里]({LINK})再试一次。"


def test_large_numbers_and_hundredths_are_counted_as_each_language_counts_them() -> None:
    told: list[str] = []
    for locale in (CHINESE, VIETNAMESE):
        with speaking(locale):
            told.append(describe_error(BadImage(ImageProblem.TOO_MANY_PIXELS, "end", 80_000_000)))
            told.append(region_preview.reading(MaskReading.NEARLY))
    assert told[0].startswith("结束图片超过 8000 万像素。")
    assert "25%" in told[1]
    assert told[2].replace("\xa0", " ").startswith("Ảnh kết thúc có hơn 80 triệu pixel.")
    assert "75%" in told[3]


def test_the_marks_below_a_chart_are_dates_as_each_language_writes_them() -> None:
    fifth = 1_793_836_800_000
    marks: list[tuple[str, str, str]] = []
    for locale in ("en-US", CHINESE, VIETNAMESE):
        with speaking(locale):
            days, hours = Stretch(fifth - 6 * DAY_MS, fifth + DAY_MS), Stretch(fifth, fifth + DAY_MS, HOUR_MS)
            year = Stretch(fifth - 364 * DAY_MS, fifth + DAY_MS)
            marks.append((usage.mark(days, fifth), usage.mark(hours, fifth + 9 * HOUR_MS), usage.mark(year, fifth)))
    assert marks[0] == ("5 Nov", "09:00", "Nov")
    assert marks[1] == ("11月5日", "09:00", "11月")
    assert marks[2][0] == "5 thg 11"


def test_values_in_the_mod_log_and_the_owners_list_are_no_english_words() -> None:
    job = sample_job(state=State.RECEIVED, kind=Kind.VIDEO)
    with speaking(CHINESE):
        assert setting_changes.changed(1, "default_motion", "low").endswith("设为：低。")
        assert setting_changes.changed(1, "period", "week").endswith("设为：每周。")
        assert setting_changes.changed(1, "forbidden_words", "血, gore").endswith("||血、gore||。")
        assert "received" not in replies.owner_jobs([job])
        assert "video" not in replies.owner_jobs([job])


@pytest.mark.parametrize(
    ("locale", "examples"), [(CHINESE, ("1 小时", "3 天", "2 周")), (VIETNAMESE, ("1 giờ", "3 ngày", "2 tuần"))]
)
def test_the_lengths_of_time_that_a_refusal_names_can_be_read(locale: str, examples: tuple[str, str, str]) -> None:
    with speaking(locale):
        told = describe_error(BadDuration("x", "unreadable", 5))
    assert [example for example in examples if example not in told] == []
    assert list(map(read_duration, examples)) == [HOUR_MS, 3 * DAY_MS, 14 * DAY_MS]


def test_letters_of_vietnamese_that_come_in_parts_are_kept() -> None:
    assert escape_for_sentence("gio\u031b\u0300") == "gi\u1edd"


def test_the_first_picture_is_named_in_the_members_language_and_is_the_one_that_is_drawn() -> None:
    assert first_picture(1) == f"Draw “{FIRST_PROMPT}”, 1 credit"
    with speaking(CHINESE):
        assert first_picture(1) == "画“一只纸船”，1 积分"
