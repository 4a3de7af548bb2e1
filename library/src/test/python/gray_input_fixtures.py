"""What a network of one channel gets from a colored picture.

Versions: Python 3.11, pillow 12.3.0, torch 2.13.0 (CPU), torchvision 0.28.0, numpy 2.4.6. Seed: 20261129.
Run from the repository's root:  python library/src/test/python/gray_input_fixtures.py
Writes library/src/test/resources/image/evaluation-gray.gz: int count, and for each case: int resize size, int input size,
text interpolation, the picture (int width, height, channels, samples), and the floats; big-endian.
"""

import gzip
import struct
from pathlib import Path

import numpy as np
import torch

torch.library.register_fake = lambda *a, **k: (lambda f: f)
from PIL import Image  # noqa: E402
from torchvision import transforms  # noqa: E402

OUT = Path("library/src/test/resources/image/evaluation-gray.gz")
RANDOM = np.random.default_rng(20261129)


def text(value):
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


def record(width, height, resize, side, name, channels):
    shape = (height, width, 3) if channels == 3 else (height, width)
    source = Image.fromarray(RANDOM.integers(0, 256, shape).astype(np.uint8))
    pipeline = transforms.Compose(
        [
            transforms.Resize(resize, transforms.InterpolationMode[name]),
            transforms.CenterCrop(side),
            transforms.ToTensor(),
            transforms.Normalize(0.5, 0.25),
        ]
    )
    values = pipeline(source.convert("L"))  # as timm opens it; torchvision's Grayscale does the same
    assert torch.equal(values, pipeline(transforms.Grayscale()(source)))
    return (
        struct.pack(">ii", resize, side)
        + text(name)
        + struct.pack(">iii", width, height, channels)
        + np.asarray(source).tobytes()
        + values.numpy().astype(">f4").tobytes()
    )


def main():
    records = [
        record(*case)
        for case in [
            (60, 45, 18, 16, "BILINEAR", 3),
            (45, 60, 18, 16, "BICUBIC", 3),
            (21, 22, 24, 17, "BILINEAR", 3),
            (40, 40, 12, 15, "BILINEAR", 3),
            (50, 31, 19, 16, "NEAREST", 3),
            (50, 31, 19, 16, "BICUBIC", 1),
        ]
    ]
    OUT.write_bytes(gzip.compress(struct.pack(">i", len(records)) + b"".join(records), 9, mtime=0))


if __name__ == "__main__":
    main()
