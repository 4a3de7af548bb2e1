"""How large signals and gradients are in a training step of deep networks, from PyTorch in float64.

Made with Python 3.11, torch 2.13.0 (CPU), numpy 2.4; there is no random source, so no seed: networks, weights and images
are those of prediction_fixtures.py. Command line:

    python library/src/test/python/gradient_flow_fixtures.py library/src/test/resources/pytorch

Writes gradient_flow.json: for 8 images of 32x32 pixels with labels 0 to 7 the mean cross-entropy; the root mean squares of
the results of the first convolution and of every block, and of the loss's gradients by them; the Euclidean norms of the
gradients by the weights of every convolution and of the linear layer. Normalisation is by the batch's statistics; where
"norm" is false there is none, and the convolutions have biases. "steps" is how many steps of plain gradient descent on the
same images were made before, with the learning rate "rate".

"float32" says how far PyTorch itself is off in float32, the largest relative difference of the loss, of the activations,
of the gradients and of the weights' gradients: a deep plain network makes much of rounding.
"""

import json
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

from prediction_fixtures import IMAGES, first_paper, initialize
from pytorch_fixtures import tensor


# Plain, with normalisation, steps, learning rate.
CASES = [
    (False, True, 0, 0),
    (True, True, 0, 0),
    (False, False, 0, 0),
    (True, False, 0, 0),
    (False, True, 3, 0.01),
    (True, True, 3, 0.01),
    (True, False, 3, 0.01),
]


# Where PyTorch itself is further off in float32, rounding decides: there is nothing to compare with.
TOO_FAR = 0.3


def short(value):
    return float(f"{value:.6g}")


def rms(x):
    return short(x.pow(2).mean().sqrt().item())


def without_norm(model):
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Conv2d):
                child.bias = nn.Parameter(torch.zeros(child.out_channels))
            elif isinstance(child, nn.BatchNorm2d):
                setattr(module, name, nn.Identity())


def bias(layer):
    """What the first convolution adds, where it does: not a part of its signal."""
    return layer.bias.detach().view(1, -1, 1, 1) if isinstance(layer, nn.Conv2d) and layer.bias is not None else 0


def descend(model, images, labels, steps, rate):
    for _ in range(steps):
        model.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= rate * parameter.grad
    model.zero_grad()


def flow(number, plain, norm, steps, rate, dtype):
    model, name = first_paper(number, plain)
    if not norm:
        without_norm(model)
    initialize(model, plain)
    model.to(dtype).train()
    images, labels = tensor(IMAGES, 8, 3, 32, 32).to(dtype), torch.arange(8)
    descend(model, images, labels, steps, rate)
    layers = [model.conv1, *(block for blocks in model.stages for block in blocks)]
    results = []

    def keep(module, inputs, output):
        output.retain_grad()
        results.append(output)

    for layer in layers:
        layer.register_forward_hook(keep)
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    weights = {
        path + ".weight": short(module.weight.grad.norm().item())
        for path, module in model.named_modules() if isinstance(module, (nn.Conv2d, nn.Linear))
    }
    return {
        "name": name, "norm": norm, "steps": steps, "rate": rate, "loss": short(loss.item()),
        "activations": [rms(result.detach() - bias(layer)) for layer, result in zip(layers, results)],
        "gradients": [rms(result.grad) for result in results],
        "weights": list(weights.values()),
    }


def values(fixture, key):
    return fixture[key] if isinstance(fixture[key], list) else [fixture[key]]


def main():
    torch.set_num_threads(1)
    lines = []
    for case in CASES:
        for number in ("20", "56", "110"):
            fixture, single = flow(number, *case, torch.float64), flow(number, *case, torch.float32)
            fixture["float32"] = [
                float(f"{max(abs(a - b) / abs(a) for a, b in zip(values(fixture, key), values(single, key))):.2g}")
                for key in ("loss", "activations", "gradients", "weights")
            ]
            if max(fixture["float32"]) > TOO_FAR:
                print(number, case, fixture["float32"], "left out", flush=True)
                continue
            print(number, case, fixture["loss"], fixture["gradients"][1] / fixture["gradients"][-1], fixture["float32"], flush=True)
            lines.append("  " + json.dumps(fixture, separators=(",", ":")))
    text = f'{{\n"torch": "{torch.__version__}",\n"networks": [\n' + ",\n".join(lines) + "\n]\n}\n"
    (pathlib.Path(sys.argv[1]) / "gradient_flow.json").write_text(text)


if __name__ == "__main__":
    main()
