"""Rare kinds of pictures and reference pixels for the tests of org.resnet4j.image.

Versions: Python 3.11, pillow 12.3.0, numpy 2.4.6. Seed: 20261128.
Run from the repository's root, after image_fixtures.py:  python library/src/test/python/image_corner_fixtures.py
Writes library/src/test/resources/image/corners.gz: int count, and for each picture text name, int length, the file,
int width, int height, int channels, samples as Pillow decodes them (big-endian).
"""

import gzip
import io
import struct
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


def files():
    yield from lossless_webp()


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
