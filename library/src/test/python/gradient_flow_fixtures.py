"""How large signals and gradients are in a training step of deep networks, from PyTorch in float64.

Made with Python 3.11, torch 2.13.0 (CPU), numpy 2.4; there is no random source, so no seed: networks, weights and images
are those of prediction_fixtures.py. Command line:

    python library/src/test/python/gradient_flow_fixtures.py library/src/test/resources/pytorch

Writes gradient_flow.json: for 8 images of 32x32 pixels with labels 0 to 7 the mean cross-entropy; the root mean squares of
the results of the first convolution and of every block, and of the loss's gradients by them; the Euclidean norms of the
gradients by the weights of every convolution and of the linear layer. Normalisation is by the batch's statistics.
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


def short(value):
    return float(f"{value:.7g}")


def rms(x):
    return short(x.pow(2).mean().sqrt().item())


def flow(number, plain, dtype):
    model, name = first_paper(number, plain)
    initialize(model, plain)
    model.to(dtype).train()
    layers = [model.conv1, *(block for blocks in model.stages for block in blocks)]
    results = []

    def keep(module, inputs, output):
        output.retain_grad()
        results.append(output)

    for layer in layers:
        layer.register_forward_hook(keep)
    loss = F.cross_entropy(model(tensor(IMAGES, 8, 3, 32, 32).to(dtype)), torch.arange(8))
    loss.backward()
    weights = {
        path + ".weight": short(module.weight.grad.norm().item())
        for path, module in model.named_modules() if isinstance(module, (nn.Conv2d, nn.Linear))
    }
    return {
        "name": name, "loss": short(loss.item()),
        "activations": [rms(result.detach()) for result in results],
        "gradients": [rms(result.grad) for result in results],
        "names": list(weights), "weights": list(weights.values()),
    }


def values(fixture, key):
    return fixture[key] if isinstance(fixture[key], list) else [fixture[key]]


def main():
    torch.set_num_threads(1)
    lines = []
    for number in ("20", "56", "110"):
        for plain in (False, True):
            fixture, single = flow(number, plain, torch.float64), flow(number, plain, torch.float32)
            fixture["float32"] = [
                float(f"{max(abs(a - b) / abs(a) for a, b in zip(values(fixture, key), values(single, key))):.2g}")
                for key in ("loss", "activations", "gradients", "weights")
            ]
            print(fixture["name"], fixture["loss"], fixture["gradients"][1] / fixture["gradients"][-1], fixture["float32"], flush=True)
            lines.append("  " + json.dumps(fixture, separators=(",", ":")))
    text = f'{{\n"torch": "{torch.__version__}",\n"networks": [\n' + ",\n".join(lines) + "\n]\n}\n"
    (pathlib.Path(sys.argv[1]) / "gradient_flow.json").write_text(text)


if __name__ == "__main__":
    main()
