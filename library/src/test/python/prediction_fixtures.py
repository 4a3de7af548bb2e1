"""Scores of every network of the catalogue in evaluation, from PyTorch in float64.

Made with Python 3.11, torch 2.13.0 (CPU), numpy 2.4; there is no random source, so no seed: every value comes from the
counter-based generator of pytorch_fixtures.py, which tests compute again in Java. Command line:

    python library/src/test/python/prediction_fixtures.py library/src/test/resources/pytorch

Writes predictions.json. "logits" is the L2 norm of the scores [batch, classes] and all of them if there are at most 20,
else those at flat indices j * size // 20; "spread" says how far the scores of the first and the last image are apart,
and "float32" how far PyTorch itself is off in float32, both relative to the root mean square of the scores.

"variants" has resnet20 with the shortcuts and the orders of activations that the second paper compares (section 3.1 and
figure 4), defined below.

Networks of the first paper are those of pytorch_fixtures.py; later ones for photographs are timm's (1.0.29), as it makes
them; pre-activation networks for small images are defined below.

Values, with u a number in [-1, 1) of the stream. Number of the stream: the CRC-32 of the tensor's name; IMAGES.

    convolution            sqrt(6 / (in * kernel^2)) * u
    norm scale (gamma)     1 + 0.2 u, of the last norm of a branch beside a shortcut (1 + 0.2 u) / sqrt(blocks)
    norm shift (beta)      0.1 u, of the last norm of a branch beside a shortcut 0.1 u / sqrt(blocks)
    running mean           0.1 u
    running variance       1 + 0.3 u
    linear weight, biases  sqrt(3 / features) * u, 0.1 u
    images                 u

So scores neither vanish nor grow over 1202 layers. Without shortcuts what an early layer of many does is forgotten on
the way ("spread" falls with depth); there the shallow networks are the sharper test.
"""

import json
import math
import pathlib
import sys
import zlib

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_fixtures import Network, PaddedShortcut, apart, flat, summary, tensor

torch.library.register_fake = lambda *args, **keywords: lambda function: function  # torchvision is not needed
import timm  # noqa: E402

IMAGES = 1_000_000
COUNT = 20

PHOTOGRAPHS = {
    "18": ("basic", [2, 2, 2, 2]),
    "34": ("basic", [3, 4, 6, 3]),
    "50": ("bottleneck", [3, 4, 6, 3]),
    "101": ("bottleneck", [3, 4, 23, 3]),
    "152": ("bottleneck", [3, 8, 36, 3]),
}
SMALL_IMAGES = {"8": 1, "20": 3, "32": 5, "44": 7, "56": 9, "110": 18, "1202": 200}

# Batch, rows, columns.
SIZES = {
    "18": [(2, 65, 97), (1, 225, 161)],
    "34": [(2, 65, 97)],
    "50": [(2, 65, 97), (1, 225, 161)],
    "101": [(2, 65, 97)],
    "152": [(1, 65, 97)],
    "8": [(2, 33, 27)],
    "20": [(2, 33, 27)],
    "32": [(2, 33, 27)],
    "44": [(2, 33, 27)],
    "56": [(2, 33, 27)],
    "110": [(2, 19, 23)],
    "1202": [(1, 19, 23)],
}


# timm's, with the sizes they are given.
LATER = {
    "resnext50_32x4d": (2, 65, 97),
    "resnext101_32x4d": (1, 65, 97),
    "resnext101_32x8d": (1, 65, 97),
    "resnext101_64x4d": (1, 65, 97),
    "wide_resnet50_2": (1, 65, 97),
    "wide_resnet101_2": (1, 65, 97),
    "resnet18d": (2, 65, 97),
    "resnet34d": (2, 65, 97),
    "resnet50c": (2, 65, 97),
    "resnet50d": (2, 67, 97),
    "resnet101d": (1, 65, 97),
    "resnet152d": (1, 65, 97),
    "seresnet18": (2, 65, 97),
    "seresnet34": (2, 65, 97),
    "seresnet50": (2, 65, 97),
    "seresnet101": (1, 65, 97),
    "seresnet152": (1, 65, 97),
    "seresnext50_32x4d": (2, 65, 97),
    "resnetv2_50": (2, 65, 97),
    "resnetv2_101": (1, 65, 97),
    "resnetv2_152": (1, 65, 97),
}

