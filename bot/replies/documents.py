"""Recognise an identity document by what is read out of it, where no question told."""

import re

from bot.errors import DeclinedError
from bot.locales import sentences as s

_MACHINE_READABLE = re.compile(
    r"(?<![A-Z0-9<]) [PVIAC][A-Z0-9<] [A-Z<]{3} [A-Z0-9<]{3,} << [A-Z0-9<]{10,}", re.VERBOSE
)
"""A first line as ICAO 9303 lays it out: kind, country, then names or a number, filled up."""

_NAME = re.compile(
    r"""
    passport | driv(?:er|ing)(?:['’]?s)?\ licen[cs]e | (?:identity|identification|id)[\ -]card
    | pasaporte | permiso\ de\ conducir | (?:documento\ nacional|cédula)\ de\ identidad
    | passaporte | carteira\ (?:nacional\ )?de\ (?:habilitação|identidade)
    | pașaport | permis\ de\ conducere | carte\ de\ identitate
    | førerkort | nasjonalt\ id-kort
    | 护照 | 護照 | 身份证 | 身分證 | 驾驶证 | 駕駛執照
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IS_ONE = re.compile(
    rf"""
    (?:this|it|(?:in\ )?the\ (?:picture|image|photo|photograph|scan|document))
    (?: \ is | ['’]s | \ (?:shows|depicts|displays|contains|features|appears\ to\ (?:be|show)) )
    (?: \ (?:an?|the|of|from|front|back|side|page|open|opened|valid|expired|specimen|sample
        |picture|image|photo|photograph|scan|scanned|copy|close-up|(?-i:[A-Z])[\w.'’-]*) ){{0,8}}
    \ (?:{_NAME.pattern})
    (?! s?\ (?:cover|holder|photo|stamp|control|office|application|renewal|case|wallet|logo|icon) )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Said of the whole picture at the very beginning; a passport in somebody's hand is no matter."""

_FIELD = re.compile(
    r"""
    \b(?: surname | given\ names? | nationality | date\ of\ (?:birth|issue|expiry)
      | place\ of\ birth | (?:passport|document|licen[cs]e)\ n(?:o|umber)\b | issuing\ authority
      | DOB | EXP | ISS | apellidos | nacionalidad | fecha\ de\ nacimiento | nacionalidade
      | data\ de\ nascimento
      | prenume | cetățenie | CNP | etternavn | fødselsnummer | fødselsdato
    ) \b | \b4[abcd]\.(?!\d) | 姓名 | 性别 | 性別 | 出生 | 号码 | 號碼
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIELDS_OF_A_DOCUMENT = 3


def check_answer(text: str) -> None:
    """Raise DeclinedError where an answer, finished or not, is about an identity document.

    A form that only asks for the number of one is none.
    """
    if _MACHINE_READABLE.search(text) or _IS_ONE.match(text.lstrip()) or _has_its_fields(text):
        raise DeclinedError(s.NO_DOCUMENTS)


def _has_its_fields(text: str) -> bool:
    fields = {match[0].casefold() for match in _FIELD.finditer(text)}
    return len(fields) >= _FIELDS_OF_A_DOCUMENT and any(map(_is_title, text.splitlines()))


def _is_title(line: str) -> bool:
    words = line.strip(" *#:.")
    if words.upper() == words:  # in capitals, or in a script without them
        return _NAME.search(words) is not None
    return all(_NAME.fullmatch(part.strip()) for part in words.split("/"))
