"""Questions that the bot declines: who a stranger is, and what an identity document says."""

import re

from bot.errors import DeclinedError
from bot.locales import sentences as s

# In English and the languages of the guides. A question counts only to its end: to ask who wrote
# a book, or what colour a passport has, is in order.
_PERSON = (
    r"(?:person|people|man|woman|men|women|guys?|girls?|boys?|lady|celebrity"
    r"|persona|hombre|mujer|pessoa|homem|mulher|persoan\w+|bărbat\w*|feme\w+"
    r"|personen|mannen|damen|kvinnen)"
)
_WHO = re.compile(
    rf"""
    (?: \b (?: who \s* (?:is|are|'s|’s|was) \s+
        (?: this|that|these|those|he|she|they | (?:the|this|that|these|those) \s+ {_PERSON} )
      | (?:identify|recogni[sz]e|name) \s+
        (?: him|her | (?:this|that|the|these|those) \s+ {_PERSON} )
      | what (?:\s+ is|'s|’s) \s+ (?: his|her | (?:this|that|the) \s+ {_PERSON} ['’]s )
        \s+ name
      | qui[eé]n(?:es)? \s+ (?:es|son) \s+ (?:[eé]st?[aeo]s?|[eé]l|ella) (?: \s+ {_PERSON} )?
      | quem \s+ (?:é|s[ãa]o) \s+ (?:est[ae]s?|ess[ae]s?|el[ae]s?) (?: \s+ {_PERSON} )?
      | cine \s+ (?:e|este|sunt) \s+ (?:acest|aceast|ace|el|ea)\w* (?: \s+ {_PERSON} )?
      | hvem \s+ er \s+ (?:dette|denne|disse|han|hun|de) (?: \s+ {_PERSON} )?
      )
      | (?:这|那|這|他|她) \s* (?:个|個|位)? \s* (?:人)? \s* 是 \s* (?:谁|誰)
    )
    (?: \s+ (?:in|on|na|no|en|în|på) \s+ (?:\w+\s+)?
        (?:picture|photo|image|foto\w*|imagen|imagem|imagine\w*|bildet) )?
    \W* $
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Norwegian's own word for a passport is English for much else: it counts as Norwegians put it.
_DOCUMENT = (
    r"(?:passport(?!\s+(?:control|office))|driv\w+(?:'s|’s)?\s+licen[cs]e|identity\s+card"
    r"|id[\s-]card"
    r"|pasaporte|passaporte|pașaport\w*|pasaport\w*|førerkort\w*|护照|護照|身份证|身分證"
    r"|\b(?:passet|passnummer\w*|(?:et|dette|mitt|ditt|hans|hennes)\s+pass)\b)"
)
_READ = re.compile(
    r"(?:\b(?:read|copy|transcribe|extract|verify|check|validate|numbers?|real|fake|genuine|valid"
    r"|lee|leer|copia|número|ler|lê|leia|citește|numărul|les|kopier|nummer\w*)\b|读|讀|号|號|真)",
    re.IGNORECASE,
)


def check_question(question: str) -> None:
    """Raise DeclinedError where a question asks who somebody is, or to read an identity document.

    A document that the words do not tell of is recognised by what is read out of it.
    """
    question = " ".join(question.split())  # many spaces in a row would keep the patterns busy
    if _WHO.search(question):
        raise DeclinedError(s.NO_NAMES)
    if re.search(_DOCUMENT, question, re.IGNORECASE) and _READ.search(question):
        raise DeclinedError(s.NO_DOCUMENTS)
