"""Pictures and reference pixels for the tests of org.resnet4j.image.

Versions: Python 3.11, pillow 12.3.0, torch 2.13.0 (CPU), torchvision 0.28.0, numpy 2.4.6. Seed: 20250131.
Run from the repository's root:  python library/src/test/python/image_fixtures.py
Writes library/src/test/resources/image: files/* (the pictures), and decode.gz, resize.gz, geometry.gz, evaluation.gz,
normalization.bin (what Pillow and torchvision make of them; big-endian, layouts beside the writers below).
"""

import gzip
import io
import shutil
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import torch

torch.library.register_fake = lambda *a, **k: (lambda f: f)
from PIL import Image, ImageOps  # noqa: E402
from torchvision import transforms  # noqa: E402
from torchvision.transforms import functional  # noqa: E402

OUT = Path("library/src/test/resources/image")
FILES = OUT / "files"
RANDOM = np.random.default_rng(20250131)
FILTERS = {
    "NEAREST": Image.Resampling.NEAREST,
    "BOX": Image.Resampling.BOX,
    "BILINEAR": Image.Resampling.BILINEAR,
    "BICUBIC": Image.Resampling.BICUBIC,
    "LANCZOS": Image.Resampling.LANCZOS,
}


def picture(width, height, channels=3, noise=40):
    """Slopes, an edge, and noise: every decoder stage has something to do."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    planes = []
    for c in range(channels):
        plane = 128 + 90 * np.sin((x * (c + 1) + y * 2) / 7.0) + (x > width / 2) * 30 - (y > height / 3) * 50
        planes.append(plane + RANDOM.integers(-noise, noise + 1, plane.shape))
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def rgb(width, height, noise=40):
    return Image.fromarray(picture(width, height, 3, noise))


def gray(width, height):
    return Image.fromarray(picture(width, height, 1)[:, :, 0])


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg_segments(data):
    """(marker, whole segment) up to the scan; the rest comes as marker 0."""
    at = 2
    while data[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield data[at + 1], data[at:end]
        at = end
    yield 0, data[at:]


def jpeg_edited(data, edit):
    """The file with each segment replaced by edit(marker, segment)."""
    return data[:2] + b"".join(edit(m, s) for m, s in jpeg_segments(data))


def without(marker):
    return lambda m, s: b"" if m == marker else s


def as_440(marker, segment):
    """4:2:2 becomes 4:4:0: the number of blocks of a unit is the same."""
    if marker != 0xC0:
        return segment
    assert segment[11] == 0x21
    return segment[:11] + b"\x12" + segment[12:]


def as_ycck(marker, segment):
    return segment[:-1] + b"\x02" if marker == 0xEE else segment


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png16(samples):
    """A 16-bit PNG; samples is height x width x channels of uint16."""
    height, width, channels = samples.shape
    color = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, color, 0, 0, 0))
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def png_with(data, kind, content):
    """Puts a chunk behind the header."""
    return data[:33] + png_chunk(kind, content) + data[33:]


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def with_alpha(image):
    result = image.copy()
    result.putalpha(gray(*image.size))
    return result


def bmp555(width, height):
    """A 16-bit BMP without masks: 5 bits a channel."""
    stride = (2 * width + 3) // 4 * 4
    rows = b"".join(
        RANDOM.integers(0, 1 << 15, width).astype("<u2").tobytes().ljust(stride, b"\0") for _ in range(height)
    )
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 16, 0, len(rows), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + header + rows


def gif_smaller_than_screen():
    """A frame of 8x6 at (5, 3) of a screen of 20x15."""
    data = bytearray(saved(gray(8, 6).quantize(8), "GIF"))
    frame = data.index(b"\x2c", 13 + (3 << (data[10] & 7) + 1))
    data[6:10] = struct.pack("<HH", 20, 15)
    data[frame + 1 : frame + 5] = struct.pack("<HH", 5, 3)
    return bytes(data)


def animation(**options):
    frames = [rgb(21, 13) for _ in range(3)]
    return {"save_all": True, "append_images": frames[1:], "duration": 40, **options}


def files():
    photo = rgb(37, 23)
    yield "baseline-420.jpg", saved(photo, "JPEG", quality=75)
    yield "baseline-422.jpg", saved(rgb(45, 31), "JPEG", quality=85, subsampling=1)
    yield "baseline-444.jpg", saved(rgb(33, 18), "JPEG", quality=95, subsampling=0)
    yield "baseline-440.jpg", jpeg_edited(saved(rgb(32, 32), "JPEG", subsampling=1), as_440)
    yield "cifar-like.jpg", saved(rgb(32, 32), "JPEG", quality=75)
    yield "low-quality.jpg", saved(rgb(64, 48), "JPEG", quality=10)
    yield "one-pixel.jpg", saved(rgb(1, 1), "JPEG")
    yield "three-by-five.jpg", saved(rgb(3, 5), "JPEG")
    yield "progressive.jpg", saved(rgb(53, 41), "JPEG", quality=80, progressive=True)
    yield "progressive-gray.jpg", saved(gray(29, 31), "JPEG", progressive=True)
    yield "gray.jpg", saved(gray(37, 23), "JPEG", quality=90)
    yield "restart-markers.jpg", saved(rgb(70, 50), "JPEG", restart_marker_blocks=2)
    yield "rgb.jpg", saved(rgb(30, 20), "JPEG", keep_rgb=True)
    yield "untagged-444.jpg", jpeg_edited(saved(rgb(30, 20), "JPEG", subsampling=0), without(0xE0))
    yield "untagged-420.jpg", jpeg_edited(saved(rgb(30, 20), "JPEG"), without(0xE0))
    yield "broken-profile.jpg", saved(rgb(20, 20), "JPEG", icc_profile=b"no profile at all" * 20)
    yield "comment.jpg", saved(rgb(20, 20), "JPEG", comment=b"\xff\xd9 says the comment")
    cmyk = Image.fromarray(picture(35, 22, 4), "CMYK")
    yield "cmyk-adobe.jpg", saved(cmyk, "JPEG", quality=90)
    yield "cmyk-untagged.jpg", jpeg_edited(saved(cmyk, "JPEG", quality=90), without(0xEE))
    yield "ycck.jpg", jpeg_edited(saved(cmyk, "JPEG", quality=90), as_ycck)
    for orientation in range(1, 9):
        yield f"orientation-{orientation}.jpg", saved(rgb(12, 7, 10), "JPEG", exif=exif(orientation))
    yield "orientation-6.png", saved(rgb(12, 7), "PNG", exif=exif(6))
    yield "orientation-8.webp", saved(rgb(12, 7), "WEBP", exif=exif(8), lossless=True)
    yield "orientation-5.tif", saved(rgb(12, 7), "TIFF", exif=exif(5))

    yield "rgb.png", saved(photo, "PNG")
    yield "gray.png", saved(gray(37, 23), "PNG")
    yield "gray-alpha.png", saved(with_alpha(gray(37, 23)), "PNG")
    yield "rgba.png", saved(with_alpha(rgb(37, 23)), "PNG")
    yield "bits-1.png", saved(gray(37, 23).convert("1"), "PNG")
    yield "palette-200.png", saved(photo.quantize(200), "PNG")
    yield "palette-4.png", saved(photo.quantize(4), "PNG")
    yield "palette-transparent.png", saved(photo.quantize(30), "PNG", transparency=bytes(range(0, 240, 8)))
    yield "gray-transparent.png", saved(gray(37, 23), "PNG", transparency=128)
    yield "broken-profile.png", png_with(saved(photo, "PNG"), b"iCCP", b"x\0\0not compressed")
    yield "gamma.png", png_with(saved(gray(20, 20), "PNG"), b"gAMA", struct.pack(">I", 100000))
    yield "rgb-16.png", png16(RANDOM.integers(0, 65536, (9, 14, 3)))
    yield "rgba-16.png", png16(RANDOM.integers(0, 65536, (9, 14, 4)))
    yield "gray-16.png", png16(RANDOM.integers(0, 65536, (9, 14, 1)))
    yield "gray-alpha-16.png", png16(RANDOM.integers(0, 65536, (9, 14, 2)))

    yield "rgb.bmp", saved(photo, "BMP")
    yield "palette.bmp", saved(photo.quantize(17), "BMP")
    yield "gray.bmp", saved(gray(19, 11), "BMP")
    yield "bits-1.bmp", saved(gray(19, 11).convert("1"), "BMP")
    yield "rgba.bmp", saved(with_alpha(rgb(19, 11)), "BMP")
    yield "bits-555.bmp", bmp555(13, 9)

    yield "still.gif", saved(photo.quantize(100), "GIF")
    yield "animated.gif", saved(rgb(21, 13), "GIF", **animation())
    yield "animated-transparent.gif", saved(with_alpha(rgb(21, 13)), "GIF", **animation(disposal=2))
    yield "interlaced.gif", saved(gray(37, 23), "GIF", interlace=1)
    yield "smaller-than-screen.gif", gif_smaller_than_screen()

    yield "lossy.webp", saved(photo, "WEBP", quality=80)
    yield "lossy-odd.webp", saved(rgb(51, 35, 10), "WEBP", quality=50)
    for quality, method in [(0, 0), (10, 6), (50, 0), (75, 4), (95, 6), (100, 4)]:
        yield f"lossy-{quality}-{method}.webp", saved(rgb(75, 50, 25), "WEBP", quality=quality, method=method)
    yield "lossy-one-pixel.webp", saved(rgb(1, 1), "WEBP", quality=80)
    yield "lossy-flat.webp", saved(Image.new("RGB", (64, 64), (200, 120, 40)), "WEBP", quality=90)
    spot = np.full((64, 64, 3), (200, 120, 40), np.uint8)
    spot[20:40, 20:40] = picture(20, 20)
    yield "lossy-spot.webp", saved(Image.fromarray(spot), "WEBP", quality=90)
    yield "lossless.webp", saved(photo, "WEBP", lossless=True)
    yield "lossy-alpha.webp", saved(with_alpha(rgb(36, 24)), "WEBP", quality=80, exact=True)
    yield "lossless-alpha.webp", saved(with_alpha(rgb(36, 24)), "WEBP", lossless=True, exact=True)
    yield "lossless-palette.webp", saved(photo.quantize(6).convert("RGB"), "WEBP", lossless=True)
    yield "animated.webp", saved(rgb(21, 13), "WEBP", **animation(lossless=True))
    yield "broken-profile.webp", saved(photo, "WEBP", lossless=True, icc_profile=b"no profile at all")

    yield "plain.tif", saved(photo, "TIFF")
    yield "lzw.tif", saved(photo, "TIFF", compression="tiff_lzw")
    yield "deflate.tif", saved(photo, "TIFF", compression="tiff_adobe_deflate")
    yield "packbits.tif", saved(photo, "TIFF", compression="packbits")
    yield "gray.tif", saved(gray(19, 11), "TIFF")
    yield "bits-1.tif", saved(gray(19, 11).convert("1"), "TIFF", compression="group4")
    yield "palette.tif", saved(photo.quantize(17), "TIFF")
    yield "rgba.tif", saved(with_alpha(rgb(19, 11)), "TIFF")
    yield "cmyk.tif", saved(Image.fromarray(picture(19, 11, 4), "CMYK"), "TIFF")
    yield "pages.tif", saved(photo, "TIFF", save_all=True, append_images=[rgb(5, 5)])


def decoded(name, data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode.startswith("I"):  # 16-bit grey: Pillow would clip at 255; we keep the upper byte
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    return image.convert("RGB")


def text(value):
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


def raw(image):
    """int width, int height, int channels, samples"""
    samples = np.asarray(image)
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    return struct.pack(">iii", image.size[0], image.size[1], channels) + samples.tobytes()


def write(name, records):
    """int count, records"""
    content = struct.pack(">i", len(records)) + b"".join(records)
    (OUT / name).write_bytes(gzip.compress(content, 9, mtime=0))


def decode_records():
    """text name, picture"""
    records = []
    for name, data in files():
        (FILES / name).write_bytes(data)
        records.append(text(name) + raw(decoded(name, data)))
    return records


def resize_records():
    """picture source, text interpolation, float left, top, right, bottom, picture result"""
    cases = [
        ((13, 9), (7, 5), None),
        ((13, 9), (29, 31), None),
        ((13, 9), (13, 4), None),
        ((13, 9), (5, 9), None),
        ((13, 9), (13, 9), None),
        ((64, 48), (20, 15), None),
        ((50, 37), (3, 2), None),
        ((1, 1), (5, 4), None),
        ((1, 17), (1, 5), None),
        ((17, 1), (6, 3), None),
        ((31, 23), (1, 1), None),
        ((40, 30), (16, 16), (3.25, 1.5, 37.75, 28.125)),
        ((40, 30), (23, 41), (10, 5, 20, 15)),
        ((40, 30), (10, 8), (0.1, 0, 39.9, 30)),
        ((20, 20), (20, 20), (0.5, 0.5, 19.5, 19.5)),
        ((20, 20), (20, 7), (0, 4, 20, 13)),
    ]
    records = []
    for size, target, box in cases:
        for source in (rgb(*size, noise=120), gray(*size)):
            for name, method in FILTERS.items():
                area = box or (0, 0) + size
                result = source.resize(target, method, box=box)
                records.append(raw(source) + text(name) + struct.pack(">ffff", *area) + raw(result))
    return records


def geometry_records():
    """text operation, int a, int b, picture source, picture result"""
    records = []
    for size, (height, width) in [
        ((9, 7), (4, 4)),
        ((9, 7), (3, 6)),
        ((10, 8), (5, 5)),
        ((7, 7), (4, 2)),
        ((5, 6), (8, 9)),
        ((5, 20), (8, 8)),
        ((4, 4), (4, 4)),
        ((6, 9), (6, 7)),
    ]:
        for source in (rgb(*size), gray(*size)):
            result = functional.center_crop(source, [height, width])
            records.append(text("centerCrop") + struct.pack(">ii", width, height) + raw(source) + raw(result))
    for size in [(30, 20), (20, 30), (17, 17), (7, 50), (333, 10)]:
        source = rgb(*size)
        for shorter in (5, 13, 20):
            result = functional.resize(source, shorter)
            records.append(text("resizeShorterSide") + struct.pack(">ii", shorter, 0) + raw(source) + raw(result))
    source = rgb(9, 4)
    records.append(text("flip") + struct.pack(">ii", 0, 0) + raw(source) + raw(functional.hflip(source)))
    records.append(text("gray") + struct.pack(">ii", 0, 0) + raw(source) + raw(source.convert("L")))
    return records


def evaluation_records():
    """int resize size, int input size, text interpolation, picture, floats in height x width x channel order"""
    records = []
    normalize = transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    for size, resize, side, name in [
        ((60, 45), 18, 16, "BILINEAR"),
        ((45, 60), 18, 16, "BICUBIC"),
        ((33, 90), 16, 16, "BICUBIC"),
        ((21, 22), 24, 17, "BILINEAR"),
        ((40, 40), 12, 15, "BILINEAR"),
        ((50, 31), 19, 16, "NEAREST"),
    ]:
        source = rgb(*size)
        pipeline = transforms.Compose(
            [
                transforms.Resize(resize, transforms.InterpolationMode[name]),
                transforms.CenterCrop(side),
                transforms.ToTensor(),
                normalize,
            ]
        )
        values = pipeline(source).permute(1, 2, 0).contiguous().numpy()
        records.append(
            struct.pack(">ii", resize, side) + text(name) + raw(source) + values.astype(">f4").tobytes()
        )
    return records


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    FILES.mkdir(parents=True)
    write("decode.gz", decode_records())
    write("resize.gz", resize_records())
    write("geometry.gz", geometry_records())
    write("evaluation.gz", evaluation_records())
    levels = torch.arange(256, dtype=torch.uint8).reshape(256, 1, 1).expand(256, 1, 3).numpy()
    normalized = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]
    )(levels)
    (OUT / "normalization.bin").write_bytes(normalized.numpy().astype(">f4").tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
