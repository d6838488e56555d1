"""`python -m tests.hostile.browser FOLDER …`: our pictures beside those that Chromium shows.

The folders are searched for files of every format that we read. Get them, for example, with
`pip download --no-binary :all: --no-deps pillow` and `apt-get source --download-only libpng1.6`,
and unpack them. Needs Debian's `chromium`. `--store` keeps what it shows of the pictures that the
tests draw, beside this file.
"""

import argparse
import io
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from inference import InferenceError, Opened, Source, decode_pictures, picture_format
from inference.pictures.ground import DARK, LIGHT
from tests.hostile.drawn import drawn

SIDE = 64
FARTHEST = 8.0
"""Of 255: the mean difference between two thumbnails that are still the same picture."""
SHARE = 0.99
DRAWN = 100
ROW = 10
STORED = Path(__file__).with_name("chromium.webp")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
PAGE = """<!doctype html><script>
async function show(number) {
  const image = new Image()
  image.src = "/file/" + number
  try { await image.decode() } catch { return null }
  const most = Math.max(image.naturalWidth, image.naturalHeight)
  const share = Math.min(1, 2048 / most)
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(image.naturalWidth * share))
  canvas.height = Math.max(1, Math.round(image.naturalHeight * share))
  const context = canvas.getContext("2d")
  context.imageSmoothingQuality = "high"
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return await new Promise(done => canvas.toBlob(done))
}
(async () => {
  const count = await (await fetch("/count")).json()
  for (let number = 0; number < count; number++)
    await fetch("/seen/" + number, {method: "POST", body: await show(number) ?? ""})
  await fetch("/done", {method: "POST"})
})()
</script>"""


Rule = Callable[[bytes, Image.Image, Opened | None], bool]


@dataclass(frozen=True)
class Comparison:
    """A file, and how far our picture of it is from Chromium's."""

    difference: float | None
    """Of 255; None where we show nothing."""
    excuse: str = ""
    """Why we show it otherwise on purpose, or as Chromium alone does."""

    @property
    def is_right(self) -> bool:
        """Tell whether people see what we see."""
        return self.difference is not None and self.difference <= FARTHEST


