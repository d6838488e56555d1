"""Tell from its form what an answer is; what people may ask is never decided here."""

import re

_LONGEST = 400
"""Characters: a refusal is short, and a letter that begins like one is not."""

_DO = (
    r"(?:answer|assist|help|provide|identify|comply|fulfil|describe|process|see|view|read"
    r"|transcribe|recogni[sz]e|perform|extract|discuss|engage|determine|do\ that|offer|make)"
)
_CANNOT = (
    r"i\ ?(?:(?:can(?:['’]t|not|\ not)|am\ (?:unable|not\ able)\ to|['’]m\ (?:unable|not\ able)\ to"
    r"|won['’]t|will\ not|do\ not\ feel\ comfortable)\b)"
)
_REFUSAL = re.compile(
    rf"""
      (?: (?:i['’]m|i\ am)? \ ?(?:so\ |very\ |really\ )? sorry | i\ apologi[sz]e | my\ apologies
        | unfortunately ) ,? (?:\ but)? ,? \ (?:as\ an\ ai[^,.]{{0,60}},\ )? {_CANNOT} \ {_DO}\b
    | {_CANNOT} \ (?:answer|assist|help|comply|fulfil|provide|identify)\b
    | (?:i['’]m\ sorry,?\ (?:but\ )?|sorry,\ )? as\ an\ ai\b
    | i\ am\ the\ small\ demo\ model;
    | (?:es\ tut\ mir\ leid|entschuldigung|leider)\b ,? (?:\ aber)? \ (?:ich\ kann|kann\ ich)\b
      .{{0,200}} \b(?:nicht|keine?)\b
    | (?:je\ suis\ )? désolée?\b ,? (?:\ mais)? \ je\ ne\ (?:peux|suis)\b
    | lo\ siento ,? (?:\ pero)? \ no\ puedo\b
    | (?:desculpe|sinto\ muito|lamento) ,? (?:\ mas)? \ (?:eu\ )?não\ (?:posso|consigo)\b
    | îmi\ pare\ rău ,? (?:\ dar)? \ nu\ pot\b
    | beklager ,? (?:\ men)? \ (?:jeg\ kan\ ikke|kan\ jeg\ ikke)\b
    | (?:申し訳(?:ありません|ございません)|すみません|ごめんなさい) [^。\n]{{0,40}}
      (?:できません|できかねます|お答えできない)
    | (?:很|非常)?(?:抱歉|遗憾|遺憾)[，,]? (?:但)? (?:我|本人)? (?:无法|無法|不能)
    | (?:对不起|對不起)[，,]? (?:但)? 我 (?:无法|無法|不能)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ANSWERED_AFTER_ALL = re.compile(
    r",? but (?:it|this|that|there|he|she|they|the (?:image|picture|photo|person)) ", re.IGNORECASE
)
_SOMETHING = (
    r"(?:visible\ |readable\ |legible\ |discernible\ |written\ |clear\ |recogni[sz]able\ )*"
    r"(?:text|words|writing|letters|tables?|charts?|tabular\ data|data|numbers)"
)
_IN_IT = (
    r"(?:in|on|within)\ (?:the|this)\ (?:provided\ )?(?:image|picture|photo|photograph)"
    r"(?:\ provided)?"
)
_ABSENCE = re.compile(
    rf"""
      there\ (?:is|are|['’]s)\ (?:no|not\ any)\ {_SOMETHING}
        (?:\ or\ {_SOMETHING})? (?:\ (?:visible|present|shown|to\ \w+))? (?:\ {_IN_IT})? \s*[.,]
    | there\ (?:is|are)n['’]t\ any\ {_SOMETHING} (?:\ {_IN_IT})? \s*[.,]
    | (?:the|this)\ (?:image|picture|photo|photograph)
        \ (?:does\ not|doesn['’]t)\ (?:appear\ to\ )? (?:contain|have|show|include|display)
        \ (?:any\ |a\ )? {_SOMETHING}
    | (?:the|this)\ (?:image|picture|photo|photograph)\ (?:contains|has|shows)\ no\ {_SOMETHING}
    | no\ {_SOMETHING}\ (?:is|are|was|were|can\ be)
        \ (?:visible|present|found|shown|seen|detected|available)\b
    | i\ (?:see|can\ see|find|found|could\ find)\ no\ {_SOMETHING}
    | i\ (?:can(?:['’]t|not)|could\ not|do\ not|don['’]t)\ (?:see|find|detect)\ any\ {_SOMETHING}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_RETELLING = re.compile(
    r"""
    (?:in\ |on\ )? (?:the|this) \ (?:provided\ |given\ |attached\ )?
    (?:image|picture|photo|photograph|screenshot|bar\ chart|chart|graph|table|document)
    (?: ,\ | \ (?:you\ provided\ |provided\ )? )
    (?: contains | shows | displays | depicts | features | presents | appears\ to | captures
      | consists\ of | includes | there\ (?:is|are) | we\ (?:can\ )?see | i\ (?:can\ )?see
      | you\ (?:can\ )?see | is\ an?\ (?:image|picture|photo|photograph|chart|graph|table
        |screenshot|scan|close-up|page|document|collage|black|color|colour|digital|bar|line) )\b
    | the\ text\ (?:in|on)\ (?:the|this)\ (?:image|picture|photo|sign|label)
      \ (?:is|reads|says|appears|states|consists|includes|contains)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_refusal(text: str) -> bool:
    """Tell whether a short answer begins as the model's refusals do, in any language of ours."""
    text = text.strip()
    begins = _REFUSAL.match(text) if len(text) <= _LONGEST and "\n" not in text else None
    return begins is not None and not _ANSWERED_AFTER_ALL.search(text, begins.end())


def is_absence(text: str) -> bool:
    """Tell whether an answer says that there is nothing to copy."""
    text = text.strip()
    return len(text) <= _LONGEST and _ABSENCE.match(text) is not None


def is_retelling(text: str) -> bool:
    """Tell whether an answer tells about a picture in sentences instead of copying it."""
    text = text.strip()
    first, more, _ = text.partition("\n")
    is_sentence = not more or first.rstrip().endswith((".", "!", "?", ":", '"', "”", ",", ";"))
    return is_sentence and _RETELLING.match(text) is not None
