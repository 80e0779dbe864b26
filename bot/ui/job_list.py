"""Draw a page of a list of jobs: a small card for each, and the buttons that turn pages and narrow the list down."""

from collections.abc import Collection, Sequence

from discord.ui import ActionRow, Container, LayoutView, Section, TextDisplay, Thumbnail

from bot.domain.job import Job, State, card_link
from bot.domain.job_lists import JobQuery, Only
from bot.services.job_lists import Page
from bot.ui.buttons import CancelButton, CardButton
from bot.ui.cards import accent_of
from bot.ui.list_buttons import ListPageButton, ShowButton, UnstarButton
from bot.ui.markdown import escape
from bot.ui.remove_menu import remove_row
from bot.ui.text import job_lists as text

PROMPT, PROMPT_ROOM = 200, 400
"""Characters of each prompt that a list shows, as typed and as escaped; five fit into a message."""


def thumbnail_name(job_id: str) -> str:
    """Name the file of a job's small picture in a message that lists several."""
    return f"thumb-{job_id}.jpg"


def draw_page(
    page: Page, pictured: Collection[str] = (), hidden: Collection[str] = (), *, note: str = ""
) -> LayoutView:
    """Draw a page; `pictured` are the jobs whose small pictures are sent along, `hidden` those that tell nothing.

    A `note` about whose list it is stands below its heading.
    """
    view = LayoutView(timeout=None)
    heading = f"### {text.heading(page.query)}"
    view.add_item(TextDisplay(f"{heading}\n{note}" if note else heading))
    if not page.query.starred:
        view.add_item(_row([_narrowing(page.query, only) for only in (None, *Only)]))
    for job in page.jobs:
        if job.id in hidden:
            view.add_item(_hidden(job, page.query))
        else:
            view.add_item(_card(job, page.query, pictured=job.id in pictured))
    if not page.jobs:
        view.add_item(TextDisplay(text.nothing_here(page.query)))
    if turning := _turning(page):
        view.add_item(_row(turning))
    if page.query.moderated:
        for row in remove_row([job for job in page.jobs if job.id not in hidden]):
            view.add_item(row)
    return view


def _hidden(job: Job, query: JobQuery) -> Container[LayoutView]:
    if query.moderated:
        return Container(TextDisplay(text.hidden_from_moderator()))
    return Container(TextDisplay(text.hidden()), _row([UnstarButton(job.id)]))


def _card(job: Job, query: JobQuery, *, pictured: bool) -> Container[LayoutView]:
    prompt = " ".join(job.params.prompt.split())
    title = escape(prompt, PROMPT, room=PROMPT_ROOM) if prompt else text.without_prompt(job)
    words = f"{title}\n-# {text.facts(job, card_link(job))}"
    head = TextDisplay[LayoutView](words)
    picture = Thumbnail[LayoutView](f"attachment://{thumbnail_name(job.id)}", spoiler=bool(job.spoiler))
    card: Container[LayoutView] = Container(accent_colour=accent_of(job))
    card.add_item(Section[LayoutView](head, accessory=picture) if pictured else head)
    if buttons := _buttons(job, query):
        card.add_item(_row(buttons))
    return card


def _buttons(job: Job, query: JobQuery) -> list[CardButton]:
    """Give those that apply to a job; none can be both shown again and cancelled.

    Where another member's are listed there is room for none: the menu below removes, also what waits.
    """
    buttons: list[CardButton] = []
    if query.moderated:
        return buttons
    if job.state is State.DONE:
        buttons.append(ShowButton(job.id))
    if job.state is State.QUEUED and job.user_id == query.user_id:
        buttons.append(CancelButton(job.id))
    if query.starred:
        buttons.append(UnstarButton(job.id))
    return buttons


def _narrowing(query: JobQuery, only: Only | None) -> ListPageButton:
    return ListPageButton(query.narrowed(only), None, text.only_label(only), current=query.only is only)


def _turning(page: Page) -> list[CardButton]:
    turning: list[CardButton] = []
    if page.newer is not None:
        turning.append(ListPageButton(page.query, page.newer, text.newer()))
    if page.older is not None:
        turning.append(ListPageButton(page.query, page.older, text.older()))
    return turning


def _row(buttons: Sequence[CardButton]) -> ActionRow[LayoutView]:
    row: ActionRow[LayoutView] = ActionRow()
    for button in buttons:
        row.add_item(button)
    return row
