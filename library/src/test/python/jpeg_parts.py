"""JPEG pictures at a half, a quarter and an eighth of their size, for the tests of org.resnet4j.image.codec.jpeg.JpegPartDecoder.

Versions: Python 3.11, pillow 12.3.0 (libjpeg-turbo 3.1.4.1), numpy 2.4.6. Seed: 20250507.
Run from the repository's root:  python library/src/test/python/jpeg_parts.py
Writes library/src/test/resources/image: parts/*.jpg, and parts.gz, which holds what Pillow's draft mode makes of them
(big-endian: the number of records; then the name, the reduction, and width, height, 3, samples).
"""

import gzip
import io
import struct
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path("library/src/test/resources/image")
RANDOM = np.random.default_rng(20250507)
WIDTH, HEIGHT = 107, 75

y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
planes = [
    128 + 80 * np.sin((x * (c + 1) + y * 2) / 9.0) + (x > WIDTH / 2) * 30 - (y > HEIGHT / 3) * 50 for c in range(3)
]
noise = RANDOM.integers(-12, 13, (HEIGHT, WIDTH, 3))
picture = Image.fromarray(np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8))
gray = picture.convert("L")

FILES = {
    "420.jpg": (picture, dict(subsampling="4:2:0")),
    "422.jpg": (picture, dict(subsampling="4:2:2")),
    "444.jpg": (picture, dict(subsampling="4:4:4")),
    "rgb.jpg": (picture, dict(keep_rgb=True, subsampling="4:4:4")),
    "gray.jpg": (gray, dict()),
    "420-restarts.jpg": (picture, dict(subsampling="4:2:0", restart_marker_blocks=3)),
    "420-rough.jpg": (picture, dict(subsampling="4:2:0", quality=15)),
    "420-fine.jpg": (picture, dict(subsampling="4:2:0", quality=99, optimize=True)),
    "420-progressive.jpg": (picture, dict(subsampling="4:2:0", progressive=True)),
    "422-progressive.jpg": (picture, dict(subsampling="4:2:2", progressive=True, quality=95)),
    "444-progressive.jpg": (picture, dict(subsampling="4:4:4", progressive=True)),
    "gray-progressive.jpg": (gray, dict(progressive=True)),
    "420-progressive-restarts.jpg": (picture, dict(subsampling="4:2:0", progressive=True, restart_marker_blocks=3)),
}

(OUT / "parts").mkdir(exist_ok=True)
records = []
for name, (image, options) in FILES.items():
    file = io.BytesIO()
    image.save(file, "JPEG", **{"quality": 85, **options})
    (OUT / "parts" / name).write_bytes(file.getvalue())
    for reduction in (2, 4, 8):
        reduced = Image.open(io.BytesIO(file.getvalue()))
        reduced.draft(None, (WIDTH // reduction, HEIGHT // reduction))
        reduced = reduced.convert("RGB")
        assert reduced.size == (-(-WIDTH // reduction), -(-HEIGHT // reduction)), (name, reduction, reduced.size)
        encoded = name.encode()
        records.append(
            struct.pack(">H", len(encoded))
            + encoded
            + struct.pack(">iiii", reduction, *reduced.size, 3)
            + reduced.tobytes()
        )
packed = struct.pack(">i", len(records)) + b"".join(records)
(OUT / "parts.gz").write_bytes(gzip.compress(packed, 9, mtime=0))
