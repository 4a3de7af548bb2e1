"""Scores of every network of the catalogue in evaluation, from PyTorch in float64.

Made with Python 3.11, torch 2.13.0 (CPU), numpy 2.4; there is no random source, so no seed: every value comes from the
counter-based generator of pytorch_fixtures.py, which tests compute again in Java. Command line:

    python library/src/test/python/prediction_fixtures.py library/src/test/resources/pytorch

Writes predictions.json. "logits" is the L2 norm of the scores [batch, classes] and all of them if there are at most 20,
else those at flat indices j * size // 20; "spread" says how far the scores of the first and the last image are apart,
and "float32" how far PyTorch itself is off in float32, both relative to the root mean square of the scores.

Values, with u a number in [-1, 1) of the stream. Number of the stream: the index of the parameter among
named_parameters(); BUFFERS + index among running means and variances; IMAGES.

    convolution            sqrt(6 / (in * kernel^2)) * u
    norm scale (gamma)     1 + 0.2 u, of the last norm of a branch beside a shortcut (1 + 0.2 u) / sqrt(blocks)
    norm shift (beta)      0.1 u, of the last norm of a branch beside a shortcut 0.1 u / sqrt(blocks)
    running mean           0.1 u
    running variance       1 + 0.3 u
    fc.weight, fc.bias     sqrt(3 / features) * u, 0.1 u
    images                 u

So scores neither vanish nor grow over 1202 layers. Without shortcuts what an early layer of many does is forgotten on
the way ("spread" falls with depth); there the shallow networks are the sharper test.
"""

import json
import math
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_fixtures import Network, apart, flat, summary, tensor

BUFFERS = 100_000
IMAGES = 1_000_000
COUNT = 20

PHOTOGRAPHS = {
    "18": ("basic", [2, 2, 2, 2]),
    "34": ("basic", [3, 4, 6, 3]),
    "50": ("bottleneck", [3, 4, 6, 3]),
    "101": ("bottleneck", [3, 4, 23, 3]),
    "152": ("bottleneck", [3, 8, 36, 3]),
}
SMALL_IMAGES = {"20": 3, "32": 5, "44": 7, "56": 9, "110": 18, "1202": 200}

# Batch, rows, columns.
SIZES = {
    "18": [(2, 65, 97), (1, 225, 161)],
    "34": [(2, 65, 97)],
    "50": [(2, 65, 97), (1, 225, 161)],
    "101": [(2, 65, 97)],
    "152": [(1, 65, 97)],
    "20": [(2, 33, 27)],
    "32": [(2, 33, 27)],
    "44": [(2, 33, 27)],
    "56": [(2, 33, 27)],
    "110": [(2, 19, 23)],
    "1202": [(1, 19, 23)],
}


class Nothing(nn.Module):
    """No shortcut."""

    def forward(self, x):
        return 0.0


def network(number, plain):
    """The network, its name and its number of blocks."""
    if number in PHOTOGRAPHS:
        block, depths = PHOTOGRAPHS[number]
        spec = dict(stem="imagenet", block=block, shortcut="B", depths=depths, widths=[64, 128, 256, 512], classes=1000)
    else:
        depths = [SMALL_IMAGES[number]] * 3
        spec = dict(stem="small", block="basic", shortcut="A", depths=depths, widths=[16, 32, 64], classes=10)
    if plain:
        spec["shortcut"] = "A"
    model = Network(spec | {"stride": "v1.5", "relu": F.relu})
    if plain:
        for blocks in model.stages:
            for block in blocks:
                block.downsample = Nothing()
    return model.eval(), ("plain" if plain else "resnet") + number, sum(spec["depths"])


def initialize(model, plain, blocks):
    last = set()
    if not plain:
        end = "bn3" if any(name.endswith("bn3.weight") for name, _ in model.named_parameters()) else "bn2"
        last = {name for name, _ in model.named_modules() if name.endswith("." + end)}
    for stream, (name, parameter) in enumerate(model.named_parameters()):
        shape = parameter.shape
        layer, kind = name.rsplit(".", 1)
        in_branch = 1 / math.sqrt(blocks) if layer in last else 1
        if parameter.dim() == 4:
            value = tensor(stream, *shape, scale=math.sqrt(6 / (shape[1] * shape[2] * shape[3])))
        elif name == "fc.weight":
            value = tensor(stream, *shape, scale=math.sqrt(3 / shape[1]))
        elif name == "fc.bias" or kind == "bias":
            value = tensor(stream, *shape, scale=0.1 * in_branch)
        else:
            value = tensor(stream, *shape, scale=0.2 * in_branch, offset=in_branch)
        parameter.data = value
    running = [(name, b) for name, b in model.named_buffers() if not name.endswith("num_batches_tracked")]
    for index, (name, buffer) in enumerate(running):
        mean = name.endswith("mean")
        buffer.data = tensor(BUFFERS + index, *buffer.shape, scale=0.1 if mean else 0.3, offset=0.0 if mean else 1.0)


def fixtures(number, plain):
    model, name, blocks = network(number, plain)
    initialize(model, plain, blocks)
    for batch, height, width in SIZES[number]:
        images = tensor(IMAGES, batch, 3, height, width)
        with torch.no_grad():
            logits = model.double()(images)
            single = model.float()(images.float())
        size = logits.pow(2).mean().sqrt()
        yield {
            "name": name, "batch": batch, "height": height, "width": width,
            "spread": float(f"{((logits[0] - logits[-1]).pow(2).mean().sqrt() / size).item():.2g}"),
            "float32": float(f"{apart(logits, single):.2g}"),
            "logits": summary(logits, COUNT),
        }


def main():
    torch.set_num_threads(1)
    lines = []
    for plain in (False, True):
        for number in [*PHOTOGRAPHS, *SMALL_IMAGES]:
            for fixture in fixtures(number, plain):
                lines.append("  " + json.dumps(fixture, separators=(",", ":")))
                print({k: v for k, v in fixture.items() if k != "logits"}, flat(fixture["logits"]["elements"][:3]),
                      flush=True)
    path = pathlib.Path(sys.argv[1]) / "predictions.json"
    path.write_text(f'{{\n"torch": "{torch.__version__}",\n"networks": [\n' + ",\n".join(lines) + "\n]\n}\n")


if __name__ == "__main__":
    main()
