"""Writes src/test/resources/pytorch/schemes.json: weights by the names of other libraries, and what PyTorch computes of them.

Made with Python 3.11, torch 2.13.0 (CPU), torchvision 0.28.0, timm 1.0.29, transformers 5.18.0. There is no random
source, so no seed: every value comes from the counter-based generator of pytorch_fixtures.py, which tests compute again
in Java. Run in library/:

    python src/test/python/weight_scheme_fixtures.py src/test/resources/pytorch

Values of tensor number i of a file (batch counters excepted, which are left out), with u of stream i:

    running_var   1 + 0.3 u            running_mean, biases      0.1 u
    four axes     sqrt(6 / inputs) u   two axes                  sqrt(3 / inputs) u
    vectors named weight   1 + 0.2 u

The image is of stream 1000000. "features" are the norm and 16 elements of the embedding.

"transformers" also writes a model folder of that library to src/test/resources/weights/transformers: a tiny network with
weights of torch.manual_seed(7), a preprocessor_config.json, and its scores for the same image in scores.json.

    python src/test/python/weight_scheme_fixtures.py src/test/resources/pytorch FOLDER

checks instead that transformers reads the tiny network from a folder that `convert --for transformers` wrote.
"""

import collections
import json
import math
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_fixtures import flat, summary, tensor

torch.library.register_fake = lambda *args, **keywords: lambda function: function  # the CPU build lacks operators
import timm  # noqa: E402
import torchvision  # noqa: E402
from transformers import ResNetConfig, ResNetForImageClassification  # noqa: E402

IMAGES = 1_000_000
CLASSES = 7


def fill(state):
    for number, (name, value) in enumerate(state.items()):
        shape = value.shape
        if name.endswith("running_var"):
            made = tensor(number, *shape, scale=0.3, offset=1)
        elif len(shape) == 4:
            made = tensor(number, *shape, scale=math.sqrt(6 / math.prod(shape[1:])))
        elif len(shape) == 2:
            made = tensor(number, *shape, scale=math.sqrt(3 / shape[1]))
        elif name.endswith("weight"):
            made = tensor(number, *shape, scale=0.2, offset=1)
        else:
            made = tensor(number, *shape, scale=0.1)
        value.copy_(made)


class CifarBlock(nn.Module):
    """The basic block of kuangliu's and chenyaofo's networks, which differ in the name of the projection."""

    def __init__(self, inputs, width, stride, projection):
        super().__init__()
        self.projection = projection
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        changes = stride != 1 or inputs != width
        layers = [nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)] if changes else []
        if layers or projection == "shortcut":
            self.add_module(projection, nn.Sequential(*layers))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (getattr(self, self.projection)(x) if hasattr(self, self.projection) else x))


class CifarNetwork(nn.Module):
    def __init__(self, depths, widths, projection, classifier):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.stages, self.classifier = [], classifier
        inputs = widths[0]
        for stage, (depth, width) in enumerate(zip(depths, widths)):
            blocks = []
            for block in range(depth):
                blocks.append(CifarBlock(inputs, width, 2 if stage and not block else 1, projection))
                inputs = width
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
            self.stages.append(f"layer{stage + 1}")
        self.add_module(classifier, nn.Linear(inputs, CLASSES))

    def features(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in self.stages:
            x = getattr(self, stage)(x)
        return x.mean((2, 3))

    def forward(self, x):
        return getattr(self, self.classifier)(self.features(x))


class Beside(nn.Module):
    """A backbone and heads under names of their own; the first head is the classifier, if there is one."""

    def __init__(self, name, backbone, **heads):
        super().__init__()
        self.name, self.heads = name, list(heads)
        self.add_module(name, backbone)
        for key, head in heads.items():
            self.add_module(key, head)

    def features(self, x):
        return getattr(self, self.name)(x).flatten(1)

    def forward(self, x):
        return getattr(self, self.heads[0])(self.features(x))


def headless(name="resnet18"):
    network = getattr(torchvision.models, name)()
    network.fc = nn.Identity()
    return network


def children():
    return nn.Sequential(*list(torchvision.models.resnet18().children())[:-1])


def with_head(head):
    network = torchvision.models.resnet18()
    network.fc = head
    network.features = lambda x: nn.Sequential(*list(network.children())[:-1])(x).flatten(1)
    return network


def mlp(*widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-2])


def dino_head():
    head = nn.Module()
    head.mlp = mlp(512, 64, 16)
    head.last_layer = nn.utils.weight_norm(nn.Linear(16, 32, bias=False))
    return head


