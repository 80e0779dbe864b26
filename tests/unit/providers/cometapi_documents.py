"""CometAPI's documented examples (https://apidoc.cometapi.com, Midjourney), as data.

The page of the submit prints a request and an answer of placeholders, the page of the fetch a finished picture task,
the page of the errors their envelope. What a video task looks like is printed nowhere: its shape is that of the family,
of which the comments of new-api's relay print the answers to a submit.
"""

from typing import Any

Json = dict[str, Any]

SAMPLE_REQUEST: Json = {
    "motion": "low",
    "image": "https://storage.fonedis.cc/attachments/1372468820912115716/1388566717961338880/hyper_realistic_3d_rendering_pink_tulip_style_686021570d5ec4451c1c120a.jpg?ex=68617307&is=68602187&hm=f939f10d79de24e3ed0f2c4dc1453c902ee6b383d13d9a1787eacfccfadb9488&",
}

FIELDS: dict[str, type] = {
    "motion": str,
    "image": str,
    "prompt": str,
    "action": str,
    "index": int,
    "taskId": str,
    "state": str,
    "noStorage": bool,
    "videoType": str,
}
REQUIRED = {"motion", "image"}
REQUIRED_WITH_ACTION = {"index", "taskId"}
ALLOWED: dict[str, tuple[str, ...]] = {
    "motion": ("low", "high"),
    "action": ("extend",),
    "videoType": ("vid_1.1_i2v_480", "vid_1.1_i2v_720"),
}

SAMPLE_ANSWER: Json = {
    "code": 123,
    "description": "<string>",
    "result": "<string>",
    "properties": {"prompt": "<string>"},
}

JOB = "0741798445574458"
SECRET = "-Wq8zN1v_4sBTe0yH6cJrM2dLkX9pUa3fGiO5tQnZ7E"
HOOK = f"https://bot.example/hooks/v1/01k3v9x2/{SECRET}"

ACCEPTED: Json = {"code": 1, "description": "提交成功", "result": JOB, "properties": {}}
EXISTS: Json = {
    "code": 21,
    "description": "任务已存在",
    "result": JOB,
    "properties": {"status": "SUCCESS", "imageUrl": "https://xxxx"},
}
QUEUED: Json = {
    "code": 22,
    "description": "排队中，前面还有1个任务",
    "result": JOB,
    "properties": {"numberOfQueues": 1, "discordInstanceId": "1118138338562560102"},
}
QUEUE_FULL: Json = {
    "code": 23,
    "description": "队列已满，请稍后尝试",
    "result": "14001929738841620",
    "properties": {"discordInstanceId": "1118138338562560102"},
}
BANNED: Json = {
    "code": 24,
    "description": "可能包含敏感词",
    "properties": {"promptEn": "nude body", "bannedWord": "nude"},
}
NO_ACCOUNT: Json = {"code": 3, "description": "无可用的账号实例", "result": None, "properties": {}}
NO_PROMPT: Json = {"code": 4, "description": "Prompt 不能为空", "result": None, "properties": {}}
WRONG_TASK: Json = {"code": 4, "description": "任务类型错误", "result": None, "properties": {}}
SYSTEM_FAILURE: Json = {"code": 9, "description": "提交失败，系统异常", "result": None, "properties": {}}
QUEUE_FULL_IN_NEWER_VERSIONS: Json = {
    "code": 9,
    "description": "队列已满，请稍后尝试",
    "result": None,
    "properties": {},
}

PICTURE_JOB = "1773314942177684"
PICTURE: Json = {
    "id": PICTURE_JOB,
    "status": "SUCCESS",
    "progress": "100%",
    "imageUrl": f"https://api.cometapi.com/mj/image/{PICTURE_JOB}",
    "videoUrl": "",
    "buttons": [
        {"customId": "MJ::JOB::upsample::1::example", "emoji": "", "label": "U1", "type": 2, "style": 1},
    ],
}

VIDEOS = tuple(f"https://api.cometapi.com/mj/video/{JOB}/{n}.mp4" for n in range(4))

FINISHED: Json = {
    "id": JOB,
    "action": "VIDEO",
    "status": "SUCCESS",
    "progress": "100%",
    "prompt": "a paper boat",
    "promptEn": "a paper boat",
    "description": "提交成功",
    "submitTime": 1773314942177,
    "startTime": 1773314943177,
    "finishTime": 1773315003177,
    "imageUrl": f"https://api.cometapi.com/mj/image/{JOB}",
    "videoUrl": VIDEOS[0],
    "videoUrls": [{"url": url, "thumbnail": url.replace(".mp4", ".webp")} for url in VIDEOS],
    "failReason": "",
    "state": SECRET,
    "buttons": [],
    "properties": {},
}


def finished(**changes: object) -> Json:
    """Give a finished task with some fields changed."""
    return {**FINISHED, **changes}


def unfinished(status: str | None, **changes: object) -> Json:
    """Give a task that has no clips yet."""
    empty: Json = {"finishTime": None, "imageUrl": None, "videoUrl": None, "videoUrls": None}
    return {**FINISHED, **empty, "status": status, "progress": "0%", **changes}


def gateway(message: str, code: str | None = "") -> Json:
    """Give the envelope of the gateway's errors."""
    return {"error": {"message": message, "type": "comet_api_error", "param": "", "code": code}}


def relay(description: str, code: int = 4) -> Json:
    """Give the envelope of the relay's errors."""
    return {"description": f"{description} ", "type": "upstream_error", "code": code}
