"""A stranger's file becomes an upright RGB picture, or one clear error."""

import pickle
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageStat

from inference import (
    NotAPictureError,
    PictureDamagedError,
    PictureTooLargeError,
    decode_picture,
)
from inference.pictures import MAX_KEPT_PIXELS
from tests.inference.pictures.drawing import (
    animation,
    chunk,
    encode,
    grey_png,
    pdf,
    scene,
    tiff,
    two_tone,
    with_chunks,
)

FORMS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"]
XMP_ON_ITS_SIDE = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


@pytest.fixture(autouse=True, scope="module")
def _heif_is_written():
    pillow_heif.register_heif_opener()


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


@pytest.mark.parametrize("form", FORMS)
def test_every_supported_format_is_read(form):
    picture = decode_picture(encode(two_tone(), form))
    assert picture.image.mode == "RGB"
    assert picture.image.size == (40, 20)
    red, _, blue = picture.image.getpixel((5, 10))
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_rgb(mode):
    image = Image.new(mode, (9, 7), 40000) if mode == "I;16" else two_tone(mode)
    form = "TIFF" if mode == "CMYK" else "PNG"
    assert decode_picture(encode(image, form)).image.mode == "RGB"


def test_a_printers_jpeg_has_the_colours_that_are_seen():
    seen = decode_picture(encode(two_tone("CMYK"), "JPEG", quality=95)).image
    assert difference(seen, two_tone()) < 8


def test_a_phone_picture_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    picture = decode_picture(encode(two_tone(), "PNG", exif=exif))
    assert picture.image.size == (20, 40)
    assert picture.image.getpixel((10, 5)) == (255, 0, 0)
    assert picture.image.getpixel((10, 35)) == (0, 0, 255)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_brought_upright(form, orientation):
    upright = scene()
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    assert difference(decode_picture(encode(stored, form, exif=exif)).image, upright) < 4


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_a_transparent_picture_is_brought_upright_too(form):
    stored = scene().convert("RGBA")
    stored.putpixel((0, 0), (0, 0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6
    width, height = scene().size
    assert decode_picture(encode(stored, form, exif=exif)).image.size == (height, width)


def test_deep_grey_with_a_transparent_value_is_brought_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = Image.new("I;16", (30, 20), 9000)
    assert decode_picture(encode(stored, "PNG", exif=exif, transparency=7)).image.size == (20, 30)


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "TIFF", "AVIF"])
def test_an_orientation_that_an_editor_left_in_xmp_turns_nothing(form):
    options = {"tiffinfo": {700: XMP_ON_ITS_SIDE}} if form == "TIFF" else {"xmp": XMP_ON_ITS_SIDE}
    assert decode_picture(encode(scene(), form, **options)).image.size == scene().size


def test_an_orientation_in_a_pngs_words_turns_nothing():
    words = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP_ON_ITS_SIDE)
    assert decode_picture(with_chunks(encode(scene(), "PNG"), words)).image.size == scene().size


def test_exif_that_nobody_can_read_hides_no_picture():
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x09\xff\xff\xff\xff"
    assert decode_picture(encode(scene(), "JPEG", exif=exif)).image.size == scene().size


@pytest.mark.parametrize(
    "words",
    [
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(99)), checksum=1),
        chunk(b"pHYs", bytes(9), checksum=1),
        chunk(b"gAMA", bytes(4), checksum=1),
        chunk(b"tEXt", b"Comment\0a cat", checksum=1),
        chunk(b"tRNS", bytes(6), checksum=1),
        chunk(b"gAMA", b"?"),
        chunk(b"iCCP", b"profile\0\7nonsense"),
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(3_000_000))),
        chunk(b"tEXt", b"workflow\0" + bytes(70_000_000)),
        chunk(b"zTXt", b"Raw\0\0" + zlib.compress(bytes(30_000_000))),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(30_000_000))),
        chunk(b"acTL", b"?"),
        chunk(b"fcTL", b"?"),
    ],
    ids=lambda words: f"{words[4:8].decode()} of {len(words)} bytes",
)
def test_what_a_png_carries_beside_its_pixels_hides_them_not(words):
    seen = decode_picture(with_chunks(encode(scene(), "PNG"), words)).image
    assert difference(seen, scene()) == 0


def test_a_png_whose_checksums_are_wrong_is_shown():
    png = encode(scene(), "PNG")
    assert difference(decode_picture(png[:29] + b"oops" + png[33:]).image, scene()) == 0


