"""APIMart's documented examples (https://docs.apimart.ai: Midjourney video, query, tasks, balance, errors) as data."""

from typing import Any

Json = dict[str, Any]

TASK = "task_01KV52C0TEJSYZMCG0NCS4YWKK"
OTHER_TASK = "task_01KA040M0HP1GJWBJYZMKX1XS1"

# The video page's requests, each with the answer that it gives.
SIMPLE_REQUEST: Json = {
    "prompt": "the cat slowly turns its head to the camera",
    "image_urls": ["https://example.com/cat.png"],
    "motion": "high",
    "batch_size": 4,
}
TRANSITION_REQUEST: Json = {
    "prompt": "transition smoothly from sunrise to sunset",
    "image_urls": ["https://example.com/sunrise.jpg"],
    "end_url": "https://example.com/sunset.jpg",
    "video_type": "vid_1.1_i2v_720",
}
DEFAULTS: Json = {"video_type": "vid_1.1_i2v_480", "animate_mode": "manual", "motion": "high", "batch_size": 1}
VIDEO_TYPES = {
    "vid_1.1_i2v_480",
    "vid_1.1_i2v_720",
    "vid_1.1_i2v_start_end_480",
    "vid_1.1_i2v_start_end_720",
}
ACCEPTED: Json = {"code": 200, "data": [{"status": "submitted", "task_id": TASK}]}

VIDEOS = ("https://r2.example.com/video-0.mp4", "https://r2.example.com/video-1.mp4")
FINISHED: Json = {
    "id": "task_xxx",
    "status": "SUCCESS",
    "action": "VIDEO",
    "mode": "FAST",
    "video_url": VIDEOS[0],
    "video_urls": list(VIDEOS),
}

# The query page's example is of a picture; its keys are those of every Midjourney task.
IMAGINED: Json = {
    "id": TASK,
    "status": "SUCCESS",
    "action": "IMAGINE",
    "progress": "100%",
    "grid_image_url": "https://cdn.apimart.ai/mj_xxxx.png",
    "image_urls": [f"https://cdn.apimart.ai/mj_xxxx_{n}.png" for n in range(4)],
    "buttons": [
        {"customId": "MJ::JOB::upsample::1::abc123def456", "label": "U1"},
        {"customId": "MJ::JOB::variation::1::abc123def456", "label": "V1"},
    ],
    "prompt": "a beautiful sunset over mountains",
}

# So is that of the page for tasks of all kinds.
PAINTED: Json = {
    "code": 200,
    "data": {
        "id": OTHER_TASK,
        "status": "completed",
        "progress": 100,
        "result": {
            "images": [
                {"url": ["https://upload.apimart.ai/f/image/9998236911693428-image_0.png"], "expires_at": 1763174708}
            ]
        },
        "created": 1763088289,
        "completed": 1763088308,
        "estimated_time": 60,
        "actual_time": 19,
    },
}

BALANCE: Json = {"success": True, "remain_balance": 10.5, "used_balance": 2.3, "unlimited_quota": False}
UNLIMITED: Json = {"success": True, "remain_balance": -1, "used_balance": 2.3, "unlimited_quota": True}
ACCOUNT_BALANCE: Json = {"success": True, "remain_balance": 100.0, "used_balance": 25.5, "unlimited_quota": False}
NO_TOKEN: tuple[Json, ...] = (
    {"success": False, "message": "Failed to get token info"},
    {"success": False, "message": "获取令牌信息失败"},
)

WRONG_KEY: Json = {"error": {"message": "invalid API key (request id: 20260922)", "type": "apimart_error"}}

# HTTP status, the body's type, its message.
ERRORS = (
    (400, "invalid_request_error", "请求参数无效"),
    (401, "authentication_error", "身份验证失败，请检查您的API密钥"),
    (402, "payment_required", "账户余额不足，请充值后再试"),
    (403, "permission_error", "访问被禁止，您没有权限访问此资源"),
    (404, "not_found_error", "任务不存在"),
    (422, "invalid_request_error", "图片或提示词未通过内容审核，已自动退款"),
    (429, "rate_limit_error", "请求过于频繁，请稍后再试"),
    (500, "server_error", "服务器内部错误，请稍后重试"),
    (502, "bad_gateway", "网关错误，服务器暂时不可用"),
)


def refusal(code: int, type_: str, message: str) -> Json:
    """Give the documented body of an error."""
    return {"error": {"code": code, "message": message, "type": type_}}


def midjourney(status: str, **more: object) -> Json:
    """Give a body of Midjourney's own status page."""
    return {"id": TASK, "status": status, "action": "VIDEO", "mode": "FAST", "progress": "0%", **more}


def task(status: str, **more: object) -> Json:
    """Give a body of the page for tasks of all kinds."""
    data = {"id": TASK, "status": status, "progress": 0, "created": 1763088289, "estimated_time": 60}
    return {"code": 200, "data": {**data, **more}}
