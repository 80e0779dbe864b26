"""AceData's documented examples (https://docs.acedata.cloud, Midjourney videos and tasks), as data.

The page of the video call prints the request, and an answer that is an imagine's; the guide to it prints the answers of
a video, the guide to the tasks and their API description print tasks and errors (providers.md, section 2).
"""

from typing import Any

from bot.domain.params import Resolution, Speed
from bot.providers.types import ExtendRequest, VideoRequest
from tests.unit.providers.fake_vendor import extend, video

Json = dict[str, Any]

SAMPLE_REQUEST: Json = {
    "action": "generate",
    "mode": "fast",
    "resolution": "480p",
    "prompt": "A cat sitting on a table",
    "video_id": "<string>",
    "video_index": 123,
    "loop": True,
    "image_url": "<string>",
    "end_image_url": "<string>",
    "callback_url": "<string>",
}

ALLOWED: dict[str, tuple[str, ...]] = {
    "action": ("generate", "extend"),
    "mode": ("fast", "turbo"),
    "resolution": ("480p", "720p"),
}

GUIDE_REQUESTS: tuple[Json, ...] = (
    {
        "action": "generate",
        "prompt": "A cat sitting on a table",
        "image_url": "https://cdn.acedata.cloud/jgo1cw.jpg",
    },
    {
        "action": "extend",
        "prompt": "A cat sitting on a table",
        "video_id": "1751816807896311",
        "video_index": 1,
    },
)

HOOK = "https://webhook.site/556e6971-b41f-4fa8-9151-6e91acd0399f"
TRACE = "2efa9340-b21b-4e26-9e14-4aac95f343ab"

IMAGE_TASK = "27a1128f-14b5-440e-a82d-510c81e6fcd4"
IMAGE_LINK = "https://midjourney.cdn.acedata.cloud/attachments/1219474225119887443/1211290228438868029/A_cat.png"
IMAGE_ANSWER: Json = {
    "actions": [
        "upscale1",
        "upscale2",
        "upscale3",
        "upscale4",
        "reroll",
        "variation1",
        "variation2",
        "variation3",
        "variation4",
    ],
    "success": True,
    "task_id": IMAGE_TASK,
    "image_id": "1211290228438868029",
    "progress": 100,
    "image_url": f"{IMAGE_LINK}?ex=65eda8ef&is=65db33ef&hm=2cec&width=1024&height=1024",
    "image_width": 1024,
    "image_height": 1024,
    "raw_image_url": f"{IMAGE_LINK}?ex=65eda8ef&is=65db33ef&hm=2cec&",
    "raw_image_width": 2048,
    "raw_image_height": 2048,
}


def _result(cover: int, video_id: str, folder: str, task_id: str) -> Json:
    return {
        "image_url": f"https://storage.fonedis.cc/upload_{cover}.png",
        "image_width": 560,
        "image_height": 688,
        "progress": 100,
        "video_id": video_id,
        "video_urls": [f"https://storage.fonedis.cc//video/{folder}/0_{n}.mp4" for n in range(4)],
        "task_id": task_id,
        "success": True,
    }


JOB = "037955e0-deee-4050-baa8-1416300d67e2"
CALLED_BACK_JOB = "b726a27a-f379-4d91-b569-cfe4b7b299ee"

RESULT = _result(1751816808164156352, "1751816807896311", "1c67c36c-8177-4f19-ad72-1dc1567265a6", JOB)
EXTENDED = _result(
    1751817471047011172,
    "1751818094559027",
    "a4bd2f43-b925-462d-9725-8aef98403133",
    "da3bdcd0-9c21-4b40-877a-2c36e5f479e5",
)
CALLED_BACK = _result(1751818513244368774, "1751818512924054", "9ff3783e-bcf6-4f11-b738-09aa52318e6e", CALLED_BACK_JOB)
VIDEOS = tuple(RESULT["video_urls"])
VIDEO_ID: str = RESULT["video_id"]

ACCEPTED: Json = {"task_id": CALLED_BACK_JOB}

