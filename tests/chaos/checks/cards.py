"""The promises about cards: at most one for each time that it was promised, at a clear end, and no clip lost.

A card that a moderator deletes is never made anew; its clips are kept.
"""

from collections.abc import Iterator

from sandbox.discord import Interaction, Message
from tests.chaos.checks.collect import CollectedState
from tests.chaos.checks.results import buttons, results, same, suffix, words
from tests.chaos.engines import Row


class CardChecks:
    """Look at the channel."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected

    def problems(self) -> Iterator[str]:
        """Name the messages that belong to no job."""
        for name, cards in self._collected.cards.items():
            if name not in self._collected.jobs:
                yield from (f"message {card.id} is no job's card: {card.text!r}" for card in cards)

    def problems_of(self, job: Row) -> Iterator[str]:
        """Name every broken promise about the cards of one job."""
        asked = self._collected.asked[job["request_id"]]
        yield from self._in_number(job)
        if asked.message is not None and asked.message.thinking:
            yield "its card is thinking for ever"
        if job["state"] == "done":
            yield from self._delivered(job)
        elif job["state"] == "failed":
            yield from self._told(job, asked)

    def _in_number(self, job: Row) -> Iterator[str]:
        cards, deleted = self._collected.cards[job["id"]], self._collected.deleted[job["id"]]
        every = [*cards, *(deletion.card for deletion in deleted)]
        promised = {int(job["request_id"]), *self._collected.shows[job["id"]]}
        answers = [card.interaction.id for card in every if card.interaction is not None]
        if not promised.issuperset(answers):
            yield "it took the answer to another request"
        if len(cards) > len(promised.intersection(answers)) and len(cards) > 1:
            yield f"it has {len(cards)} cards"
        if any(card.interaction is None for card in every):
            yield f"it has a card that answers nobody, and {len(deleted)} were deleted"

    def _delivered(self, job: Row) -> Iterator[str]:
        cards, deleted = self._collected.cards[job["id"]], self._collected.deleted[job["id"]]
        if job["error_code"] == "undeliverable":
            yield "a result was called undeliverable"
        known = {card.id for card in cards} | {deletion.card.id for deletion in deleted}
        if job["error_code"] != "undeliverable" and job["message_id"] not in known and not (deleted and not cards):
            yield "its card is another message"
        for card in cards if self._collected.orders[job["id"]] else ():
            yield from self._shows_results(job, card)
        if not cards and not deleted:
            yield "it has no card"
        if job["id"] in self._collected.actors.film_actors.swept:
            return
        clips = self._clips(job)
        kept = [row["media_file"] for row in self._collected.database.clips(job["id"])]
        for name, clip in zip(kept, clips, strict=False):
            if name is None or not same((self._collected.sandbox.folder / "media" / name).read_bytes(), clip):
                yield f"{name} is not in the media store"

    def _shows_results(self, job: Row, card: Message) -> Iterator[str]:
        [order] = self._collected.orders[job["id"]][:1]
        clips = results(order)
        films = [media for media in card.media if media.where == "gallery"]
        names = [f"animatic-{job['id']}-{slot + 1}{suffix(order)}" for slot in range(len(clips))]
        if [film.filename for film in films] != names:
            yield f"its card shows {[film.filename for film in films]} instead of {len(clips)} of them"
        elif not all(same(film.data, clip) for film, clip in zip(films, clips, strict=True)):
            yield "its card shows other films or pictures than were made"
        said = card.text.replace("\\", "")
        yield from (f"its card does not say: {text}" for text in words(order) if text not in said)
        pressable = [button.custom_id or "" for button in card.buttons]
        offered = buttons(job["id"], order, self._collected.sandbox.provider.settings)
        offered += [f"film:{job['id']}"] if job["kind"] == "extend" else []
        if sorted(pressable) != sorted(offered):
            yield f"its card offers {pressable}"
        if job["kind"] in ("video", "extend") and not any(
            media.where == "thumbnail" and media.data for media in card.media
        ):
            yield "its card lost the picture"

    def _told(self, job: Row, asked: Interaction) -> Iterator[str]:
        cards, deleted = self._collected.cards[job["id"]], self._collected.deleted[job["id"]]
        back = _given_back(job["cost"]) if job["period"] and job["cost"] else "Nothing was charged."
        for card in cards:
            if back not in card.text:
                yield f"its card does not say what became of the credits: {card.text!r}"
            if any(media.where == "gallery" for media in card.media):
                yield "it failed, and its card shows films or pictures"
        if cards or deleted:
            return
        if job["period"] is not None:
            yield "it has no card"
        elif not any(reply.ephemeral and back in reply.text for reply in asked.followups):
            yield "nobody was told of the refusal"

    def _clips(self, job: Row) -> list[bytes]:
        orders = self._collected.orders[job["id"]]
        return results(orders[0]) if orders else []


def _given_back(credits: int) -> str:
    """Say it as the bot does."""
    return "1 credit came back." if credits == 1 else f"All {credits} credits came back."
