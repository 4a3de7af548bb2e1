"""Rare kinds of pictures and reference pixels for the tests of org.resnet4j.image.

Versions: Python 3.11, pillow 12.3.0, numpy 2.4.6. Seed: 20261128.
Run from the repository's root, after image_fixtures.py:  python library/src/test/python/image_corner_fixtures.py
Writes library/src/test/resources/image/corners.gz: int count, and for each picture text name, int length, the file,
int width, int height, int channels, samples as Pillow decodes them (big-endian).
"""

import gzip
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

OUT = Path("library/src/test/resources/image/corners.gz")
RANDOM = np.random.default_rng(20261128)


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def photo(width, height, channels=3, noise=30):
    """Slopes, an edge, and noise: every decoder stage has something to do."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    planes = []
    for c in range(channels):
        plane = 128 + 90 * np.sin((x * (c + 1) + y * 2) / 7.0) + (x > width / 2) * 30 - (y > height / 3) * 50
        planes.append(plane + RANDOM.integers(-noise, noise + 1, plane.shape))
    return Image.fromarray(np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8))


def icon(width, height, colors):
    """Few colors, some of them transparent."""
    palette = RANDOM.integers(0, 256, (colors, 4), dtype=np.uint8)
    palette[:, 3] = RANDOM.choice([0, 255], colors)
    numbers = RANDOM.integers(0, colors, (height, width))
    numbers[: height // 3] = 0
    return Image.fromarray(palette[numbers])


def lossless_webp():
    for colors in (1, 2, 3, 4, 5, 16, 17, 18, 64, 200, 255, 256, 257):
        for exact in (False, True):
            name = f"icon-{colors}-{'exact' if exact else 'plain'}.webp"
            yield name, saved(icon(29, 23, colors), "WEBP", lossless=True, exact=exact, method=colors % 7)
    for size in ((1, 1), (1, 48), (48, 1), (3, 192), (70, 37)):
        yield "photo-%dx%d.webp" % size, saved(photo(*size, 4), "WEBP", lossless=True, exact=True, method=6)
    smooth = photo(60, 40, noise=2)
    for method in range(7):
        yield f"method-{method}.webp", saved(smooth, "WEBP", lossless=True, method=method, quality=100)
    frames = [icon(40, 30, 40) for _ in range(3)]
    yield "icons.webp", saved(frames[0], "WEBP", lossless=True, save_all=True, append_images=frames[1:])


def bmp_header(size, image, bits, compression, colors=b"", top_down=False):
    """A header of that size; all fields that tell sizes or places of data are 0."""
    width, height = image
    if size == 12:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        height = -height if top_down else height
        fields = (size, width, height, 1, bits, compression, 0, 2835, 2835, len(colors) // 4, 0)
        header = struct.pack("<IiiHHIIiiII", *fields).ljust(size, b"\0")
    return b"BM" + bytes(12) + header + colors


def noise(count):
    return RANDOM.integers(0, 256, count, dtype=np.uint8).tobytes()


def run_lengths(width, rows, nibbles):
    """Runs, pixels as they are, moves, and rows that end early."""
    data = b""
    for _ in range(rows):
        x = 0
        while x < width:
            length = int(RANDOM.integers(1, 9))
            kind = int(RANDOM.integers(0, 6))
            if kind == 0 and x + 4 <= width:
                data += bytes([0, 4]) + noise(2 if nibbles else 4)
                length = 4
            elif kind == 1 and x + length < width:
                data += bytes([0, 2, length, 0])
            elif kind == 2 and x > 0:
                break
            else:
                data += bytes([length]) + noise(1)
            x += length
        data += b"\0\0"
    return data + b"\0\1"


def bitmaps():
    size = (19, 13)
    for bits in (1, 4, 8):
        stride = (size[0] * bits + 31) // 32 * 4
        colors = noise(4 << bits)
        for header in (40, 64, 108, 124):
            top = header == 124
            yield f"os2-windows-{header}-{bits}.bmp", bmp_header(header, size, bits, 0, colors, top) + noise(stride * 13)
        small = noise(3 << bits)
        yield f"os2-12-{bits}.bmp", bmp_header(12, size, bits, 0) + small + noise(stride * 13)
    for name, header in (("os2", 64), ("windows", 40)):
        yield f"{name}-rows.bmp", bmp_header(header, size, 24, 0) + noise(60 * 13)
        yield f"{name}-runs-8.bmp", bmp_header(header, size, 8, 1, noise(1024)) + run_lengths(19, 13, False)
        yield f"{name}-runs-4.bmp", bmp_header(header, size, 4, 2, noise(64)) + run_lengths(19, 13, True)
    yield "runs-top-down.bmp", bmp_header(40, size, 8, 1, noise(1024), True) + run_lengths(19, 13, False)
    masks = struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)
    yield "masks-32.bmp", bmp_header(40, size, 32, 3) + masks + noise(76 * 13)
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    yield "masks-16.bmp", bmp_header(40, size, 16, 3) + masks + noise(40 * 13)
    yield "few-colors.bmp", bmp_header(40, size, 8, 0, noise(40)) + bytes(i % 12 for i in range(20 * 13))
    gray = b"".join(bytes([i, i, i, 0]) for i in range(100))
    yield "few-grays.bmp", bmp_header(40, size, 8, 0, gray) + bytes(i % 120 for i in range(20 * 13))


def jpeg_without(data, marker):
    """The file without its segments of a kind."""
    kept, at = data[:2], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        kept += b"" if data[at + 1] == marker else data[at:end]
        at = end
    return kept + data[at:]


def xmp(orientation, as_element=False):
    if as_element:
        return b"<x:xmpmeta><tiff:Orientation>%d</tiff:Orientation></x:xmpmeta>" % orientation
    return b'<x:xmpmeta><rdf:Description tiff:Orientation="%d"/></x:xmpmeta>' % orientation


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def png_text(kind, content):
    """A PNG with one more chunk behind its header."""
    data = saved(photo(14, 9), "PNG")
    crc = zlib.crc32(kind + content)
    return data[:33] + struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc) + data[33:]


def metadata():
    picture = photo(14, 9)
    for name in ("jpg", "webp"):
        form = {"jpg": "JPEG", "webp": "WEBP"}[name]
        for orientation in (1, 3, 6, 8):
            yield f"xmp-{orientation}.{name}", saved(picture, form, xmp=xmp(orientation))
        yield f"xmp-element.{name}", saved(picture, form, xmp=xmp(5, True))
        yield f"xmp-beside-exif.{name}", saved(picture, form, xmp=xmp(6), exif=exif(1))
        yield f"xmp-and-exif.{name}", saved(picture, form, xmp=xmp(6), exif=exif(8))
    key = b"XML:com.adobe.xmp\0"
    yield "xmp-international.png", png_text(b"iTXt", key + b"\0\0\0\0" + xmp(6))
    yield "xmp-compressed.png", png_text(b"iTXt", key + b"\1\0en\0key\0" + zlib.compress(xmp(8, True)))
    yield "xmp-plain.png", png_text(b"tEXt", key + xmp(7))
    digits = b"\nexif\n      20\n" + exif(6).hex().encode() + b"\n"
    yield "raw-profile.png", png_text(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(digits))


def motion_jpegs():
    for subsampling in (0, 1, 2):
        yield f"motion-{subsampling}.jpg", jpeg_without(saved(photo(45, 33), "JPEG", subsampling=subsampling), 0xC4)
    yield "motion-gray.jpg", jpeg_without(saved(photo(45, 33).convert("L"), "JPEG"), 0xC4)


def files():
    yield from lossless_webp()
    yield from bitmaps()
    yield from metadata()
    yield from motion_jpegs()


def decoded(data):
    return ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")


def text(value):
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


def record(name, data):
    image = decoded(data)
    size = struct.pack(">iii", *image.size, 3)
    return text(name) + struct.pack(">i", len(data)) + data + size + image.tobytes()


def main():
    records = [record(name, data) for name, data in files()]
    OUT.write_bytes(gzip.compress(struct.pack(">i", len(records)) + b"".join(records), 9, mtime=0))


if __name__ == "__main__":
    main()
