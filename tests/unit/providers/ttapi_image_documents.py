"""TTAPI's documented examples for pictures (docs-zh.mjapiapp.com and docs.ttapi.io, Midjourney API), as data."""

from typing import Any

Json = dict[str, Any]

PARENT = "afa774a3-1aee-5aba-4510-14818d6875e4"
JOB = "f5850038-90a3-8a97-0476-107ea4b8dac4"
URI_1, URI_2 = "data:image/png;base64,xxx1", "data:image/png;base64,xxx2"
MASK = "UklGRrw0AABXRUJQVlA4WAoAAAAgAAAA..."

IMAGINE = "/midjourney/v1/imagine"
ACTION = "/midjourney/v1/action"
SEED = "/midjourney/v1/seed"
BLEND = "/midjourney/v1/blend"
DESCRIBE = "/midjourney/v1/describe"
INPAINT = "/midjourney/v1/inpaint"
FETCH = "/midjourney/v1/fetch"
CHECK = "/midjourney/v1/promptCheck"

# The samples in Python, PHP and JavaScript, where they differ; `=>` and missing commas in the latter are slips.
SAMPLES: tuple[tuple[str, str, Json], ...] = (
    (IMAGINE, "python", {"prompt": "a cute cat", "mode": "fast", "hookUrl": "", "timeout": 300}),
    (IMAGINE, "php", {"prompt": "a cat --ar 1:1", "model": "fast", "hookUrl": "", "timeout": 300}),
    (IMAGINE, "node", {"prompt": "a cute cat", "model": "fast", "hookUrl": "", "timeout": 300}),
    (ACTION, "python, php, node", {"jobId": PARENT, "action": "upsample1", "hookUrl": ""}),
    (SEED, "python, php, node", {"jobId": PARENT, "hookUrl": ""}),
    (
        BLEND,
        "python, php, node",
        {"imgBase64Array": [URI_1, URI_2], "dimensions": "SQUARE", "model": "fast", "hookUrl": ""},
    ),
    (DESCRIBE, "python, php, node", {"base64": URI_1, "model": "fast", "hookUrl": ""}),
    (INPAINT, "python, php, node", {"jobId": PARENT, "prompt": "white background", "mask": MASK, "hookUrl": ""}),
    (FETCH, "python, php, node", {"jobId": PARENT}),
    (CHECK, "python, php, node", {"prompt": "a sexy girl"}),
)

ACCEPTED: Json = {"status": "SUCCESS", "message": "", "data": {"jobId": PARENT}}
ACCEPTED_IN_THE_NEWER_PAGES: Json = {"status": "SUCCESS", "message": "success", "data": {"job_id": PARENT}}
BAD_ACTION: Json = {"status": "FAILED", "message": "'action' parameter error!", "data": None}
BAD_ACTION_IN_INPAINT: Json = {"status": "FAILED", "message": "'action' parameter error!", "data": {}}

CHECKED: Json = {"status": "SUCCESS", "message": "success", "data": "Prompt verification successful."}
BANNED: Json = {"status": "FAILED", "message": "banned prompt words：sexy", "data": None}
EMPTY_PROMPT: Json = {"status": "FAILED", "message": '"prompt" cannot be empty.', "data": None}

STATUS: Json = {
    "status": "SUCCESS",
    "message": "success",
    "data": {
        "fast": {"status": 200, "runningMessage": "Endpoints running", "averageExecute": 46.42},
        "relax": {"status": 200, "runningMessage": "Endpoints running", "averageExecute": 39.37},
        "turbo": {"status": 200, "runningMessage": "Endpoints running", "averageExecute": 23.87},
    },
}

