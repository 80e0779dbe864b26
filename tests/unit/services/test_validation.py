"""Every refusal that the payload alone allows, and what is made of a request that is fine."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.credits import PriceList, Prices
from bot.domain.job import Kind
from bot.domain.params import (
    MAX_PROMPT,
    ImageUpload,
    JobImageRef,
    Motion,
    Preferences,
    PromptMode,
    ProviderImageRef,
    Resolution,
    Shape,
    Speed,
)
from bot.errors import (
    AnimaticError,
    AutoModeNeedsProviderImage,
    BadImage,
    BadSource,
    BlendCount,
    CannotPost,
    EmptyPrompt,
    EndImageWithLoop,
    ImageProblem,
    NoImageProvider,
    NoProviderHas,
    NoSuchProvider,
    NothingToDraw,
    NotInServer,
    PromptTooLong,
    ServerNotAllowed,
    StartImageNeeded,
    Unsupported,
)
from bot.media import MAX_IMAGE_BYTES
from bot.services.given_images import image_label
from bot.services.requests import ExtendOptions, Preferred, VideoOptions
from bot.services.validation import RequestValidator
from tests.support.requests import image_upload, requester
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.support.scripted_provider import ScriptedProvider

IMAGE = image_upload()
LINK = "https://cdn.example/end.png"
TASK = "6f5c9d3e-8d35-4b6e-9a4c-0d4b4c1f2a77#2"


def provider(name: str, *, images: bool = False, **changes: Any) -> ScriptedProvider:
    made = ScriptedProvider(())
    made.name, made.title = name, name.upper()
    made.capabilities = replace(made.capabilities, **changes)
    made.images = ScriptedImageProvider() if images else None
    return made


PLAIN = provider("plain", end_image=False, loop=False, motions=(), speeds=(), clip_counts=(1,))
RICH = provider("rich", images=True, provider_images=True, prompt_modes=(PromptMode.AUTO, PromptMode.MANUAL))


def validator(*providers: ScriptedProvider, guilds: frozenset[int] = frozenset()) -> RequestValidator:
    return RequestValidator({one.name: one for one in providers or (PLAIN, RICH)}, PriceList(Prices(2, 6)), guilds)


def asked(**changes: Any) -> VideoOptions:
    return replace(VideoOptions("a paper boat", image=IMAGE), **changes)


def refusal(options: VideoOptions, *providers: ScriptedProvider) -> AnimaticError:
    with pytest.raises(AnimaticError) as caught:
        validator(*providers).video(requester(), options)
    return caught.value


@pytest.mark.parametrize(
    ("changes", "error", "data"),
    [
        ({"prompt": ""}, EmptyPrompt, {}),
        ({"prompt": "-"}, EmptyPrompt, {}),
        ({"prompt": "--ar 16:9"}, EmptyPrompt, {}),
        (
            {"prompt": "a" * (MAX_PROMPT + 1)},
            PromptTooLong,
            {"length": MAX_PROMPT + 1, "limit": MAX_PROMPT, "shot": None},
        ),
        ({"image": None}, StartImageNeeded, {"both": False, "other": "source"}),
        ({"source": TASK}, StartImageNeeded, {"both": True, "other": "source"}),
        ({"image": None, "source": "???"}, BadSource, {"typed": "???"}),
        (
            {"image": image_upload(size=MAX_IMAGE_BYTES + 1)},
            BadImage,
            {"problem": ImageProblem.TOO_LARGE, "role": "start", "limit": MAX_IMAGE_BYTES},
        ),
        (
            {"image": image_upload(content_type="text/html")},
            BadImage,
            {"problem": ImageProblem.NOT_AN_IMAGE, "role": "start", "limit": None},
        ),
        (
            {"end_image": image_upload(size=MAX_IMAGE_BYTES + 1)},
            BadImage,
            {"problem": ImageProblem.TOO_LARGE, "role": "end", "limit": MAX_IMAGE_BYTES},
        ),
        ({"end_image": IMAGE, "loop": True}, EndImageWithLoop, {}),
        ({"prompt_mode": PromptMode.AUTO}, AutoModeNeedsProviderImage, {}),
        ({"provider": "nobody"}, NoSuchProvider, {"typed": "nobody", "offered": ("PLAIN", "RICH")}),
        (
            {"provider": "plain", "loop": True},
            Unsupported,
            {"option": "loop", "provider": "PLAIN", "offered_by": ("RICH",), "stays": False},
        ),
        ({"speed": Speed.TURBO}, NoProviderHas, {"options": ("speed_turbo",)}),
    ],
    ids=repr,
)
def test_a_video_is_refused(changes: dict[str, Any], error: type[AnimaticError], data: dict[str, Any]) -> None:
    refused = refusal(asked(**changes))
    assert (type(refused), refused.data) == (error, data)


def test_where_no_provider_has_everything_at_once_all_of_it_is_named() -> None:
    loops = provider("loops", motions=())
    moves = provider("moves", loop=False)
    refused = refusal(asked(loop=True, motion=Motion.HIGH), loops, moves)
    assert refused.data == {"options": ("motion_high", "loop")}


def test_the_only_provider_is_named_when_it_lacks_something() -> None:
    assert refusal(asked(loop=True), PLAIN).data == {
        "option": "loop",
        "provider": "PLAIN",
        "offered_by": (),
        "stays": False,
    }


@pytest.mark.parametrize("content_type", [None, "", "image/webp", "IMAGE/PNG", "application/octet-stream", "binary"])
def test_what_may_be_a_picture_is_not_refused_before_it_is_read(content_type: str | None) -> None:
    image = image_upload(size=MAX_IMAGE_BYTES, content_type=content_type)
    assert validator().video(requester(), asked(image=image, end_image=image)).params.end_image == image
    assert validator().blend(requester(), [image, image], None, None).params.images == (image, image)
    assert validator().describe(requester(), image, None).params.images == (image,)
    assert validator().region(requester(), image, None).text == ""


@pytest.mark.parametrize("content_type", ["VIDEO/mp4", "audio/ogg", "text/plain; charset=utf-8"])
def test_what_says_itself_that_it_is_no_picture_is_refused_at_once(content_type: str) -> None:
    with pytest.raises(BadImage) as caught:
        validator().video(requester(), asked(image=image_upload(content_type=content_type)))
    assert caught.value.problem is ImageProblem.NOT_AN_IMAGE


def test_what_was_not_typed_follows_from_the_first_provider() -> None:
    request = validator().video(requester(), asked())
    assert (request.provider, request.kind) == ("plain", Kind.VIDEO)
    params = request.params
    assert (params.clips, params.motion, params.speed, params.resolution) == (1, None, None, Resolution.SD)
    assert params.explicit_options == ()


def test_a_request_goes_to_the_first_provider_that_has_all_of_it() -> None:
    request = validator().video(requester(), asked(motion=Motion.HIGH, clips=2, loop=True))
    assert request.provider == "rich"
    params = request.params
    assert (params.clips, params.motion, params.loop, params.speed) == (2, Motion.HIGH, True, Speed.FAST)
    assert params.explicit_options == ("motion", "clips")


def test_a_provider_is_found_by_its_title_too() -> None:
    assert validator().video(requester(), asked(provider="Rich")).provider == "rich"


def test_what_is_taken_out_of_a_prompt_is_kept_to_be_told() -> None:
    params = validator().video(requester(), asked(prompt="a boat --fast")).params
    assert (params.prompt, params.removed, params.read) == ("a boat", ("--fast",), ())


def test_a_films_own_flags_are_options() -> None:
    prompt = f"a boat —motion high --bs 1 at sea --end <{LINK}>"
    request = validator().video(requester(), asked(prompt=prompt))
    assert request.provider == "rich"
    params = request.params
    assert (params.prompt, params.motion, params.clips) == ("a boat at sea", Motion.HIGH, 1)
    assert params.end_image == ImageUpload(LINK, "picture", 0)
    assert (params.read, params.removed) == (("—motion high", "--bs 1", f"--end <{LINK}>"), ())
    assert params.explicit_options == ("motion", "clips")
    assert validator().video(requester(), asked(prompt="a boat --loop")).params.loop


def test_a_typed_option_wins_over_its_flag_and_the_flag_is_told() -> None:
    typed = asked(prompt=f"a boat --motion high --bs 1 --end {LINK}", motion=Motion.LOW, clips=4, end_image=IMAGE)
    params = validator().video(requester(), typed).params
    assert (params.motion, params.clips, params.end_image) == (Motion.LOW, 4, IMAGE)
    assert (params.read, params.removed) == ((), ("--motion high", "--bs 1", f"--end {LINK}"))
    plain = validator().video(requester(), asked(prompt="a boat --loop", loop=False)).params
    assert (plain.loop, plain.read, plain.removed) == (False, (), ("--loop",))


def test_of_two_flags_for_one_option_the_last_counts() -> None:
    params = validator().video(requester(), asked(prompt="a boat --bs 4 --bs 1 --bs 3")).params
    assert (params.clips, params.read, params.removed) == (1, ("--bs 1",), ("--bs 4", "--bs 3"))


@pytest.mark.parametrize(
    ("prompt", "error", "data"),
    [
        ("a boat --motion high", Unsupported, {"option": "motion_high", "offered_by": ("RICH",)}),
        ("a boat --bs 2", Unsupported, {"option": "clips_2", "offered_by": ("RICH",)}),
        ("a boat --loop", Unsupported, {"option": "loop", "offered_by": ("RICH",)}),
        (f"a boat --end {LINK}", Unsupported, {"option": "end_image", "offered_by": ("RICH",)}),
        (f"a boat --loop --end {LINK}", EndImageWithLoop, {}),
        ("a boat --end https://8.8.8.8:99999/", BadImage, {"problem": ImageProblem.NOT_A_LINK, "role": "link"}),
        ("--motion high", EmptyPrompt, {}),
        ("- --motion high", EmptyPrompt, {}),
    ],
)
def test_what_a_flag_asks_for_in_vain_is_refused(prompt: str, error: type[AnimaticError], data: dict[str, Any]) -> None:
    refused = refusal(asked(prompt=prompt, provider="plain"))
    assert type(refused) is error
    assert data.items() <= refused.data.items()


def test_only_a_providers_own_picture_can_do_without_a_prompt() -> None:
    params = validator().video(requester(), asked(prompt=" - ", image=None, source=TASK)).params
    assert params.prompt == ""
    assert params.provider_image == ProviderImageRef(TASK.partition("#")[0], 1)
    assert isinstance(refusal(asked(prompt="-", image=None, source="1jd8x3k2m9f4qz#2")), EmptyPrompt)
    moved = validator().video(requester(), asked(prompt="- --motion high", image=None, source=TASK)).params
    assert (moved.prompt, moved.motion) == ("", Motion.HIGH)


def test_a_job_named_as_source_lends_its_picture() -> None:
    params = validator().video(requester(), asked(image=None, source="1jd8x3k2m9f4qz#2")).params
    assert params.job_image == JobImageRef("1jd8x3k2m9f4qz", "2")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"guild_id": None}, NotInServer),
        ({"guild_id": 2}, ServerNotAllowed),
        ({"missing_permissions": ("Attach Files",)}, CannotPost),
    ],
    ids=["in a direct message", "in another server", "where no card can appear"],
)
def test_no_request_is_taken_where_its_card_could_not_appear(
    changes: dict[str, Any], error: type[AnimaticError]
) -> None:
    checks = validator(guilds=frozenset({1}))
    who = requester(**changes)
    for ask in (
        lambda: checks.check_channel(who),
        lambda: checks.video(who, asked()),
        lambda: checks.extend(who, ExtendOptions()),
        lambda: checks.imagine(who, "a kite", None, translate=False),
        lambda: checks.blend(who, [IMAGE, IMAGE], None, None),
        lambda: checks.describe(who, IMAGE, None),
        lambda: checks.region(who, IMAGE, None),
    ):
        with pytest.raises(error):
            ask()


def test_an_extends_prompt_is_cleaned_and_the_rest_stays_as_it_is() -> None:
    checks = validator()
    plain = ExtendOptions(motion=Motion.HIGH, clips=2)
    assert checks.extend(requester(), plain) is plain
    worded = checks.extend(requester(), replace(plain, prompt="it rains --fast", prompt_mode=PromptMode.MANUAL))
    assert worded == ExtendOptions(Motion.HIGH, "it rains", 2, PromptMode.MANUAL, ("--fast",))
    flagged = checks.extend(requester(), ExtendOptions(prompt=f"it rains --motion high --bs 1 --end {LINK}"))
    assert (flagged.prompt, flagged.motion, flagged.clips, flagged.loop) == ("it rains", Motion.HIGH, 1, False)
    assert flagged.end_image == ImageUpload(LINK, "picture", 0)
    assert flagged.read == ("--motion high", "--bs 1", f"--end {LINK}")
    assert checks.extend(requester(), ExtendOptions(prompt="it rains --loop")).loop
    with pytest.raises(EndImageWithLoop):
        checks.extend(requester(), ExtendOptions(prompt=f"it rains --loop --end {LINK}"))
    assert checks.extend(requester(), ExtendOptions(prompt="--bs 1")) == ExtendOptions(clips=1, read=("--bs 1",))
    with pytest.raises(EmptyPrompt):
        checks.extend(requester(), ExtendOptions(prompt="--fast"))
    with pytest.raises(EmptyPrompt):
        checks.extend(requester(), ExtendOptions(prompt="--bs 1"), words_needed=True)
    with pytest.raises(PromptTooLong):
        checks.extend(requester(), ExtendOptions(prompt="a" * (MAX_PROMPT + 1)))


def test_a_picture_is_drawn_by_the_first_provider_that_draws() -> None:
    request = validator().imagine(requester(), "a kite --ar 16:9 --turbo", None, translate=True)
    assert (request.provider, request.kind) == ("rich", Kind.IMAGINE)
    assert (request.params.prompt, request.params.removed) == ("a kite --ar 16:9", ("--turbo",))
    assert (request.params.speed, request.params.translate, request.params.motion) == (Speed.FAST, True, None)


def test_where_nobody_draws_there_are_no_pictures() -> None:
    checks = validator(PLAIN)
    with pytest.raises(NoImageProvider):
        checks.imagine(requester(), "a kite", None, translate=False)
    with pytest.raises(NoImageProvider):
        checks.blend(requester(), [IMAGE, IMAGE], None, None)
    with pytest.raises(NoImageProvider):
        checks.describe(requester(), IMAGE, None)


@pytest.mark.parametrize("prompt", ["", "-", "--ar 16:9", "- --ar 16:9"])
def test_nothing_is_drawn_of_flags_alone(prompt: str) -> None:
    with pytest.raises(NothingToDraw):
        validator().imagine(requester(), prompt, None, translate=False)
    with pytest.raises(NothingToDraw):
        validator().region(requester(), IMAGE, prompt)


@pytest.mark.parametrize("given", [0, 1, 6])
def test_a_blend_takes_two_to_five_pictures(given: int) -> None:
    with pytest.raises(BlendCount) as caught:
        validator().blend(requester(), [IMAGE] * given, None, None)
    assert caught.value.given == given
    for number in (2, 5):
        params = validator().blend(requester(), [IMAGE] * number, None, Speed.RELAX).params
        assert (len(params.images), params.shape, params.speed) == (number, Shape.SQUARE, Speed.RELAX)


def test_the_wrong_picture_of_a_blend_is_named() -> None:
    with pytest.raises(BadImage) as caught:
        validator().blend(requester(), [IMAGE, image_upload(content_type="video/mp4")], None, None)
    assert (caught.value.problem, caught.value.role) == (ImageProblem.NOT_AN_IMAGE, "second")


@pytest.mark.parametrize(("image", "link"), [(None, None), (IMAGE, "https://cdn.example/a.png")])
def test_a_description_takes_either_a_picture_or_an_address(image: object, link: str | None) -> None:
    with pytest.raises(StartImageNeeded) as caught:
        validator().describe(requester(), IMAGE if image else None, link)
    assert caught.value.data == {"both": image is not None, "other": "link"}


def test_a_description_by_address_keeps_the_address_alone() -> None:
    params = validator().describe(requester(), None, " https://cdn.example/a.png ").params
    assert [(one.url, one.size) for one in params.images] == [("https://cdn.example/a.png", 0)]
    assert image_label(params.images, 0) == "link"
    assert image_label([IMAGE], 0) == "start"


@pytest.mark.parametrize("link", ["a red kite", "", "www.x.example", "https://", "https://8.8.8.8:99999/", "https://["])
def test_what_is_no_link_is_refused_as_none(link: str) -> None:
    with pytest.raises(BadImage) as caught:
        validator().describe(requester(), None, link)
    assert (caught.value.problem, caught.value.role) == (ImageProblem.NOT_A_LINK, "link")


def test_a_link_may_stand_in_brackets_that_keep_discord_from_it() -> None:
    params = validator().describe(requester(), None, f" <{LINK}> ").params
    assert [one.url for one in params.images] == [LINK]


def test_a_region_may_keep_its_pictures_own_prompt_but_not_be_asked_for_nothing() -> None:
    checks = validator()
    assert checks.region(requester(), IMAGE, None).text == ""
    assert checks.region(requester(), IMAGE, "a red sail --fast").text == "a red sail"
    with pytest.raises(EmptyPrompt):
        checks.region(requester(), IMAGE, "--fast")
    with pytest.raises(BadImage) as caught:
        checks.region(requester(), image_upload(content_type="text/plain"), None)
    assert caught.value.role == "mask"


def test_suggestions_name_the_providers_that_fit_what_was_typed_so_far() -> None:
    checks = validator()
    assert [one.name for one in checks.fitting(VideoOptions(""))] == ["plain", "rich"]
    assert [one.name for one in checks.fitting(VideoOptions("", loop=True))] == ["rich"]
    assert [one.name for one in checks.fitting(VideoOptions("a boat --motion high"))] == ["rich"]
    assert [one.name for one in checks.fitting(VideoOptions("--loop " * 1000))] == ["rich"]
    assert checks.available_options().clips == (4, 2, 1)


def test_what_moves_much_is_offered_by_whom_has_that_motion() -> None:
    still = provider("still", motions=(), loop=False, clip_counts=(8,))
    checks = validator(still, RICH)
    assert checks.available_options().clips == (8, 4, 2, 1)
    assert checks.available_options(Motion.HIGH).clips == (4, 2, 1)
    looping = provider("looping", motions=(), clip_counts=(8,))
    assert validator(looping, RICH).available_options(Motion.HIGH).clips == (8, 4, 2, 1)


def preferred(words: str = "", **options: Any) -> Preferred:
    return Preferred(Preferences(**options), words)


def test_what_is_preferred_fills_what_was_not_typed_and_is_kept_apart() -> None:
    wanted = preferred(motion=Motion.HIGH, resolution=Resolution.HD, clips=1, speed=Speed.FAST, loop=True)
    params = validator(RICH).video(requester(), asked(motion=Motion.LOW, loop=False), wanted).params
    assert (params.motion, params.resolution, params.clips, params.loop) == (Motion.LOW, Resolution.HD, 1, False)
    assert params.explicit_options == ("motion",)
    assert params.preferred == Preferences(resolution=Resolution.HD, clips=1, speed=Speed.FAST)


def test_a_flag_of_the_prompt_was_typed_too() -> None:
    wanted = preferred(motion=Motion.HIGH, clips=1, loop=True)
    params = validator(RICH).video(requester(), asked(prompt="a boat --motion low --bs 2 --loop"), wanted).params
    assert (params.motion, params.clips, params.loop, params.preferred) == (Motion.LOW, 2, True, Preferences())


def test_what_is_preferred_and_lacking_refuses_nothing() -> None:
    wanted = preferred(motion=Motion.HIGH, resolution=Resolution.HD, clips=4, speed=Speed.TURBO, loop=True)
    params = validator(PLAIN).video(requester(), asked(), wanted).params
    assert (params.motion, params.clips, params.speed, params.loop) == (None, 1, None, False)


def test_who_is_preferred_makes_it_if_they_can() -> None:
    wanted = preferred(provider="rich")
    assert validator().video(requester(), asked(), wanted).provider == "rich"
    assert validator().video(requester(), asked(provider="plain"), wanted).provider == "plain"
    assert validator().video(requester(), asked(loop=True), preferred(provider="plain")).provider == "rich"
    assert validator().video(requester(), asked(), preferred(provider="gone")).provider == "plain"


def test_the_words_of_a_preset_are_added() -> None:
    request = validator(RICH).video(requester(), asked(prompt="a boat --ar 1:1"), preferred("in oil"))
    assert (request.params.prompt, request.params.removed) == ("a boat, in oil", ("--ar 1:1",))
    imagined = validator(RICH).imagine(
        requester(), "a boat --ar 1:1", None, translate=False, preferred=preferred("in oil --ar 16:9 --no people")
    )
    assert imagined.params.prompt == "a boat, in oil --ar 1:1 --no people"


def test_a_prompt_that_is_too_long_with_a_presets_words_is_refused() -> None:
    with pytest.raises(PromptTooLong):
        validator(RICH).video(requester(), asked(prompt="a" * MAX_PROMPT), preferred("b"))


def test_of_what_is_preferred_a_picture_takes_the_speed_alone() -> None:
    wanted = preferred(motion=Motion.HIGH, clips=1, resolution=Resolution.HD, speed=Speed.RELAX, provider="plain")
    imagined = validator(RICH).imagine(requester(), "a boat", None, translate=False, preferred=wanted)
    assert (imagined.provider, imagined.params.speed, imagined.params.clips) == ("rich", Speed.RELAX, 4)
    assert imagined.params.preferred == Preferences(speed=Speed.RELAX)
    typed = validator(RICH).imagine(requester(), "a boat", Speed.TURBO, translate=False, preferred=wanted)
    assert (typed.params.speed, typed.params.preferred) == (Speed.TURBO, Preferences())
    blended = validator(RICH).blend(requester(), [IMAGE, IMAGE], None, None, wanted)
    assert blended.params.speed is Speed.RELAX


@pytest.mark.parametrize(
    ("locale", "translated"),
    [("en-US", False), ("en-GB", False), ("vi", True), ("zh-CN", True), ("de", True), ("es-ES", True)],
)
def test_a_prompt_is_translated_for_whom_discord_speaks_another_language_with(locale: str, *, translated: bool) -> None:
    params = validator().imagine(requester(locale=locale), "a boat", None, translate=None).params
    assert (params.translate, params.explicit_options) == (translated, ())
    expected = Preferences(translate=True, from_locale=("translate",)) if translated else Preferences()
    assert params.preferred == expected


@pytest.mark.parametrize("locale", ["en-US", "vi"])
@pytest.mark.parametrize("said", [True, False])
def test_what_is_typed_or_preferred_counts_before_the_language(locale: str, *, said: bool) -> None:
    who = requester(locale=locale)
    typed = validator().imagine(who, "a boat", None, translate=said, preferred=preferred(translate=not said)).params
    assert (typed.translate, typed.explicit_options, typed.preferred) == (said, ("translate",), Preferences())
    chosen = validator().imagine(who, "a boat", None, translate=None, preferred=preferred(translate=said)).params
    assert (chosen.translate, chosen.explicit_options, chosen.preferred) == (said, (), Preferences(translate=said))


MUTE = provider("mute", images=True, translate=False)


def test_a_translation_that_nobody_typed_gives_way_where_there_is_none() -> None:
    vietnamese = requester(locale="vi")
    assert not validator(MUTE).imagine(vietnamese, "a boat", None, translate=None).params.translate
    wanted = preferred(translate=True)
    assert not validator(MUTE).imagine(requester(), "a boat", None, translate=None, preferred=wanted).params.translate
    assert validator(MUTE, RICH).imagine(vietnamese, "a boat", None, translate=None).provider == "mute"


def test_a_typed_translation_goes_to_who_has_it_and_is_refused_where_nobody_does() -> None:
    assert validator(MUTE, RICH).imagine(requester(), "a boat", None, translate=True).provider == "rich"
    assert validator(MUTE, RICH).imagine(requester(), "a boat", None, translate=False).provider == "mute"
    # Who makes no pictures translates none.
    for checks, error in (
        (validator(provider("films"), MUTE), Unsupported),
        (validator(MUTE, provider("dumb", images=True, translate=False)), NoProviderHas),
    ):
        with pytest.raises(error) as caught:
            checks.imagine(requester(), "a boat", None, translate=True)
        assert "translate" in str(caught.value.data)


def test_no_film_is_translated_whatever_is_preferred() -> None:
    params = validator(RICH).video(requester(locale="vi"), asked(), preferred(translate=True)).params
    assert (params.translate, params.preferred) == (False, Preferences())