# Name: block, blocks in a stage, widths, shortcut.
PRE_ACTIVATION = {
    "preresnet110": ("basic", 18, [16, 32, 64], "A"),
    "preresnet164": ("bottleneck", 18, [16, 32, 64], "B"),
    "preresnet1001": ("bottleneck", 111, [16, 32, 64], "B"),
    "wrn_28_10": ("basic", 4, [160, 320, 640], "B"),
    "wrn_40_4": ("basic", 6, [64, 128, 256], "B"),
}


class PreActivationBlock(nn.Module):
    """y = F(x) + S(x), norm and ReLU before each convolution; S begins with them, too, in the first block and where the
    shape changes."""

    def __init__(self, block, shortcut, inputs, width, stride, first):
        super().__init__()
        outputs = width * (4 if block == "bottleneck" else 1)
        if block == "bottleneck":
            layers = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)]
        else:
            layers = [(inputs, width, 3, stride), (width, outputs, 3, 1)]
        self.steps = len(layers)
        for number, (before, after, kernel, step) in enumerate(layers, 1):
            self.add_module(f"norm{number}", nn.BatchNorm2d(before))
            self.add_module(f"conv{number}", nn.Conv2d(before, after, kernel, step, kernel // 2, bias=False))
        self.shape_changes = stride != 1 or inputs != outputs
        self.first = first
        self.downsample = None
        if self.shape_changes and shortcut == "A":
            self.downsample = PaddedShortcut(stride, outputs - inputs)
        elif self.shape_changes:
            self.downsample = nn.Sequential()
            self.downsample.add_module("conv", nn.Conv2d(inputs, outputs, 1, stride, bias=False))

    def forward(self, x):
        y = F.relu(self.norm1(x))
        shortcut = self.downsample(y) if self.shape_changes else y if self.first else x
        y = self.conv1(y)
        for number in range(2, self.steps + 1):
            y = getattr(self, f"conv{number}")(F.relu(getattr(self, f"norm{number}")(y)))
        return y + shortcut


class PreActivation(nn.Module):
    """Modules are named as in timm's resnetv2."""

    def __init__(self, block, blocks, widths, shortcut):
        super().__init__()
        self.stem = nn.Sequential()
        self.stem.add_module("conv", nn.Conv2d(3, 16, 3, 1, 1, bias=False))
        inputs, self.stages = 16, nn.Sequential()
        for stage, width in enumerate(widths):
            units = nn.Sequential()
            for index in range(blocks):
                stride = 2 if stage > 0 and index == 0 else 1
                units.append(PreActivationBlock(block, shortcut, inputs, width, stride, stage == index == 0))
                inputs = width * (4 if block == "bottleneck" else 1)
            holder = nn.Module()
            holder.blocks = units
            holder.forward = units.forward
            self.stages.append(holder)
        self.norm = nn.BatchNorm2d(inputs)
        self.head = nn.Sequential()
        self.head.add_module("fc", nn.Conv2d(inputs, 10, 1))

    def forward(self, x):
        x = F.relu(self.norm(self.stages(self.stem(x))))
        return self.head(x.mean((2, 3), keepdim=True)).flatten(1)


class Nothing(nn.Module):
    """No shortcut."""

    def forward(self, x):
        return 0.0


# Shortcut and order: resnet20 with each.
VARIANTS = [
    *[(shortcut, "POST") for shortcut in ("C", "SCALED", "EXCLUSIVE_GATE", "SHORTCUT_GATE", "DROPOUT")],
    *[(shortcut, order) for order in ("NORM_AFTER_ADDITION", "RELU_BEFORE_ADDITION", "RELU_ONLY_PRE", "WITHOUT_NORM")
      for shortcut in ("A", "B")],
    ("EXCLUSIVE_GATE", "RELU_ONLY_PRE"),
    ("SCALED", "NORM_AFTER_ADDITION"),
]


def normalization(order):
    """Whether convolutions have a bias, and what stands behind them."""
    return (True, nn.Identity) if order == "WITHOUT_NORM" else (False, nn.BatchNorm2d)


class VariantBlock(nn.Module):
    """A basic block whose sum weighs its parts, or whose parts stand in another order; where the shape changes, padding or
    a projection."""

    def __init__(self, inputs, outputs, stride, shortcut, order):
        super().__init__()
        bias, norm = normalization(order)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=bias)
        self.bn1 = norm(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=bias)
        self.bn2 = norm(outputs)
        self.order = order
        self.same_shape = stride == 1 and inputs == outputs
        self.weights = shortcut if self.same_shape and len(shortcut) > 1 else "ONES"
        self.downsample = nn.Identity()
        if shortcut == "C" or (shortcut == "B" and not self.same_shape):
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=bias)
            bare = order == "NORM_AFTER_ADDITION"
            self.downsample = projection if bare else nn.Sequential(projection, norm(outputs))
        elif not self.same_shape:
            self.downsample = PaddedShortcut(stride, outputs - inputs)
        if self.weights.endswith("GATE"):
            self.gate = nn.Conv2d(outputs, outputs, 1)

    def forward(self, x):
        p = F.relu(x) if self.order == "RELU_ONLY_PRE" else x
        f = self.conv2(F.relu(self.bn1(self.conv1(p))))
        if self.order != "NORM_AFTER_ADDITION":
            f = self.bn2(f)
        if self.order == "RELU_BEFORE_ADDITION":
            f = F.relu(f)
        s = self.downsample(x if self.same_shape else p)
        if self.weights == "SCALED":
            f, s = 0.5 * f, 0.5 * s
        elif self.weights == "DROPOUT":
            s = F.dropout(s, 0.5, self.training)
        elif self.weights != "ONES":
            gate = torch.sigmoid(self.gate(s))
            f, s = gate * f if self.weights == "EXCLUSIVE_GATE" else f, (1 - gate) * s
        y = f + s
        if self.order == "NORM_AFTER_ADDITION":
            return F.relu(self.bn2(y))
        return F.relu(y) if self.order in ("POST", "WITHOUT_NORM") else y