def seen_by_chromium(files: Sequence[bytes]) -> list[Image.Image | None]:
    """Show the files in a headless Chromium; None for those that it does not show."""
    seen: list[Image.Image | None] = [None] * len(files)
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            *_, kind, number = ("", *self.path.rsplit("/", 1))
            answers = {"/": PAGE.encode(), "/count": json.dumps(len(files)).encode()}
            is_file = self.path.startswith("/file/")
            self._answer(files[int(number)] if is_file else answers.get(self.path, b""), kind)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if body:
                seen[int(self.path.rsplit("/", 1)[1])] = Image.open(io.BytesIO(body))
            if self.path == "/done":
                done.set()
            self._answer(b"")

        def _answer(self, body: bytes, _: str = "") -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            if self.path == "/":
                self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        address = f"http://127.0.0.1:{server.server_port}/"
        browser = subprocess.Popen(
            [shutil.which("chromium") or "chromium", *OPTIONS, f"--user-data-dir={home}", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not done.wait(1):
            if browser.poll() is not None:
                raise RuntimeError("Chromium ended before it had shown all pictures.")
        browser.terminate()
        browser.wait()
    server.shutdown()
    return seen


def thumbnail(image: Image.Image) -> Image.Image:
    """Shrink a picture to a small square, whatever its shape."""
    return image.resize((SIDE, SIDE), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two thumbnails, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def compare(name: str, data: bytes, seen: Image.Image) -> Comparison:
    """Hold our picture of a file against Chromium's, on the ground that we lay it on.

    Of an animation, Chromium shows the first frame: the nearest of ours counts.
    """
    try:
        opened = decode_pictures(data, most=8)
    except InferenceError:
        opened = None
    far = (
        min((nearest(picture.image, seen) for picture in opened.pictures), default=None)
        if (opened)
        else None
    )
    comparison = Comparison(far)
    if comparison.is_right:
        return comparison
    named = (reason for ending, reason in NAMED.items() if name.endswith(ending))
    ruled = (reason for reason, rule in EXCEPTIONS.items() if rule(data, seen, opened))
    return Comparison(far, next(itertools.chain(named, ruled), ""))


def nearest(ours: Image.Image, seen: Image.Image) -> float:
    """Return the difference of two pictures on the ground on which they differ less."""
    clear = seen.convert("RGBA")
    grounds = [Image.new("RGBA", clear.size, ground) for ground in (LIGHT, DARK)]
    laid = [Image.alpha_composite(ground, clear).convert("RGB") for ground in grounds]
    return min(difference(thumbnail(ours), thumbnail(image)) for image in laid)


def _has_own_colours(data: bytes, _: Image.Image, __: Opened | None) -> bool:
    return any(mark in data for mark in COLOURS)


def _turns_by_exif(data: bytes, _: Image.Image, __: Opened | None) -> bool:
    return data[:4] in (b"\x89PNG", b"RIFF") and (b"eXIf" in data or b"EXIF" in data)


def _begins_blank(_: bytes, __: Image.Image, opened: Opened | None) -> bool:
    return opened is not None and opened.source is Source.FRAMES and 1 not in opened.numbers


def _is_broken(data: bytes, _: Image.Image, opened: Opened | None) -> bool:
    try:
        Image.open(io.BytesIO(data)).load()
    except Exception:
        return opened is not None
    return False


def _is_rare_bmp(data: bytes, _: Image.Image, opened: Opened | None) -> bool:
    return opened is None and data.startswith(b"BM")


def _is_nothing(_: bytes, seen: Image.Image, __: Opened | None) -> bool:
    return seen.convert("RGBA").getchannel("A").getextrema() == (0, 0)


EXCEPTIONS: dict[str, Rule] = {
    "gAMA, cHRM, cICP and colour profiles are ignored": _has_own_colours,
    "EXIF turns PNG and WebP, too: people mean upright": _turns_by_exif,
    "an animation that begins with next to nothing is seen later": _begins_blank,
    "what is missing of a broken file is black, in Chromium clear": _is_broken,
    "a header of a BMP that Pillow does not read": _is_rare_bmp,
    "Chromium draws nothing: HDR without a GPU, or all of it is clear": _is_nothing,
}
COLOURS = (b"gAMA", b"iCCP", b"cICP", b"ICC_PROFILE\0", b"ICCP", b"colrprof", b"colrrICC")
NAMED = {
    "bmp/b/badrle.bmp": "pixels that break off: what is missing is black, in Chromium clear",
    "images/mmap_error.bmp": "pixels that break off: what is missing is black, in Chromium clear",
    "apng/chunk_no_fdat.png": "a second frame without pixels; the picture in its stead is shown",
    "apng/sequence_repeat_chunk.png": "frames out of order; the picture in their stead is shown",
    "apng/chunk_multi_actl.png": "of two animation headers, Chromium believes the second",
    "crashers/badadler.png": "one colour and a wrong checksum of it: nothing is told from a fill",
}


def stored(number: int) -> Image.Image:
    """Return what Chromium showed of a drawn picture: a thumbnail, clear where that is."""
    with Image.open(STORED) as sheet:
        left, top = _place(number)
        return sheet.crop((left, top, left + SIDE, top + SIDE))


def store(seen: Sequence[Image.Image | None]) -> None:
    """Keep what Chromium shows of the drawn pictures."""
    sheet = Image.new("RGBA", (SIDE * ROW, SIDE * -(-len(seen) // ROW)))
    for number, image in enumerate(seen):
        assert image is not None, f"Chromium does not show drawn picture {number}"
        sheet.paste(thumbnail(image.convert("RGBA")), _place(number))
    sheet.save(STORED, lossless=True, method=6)


def _place(number: int) -> tuple[int, int]:
    return SIDE * (number % ROW), SIDE * (number // ROW)


def pictures_under(folders: Iterable[Path]) -> dict[str, bytes]:
    """Find every file of a format that we read, each once."""
    found: dict[bytes, str] = {}
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and picture_format(data := file.read_bytes()):
                found.setdefault(data, str(file.relative_to(folder)))
    return {name: data for data, name in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare all pictures under the folders; 1 if too few are seen as Chromium shows them."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.browser", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args(arguments)
    if options.store:
        store(seen_by_chromium([drawn(number) for number in range(DRAWN)]))
    pictures = pictures_under(options.folders)
    seen = seen_by_chromium(list(pictures.values()))
    shown = {
        name: compare(name, data, image)
        for (name, data), image in zip(pictures.items(), seen, strict=True)
        if image is not None
    }
    otherwise = {name: one for name, one in shown.items() if not one.is_right}
    for name, one in sorted(otherwise.items(), key=lambda item: item[1].excuse):
        far = "not read" if one.difference is None else f"{one.difference:.1f} of 255"
        print(f"{name}: {far}: {one.excuse or 'WRONG'}")
    excused = sum(bool(one.excuse) for one in otherwise.values())
    right, judged = len(shown) - len(otherwise), len(shown) - excused
    print(
        f"{len(pictures):,} files, of which Chromium shows {len(shown):,}: {right:,} are the same "
        f"here, {excused} differ for a reason, {judged - right} are wrong "
        f"({right / max(judged, 1):.1%} of those without a reason are right)."
    )
    return 0 if right >= SHARE * judged else 1


if __name__ == "__main__":
    sys.exit(main())
