"""The language that nobody speaks is as whole and as right as the others, and stands out."""

from pathlib import Path

import pytest

from bot.languages import languages
from tests.meta.catalogues import DOMAINS, bot_sentences, problems, read, write
from tests.support.pseudo_locale import CLOSES, LOCALE, LONGER, OPENS, pseudo, pseudo_catalogue


def test_nothing_is_wrong_with_its_catalogue_and_each_sentence_is_marked_and_longer(tmp_path: Path) -> None:
    domain, template = DOMAINS[0].in_folder(tmp_path), bot_sentences()
    write(domain, pseudo_catalogue(), LOCALE)
    assert list(problems(domain, template)) == []
    bounded = domain.limits()
    for message in read(domain.path(LOCALE)):
        meant, written = (text if isinstance(text, str) else text[-1] for text in (message.id, message.string or ""))
        if meant:
            assert OPENS in written
            assert CLOSES in written
            assert meant in bounded or len(written) >= LONGER * len(meant), meant


def test_it_is_no_language_of_ours() -> None:
    assert LOCALE not in languages()


@pytest.mark.parametrize(
    ("sentence", "most", "written"),
    [
        ("Cut", 100, "⟦Çúŧ ⟧"),
        ("{number} of **/video** in `code`", 100, "⟦{number} óƒ **/video** íñ `code` ñó óñé šþéåķ⟧"),
        ("-# {who} cut", 1000, "-# ⟦{who} çúŧ ñó ó⟧"),
        ("Cut to the bone", 16, "⟦Çúŧ ŧó ŧĥé ƀóñ⟧"),
        ("cut {job}", 1000, "⟦çúŧ  ñó ⟧{job}"),
    ],
)
def test_what_people_copy_and_what_makes_a_line_stays_and_no_more_is_written_than_fits(
    sentence: str, most: int, written: str
) -> None:
    assert pseudo(sentence, most) == written