@pytest.mark.parametrize("lost", range(1, 13))
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_a_file_that_lost_its_last_bytes_shows_the_whole_picture(form, lost):
    whole = encode(scene(), form)
    seen = decode_picture(whole[:-lost]).image
    assert difference(seen, decode_picture(whole).image) < 3


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_half_a_file_shows_what_is_there(form):
    whole = scene().resize((400, 300))
    noise = Image.effect_noise(whole.size, 60).convert("RGB")
    options = {"interlace": False} if form == "GIF" else {}
    data = encode(Image.blend(whole, noise, 0.3), form, **options)
    seen = decode_picture(data[: len(data) * 6 // 10]).image
    first = (0, 200, 400, 300) if form == "BMP" else (0, 0, 400, 100)  # a BMP begins at its foot
    assert seen.size == whole.size
    assert difference(seen.crop(first), decode_picture(data).image.crop(first)) < 3


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_which_no_pixel_is_left_is_damaged(form):
    data = encode(scene(), form)
    with pytest.raises((PictureDamagedError, NotAPictureError)):
        decode_picture(data[:60])


@pytest.mark.parametrize("data", [b"", b"hello", b"BMW is a car", b"<svg></svg>", b"\x00" * 4096])
def test_other_bytes_are_not_a_picture(data):
    with pytest.raises(NotAPictureError, match="not a picture"):
        decode_picture(data)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_its_brightness(form, order):
    values = [[0, 40000], [65535, 20000]]
    data = tiff(values, "H", order) if form == "TIFF" else grey_png(values, 16)
    grey = decode_picture(data).image.convert("L")
    seen = [grey.getpixel(place) for place in ((0, 0), (1, 0), (0, 1), (1, 1))]
    assert seen == pytest.approx([0, 156, 255, 78], abs=1)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("H", [[0, 2048], [4095, 1024]]),  # a sensor of 12 bits
        ("h", [[-1000, 0], [1000, -500]]),
        ("i", [[0, 50_000], [100_000, 25_000]]),
        ("f", [[0.0, 0.5], [1.0, 0.25]]),
        ("f", [[-40.0, 0.0], [40.0, -20.0]]),
    ],
)
def test_depths_without_a_range_of_their_own_are_spread_from_black_to_white(kind, values, order):
    grey = decode_picture(tiff(values, kind, order)).image.convert("L")
    seen = [grey.getpixel(place) for place in ((0, 0), (1, 0), (0, 1), (1, 1))]
    assert seen == pytest.approx([0, 128, 255, 64], abs=1)


def test_numbers_without_a_range_are_told_to_be_damaged():
    with pytest.raises(PictureDamagedError):
        decode_picture(tiff([[float("nan"), float("nan")]], "f", "<"))


def test_of_an_animation_the_first_frame_is_shown():
    frames = animation(["red", "green", "blue"])
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode_picture(data).image.getpixel((0, 0)) == (255, 0, 0)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    bomb = encode(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(PictureTooLargeError, match=r"too many pixels|20000 × 20000"):
        decode_picture(bomb)
    with pytest.raises(PictureTooLargeError, match="40 × 20 pixels"):
        decode_picture(encode(two_tone(), "PNG"), max_pixels=799)


def test_the_photo_of_a_phone_with_64_megapixels_is_read_at_half_its_size():
    photo = encode(Image.new("RGB", (9248, 6936), "teal"), "JPEG", quality=1)
    picture = decode_picture(photo).image
    assert picture.size == (4624, 3468)
    assert MAX_KEPT_PIXELS >= 4624 * 3468


def test_what_discord_shows_is_read_up_to_its_last_pixel():
    largest = encode(Image.new("1", (9500, 9500)), "PNG")
    assert decode_picture(largest).image.size == (4750, 4750)
    with pytest.raises(PictureTooLargeError):
        decode_picture(encode(Image.new("1", (9501, 9500)), "PNG"))


def test_equal_pixels_have_one_digest_whatever_file_they_came_in():
    png, bmp = decode_picture(encode(two_tone(), "PNG")), decode_picture(encode(two_tone(), "BMP"))
    assert png.digest == bmp.digest
    turned = decode_picture(encode(two_tone().rotate(180), "PNG"))
    assert turned.digest != png.digest


def test_a_picture_travels_between_processes():
    picture = decode_picture(encode(two_tone(), "PNG"))
    again = pickle.loads(pickle.dumps(picture))
    assert again.digest == picture.digest


def test_a_document_shows_its_first_page():
    picture = decode_picture(pdf("one", "two")).image
    assert picture.size == (1344, 672)
    assert picture.convert("L").getextrema() == (0, 255)


CASES = Path(__file__).parents[4] / "shared" / "cases" / "pictures"


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases from the public world are not here")
@pytest.mark.parametrize("name", [file.name for file in sorted(CASES.glob("*"))])
def test_each_case_from_the_public_world_shows_something(name):
    low, high = decode_picture((CASES / name).read_bytes()).image.convert("L").getextrema()
    assert high - low > 60
