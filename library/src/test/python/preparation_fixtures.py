"""What timm's and torchvision's evaluation transforms make of pictures, for the configurations of real weights and a grid.

Made with Python 3.11, torch 2.13.0 (CPU), torchvision 0.28.0, timm 1.0.29, pillow 12.3.0, numpy 2.4; no random source, so
no seed: generated pictures are those of `picture` below, which tests compute again in Java. Command line:

    python library/src/test/python/preparation_fixtures.py library/src/test/resources

Writes pytorch/preparation.json, and pytorch/scene.jpg, a made-up landscape of odd size, unless it is there. Each
configuration has "config" (config.json, as timm writes it), "pictures" and "files": for every generated picture and every
file the CRC-32 of the network's input, float32, big-endian, in height x width x channel order. A file is turned upright
first (Pillow's exif_transpose), which timm and torchvision leave to the caller.

Configurations: those of every weights that timm has for the networks of the catalogue, each kind once; torchvision's,
compared with the configuration that timm has for testing the same weights (its first one is of the size that they were
trained with: 176 pixels for torchvision's second weights); the sizes, crops and filters of GRID; and what timm
takes where keys are missing.

"usual" has what is done for weights that come without a configuration: torchvision's for its first weights of the name,
else timm's for its default weights.
"""

import io
import json
import math
import pathlib
import sys
import tempfile
import types
import zlib

import numpy as np
import torch

torch.library.register_fake = lambda *a, **k: lambda f: f
import timm  # noqa: E402
import torchvision  # noqa: E402
from PIL import Image, ImageOps  # noqa: E402
from timm.data import create_transform, resolve_data_config  # noqa: E402
from timm.models import get_pretrained_cfg  # noqa: E402
from timm.models._hub import save_config_for_hf  # noqa: E402

from prediction_fixtures import LATER, PHOTOGRAPHS  # noqa: E402
from pytorch_fixtures import uniform  # noqa: E402

NAMES = ["resnet" + number for number in PHOTOGRAPHS] + list(LATER)

# Width, height: landscape, portrait, panoramas, smaller than the network's, one pixel more or less, of its very size.
SIZES = [(500, 375), (333, 499), (901, 97), (61, 640), (37, 23), (225, 223), (224, 224), (256, 256), (1, 3), (321, 288)]

FILES = ["rgba.png", "gray.png", "gray-alpha.png", "palette-transparent.png", "gray.jpg", "cmyk-adobe.jpg", "ycck.jpg",
         "progressive.jpg", "orientation-6.jpg", "orientation-5.jpg", "cmyk.tif"]

GRID = [(size, crop, name)
        for size in (160, 224, 256, 288, 320)
        for crop in (0.875, 0.9, 0.95, 0.965, 1.0)
        for name in ("bilinear", "bicubic")]

TORCHVISION = {
    "tv_in1k": torchvision.models.ResNet50_Weights.IMAGENET1K_V1,
    "tv2_in1k": torchvision.models.ResNet50_Weights.IMAGENET1K_V2,
}


