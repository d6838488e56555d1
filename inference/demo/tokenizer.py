"""A small tokenizer in the manner of Llama's: words that the answers use, letters, bytes."""

import re
import string

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from transformers import PreTrainedTokenizerFast

from inference.demo.follow_up_wordings import FOLLOW_UPS
from inference.demo.question_wordings import QUESTIONS
from inference.demo.questions import NO_DIFFERENCE, NO_TABLE, NO_TEXT, REFUSAL
from inference.demo.scenes import COLOURS, NUMBERS, PLACES, SHAPES, SIZES

UNKNOWN, BEGIN, END = "<unk>", "<s>", "</s>"
SPECIAL = ("<|endoftext|>", "<|assistant|>", "<|user|>", "<|end|>", "<|system|>", "<|image|>")
SPACE = "▁"
BAR, RULE = f"{SPACE}|", "---"
"""What Markdown's tables are drawn with."""
PIECE = rf"{SPACE}?(?:[A-Za-z]+|\|)|{RULE}|[\s\S]"
SENTENCES = (
    REFUSAL,
    NO_TEXT,
    NO_TABLE,
    NO_DIFFERENCE,
    "The title of the book is and the author is in the first picture",
    "The author of the book is and in the second picture",
    "The value of is",
    "The highest value is and the lowest is",
    "A bar chart with the title label value",
    "There is one shape and there are shapes",
    "Only the second picture has a",
    "The first picture is a book cover and the second picture is a scene",
    "a signpost a price list a table",
    *COLOURS,
    *SIZES,
    *NUMBERS,
    *PLACES,
    *SHAPES,
    *(f"{shape}s" for shape in SHAPES),
    "crosses",
    "Yes, they are the same",
    "No, they are different",
    "It is an",
    "The other one is upper lower left right last",
    "The first name of the author is",
    "The title of the chart is and has bars two words",
    "by",
    "is higher",
    "A signpost to: km to the left, to the right, straight ahead",
    "It is and There is one place, There are places",
    "The nearest is, The farthest is",
    "A price list with the title item price",
    "costs and at The cheapest is, The dearest is, is cheaper",
    "The title of the list is and items",
    "A table with columns and rows",
    "The columns are",
)


def build_tokenizer() -> PreTrainedTokenizerFast:
    """Build the tokenizer: a known word is one token, any other is spelled letter by letter."""
    pieces = [UNKNOWN, BEGIN, END, *(f"<0x{byte:02X}>" for byte in range(256)), SPACE]
    pieces += [character for character in string.printable if character.isprintable()][:-1]
    pieces += sorted(_words() - set(pieces))
    vocabulary = {piece: token for token, piece in enumerate(pieces)}
    tokenizer = Tokenizer(
        models.BPE(
            vocabulary,
            [],
            unk_token=UNKNOWN,
            byte_fallback=True,
            ignore_merges=True,
            fuse_unk=True,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PIECE), "isolated")
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace(SPACE, " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tokenizer.add_special_tokens(
        [
            AddedToken(token, rstrip=token == "<|assistant|>", normalized=False, special=True)
            for token in (UNKNOWN, BEGIN, END, *SPECIAL)
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A",
        pair=f"{BEGIN} $A {BEGIN} $B",
        special_tokens=[(BEGIN, vocabulary[BEGIN])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BEGIN,
        eos_token="<|endoftext|>",
        pad_token="<|endoftext|>",
        unk_token=UNKNOWN,
        extra_special_tokens=["<|system|>", "<|end|>", "<|user|>"],
        padding_side="right",
        clean_up_tokenization_spaces=False,
    )


def _words() -> set[str]:
    every = [*QUESTIONS.values(), *FOLLOW_UPS.values()]
    questions = [text for wordings in every for text in (*wordings.seen, *wordings.typed)]
    first = {word for question in questions for word in re.findall("^[A-Za-z]+", question)}
    found = (re.findall(r"(?:(?<=\s)|^)[A-Za-z]+", text) for text in [*SENTENCES, *questions])
    return (
        first | {SPACE + word for words in found for word in words} | {"value", "price", BAR, RULE}
    )
