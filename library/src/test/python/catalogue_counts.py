"""Parameters and multiply-adds of every network of the catalogue, counted by PyTorch.

Made with Python 3.11, torch 2.13.0 (CPU), timm 1.0.29; nothing is random. Command line:

    python library/src/test/python/catalogue_counts.py library/src/test/resources/resnet

Writes counts.csv: name, trainable parameters, multiplications of convolutions and linear layers for one image of 224 pixels,
or 32 for the networks of small images. The networks are those of prediction_fixtures.py, without storage for their weights.
"""

import pathlib
import sys

import torch
from torch import nn

from prediction_fixtures import networks


def multiply_adds(model, size):
    total = 0

    def count(module, _, output):
        nonlocal total
        weight = module.weight
        total += output.numel() * weight.numel() // weight.shape[0]

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(count)
    model.eval()(torch.zeros(1, 3, size, size))
    return total


def main():
    lines = ["name,parameters,multiplyAdds"]
    with torch.device("meta"):
        for model, name, _ in networks():
            stem = next(module for module in model.modules() if isinstance(module, nn.Conv2d))
            size = 32 if stem.stride == (1, 1) else 224
            parameters = sum(parameter.numel() for parameter in model.parameters())
            lines.append(f"{name},{parameters},{multiply_adds(model, size)}")
    (pathlib.Path(sys.argv[1]) / "counts.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