def picture(width, height):
    """Slopes that wrap around, so that filters overshoot, and noise."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    noise = np.floor((uniform(width * 10_000 + height, height * width * 3) + 1) * 32).astype(int)
    return Image.fromarray((((c + 2) * x + 3 * y) // 2 + noise.reshape(height, width, 3) & 255).astype(np.uint8))


def scene():
    """Sky, clouds, a sun, hills, a meadow and a fence: soft, sharp and rough places, as photographs have them."""
    width, height = 501, 377
    random = np.random.default_rng(20)

    def clouds(smallest):
        """Noise of all sizes from the picture's to `smallest` pixels, from 0 to 1."""
        total = np.zeros((height, width))
        size = 256
        while size >= smallest:
            coarse = Image.fromarray(random.random((height // size + 2, width // size + 2)).astype(np.float32))
            total += size ** 0.9 * np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
            size //= 2
        return (total - total.min()) / (total.max() - total.min())

    y, x = np.mgrid[0:height, 0:width]
    down = (y / height)[..., None]
    image = np.array([90, 140, 215.0]) * (1 - down) + np.array([225, 225, 205.0]) * down
    cover = np.clip(clouds(4) * 2.6 - 1.2, 0, 1)[..., None]
    image = image * (1 - cover) + np.array([246, 244, 240.0]) * cover
    image = np.where(((x - 395) ** 2 + (y - 70) ** 2 < 27 ** 2)[..., None], [255.0, 236, 150], image)
    for color, base, swing in [((96, 122, 150), 205, 40), ((70, 104, 84), 250, 34)]:
        ridge = base + swing * np.sin(x[0] / 61 + base) + 9 * np.sin(x[0] / 17.0 + swing)
        shade = (0.75 + 0.5 * clouds(2))[..., None]
        image = np.where((y > ridge)[..., None], np.array(color, float) * shade, image)
    grass = (clouds(1) * 0.9 + 0.35 + random.normal(0, 0.08, (height, width)))[..., None]
    image = np.where((y > 300 + 6 * np.sin(x / 40))[..., None], np.array([92, 138, 58.0]) * grass, image)
    fence = ((x % 43 < 9) & (y > 270) & (y < 350)) | ((abs(y - 290) < 4) | (abs(y - 325) < 4)) & (x < 9 + 43 * 9)
    image = np.where(fence[..., None], np.array([158, 118, 82.0]) * (0.8 + 0.4 * clouds(2))[..., None], image)
    out = io.BytesIO()
    Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=85)
    return out.getvalue()


def config_json(architecture, pretrained_cfg):
    """config.json as timm writes it."""
    model = types.SimpleNamespace(pretrained_cfg=pretrained_cfg, num_classes=1000, num_features=2048)
    pretrained_cfg.setdefault("architecture", architecture)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "config.json"
        save_config_for_hf(model, path)
        return json.loads(path.read_text())


def of_timm(config):
    return create_transform(**resolve_data_config(pretrained_cfg=config["pretrained_cfg"]), is_training=False)


def configurations():
    """Name, config.json, transform, whether files are tried, too."""
    seen = set()
    for name in NAMES:
        tags = timm.list_models(f"{name}.*", pretrained=True) or [name]
        for full in tags:
            cfg = get_pretrained_cfg(full).to_dict()
            kind = json.dumps(resolve_data_config(pretrained_cfg=cfg), sort_keys=True)
            if kind not in seen:
                seen.add(kind)
                config = config_json(name, cfg)
                yield full, config, of_timm(config), True
    for tag, weights in TORCHVISION.items():
        cfg = get_pretrained_cfg(f"resnet50.{tag}").to_dict()
        for key in ("input_size", "crop_pct"):
            cfg[key] = cfg.get("test_" + key) or cfg[key]
        config = config_json("resnet50", cfg)
        yield f"torchvision {weights}", config, weights.transforms(), True
    for size, crop, interpolation in GRID:
        config = {"architecture": "resnet18", "num_classes": 1000, "pretrained_cfg": {
            "input_size": [3, size, size], "interpolation": interpolation, "crop_pct": crop, "crop_mode": "center",
            "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}
        yield f"{interpolation} {size} {crop}", config, of_timm(config), False
    bare = {"architecture": "resnet18", "num_classes": 1000, "pretrained_cfg": {"crop_pct": 0.9}}
    yield "all but the crop missing", bare, of_timm(bare), False
    whole = {"input_size": [3, 160, 160], "interpolation": "bilinear", "mean": [0.5, 0.5, 0.5]}
    flat = {"architecture": "resnet18", "num_classes": 1000} | whole
    yield "old form, without pretrained_cfg", flat, of_timm({"pretrained_cfg": whole}), False


def usual(name):
    """Resize size, input size, interpolation, mean, std."""
    weights = torchvision.models.list_models(include=[name], module=torchvision.models)
    if weights:
        first = list(torchvision.models.get_model_weights(name))[0].transforms()
        return {"resize": first.resize_size[0], "input": first.crop_size[0],
                "interpolation": first.interpolation.value, "mean": first.mean, "std": first.std}
    config = resolve_data_config(pretrained_cfg=get_pretrained_cfg(name).to_dict())
    size = config["input_size"][1]
    return {"resize": math.floor(size / config["crop_pct"]), "input": size, "interpolation": config["interpolation"],
            "mean": config["mean"], "std": config["std"]}


def checksum(transform, image):
    values = transform(image).permute(1, 2, 0).contiguous().numpy()
    return zlib.crc32(values.astype(">f4").tobytes())


def main():
    resources = pathlib.Path(sys.argv[1])
    jpeg = resources / "pytorch/scene.jpg"
    if not jpeg.exists():
        jpeg.write_bytes(scene())
    paths = ["pytorch/scene.jpg"] + [f"image/files/{name}" for name in FILES]
    pictures = [picture(*size) for size in SIZES]
    files = [ImageOps.exif_transpose(Image.open(resources / path)).convert("RGB") for path in paths]
    lines = []
    for name, config, transform, with_files in configurations():
        fixture = {
            "name": name, "config": config,
            "pictures": [checksum(transform, image) for image in pictures],
            "files": [checksum(transform, image) for image in files] if with_files else [],
        }
        lines.append("  " + json.dumps(fixture, separators=(",", ":")))
    text = (f'{{\n"torchvision": "{torchvision.__version__}",\n"timm": "{timm.__version__}",\n'
            f'"sizes": {json.dumps([{"width": w, "height": h} for w, h in SIZES])},\n"files": {json.dumps(paths)},\n'
            '"usual": {\n' + ",\n".join(f'  "{name}": {json.dumps(usual(name))}' for name in NAMES) + '\n},\n'
            '"configurations": [\n' + ",\n".join(lines) + "\n]\n}\n")
    (resources / "pytorch/preparation.json").write_text(text)
    print(len(lines), "configurations")


if __name__ == "__main__":
    main()
