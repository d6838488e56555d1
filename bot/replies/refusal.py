"""Recognise when the model itself says that it will not answer."""

import re

_REFUSAL = re.compile(
    r"""
      (?:i['’]m|i\ am)\ (?:really\ |very\ )?sorry,?\ (?:but\ )?(?:i|as)\b
    | (?:unfortunately,?\ )?i\ (?:can(?:['’]t|not|\ not)|won['’]t|am\ (?:unable|not\ able)\ to)
      \ (?:help|assist|provide|identify|comply|answer|fulfil)
    | i['’]m\ (?:unable|not\ able)\ to\ (?:help|assist|provide|identify|comply|answer|fulfil)
    | as\ an\ ai\b
    | (?:lo\ siento|desculpe|îmi\ pare\ rău|beklager),?\ (?:pero\ no|mas\ não|dar\ nu|men\ jeg)\b
    | (?:抱歉|对不起|對不起)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_refusal(text: str) -> bool:
    """Tell whether an answer begins as the model's refusals do."""
    return _REFUSAL.match(text.lstrip()) is not None
