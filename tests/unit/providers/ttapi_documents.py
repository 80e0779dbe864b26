"""TTAPI's documented examples (https://docs.ttapi.io, Midjourney Video API), as data."""

from typing import Any

Json = dict[str, Any]

JOB = "943583cb-08f4-4077-ad1e-f1bfc6c1191a"
QUEUED_JOB = "d379237c-2594-42e0-ba81-1e7e34bccf30"
HOOK = "https://webhook-test.com/1cb411db3bc4bfa7729c7df3ca2c1a5e"

ACCEPTED: Json = {"status": "SUCCESS", "message": "success", "data": {"jobId": JOB}}
ACCEPTED_IN_THE_NEWER_PAGES: Json = {"status": "SUCCESS", "message": "success", "data": {"job_id": JOB}}
REFUSED: Json = {"status": "FAILED", "message": "", "data": None}
WRONG_KEY: Json = {"status": "FAILED", "message": "Wrong TT-API-KEY or email is not activated."}

VIDEOS = tuple(f"https://cdn.midjourney.com/video/780b1227-227a-418c-998e-3eb90eb4824a/{n}.mp4" for n in range(4))

FINISHED: Json = {
    "status": "SUCCESS",
    "message": "success",
    "jobId": JOB,
    "data": {
        "action": "generate",
        "jobId": JOB,
        "progress": "100",
        "prompt": "hyperrealistic album cover: Black sacral Ocean. Sunken prayer canoe. Ghost Canoe Horizon",
        "quota": "30",
        "videos": list(VIDEOS),
        "hookUrl": HOOK,
    },
}


def unfinished(status: str, message: str = "") -> Json:
    """Give the documented body of a job that has no clips: PENDING_QUEUE, ON_QUEUE or FAILED."""
    return {
        "status": status,
        "message": message,
        "jobId": QUEUED_JOB,
        "data": {
            "action": "generate",
            "jobId": QUEUED_JOB,
            "progress": None,
            "prompt": "Make the person stand up, move and sit",
            "quota": "0",
            "videos": None,
            "hookUrl": HOOK,
        },
    }


def finished(**data: object) -> Json:
    """Give the documented body of a finished job with some fields of `data` changed."""
    return {**FINISHED, "data": {**FINISHED["data"], **data}}
