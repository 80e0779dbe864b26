"""What the options are called that a provider lacks."""

from collections.abc import Iterator

import pytest

from bot.domain.job import Kind
from bot.domain.params import ImageUpload, JobParams, Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.errors import NoProviderHas, Unsupported
from bot.providers.capabilities import options_of
from bot.ui.text.errors import describe_error
from bot.ui.text.options import option_name

TYPED = ("motion", "resolution", "clips", "speed", "prompt_mode", "prompt")


def codes() -> Iterator[str]:
    """Give the code of every option that can be asked for."""
    for kind in (Kind.VIDEO, Kind.EXTEND):
        for motion, resolution, speed, mode in zip(
            (*Motion, Motion.LOW), (*Resolution, Resolution.SD), Speed, (*PromptMode, PromptMode.AUTO), strict=True
        ):
            params = JobParams(
                "",
                motion=motion,
                resolution=resolution,
                speed=speed,
                prompt_mode=mode,
                loop=True,
                end_image=ImageUpload("", "", 0),
                provider_image=ProviderImageRef("task", 0),
                explicit_options=TYPED,
            )
            yield from (option.code for option in options_of(params, kind))
    drawn = JobParams("", translate=True, explicit_options=("translate",))
    yield from (option.code for option in options_of(drawn, Kind.IMAGINE))


@pytest.mark.parametrize("code", sorted(set(codes()) - {"loop", "extend"}))
def test_every_option_that_can_be_lacking_has_a_name(code: str) -> None:
    assert option_name(code) != code


def test_a_lacking_option_is_told_with_those_who_have_it() -> None:
    nobody = describe_error(Unsupported("clips_2", "TTAPI"))
    assert nobody == "TTAPI has no choice of 2 clips. Nothing was charged. Leave that option out."
    others = describe_error(Unsupported("end_image", "APIMart", ("TTAPI", "CometAPI")))
    assert others.startswith("APIMart has no end image.")
    assert others.endswith("Choose TTAPI or CometAPI as provider, or leave it out.")
    drawn = describe_error(Unsupported("translate", "TTAPI"))
    assert drawn == "TTAPI has no translation of prompts. Nothing was charged. Leave that option out."
    stays = describe_error(Unsupported("extend_motion_high", "APIMart", ("TTAPI",), stays=True))
    assert stays.startswith("APIMart has no high motion in an extend.")
    assert stays.endswith("TTAPI would have it, but an extend stays with its video's provider.")


def test_options_that_nobody_has_together_are_listed() -> None:
    told = describe_error(NoProviderHas(("loop", "speed_turbo", "end_image")))
    assert told.startswith("No provider here has loop, speed turbo and end image together.")
