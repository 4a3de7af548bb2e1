"""Compares the command's scores of a photograph with timm's, from the file to the scores, for networks of the catalogue.

Needs Python 3.11 with torch 2.13, timm 1.0.29, safetensors and pillow, and a photograph; best of odd size. Command line:

    python library/src/test/python/check_photo.py PHOTO [NAME ...]

For each network: timm makes it (seed 1), batch normalisation gets the statistics of some pictures, disturbed, and random
scales, so that scores depend on the picture as those of a trained network do, timm's own code saves it as a model folder, `./resnet4j predict FOLDER PHOTO --logits --json` is run as a process,
and the scores are compared with those of timm's transform and network in float32. Printed are the largest difference of a
score relative to the root mean square of all, the norm of the differences relative to the scores' norm, how far the scores
of the picture upside down are away, and those of the picture one level of 256 brighter. Ends with 1 if a largest difference
is above 1e-4, or either changes the scores by less than that.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

import torch
from torch import nn

torch.library.register_fake = lambda *a, **k: lambda f: f
import timm  # noqa: E402
from PIL import Image, ImageOps  # noqa: E402
from timm.data import create_transform, resolve_model_data_config  # noqa: E402
from timm.models._hub import save_for_hf  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[4]
TOLERANCE = 1e-4
SEED = 1
NAMES = """
    resnet18 resnet34 resnet50 resnet101 resnet152
    resnext50_32x4d resnext101_32x4d resnext101_32x8d resnext101_64x4d wide_resnet50_2 wide_resnet101_2
    resnet18d resnet34d resnet50c resnet50d resnet101d resnet152d
    seresnet18 seresnet34 seresnet50 seresnet101 seresnet152 seresnext50_32x4d
    resnetv2_50 resnetv2_101 resnetv2_152
""".split()


def network(name):
    """As timm makes it."""
    torch.manual_seed(SEED)
    return timm.create_model(name)


def disturb(model, images):
    """Normalisations with statistics near those of the images, and random scales."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    blocks = [module for module in model.modules() if hasattr(module, "conv2") and not hasattr(module, "fc")]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0, 0.2)
        norm.momentum = 1.0
    for block in blocks:
        last = getattr(block, "bn3", getattr(block, "bn2", None))
        if last is not None:  # so that sums of many blocks do not grow
            last.weight.data /= math.sqrt(len(blocks))
            last.bias.data /= math.sqrt(len(blocks))
    model.train()(images)
    for norm in norms:
        norm.running_mean += 0.1 * norm.running_var.sqrt() * torch.randn_like(norm.running_mean)
        norm.running_var *= torch.empty_like(norm.running_var).uniform_(0.7, 1.4)
    model.eval()


def ours(folder, photo):
    command = [str(ROOT / "resnet4j"), "predict", str(folder), str(photo), "--logits", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return torch.tensor(json.loads(done.stdout.splitlines()[-1])["predictions"][0]["logits"], dtype=torch.float64)


def check(name, photo):
    """Largest difference, norm of the differences, distances of the picture upside down and a level brighter; relative."""
    model = network(name)
    transform = create_transform(**resolve_model_data_config(model))
    picture = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
    others = [ImageOps.flip(picture), picture.point(lambda level: min(level + 1, 255)), ImageOps.invert(picture)]
    images = torch.stack([transform(image) for image in [picture, *others]])
    with torch.no_grad():
        disturb(model, images)
        expected, flipped, brighter = (model(image.unsqueeze(0))[0].double() for image in images[:3])
    with tempfile.TemporaryDirectory() as folder:
        save_for_hf(model, folder, safe_serialization=True)
        difference = ours(folder, photo) - expected
    size = expected.pow(2).mean().sqrt()
    distances = [(other - expected).pow(2).mean().sqrt() / size for other in (flipped, brighter)]
    return [value.item() for value in (difference.abs().max() / size, difference.norm() / expected.norm(), *distances)]


def main():
    photo, names = pathlib.Path(sys.argv[1]), sys.argv[2:] or NAMES
    print(f"{photo.name}, {' x '.join(map(str, Image.open(photo).size))}; timm {timm.__version__}, torch {torch.__version__}")
    print(f"{'network':18} {'largest':>9} {'norm':>9} {'upside down':>12} {'brighter':>9}")
    failed = []
    for name in names:
        largest, norm, flipped, brighter = check(name, photo)
        good = largest <= TOLERANCE < min(flipped, brighter)
        print(f"{name:18} {largest:9.1e} {norm:9.1e} {flipped:12.2f} {brighter:9.1e}{'' if good else '  FAILED'}", flush=True)
        if not good:
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
