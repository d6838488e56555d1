"""Documents of several pages: the one that is asked about becomes a picture."""

import itertools
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

from inference.errors import PageMissingError, PictureLockedError
from inference.pictures.picture import Opened, Picture, Source

PIXELS_PER_POINT = 200 / 72
"""200 dots an inch, at which print of any size that people read is read."""
LEAST_SIDE = 1344
"""Pixels of a page's longer side: a small page has small letters."""
NEW_SUBFILE_TYPE = 254
MOST_TIFF_PAGES = 500
"""Of a chain without an end, no more are counted."""

_PAGE = r"(?:pages?|pg\.?|p\.|seiten?|páginas?|pagin[aăi]|pág\.?|pag\.|sid(?:e|en|er)|ページ|页|頁)"
_TO = r"(?:-|–|—|~|〜|to|through|bis|till?|a|à|la|até|hasta|から|至|到)"
_AND = r"(?:,|&|\+|and|und|et|y|e|og|și|si|と|、|和)"
_NUMBERS = rf"\d{{1,4}}(?:\s*(?:{_TO}|{_AND})\s*\d{{1,4}})*"
_NAMED = re.compile(rf"\b{_PAGE}\s*(?:no\.?|nr\.?|number)?\s*({_NUMBERS})", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?<!\d)({_NUMBERS})\s*(?:(?:st|nd|rd|th|\.|ª|ème|e|-a)\s*{_PAGE}|ページ|页|頁)",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"(?<!\d)([1-9]\d{0,3})\s*(?:pages?|seiten?|páginas?|pagin[aie]|sider?|sidor)\b", re.IGNORECASE
)
_LAST = re.compile(
    r"(?:last|letzten?|últimas?|ultim[ae]|dernières?|siste|最後の|最后一|最後一)"
    rf"\s*([1-9]\d{{0,3}})?\s*{_PAGE}",
    re.IGNORECASE,
)
_STEP = re.compile(rf"(\d+)(?:\s*{_TO}\s*(\d+))?", re.IGNORECASE)


def names_pages(question: str) -> bool:
    """Tell whether a question is about certain pages of a document."""
    return any(naming.search(question) for naming in (_LAST, _NAMED, _COUNTED, _MANY))


def pages_asked(question: str, total: int) -> tuple[int, ...]:
    """List the pages, from 1, that a question names in digits; without any, the first.

    "The 3 pages" are the first so many, and "the last 2 pages" the last.
    Raises PageMissingError where the document has none of those that are named.
    """
    if last := _LAST.search(question):
        return tuple(range(1, total + 1))[-int(last[1] or 1) :]
    named = _NAMED.search(question) or _COUNTED.search(question)
    if not named:
        many = _MANY.search(question)
        return tuple(range(1, total + 1))[: int(many[1]) if many else 1]
    wanted = dict.fromkeys(itertools.chain.from_iterable(map(_run, _STEP.finditer(named[1]))))
    if pages := tuple(page for page in wanted if 1 <= page <= total):
        return pages
    raise PageMissingError(f"The document has {total} pages; page {min(wanted)} is none of them.")


def _run(step: re.Match[str]) -> range:
    first, last = int(step[1]), int(step[2] or step[1])
    return range(first, last + 1) if first <= last else range(last, first + 1)


def of_pdf(data: bytes, question: str, most: int, most_pixels: int) -> Opened:
    """Draw the pages of a PDF that are asked about, forms as they are filled in.

    Raises PictureLockedError or PageMissingError, and whatever a broken document does to its
    reader.
    """
    from pypdfium2 import PdfDocument, PdfiumError  # loads its library

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if "password" in str(error):
            raise PictureLockedError("The document asks for a password.") from None
        raise
    with document:
        document.init_forms()
        total = len(document)
        numbers = pages_asked(question, total)[:most]
        pictures = [_drawn(document[number - 1], most_pixels) for number in numbers]
    return Opened(tuple(pictures), Source.PAGES, numbers, total)


def of_tiff(
    file: Image.Image, question: str, most: int, seen: Callable[[Image.Image], Image.Image]
) -> Opened:
    """Take the pages of a TIFF that are asked about, as scanners and fax machines join them.

    Raises PageMissingError, and whatever a broken page does to its reader.
    """
    pages = list(_pages(file)) or [0]
    numbers = pages_asked(question, len(pages))[:most]
    pictures = []
    for number in numbers:
        file.seek(pages[number - 1])
        pictures.append(Picture(seen(file)))
    source = Source.PAGES if len(pages) > 1 else Source.PICTURE
    return Opened(tuple(pictures), source, numbers, len(pages))


def _pages(file: Image.Image) -> Iterator[int]:
    """List the directories that are pages, and no smaller copies of one."""
    for number in range(MOST_TIFF_PAGES):
        try:
            file.seek(number)
        except Exception:  # a broken page ends the document, not what was before it
            return
        if not int(getattr(file, "tag_v2", {}).get(NEW_SUBFILE_TYPE, 0)) & 1:
            yield number


def _drawn(page: Any, most_pixels: int) -> Picture:
    width, height = page.get_size()
    scale = max(PIXELS_PER_POINT, LEAST_SIDE / max(width, height))
    scale = min(scale, math.sqrt(most_pixels / (width * height)) * 0.99)
    return Picture(page.render(scale=scale).to_pil().convert("RGB"))
