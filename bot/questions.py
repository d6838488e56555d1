"""Questions that the bot declines: who a stranger is, and what an identity document says."""

import re

from bot.errors import DeclinedError
from bot.locales import sentences as s

# In the languages that the bot speaks. A question counts only to its end: to ask who wrote a book,
# or what colour a passport has, is in order.
_PERSON = (
    r"(?:person|people|man|woman|men|women|guys?|girls?|boys?|lady|celebrity|child|children|kids?"
    r"|persona|hombre|mujer|pessoa|homem|mulher|persoan\w+|bărbat\w*|feme\w+"
    r"|personen|mannen|damen|kvinnen)"
)
# Apart, for a "Kind" and a "type" are no people in English.
_GERMAN_PERSON = (
    r"(?:der|die|das|den|des|diese[rsn]?)\s+"
    r"(?:person(?:en)?|leute|mensch(?:en)?|mann(?:es)?|männer|frau(?:en)?|herrn?|damen?"
    r"|jungen?|mädchen|kind(?:e[rs])?|typ(?:en)?)"
)
_FRENCH_PERSON = (
    r"(?:(?:ce|cet|cette|ces|le|la|les)\s+|l['’])"
    r"(?:personnes?|gens|hommes?|femmes?|monsieur|messieurs|dames?|filles?|garçons?|enfants?"
    r"|types?|mecs?|célébrités?)"
)
_JAPANESE_PERSON = (
    r"(?:彼ら?|彼女(?:たち|ら)?|(?:この|その|あの|写真の|画像の|絵の|写って(?:い)?る)"
    r"(?:人物?|方|男|女|男性|女性|男の子|女の子|子供?|子ども|少年|少女)(?:たち|達)?)"
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

      | wer \s+ (?:ist|sind|war|waren) \s+ (?: (?:denn|da|eigentlich) \s+ )?
        (?: er|sie|der|die|das|dies|diese[rs]? | {_GERMAN_PERSON} )
        (?: \s+ (?:denn|da|hier|eigentlich) )?
      | wie \s+ hei(?:ß|ss)(?:t|en) \s+ (?: er|sie | {_GERMAN_PERSON} )
      | wie \s+ (?:ist|lautet) \s+ (?: (?:sein|ihr) \s+ name | der \s+ name \s+ {_GERMAN_PERSON} )
      | (?:erkennst \s+ du|identifiziere) \s+ (?: ihn | {_GERMAN_PERSON} )
      | (?: ihn | {_GERMAN_PERSON} ) \s+ (?:erkennen|identifizieren)

      | qui \s+ (?:est|sont|était|étaient)
        (?: [\s-] (?:ce|il|elle|ils|elles|celui-ci|celle-ci) | \s+ {_FRENCH_PERSON} )
      | (?: ^ | {_FRENCH_PERSON} ,? \s+ ) (?: qui \s+ c['’]est | c['’]est \s+ qui (?: \s+ ça )? )
      | c['’]est \s+ qui ,? \s+ {_FRENCH_PERSON}
      | comment \s+ (?:s['’]appell|se \s+ nomm)e(?:nt)?
        (?: -t-elle|-t-il|-elles|-ils | \s+ {_FRENCH_PERSON} )
      | quel \s+ est \s+ (?: son \s+ nom | le \s+ nom \s+ de \s+ {_FRENCH_PERSON} )
      | (?:identifi|reconna|nomm)\w+ (?: -(?:tu|vous|moi) )? \s+ {_FRENCH_PERSON}
      )
      | (?:这|那|這|他|她) \s* (?:个|個|位)? \s* (?:男|女)? (?:人|生|士|孩子?)?
        \s* 是 \s* (?:谁|誰)

      | (?: (?:これ|それ|あれ|こちら|{_JAPANESE_PERSON})
          (?:は|って|が)? (?:いったい|一体)? (?:誰|だれ|どなた)
        | {_JAPANESE_PERSON} の お? 名前 (?: は (?:何|なん)? | を教えて (?:ください|下さい)? ) )
        (?: です | だ | でしょう | なの )* か? (?:な|ね)?
    )
    (?: \s+ (?:in|on|na|no|en|în|på|auf|im|sur|dans|de) \s+ (?: \w+ (?:\s+|['’]) )?
        (?:picture|photo|image|foto\w*|imagen|imagem|imagine\w*|bild\w*) )?
    (?: ,? \s+ (?:please|bitte|s['’]il \s+ (?:te|vous) \s+ pla[iî]t) )?
    \W* $
    """,
    re.IGNORECASE | re.VERBOSE,
)

_READ = (
    r"\b(?:read|copy|transcribe|extract|verify|check|validate|numbers?|real|fake|genuine|valid)\b"
)
# What a document is called, and what is done to read it: apart, for the Norwegian "les" is French
# for "the", and the German "lies" English. Norwegian's own word for a passport is English for much
# else: it counts as Norwegians put it.
_DOCUMENTS = (
    (
        (
            r"passport(?!\s+(?:control|office))|driv\w+(?:'s|’s)?\s+licen[cs]e|identity\s+card"
            r"|id[\s-]card"
            r"|pasaporte|passaporte|pașaport\w*|pasaport\w*|førerkort\w*|护照|護照|身份证|身分證"
            r"|\b(?:passet|passnummer\w*|(?:et|dette|mitt|ditt|hans|hennes)\s+pass)\b"
        ),
        (
            r"\b(?:lee|leer|copia|número|ler|lê|leia|citește|numărul|les|kopier|nummer\w*)\b"
            r"|读|讀|号|號|真"
        ),
    ),
    (
        (
            r"\b(?:(?:personal)?ausweis|reisepass|führerschein)(?:e[ns]?|s|nummer\w*)?\b"
            r"|\b(?:reisepässen?|(?:diesen|meinen|deinen|seinen|ihren)\s+pass)\b"
        ),
        (
            r"\b(?:lies|lest|(?:ab|aus|vor)?(?:zu)?lesen|(?:ab)?schreib\w*|kopier\w*|was\s+steht"
            r"|(?:über)?prüf\w*|\w*nummer\w*|echt|gefälscht|gültig)\b"
        ),
    ),
    (
        (
            r"(?<!contrôle\sdes\s)\bpasseports?\b"
            r"|\b(?:cartes?(?:\s+nationales?)?|pièces?)\s+d['’]identité\b|\bpermis\s+de\s+conduire\b"
        ),
        (
            r"\b(?:lis|lire|lisez|(?:re)?copi\w+|transcri\w+|extrai\w+|vérifi\w+|numéros?|écrit"
            r"|vrai|faux|authentique|valide|valable)\b"
        ),
    ),
    (
        r"パスポート(?!コントロール)|旅券|免許証|身分証|マイナンバーカード|在留カード",
        r"読|番号|書き写|書き起|抜き出|何[とて]書|を確認|本物|偽|有効",
    ),
)


def _reads_a_document(question: str) -> bool:
    return any(
        re.search(document, question, re.IGNORECASE)
        and re.search(f"{_READ}|{reading}", question, re.IGNORECASE)
        for document, reading in _DOCUMENTS
    )


def check_question(question: str) -> None:
    """Raise DeclinedError where a question asks who somebody is, or to read an identity document.

    A document that the words do not tell of is recognised by what is read out of it.
    """
    question = " ".join(question.split())  # many spaces in a row would keep the patterns busy
    if _WHO.search(question):
        raise DeclinedError(s.NO_NAMES)
    if _reads_a_document(question):
        raise DeclinedError(s.NO_DOCUMENTS)