class Transformers(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.resnet, self.classifier = network.resnet, network.classifier

    def features(self, x):
        return self.resnet(x).pooler_output.flatten(1)

    def forward(self, x):
        return self.classifier(self.resnet(x).pooler_output)


def hugging_face(**keywords):
    return ResNetForImageClassification(ResNetConfig(num_labels=CLASSES, **keywords))


RENAMED_STEM = {
    "mmpretrain": {"conv1.0": "stem.0.conv", "conv1.1": "stem.0.bn", "conv1.3": "stem.1.conv", "conv1.4": "stem.1.bn",
                   "conv1.6": "stem.2.conv", "bn1": "stem.2.bn"},
    "mmdetection": {"conv1.0": "stem.0", "conv1.1": "stem.1", "conv1.3": "stem.3", "conv1.4": "stem.4",
                    "conv1.6": "stem.6", "bn1": "stem.7"},
}


def renamed(name, library):
    """The names of OpenMMLab's ResNetV1d: mmpretrain/models/backbones/resnet.py, _make_stem_layer."""
    layer, _, value = name.rpartition(".")
    return "backbone." + RENAMED_STEM[library].get(layer, layer) + "." + value if layer != "fc" else "head.fc." + value


SIMPLE = ([2, 2, 2, 2], [64, 128, 256, 512])
SCHEMES = {
    "torchvision": ("resnet18", 64, lambda: with_head(nn.Linear(512, CLASSES)), True),
    "dropout before the classifier": ("resnet18", 64, lambda: with_head(nn.Sequential(nn.Dropout(), nn.Linear(512, CLASSES))), True),
    "classifier without bias": ("resnet18", 64, lambda: with_head(nn.Linear(512, CLASSES, bias=False)), True),
    "numbered children": ("resnet18", 64, lambda: Beside("backbone", children(), classifier=nn.Linear(512, CLASSES)), True),
    "classifier of another name": ("resnet18", 64, lambda: Beside("net", headless(), scores=nn.Linear(512, CLASSES)), True),
    "kuangliu": ("resnet18-cifar", 32, lambda: CifarNetwork(*SIMPLE, "shortcut", "linear"), True),
    "chenyaofo": ("resnet20 with shortcuts of option B", 32, lambda: CifarNetwork([3] * 3, [16, 32, 64], "downsample", "fc"), True),
    "transformers": (
        "resnet18", 64, lambda: Transformers(hugging_face(layer_type="basic", hidden_sizes=SIMPLE[1], depths=SIMPLE[0])), True),
    "mmpretrain": ("resnet18d", 64, lambda: timm.create_model("resnet18d", num_classes=CLASSES), True),
    "mmdetection": ("resnet18d", 64, lambda: timm.create_model("resnet18d", num_classes=CLASSES), True),
    "several linear layers": ("resnet18", 64, lambda: with_head(nn.Sequential(nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, CLASSES))), False),
    "encoder alone": ("resnet18", 64, lambda: Beside("encoder", headless()), False),
    "SimCLR": ("resnet18", 64, lambda: Beside("convnet", headless(), projection=mlp(512, 64, 16)), False),
    "Barlow Twins": (
        "resnet18", 64, lambda: Beside("backbone", headless(), projector=mlp(512, 64, 32), bn=nn.BatchNorm1d(32, affine=False)), False),
    "DINO": ("resnet18", 64, lambda: Beside("backbone", headless(), head=dino_head()), False),
    "MoCo v2": ("resnet18", 64, lambda: Beside("encoder_q", with_head(mlp(512, 64, 16))), False),
}


@torch.no_grad()
def scheme(name, network_name, size, make, classifies):
    network = make().double().eval()
    state = network.state_dict()
    state = collections.OrderedDict((key, value) for key, value in state.items() if not key.endswith("num_batches_tracked"))
    fill(state)
    image = tensor(IMAGES, 1, 3, size, size)
    if name in RENAMED_STEM:
        features = network.forward_features(image).mean((2, 3))
        state = collections.OrderedDict((renamed(key, name), value) for key, value in state.items())
    elif name == "MoCo v2":
        features = network.encoder_q.features(image)
    else:
        features = network.features(image)
    fixture = {"name": name, "network": network_name, "size": size, "features": summary(features)}
    fixture["logits"] = flat(network(image)) if classifies else []
    fixture["tensors"] = [" ".join([key, *map(str, value.shape)]) for key, value in state.items()]
    return fixture


def tiny(folder):
    torch.manual_seed(7)
    labels = {0: "cat", 1: "dog", 2: "égret"}
    config = ResNetConfig(
        embedding_size=4, hidden_sizes=[16, 32], depths=[2, 1], downsample_in_bottleneck=True, id2label=labels,
        label2id={label: index for index, label in labels.items()},
    )
    network = ResNetForImageClassification(config).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    network.save_pretrained(folder)
    preparation = {
        "crop_pct": 0.8, "do_normalize": True, "do_resize": True, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.25, 0.5],
        "image_processor_type": "ConvNextImageProcessor", "resample": 2, "size": {"shortest_edge": 64},
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation, indent=2) + "\n")
    with torch.no_grad():
        scores = network(tensor(IMAGES, 1, 3, 64, 64).float()).logits
    (folder / "scores.json").write_text(json.dumps({"scores": flat(scores)}) + "\n")


@torch.no_grad()
def check(folder, expected):
    network, report = ResNetForImageClassification.from_pretrained(folder, output_loading_info=True)
    assert not any(name for kind in ("unexpected_keys", "mismatched_keys") for name in report[kind]), report
    assert all(name.endswith("num_batches_tracked") for name in report["missing_keys"]), report
    scores = network.eval()(tensor(IMAGES, 1, 3, 64, 64).float()).logits
    assert (scores - torch.tensor(expected)).abs().max() < 1e-5, scores
    print(network.config.id2label, scores)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    if len(sys.argv) > 2:
        check(sys.argv[2], json.loads((target.parent / "weights" / "transformers" / "scores.json").read_text())["scores"])
        sys.exit()
    fixtures = [scheme(name, *rest) for name, rest in SCHEMES.items()]
    lines = ",\n".join(json.dumps(fixture) for fixture in fixtures)
    (target / "schemes.json").write_text('{"schemes": [\n' + lines + "\n]}\n")
    tiny(target.parent / "weights" / "transformers")
