"""How far the gradients of PyTorch with bfloat16 autocast are from those in float64.

Made with Python 3.11, torch 2.13.0 (CPU) and timm 1.0.29; values come from the counter-based generator of
prediction_fixtures.py, so there is no seed. Command line:

    python library/src/test/python/bfloat16_training_fixtures.py library/src/test/resources/pytorch

Writes bfloat16_training.csv: the network, its images, and the root mean squares of the differences, relative to those of
the numbers, of the scores in training mode and of the gradients of all parameters. The gradient by the scores is given.
"""

import pathlib
import sys

import torch

from pytorch_fixtures import tensor
from prediction_fixtures import IMAGES, initialize, networks

SCORES = 2_000_000
NAMES = {"resnet18": (8, 65, 97), "resnet50": (8, 65, 97), "resnet20": (16, 33, 27), "resnet56": (16, 33, 27),
         "resnet50d": (4, 65, 97), "seresnet18": (4, 65, 97), "resnext50_32x4d": (4, 65, 97),
         "preresnet110": (8, 33, 27), "plain20": (16, 33, 27)}


def step(model, images, gradient):
    model.zero_grad()
    scores = model(images)
    scores.to(gradient.dtype).backward(gradient)
    return scores.detach().double(), torch.cat([p.grad.detach().double().flatten() for p in model.parameters()])


def distance(exact, rounded):
    return ((exact - rounded).pow(2).mean() / exact.pow(2).mean()).sqrt().item()


def main():
    torch.set_num_threads(2)
    lines = ["name,batch,height,width,scores,gradients"]
    for model, name, _ in networks():
        if name not in NAMES:
            continue
        initialize(model, name.startswith("plain"))
        model.float().train()
        batch, height, width = NAMES[name]
        images = tensor(IMAGES, batch, 3, height, width)
        with torch.no_grad():
            gradient = tensor(SCORES, *model(images.float()).shape) / batch
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rounded = step(model.to(memory_format=torch.channels_last), images.float(), gradient.float())
        exact = step(model.double(), images.double(), gradient.double())
        lines.append(",".join([name, str(batch), str(height), str(width)]
                              + [f"{distance(e, r):.3g}" for e, r in zip(exact, rounded)]))
        print(lines[-1], flush=True)
    (pathlib.Path(sys.argv[1]) / "bfloat16_training.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
