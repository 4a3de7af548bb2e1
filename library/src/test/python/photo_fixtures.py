"""Scores from a JPEG file by timm's networks behind timm's transforms: the whole path.

Made with Python 3.11, torch 2.13.0 (CPU), timm 1.0.29, pillow 12.3.0, numpy 2.4; there is no random source, so no seed:
weights are those of prediction_fixtures.py. The picture is pytorch/scene.jpg of preparation_fixtures.py. Command line:

    python library/src/test/python/photo_fixtures.py library/src/test/resources

Writes pytorch/photo.json: for each network "config" (config.json, as timm writes it for its default weights; of most with
a smaller input_size, as time is short) and "logits", computed in float64 from timm's input in float32: their L2 norm and
those at indices j * 1000 // 20. "spread" says how far the scores of the same picture upside down are away, and "float32"
how far PyTorch itself is off in float32, both relative to the root mean square of the scores.
"""

import json
import pathlib
import sys
import tempfile

import torch

torch.library.register_fake = lambda *a, **k: lambda f: f
import timm  # noqa: E402
from PIL import Image, ImageOps  # noqa: E402
from timm.data import create_transform, resolve_model_data_config  # noqa: E402
from timm.models._hub import save_config_for_hf  # noqa: E402

from prediction_fixtures import COUNT, initialize  # noqa: E402
from pytorch_fixtures import apart, summary  # noqa: E402

SIZES = {
    "resnet18": 224, "resnet34": 160, "resnet50": 224, "resnext50_32x4d": 128, "resnext101_32x4d": 96,
    "wide_resnet50_2": 96, "resnet50d": 224, "seresnet18": 160, "seresnet50": 160, "seresnext50_32x4d": 128,
    "resnetv2_50": 224,
}


def fixture(name, size, picture):
    model = timm.create_model(name, pretrained_cfg_overlay={"input_size": (3, size, size)}).eval()
    initialize(model, False)
    transform = create_transform(**resolve_model_data_config(model))
    images = [transform(image).unsqueeze(0) for image in (picture, ImageOps.flip(picture))]
    with torch.no_grad():
        single = model.float()(images[0])
        logits, flipped = (model.double()(image.double()) for image in images)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "config.json"
        save_config_for_hf(model, path)
        config = json.loads(path.read_text())
    return {
        "name": name, "spread": float(f"{apart(logits, flipped):.2g}"), "float32": float(f"{apart(logits, single):.2g}"),
        "config": config, "logits": summary(logits, COUNT),
    }


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1]) / "pytorch"
    picture = Image.open(folder / "scene.jpg").convert("RGB")
    lines = []
    for name, size in SIZES.items():
        result = fixture(name, size, picture)
        lines.append("  " + json.dumps(result, separators=(",", ":")))
        print(name, size, "spread", result["spread"], "float32", result["float32"], flush=True)
    text = f'{{\n"torch": "{torch.__version__}",\n"timm": "{timm.__version__}",\n"networks": [\n' + ",\n".join(lines)
    (folder / "photo.json").write_text(text + "\n]\n}\n")


if __name__ == "__main__":
    main()