UNKNOWN_TASK: Json = {}

IMAGINE_TASK: Json = {
    "_id": "668aae3f550a4144a540803b",
    "id": "7489df4c-ef03-4de0-b598-e9a590793434",
    "application_id": "9dec7b2a-1cad-41ff-8536-d4ddaf2525d4",
    "created_at": 1720364607.967,
    "credential_id": "68253cc8-505d-47f4-97ad-0050a62e4975",
    "request": {"mode": "fast", "prompt": "A cat sitting on a table", "action": "generate"},
    "type": "imagine",
    "hold": False,
    "image_id": "1259525319472185344",
    "job_id": "da317da6-f500-48e6-bf32-dd48b3e6f84f",
    "response": {
        **IMAGE_ANSWER,
        "image_id": "1259525319472185344",
        "task_id": "7489df4c-ef03-4de0-b598-e9a590793434",
        "job_id": "da317da6-f500-48e6-bf32-dd48b3e6f84f",
        "hold": False,
    },
    "duration": 29.437000036239624,
    "finished_at": 1720364637.404,
}

DESCRIBED_TASK: Json = {
    "id": "42b2ab0f-5676-453b-bd23-9ee001b888ae",
    "_id": "65ede215550a4144a5fcebac",
    "mode": "turbo",
    "request": {
        "mode": "turbo",
        "action": None,
        "prompt": "A cat sitting on a table",
        "stream": False,
        "timeout": None,
        "version": "1.0",
        "image_id": None,
        "trace_id": "b0a683a4-aecc-450d-849e-c9f0730826a2",
        "callback_url": None,
        "application_id": "e2ee38ba-19ea-4da9-9f3f-4f8567d19feb",
    },
    "elapsed": 15.029000043869019,
    "response": {**IMAGE_ANSWER, "task_id": "42b2ab0f-5676-453b-bd23-9ee001b888ae"},
    "created_at": 1710088725.063,
    "started_at": 1710088725.069,
    "finished_at": 1710088740.098,
    "application_id": "e2ee38ba-19ea-4da9-9f3f-4f8567d19feb",
}

BATCH: Json = {"items": [IMAGINE_TASK, DESCRIBED_TASK], "count": 2}


def refusal(code: str, message: str) -> Json:
    """Give the documented body of an error."""
    return {"error": {"code": code, "message": message}, "trace_id": TRACE}


MODERATED = "Sorry! Our Al moderators feel your prompt might be against our community standards."

ERRORS: tuple[tuple[int, Json], ...] = (
    (400, refusal("bad_request", "The json payload is not valid to request the API")),
    (400, refusal("bad_request", "prompt is required")),
    (400, refusal("token_mismatched", "The specified token is not matched with API.")),
    (400, refusal("api_not_implemented", "The API is not implemented.")),
    (401, refusal("invalid_token", "The specified token is invalid or wrong.")),
    (403, refusal("forbidden", MODERATED)),
    (403, refusal("used_up", "Balance insufficient")),
    (429, refusal("too_many_requests", "You have exceeded the rate limit.")),
    (500, refusal("api_error", "Internal server error.")),
    (500, {"success": False, **refusal("api_error", "fetch failed")}),
    (504, refusal("timeout", "Timeout to generate the image.")),
)


def task(response: object = None, **changes: object) -> Json:
    """Give a record of the tasks page: without a response it is still being made."""
    record: Json = {
        "id": JOB,
        "type": "videos",
        "request": {**GUIDE_REQUESTS[0], "callback_url": HOOK},
        "created_at": 1751816700.5,
        "started_at": 1751816701.25,
    }
    return {**record, **({} if response is None else {"response": response}), **changes}


def generate(**changes: Any) -> VideoRequest:
    """Give a request that AceData can do."""
    return video(**{"motion": None, "clips": 4, "speed": Speed.FAST, "resolution": Resolution.SD, **changes})


def go_on(**changes: Any) -> ExtendRequest:
    """Give an extend that AceData can do."""
    return extend(**{"motion": None, "parent_ref": VIDEO_ID, **changes})
