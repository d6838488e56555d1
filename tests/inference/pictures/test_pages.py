"""Of a document, the page that is asked about."""

import pytest
from PIL import Image

from inference import (
    PageMissingError,
    PictureDamagedError,
    PictureLockedError,
    PictureTooLargeError,
    Source,
    decode_pictures,
)
from inference.pictures.pages import pages_asked
from tests.inference.pictures.drawing import LOCK, encode, pdf, scene, two_tone


@pytest.mark.parametrize(
    ("question", "pages"),
    [
        ("", (1,)),
        ("what are the 3 steps?", (1,)),
        ("what does page 3 say?", (3,)),
        ("Page 12, please", (12,)),
        ("see p. 4", (4,)),
        ("the 2nd page", (2,)),
        ("compare pages 2 and 5", (2, 5)),
        ("pages 2-4", (2, 3, 4)),
        ("pages 4 to 2", (2, 3, 4)),
        ("pages 1, 3 & 4", (1, 3, 4)),
        ("the last page", (12,)),
        ("Was steht auf Seite 3?", (3,)),
        ("die 3. Seite", (3,)),
        ("letzte Seite", (12,)),
        ("que dit la page 3 ?", (3,)),
        ("¿Qué dice la página 3?", (3,)),
        ("páginas 2 e 3", (2, 3)),
        ("ce scrie pe pagina 3", (3,)),
        ("hva står det på side 3", (3,)),
        ("3ページを読んで", (3,)),
        ("第3页写了什么", (3,)),
        ("第３頁", (3,)),
        ("Summarise the 3 pages", (1, 2, 3)),
        ("Fasse die 3 Seiten zusammen", (1, 2, 3)),
        ("résume les 2 pages", (1, 2)),
        ("is this a 40 page document?", tuple(range(1, 13))),
        ("are 0 pages blank?", (1,)),
        ("the last 2 pages", (11, 12)),
        ("die letzten 3 Seiten", (10, 11, 12)),
        ("what happens at 5 p.m.?", (1,)),
        ("las últimas 2 páginas", (11, 12)),
    ],
)
def test_a_question_names_its_pages_in_every_language(question, pages):
    assert pages_asked(question, total=12) == pages


def test_pages_that_a_document_has_are_read_without_those_that_it_has_not():
    assert pages_asked("pages 2-9", total=3) == (2, 3)
    with pytest.raises(PageMissingError, match="3 pages; page 9"):
        pages_asked("page 9", total=3)


def test_the_page_that_is_asked_about_is_drawn():
    data = pdf("i", "WWWWW", "i")
    opened = decode_pictures(data, "what stands on page 2?")
    assert (opened.source, opened.numbers, opened.total) == (Source.PAGES, (2,), 3)
    ink = [
        sum(page.image.convert("L").histogram()[:128])
        for page in (*decode_pictures(data).pictures, *opened.pictures)
    ]
    assert ink[1] > 5 * ink[0] > 0


def test_several_pages_are_drawn_as_far_as_there_is_room():
    opened = decode_pictures(pdf(*"abcdefgh"), "pages 2-8", most=3)
    assert (opened.numbers, opened.total) == ((2, 3, 4), 8)


def test_a_scan_of_several_pages_is_read_like_a_document():
    data = encode(scene(), "TIFF", save_all=True, append_images=[two_tone()])
    assert decode_pictures(data).pictures[0].image.size == scene().size
    second = decode_pictures(data, "page 2")
    assert (second.source, second.numbers, second.total) == (Source.PAGES, (2,), 2)
    assert second.pictures[0].image.size == two_tone().size


def test_each_page_of_a_scan_has_a_size_of_its_own_to_be_refused_for():
    large = Image.new("1", (600, 400))
    data = encode(two_tone(), "TIFF", save_all=True, append_images=[large])
    assert decode_pictures(data, max_pixels=2000).numbers == (1,)
    with pytest.raises(PictureTooLargeError, match="600 × 400"):
        decode_pictures(data, "page 2", max_pixels=2000)


def test_a_smaller_copy_of_a_scan_is_no_page():
    copy = two_tone()
    copy.encoderinfo = {"tiffinfo": {254: 1}}
    data = encode(scene(), "TIFF", save_all=True, append_images=[copy])
    assert decode_pictures(data).source is Source.PICTURE


def test_a_document_that_asks_for_a_password_is_told_so():
    with pytest.raises(PictureLockedError):
        decode_pictures(pdf("a", lock=LOCK))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", pdf("a")[:60], b"%PDF-" + bytes(5000), pdf()])
def test_a_document_that_cannot_be_opened_is_damaged(data):
    with pytest.raises(PictureDamagedError):
        decode_pictures(data)
