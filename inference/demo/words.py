"""Invented words. Those for training and those for testing are disjoint by construction."""

import hashlib
from enum import StrEnum
from random import Random

CONSONANTS = "bcdfghjklmnpqrstvwxyz"
VOWELS = "aeiou"


class Split(StrEnum):
    """Whether a picture is for learning or for an examination."""

    TRAIN = "train"
    TEST = "test"


def split_of(word: str) -> Split:
    """Tell which side a word belongs to: one in eight is kept for testing, whatever its case."""
    digest = hashlib.blake2b(word.lower().encode(), digest_size=1).digest()
    return Split.TEST if digest[0] % 8 == 0 else Split.TRAIN


def invent_word(rng: Random, split: Split, shortest: int = 3, longest: int = 7) -> str:
    """Invent a word of lower-case letters."""
    while True:
        word = _letters(rng, rng.randint(shortest, longest))
        if split_of(word) is split:
            return word


def invent_words(rng: Random, split: Split, count: int, shortest: int, longest: int) -> list[str]:
    """Invent words that all differ."""
    words: dict[str, None] = {}
    while len(words) < count:
        words[invent_word(rng, split, shortest, longest)] = None
    return list(words)


def _letters(rng: Random, length: int) -> str:
    word = ""
    while len(word) < length:
        is_vowel_next = bool(word) and word[-1] in CONSONANTS
        if rng.random() < 0.12:  # now and then a cluster, so that no rule can replace reading
            is_vowel_next = not is_vowel_next
        word += rng.choice(VOWELS if is_vowel_next else CONSONANTS)
    return word
