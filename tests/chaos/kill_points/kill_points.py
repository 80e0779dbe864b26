"""The moments in a job's life at which the bot is killed: each waits for its own, and is killed when it returns.

Where the bot alone could go on too fast, the sandbox holds the request that the moment is in the middle of.
"""

from collections.abc import Awaitable, Callable

from tests.chaos.kill_points import cards as card
from tests.chaos.kill_points import images as picture
from tests.chaos.kill_points import order as keeping
from tests.chaos.kill_points import recovery as rescue
from tests.chaos.kill_points import region, told
from tests.chaos.kill_points import requests as order
from tests.chaos.kill_points import results as result
from tests.chaos.kill_points import storyboards as storyboard
from tests.chaos.observe import Observer

Moment = Callable[[Observer], Awaitable[None]]

MOMENTS: tuple[Moment, ...] = (
    order.promised,
    order.received,
    order.queued,
    order.turned_away,
    order.cancelling,
    order.admitted,
    order.sent_and_lost,
    order.sent_and_accepted,
    order.extend_sent_and_accepted,
    order.answered,
    result.running,
    result.polling,
    result.polled,
    result.called_back,
    result.made,
    result.downloading,
    result.downloaded,
    result.uploading,
    result.uploaded,
    result.failing,
    result.telling_the_failure,
    result.told_the_failure,
    order.refusing,
    order.refused,
    order.insisting,
    order.granting,
    picture.acting,
    picture.form_opened,
    picture.form_sent,
    picture.blend_sent_and_accepted,
    picture.describing,
    picture.described,
    picture.drawing_what_was_described,
    picture.seed_sent_and_accepted,
    picture.seed_told,
    region.previewing,
    region.previewed,
    region.redrawing,
    region.redraw_sent_and_accepted,
    region.insisting_on_a_redraw,
    region.discarding,
    region.discarded,
    storyboard.storyboard_asked,
    storyboard.storyboard_previewed,
    storyboard.storyboard_made,
    storyboard.between_shots,
    storyboard.last_shot_made,
    storyboard.insisting_on_a_storyboard,
    told.ping_awaited,
    told.ping_sending,
    told.between_film_parts,
    told.film_posted,
    card.card_deleted,
    card.told_where,
    card.showing_again,
    card.shown_again,
    keeping.removing,
    keeping.removed_while_it_is_made,
    keeping.removed_while_uploading,
    keeping.blocking,
    keeping.unblocking,
    keeping.forgetting,
    keeping.forgotten_by_name,
    rescue.adopting,
    rescue.adopted_late,
    rescue.given_up,
    rescue.taking_up,
)
"""Every transition and every call to the outside, in the order of a job's life."""
