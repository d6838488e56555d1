"""Put an answer behind Discord's spoiler bars."""

from dataclasses import replace

from bot.replies.compose import Answer


def behind_spoiler(answer: Answer) -> Answer:
    """Cover each message of an answer, and its file; at most four characters longer each."""
    file = answer.file and (f"SPOILER_{answer.file[0]}", answer.file[1])
    return replace(
        answer,
        content=cover(answer.content),
        more=tuple(cover(content) for content in answer.more),
        file=file,
    )


def cover(text: str) -> str:
    """Cover text; bars within it, even in a code block, would end the cover."""
    return f"||{text.replace('||', '|∣')}||" if text else ""
