"""The chat format: a conversation → the pieces of its prompt."""

import re
from collections.abc import Iterable, Iterator

from transformers.utils.chat_template_utils import render_jinja_template

# The checkpoints' own template takes plain strings; this one takes lists of parts as well, and
# numbers the pictures through the conversation.
CHAT_TEMPLATE = """\
{%- set pictures = namespace(count=0) -%}
{%- for message in messages -%}
{{- '<|' + message['role'] + '|>\n' -}}
{%- if message['content'] is string -%}
{{- message['content'] -}}
{%- else -%}
{%- for part in message['content'] -%}
{%- if part['type'] == 'image' -%}
{%- set pictures.count = pictures.count + 1 -%}
{{- '<|image_' ~ pictures.count ~ '|>\n' -}}
{%- else -%}
{{- part['text'] -}}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
{{- '<|end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt and messages[-1]['role'] != 'assistant' -%}
{{- '<|assistant|>\n' -}}
{%- endif -%}
"""
WORDS = "\0"
"""Stands in an outline where a turn's words come."""

_IMAGE_TAG = re.compile(r"<\|image_(\d+)\|>")
_CONTROL = re.compile(r"(<\|\w+\|>)")


def pieces(prompt: str) -> list[str | int]:
    """Split a prompt into its texts and, between them, the numbers of its pictures.

    The first and the last piece are texts. The original tokenises each text on its own, so each
    begins with a BOS.
    """
    parts = _IMAGE_TAG.split(prompt)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def outline(turns: Iterable[tuple[str, int]]) -> list[str | int]:
    """Return the pieces of a conversation, of which only the roles and picture counts are known.

    A turn's words come after its pictures, and then the answer is to begin.
    """
    conversation = [
        {"role": role, "content": [*[{"type": "image"}] * count, {"type": "text", "text": WORDS}]}
        for role, count in turns
    ]
    (prompt,), _ = render_jinja_template(
        [conversation], chat_template=CHAT_TEMPLATE, add_generation_prompt=True
    )
    return pieces(prompt)


def controls(text: str) -> Iterator[tuple[str, str]]:
    """Split a text of an outline into control tokens, each with the words that come after it.

    What comes before the first stands by an empty one.
    """
    parts = ["", *_CONTROL.split(text)]
    return zip(parts[::2], parts[1::2], strict=True)
