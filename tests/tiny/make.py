"""Make the tiny checkpoint's tokenizer anew: `python -m tests.tiny.make`.

It works as the real one does (a BPE with byte fallback, words begin with ▁, the same control
tokens), with a vocabulary just large enough for English.
"""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, processors, trainers

from inference import TASKS, ModelKind

FOLDER = Path(__file__).parent
BYTES = [f"<0x{value:02X}>" for value in range(256)]
CONTROL = ("<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>", "<|image|>")


def make_tokenizer() -> Tokenizer:
    """Train the tokenizer on the task table's own wording."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=640,
        special_tokens=["<unk>", "<s>", "</s>", *BYTES],
        initial_alphabet=[chr(code) for code in range(33, 127)],
        show_progress=False,
    )
    asked = [task.words(kind=ModelKind.DEMO) for task in TASKS.values()]
    words = [word for words in asked for word in words.split()]
    tokenizer.train_from_iterator(words, trainer)
    tokenizer.add_special_tokens(
        [AddedToken(token, rstrip=token in ("<|assistant|>", "<|image|>")) for token in CONTROL]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)]
    )
    return _with_plain_bytes(tokenizer)


def _with_plain_bytes(tokenizer: Tokenizer) -> Tokenizer:
    # The trainer makes the bytes control tokens; they are text.
    fields = json.loads(tokenizer.to_str())
    fields["added_tokens"] = [
        token for token in fields["added_tokens"] if token["content"] not in BYTES
    ]
    return Tokenizer.from_str(json.dumps(fields))


if __name__ == "__main__":
    made = make_tokenizer()
    made.save(str(FOLDER / "tokenizer.json"), pretty=False)
    ids = {token: made.token_to_id(token) for token in ("<|end|>", "<|endoftext|>", "<|image|>")}
    print(made.get_vocab_size(), "tokens", ids)