PROMPT = (
    "Soccer star Max Kruse and Jan-Peter Jachtmann victims of €528,695 poker scam, German soccer star Max Kruse and "
    "WSOP Main Event finalist Jan-Peter Jachtmann are among the players who have been swindled out of €528,695., "
    "poker, realistic --ar 1280:720"
)
DISCORD_IMAGE = (
    "https://cdn.discordapp.com/attachments/1107938555931656214/1176340921227423844/voyagel_Soccer_star_Max_Kruse_and_"
    "Jan-Peter_Jachtmann_victims_o_c513a87b-eed3-4a3b-ab97-6be4dbc3ea99.png?ex=656e83da&is=655c0eda&hm=6e06a1dec3c6c1be"
    "209799884681969878eabb81ce81f8db22d54480379fcd9b&"
)
CDN_IMAGE = "http://127.0.0.1/8080/pics/452020f2-6793-4525-a1b5-472cac439610.png"
IMAGES = tuple(
    f"https://cdnb.ttapi.io/2024-04-02/{name}.png"
    for name in (
        "5ac3b82974cfbc394ff70fdb3f8ad243a78cce8c3cd88defee12739db0b499f9",
        "41c7a7dfc8ec9871d7aa6f45bbcb3ca7dcb967cadef285ae3b05b2fce63e9fa5",
        "1d62e5110d24de42e8ac4894108874885b8460e5cbd212fe19ad756b1bf15087",
        "a1887b8f816286df67cc83d0b1cc07450b2558bc28a60fbea4991f4ae390652c",
    )
)
GRID_ACTIONS = tuple(f"{name}{number}" for name in ("upsample", "variation") for number in range(1, 5))

FINISHED: Json = {
    "status": "SUCCESS",
    "jobId": JOB,
    "message": "success",
    "data": {
        "actions": "imagine",
        "jobId": JOB,
        "progress": "100",
        "prompt": PROMPT,
        "discordImage": DISCORD_IMAGE,
        "cdnImage": CDN_IMAGE,
        "width": 1632,
        "height": 2912,
        "hookUrl": "",
        "components": list(GRID_ACTIONS),
        "seed": "",
        "images": list(IMAGES),
        "quota": 3,
    },
}
PENDING: Json = {"status": "PENDING_QUEUE", "jobId": JOB, "message": "", "data": []}
RUNNING: Json = {
    "status": "ON_QUEUE",
    "jobId": JOB,
    "message": "",
    "data": {
        "actions": "imagine",
        "jobId": JOB,
        "progress": "100",
        "prompt": PROMPT,
        "discordImage": DISCORD_IMAGE,
        "cdnImage": CDN_IMAGE,
        "width": None,
        "height": None,
        "hookUrl": "",
        "components": [],
        "seed": None,
        "images": None,
    },
}
FAILED: Json = {"status": "FAILED", "jobId": JOB, "message": "failed", "data": []}

_NEW_IMAGE = "https://cdn.ttapi.io/midjourney/2025-11-14/20260302_050724_554d43430e2e80dd.png"
NEW_IMAGES = tuple(
    f"https://cdn.ttapi.io/midjourney/20260302/bf839f4e-b7c0-4d14-922c-a842ad451443{corner}.png"
    for corner in ("tl", "tr", "bl", "br")
)
FINISHED_IN_THE_NEWER_PAGES: Json = {
    "status": "SUCCESS",
    "message": "",
    "jobId": JOB,
    "data": {
        "action": "imagine",
        "jobId": JOB,
        "progress": "100",
        "prompt": "a cat",
        "quota": "2",
        "discordImage": _NEW_IMAGE,
        "cdnImage": _NEW_IMAGE,
        "width": 1024,
        "height": 1024,
        "hookUrl": None,
        "components": [*GRID_ACTIONS[:4], "reroll", *GRID_ACTIONS[4:]],
        "seed": None,
        "images": list(NEW_IMAGES),
    },
}

# The page's table of actions; those that it calls alike are written out.
ACTION_TABLE = frozenset(
    {
        *GRID_ACTIONS,
        *("high_variation", "low_variation", "upscale2", "upscale4", "zoom_out_2", "zoom_out_1_5"),
        *("pan_left", "pan_right", "pan_up", "pan_down", "upscale_creative", "upscale_subtle", "reroll"),
        *("redo_upscale2", "redo_upscale4", "make_square", "redo_upscale_subtle", "redo_upscale_creative"),
    }
)


def finished(**data: object) -> Json:
    """Give the documented body of a finished job with some fields of `data` changed."""
    return {**FINISHED, "data": {**FINISHED["data"], **data}}


def described(prompt: object, **data: object) -> Json:
    """Give the body of a finished description, as far as it can be guessed: the page shows none."""
    fields: Json = {"actions": "describe", "cdnImage": None, "discordImage": None, "images": None, "components": None}
    return finished(**{**fields, "prompt": prompt, **data})
