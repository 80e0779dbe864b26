"""The promise about orders: each asks the provider for what its member asked for, and for nothing else."""

from collections.abc import Iterator
from typing import Any

from sandbox.provider.model.image_jobs import image_order_of
from sandbox.provider.model.job import Job as Order
from tests.chaos.actors.images import colour_of
from tests.chaos.actors.region import box_of, draft_of
from tests.chaos.checks.collect import CollectedState, typed_in
from tests.chaos.engines import Row


class RequestChecks:
    """Look at what the provider was asked for."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected

    def problems_of(self, job: Row) -> Iterator[str]:
        """Name every order for something else than was asked for."""
        if job["kind"] == "region":
            yield from self._of_its_preview(job)
        for order in self._collected.orders[job["id"]]:
            wished, ordered = self._wished(job), self._ordered(job, order)
            if wished != ordered:
                yield f"{wished} was asked for, and {ordered} was ordered"

    def _of_its_preview(self, job: Row) -> Iterator[str]:
        asked = self._collected.asked[job["request_id"]]
        wish = self._collected.actors.region_actors.pressed[draft_of(asked)]
        if job["id"] != draft_of(asked):
            yield f"it was made of the preview {draft_of(asked)}"
        if (job["user_id"], job["parent_job_id"]) != (wish.asked.user.id, wish.job_id):
            yield f"it redraws {job['parent_job_id']} for {job['user_id']}, and {wish} was confirmed"

    def _wished(self, job: Row) -> dict[str, Any]:
        """Say what an order has to be, as the request said it."""
        asked, actors = self._collected.asked[job["request_id"]], self._collected.actors
        match job["kind"]:
            case "video":
                form = actors.animate_actors.filled.get(asked.id)
                resolution = typed_in(asked, "resolution") if form is None else form["films"].partition("-")[2]
                prompt = typed_in(asked, "prompt") if form is None else form["prompt"]
                return {"resolution": resolution, "prompt": prompt}
            case "extend":
                _, parent, clip, motion = asked.data["custom_id"].split(":")
                return {"parent": self._remote(parent), "clip": int(clip) - 1, "motion": motion}
            case "action":
                _, parent, action = asked.data["custom_id"].split(":")
                return {"action": action, "parent": self._remote(parent)}
            case "seed":
                return {"action": "seed", "parent": self._remote(typed_in(asked, "job"))}
            case "region":
                wish = actors.region_actors.pressed[draft_of(asked)]
                prompt = wish.prompt or self._collected.orders[wish.job_id][0].prompt
                return {"action": "inpaint", "parent": self._remote(wish.job_id), "white": wish.box, "prompt": prompt}
            case "imagine":
                return {"action": "imagine", "prompt": typed_in(asked, "prompt") or self._described(asked.data)}
            case kind:
                return {"action": kind, "pictures": actors.image_actors.attached[asked.id]}

    def _ordered(self, job: Row, order: Order) -> dict[str, Any]:
        """Say the same of an order."""
        parent = None if order.parent is None else order.parent.id
        match job["kind"]:
            case "video":
                return {"resolution": order.options.resolution, "prompt": order.prompt}
            case "extend":
                return {"parent": parent, "clip": order.index, "motion": order.options.motion}
            case "action" | "seed":
                return {"action": order.action, "parent": parent}
            case "region":
                white = box_of(image_order_of(order).mask or b"")
                return {"action": order.action, "parent": parent, "white": white, "prompt": order.prompt}
            case "imagine":
                return {"action": order.action, "prompt": order.prompt}
            case _:
                pictures = image_order_of(order).images or (order.image or b"",)
                return {"action": order.action, "pictures": [colour_of(picture) for picture in pictures]}

    def _described(self, data: dict[str, Any]) -> str:
        """Give the prompt that a button below a description stands for."""
        _, parent, number = data["custom_id"].split(":")
        drawn = self._collected.orders[parent][0].image_result
        return drawn.prompts[int(number) - 1] if drawn is not None else ""

    def _remote(self, job_id: str) -> str | None:
        orders = self._collected.orders[job_id]
        return orders[0].id if orders else None
