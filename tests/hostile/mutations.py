"""Ways to make a sound picture hostile."""

import struct
import zlib
from collections.abc import Callable
from random import Random

from tests.hostile import bombs
from tests.hostile.seeds import sound_pictures

EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Numbers at which lengths, counts and sizes go wrong."""
PNG = b"\x89PNG\r\n\x1a\n"
STRANGERS = (b"PK\x03\x04", b"%PDF-1.7\n", b"<svg onload=alert(1)>", b"MZ\x90\0", b"\x7fELF", b"#!")

Mutation = Callable[[Random, bytes], bytes]


def mutant(seed: int, number: int) -> bytes:
    """Make one hostile file; the same seed and number always make the same file."""
    random = Random(f"{seed}:{number}")
    if random.random() < 0.05:
        return random.choice(bombs.BOMBS)(random)
    data = random.choice(sound_pictures())
    for mutation in random.sample(MUTATIONS, random.choice((1, 1, 1, 2, 3))):
        data = mutation(random, data)
    return with_right_checksums(data) if random.random() < 0.7 else data


def with_right_checksums(data: bytes) -> bytes:
    """Recompute the checksums of a PNG, so that its damage gets past them; leave other files."""
    if not data.startswith(PNG):
        return data
    result, place = bytearray(data), len(PNG)
    while place + 12 <= len(data):
        end = place + 8 + struct.unpack_from(">I", data, place)[0]
        if end + 4 > len(data):
            break
        struct.pack_into(">I", result, end, zlib.crc32(data[place + 4 : end]))
        place = end + 4
    return bytes(result)


def _truncate(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _flip_bytes(random: Random, data: bytes) -> bytes:
    result = bytearray(data)
    for _ in range(random.choice((1, 3, 10, 60)) if result else 0):
        result[random.randrange(len(result))] ^= 1 << random.randrange(8)
    return bytes(result)


def _set_number(random: Random, data: bytes) -> bytes:
    """Write an edge number over sizes, counts and offsets, most of which stand at the front."""
    size, order = random.choice((1, 2, 4)), random.choice(("big", "little"))
    number = (random.choice(EDGES) & (1 << 8 * size) - 1).to_bytes(size, order)
    reach = min(len(data), random.choice((32, 64, 256, 4096)))
    place = random.randrange(max(1, reach - size))
    return data[:place] + number + data[place + size :]


def _cut_out(random: Random, data: bytes) -> bytes:
    first, second = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[second:]


def _repeat(random: Random, data: bytes) -> bytes:
    first, second = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:second] + data[first:second] * random.choice((1, 2, 50)) + data[second:]


def _insert_noise(random: Random, data: bytes) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.randbytes(random.choice((1, 8, 5000))) + data[place:]


def _mislabel(random: Random, data: bytes) -> bytes:
    """Begin like another format."""
    length = random.choice((4, 8, 12, 16, 32))
    return random.choice(sound_pictures())[:length] + data[length:]


def _be_two_files(random: Random, data: bytes) -> bytes:
    other = random.choice((*sound_pictures(), *STRANGERS))
    return random.choice((data + other, other + data, data[: len(data) // 2] + other))


def _swap_parts(random: Random, data: bytes) -> bytes:
    """Go on like another picture."""
    other = random.choice(sound_pictures())
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other)) :]


MUTATIONS: tuple[Mutation, ...] = (
    _truncate,
    _flip_bytes,
    _set_number,
    _cut_out,
    _repeat,
    _insert_noise,
    _mislabel,
    _be_two_files,
    _swap_parts,
)