class Variant(nn.Module):
    def __init__(self, shortcut, order):
        super().__init__()
        self.last_relu = order == "RELU_ONLY_PRE"
        self.last_norm = "bn1" if order == "NORM_AFTER_ADDITION" else "bn2"
        bias, norm = normalization(order)
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=bias)
        self.bn1 = norm(16)
        blocks, inputs = [], 16
        for stage, width in enumerate([16, 32, 64], 1):
            units = nn.Sequential()
            for index in range(3):
                stride = 2 if stage > 1 and index == 0 else 1
                units.append(VariantBlock(inputs, width, stride, shortcut, order))
                inputs = width
            self.add_module(f"layer{stage}", units)
            blocks.append(units)
        self.blocks = lambda x: blocks[2](blocks[1](blocks[0](x)))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.bn1(self.conv1(x))))
        return self.fc((F.relu(x) if self.last_relu else x).mean((2, 3)))


class ResNet9(nn.Module):
    """Convolution, norm, ReLU and max pooling before each stage; one block in the first and the last."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        for stage, (inputs, outputs) in enumerate([(64, 128), (128, 256), (256, 512)], 1):
            convolution = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
            self.add_module(f"transition{stage}", nn.Sequential(convolution, nn.BatchNorm2d(outputs)))
        self.layer1 = nn.Sequential(VariantBlock(128, 128, 1, "A", "RELU_BEFORE_ADDITION"))
        self.layer3 = nn.Sequential(VariantBlock(512, 512, 1, "A", "RELU_BEFORE_ADDITION"))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer1(F.max_pool2d(F.relu(self.transition1(x)), 2))
        x = F.max_pool2d(F.relu(self.transition2(x)), 2)
        x = self.layer3(F.max_pool2d(F.relu(self.transition3(x)), 2))
        return self.fc(F.max_pool2d(x, 4).mean((2, 3)))


def first_paper(number, plain):
    """The network and its name."""
    if number in PHOTOGRAPHS:
        block, depths = PHOTOGRAPHS[number]
        spec = dict(stem="imagenet", block=block, shortcut="B", depths=depths, widths=[64, 128, 256, 512], classes=1000)
    else:
        depths = [SMALL_IMAGES[number]] * 3
        shortcut = "B" if number == "8" else "A"
        spec = dict(stem="small", block="basic", shortcut=shortcut, depths=depths, widths=[16, 32, 64], classes=10)
    if plain:
        spec["shortcut"] = "A"
    model = Network(spec | {"stride": "v1.5", "relu": F.relu})
    if plain:
        for blocks in model.stages:
            for block in blocks:
                block.downsample = Nothing()
    return model, ("plain" if plain else "resnet") + number


def blocks(model):
    """The paths of the blocks: of what has a convolution of number 1 and is not the network."""
    return {name[: -len(".conv1")] for name, _ in model.named_modules() if name.endswith(".conv1")}


def initialize(model, plain):
    paths = blocks(model)
    last = set()
    if not plain:
        for path in paths:
            norms = [name for name, m in model.named_modules() if isinstance(m, nn.BatchNorm2d)
                     and name.rsplit(".", 1)[0] == path and name.rsplit(".", 1)[1].startswith(("bn", "norm"))]
            known = f"{path}.{model.last_norm}" if isinstance(model, Variant) else max(norms, default="")
            last.add(known)
    for name, parameter in model.named_parameters():
        stream, shape = zlib.crc32(name.encode()), parameter.shape
        layer, kind = name.rsplit(".", 1)
        in_branch = 1 / math.sqrt(len(paths)) if layer in last else 1
        if name in ("fc.weight", "head.fc.weight"):
            value = tensor(stream, *shape, scale=math.sqrt(3 / shape[1]))
        elif parameter.dim() == 4:
            value = tensor(stream, *shape, scale=math.sqrt(6 / (shape[1] * shape[2] * shape[3])))
        elif kind == "bias":
            value = tensor(stream, *shape, scale=0.1 * in_branch)
        else:
            value = tensor(stream, *shape, scale=0.2 * in_branch, offset=in_branch)
        parameter.data = value
    for name, buffer in model.named_buffers():
        if not name.endswith("num_batches_tracked"):
            mean = name.endswith("mean")
            buffer.data = tensor(zlib.crc32(name.encode()), *buffer.shape, scale=0.1 if mean else 0.3,
                                 offset=0.0 if mean else 1.0)


def fixtures(model, name, sizes):
    model.eval()
    initialize(model, name.startswith("plain"))
    for batch, height, width in sizes:
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


def networks():
    for number in [*PHOTOGRAPHS, *SMALL_IMAGES]:
        model, name = first_paper(number, False)
        yield model, name, SIZES[number]
    for name, size in LATER.items():
        yield timm.create_model(name, pretrained=False), name, [size]
    for name, description in PRE_ACTIVATION.items():
        yield PreActivation(*description), name, [(1 if "1001" in name else 2, 19, 23)]
    yield ResNet9(), "resnet9", [(2, 37, 75)]
    for number in [*PHOTOGRAPHS, *SMALL_IMAGES]:
        if number != "8":
            model, name = first_paper(number, True)
            yield model, name, SIZES[number]


def line(fixture):
    print({k: v for k, v in fixture.items() if k != "logits"}, flat(fixture["logits"]["elements"][:3]), flush=True)
    return "  " + json.dumps(fixture, separators=(",", ":"))


def main():
    torch.set_num_threads(1)
    variants = [line({"shortcuts": shortcut, "order": order} | fixture) for shortcut, order in VARIANTS
                for fixture in fixtures(Variant(shortcut, order), "resnet20", [(2, 33, 27)])]
    lines = [line(fixture) for model, name, sizes in networks() for fixture in fixtures(model, name, sizes)]
    path = pathlib.Path(sys.argv[1]) / "predictions.json"
    path.write_text(f'{{\n"torch": "{torch.__version__}",\n"timm": "{timm.__version__}",\n"networks": [\n' + ",\n".join(lines) + '\n],\n"variants": [\n' + ",\n".join(variants) + "\n]\n}\n")


if __name__ == "__main__":
    main()
