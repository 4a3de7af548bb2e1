"""Compares `resnet4j inspect gradients` of a trained model with PyTorch on the same weights and images.

Made with Python 3.11, torch 2.13.0 (CPU), numpy 2.4, safetensors, pillow; there is no random source. Command line:

    python library/src/test/python/check_gradients.py MODEL PICTURES FLOW.csv

MODEL is a model folder of a network of the first paper for images of 32 pixels: resnet20, plain56 and so on, with or without
normalisation. PICTURES has train/CLASS/*.png of 32x32 pixels, as many as are measured in one batch. FLOW.csv is what

    ./resnet4j inspect gradients MODEL --data PICTURES --batch-size HOW-MANY-PICTURES -o FLOW.html

wrote of the network and of its twin with the same weights. Prints the largest relative difference from PyTorch in float64, and
how far PyTorch itself is off in float32.
"""

import csv
import json
import pathlib
import sys

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from gradient_flow_fixtures import bias, without_norm
from prediction_fixtures import first_paper


def batch(pictures, config):
    paths = sorted(pathlib.Path(pictures, "train").glob("*/*.png"))
    classes = sorted({path.parent.name for path in paths})
    preparation = config["pretrained_cfg"]
    mean, std = (numpy.array(preparation[key]) for key in ("mean", "std"))
    pixels = numpy.stack([(numpy.asarray(Image.open(path).convert("RGB")) / 255 - mean) / std for path in paths])
    labels = torch.tensor([classes.index(path.parent.name) for path in paths])
    return torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy()), labels, len(classes)


def flow(name, plain, weights, images, labels, classes, dtype):
    model, _ = first_paper("".join(filter(str.isdigit, name.split("-")[0])), plain)
    model.fc = nn.Linear(64, classes)
    if "bn1.weight" not in weights:
        without_norm(model)
    model.load_state_dict(weights, strict=False)
    model.to(dtype).train()
    blocks = {path: module for path, module in model.named_modules() if path.count(".") == 1}
    layers = {"conv1": model.conv1} | {path: block for path, block in blocks.items() if path.startswith("layer")}
    results = {}

    def keep(path):
        def hook(module, inputs, output):
            output.retain_grad()
            results[path] = output
        return hook

    for path, layer in layers.items():
        layer.register_forward_hook(keep(path))
    F.cross_entropy(model(images.to(dtype)), labels).backward()
    numbers = {}
    for path, result in results.items():
        signal = result.detach() - bias(layers[path])
        numbers[path] = (signal.pow(2).mean().sqrt().item(), result.grad.pow(2).mean().sqrt().item())
    for path, parameter in model.named_parameters():
        if parameter.dim() > 1:
            numbers[path] = (parameter.detach().norm().item(), parameter.grad.norm().item())
    return numbers


def apart(one, other):
    return max(abs(a - b) / abs(a) for path in one for a, b in zip(one[path], other[path]))


def main():
    folder, pictures, table = sys.argv[1:]
    config = json.loads(pathlib.Path(folder, "config.json").read_text())
    weights = load_file(pathlib.Path(folder, "model.safetensors"))
    images, labels, classes = batch(pictures, config)
    measured = {}
    for row in csv.DictReader(open(table)):
        if row["step"] == "0":
            measured.setdefault(row["network"], {})[row["name"]] = (float(row["size"]), float(row["gradient"]))
    name = config["architecture"]
    for network, numbers in measured.items():
        plain = name.startswith("plain") if network == name else not name.startswith("plain")
        exact, single = (flow(name, plain, weights, images, labels, classes, dtype) for dtype in (torch.float64, torch.float32))
        assert exact.keys() == numbers.keys(), exact.keys() ^ numbers.keys()
        ends = [path for path in numbers if path.startswith("layer") and "weight" not in path]
        ratio = exact[ends[0]][1] / exact[ends[-1]][1]
        print(f"{network}, weights of {folder}: first to last {ratio:.4g}, off by {apart(exact, numbers):.2g},"
              f" PyTorch in float32 by {apart(exact, single):.2g}")


if __name__ == "__main__":
    main()
