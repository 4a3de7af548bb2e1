"""Grad-CAM and Grad-CAM++ behind the last residual block, by PyTorch's gradients in float64.

Made with Python 3.11, torch 2.13.0 (CPU), timm 1.0.29, numpy 2.4; there is no random source, so no seed: networks, weights and
images are those of prediction_fixtures.py. Command line:

    python library/src/test/python/gradcam_fixtures.py library/src/test/resources/pytorch

Writes gradcam.json: for one image and some classes the heat maps before they are divided by their largest value, as
pytorch-grad-cam computes them, and the "largest"; "resized" is the first map, divided, brought to 11x17 by
torch.nn.functional.interpolate (bilinear, align_corners=False).
"""

import json
import pathlib
import sys

import torch
from torch.nn import functional as F

from prediction_fixtures import IMAGES, initialize, networks
from pytorch_fixtures import tensor

# Name: rows, columns of the image.
SIZES = {"resnet20": (33, 27), "resnet18": (65, 97), "resnetv2_50": (65, 97), "preresnet110": (33, 27), "resnet9": (37, 75)}


def last_block(model):
    """The module of the last of the blocks: those with a convolution of number 1, but for the network."""
    paths = [name[: -len(".conv1")] for name, _ in model.named_modules() if name.endswith(".conv1")]
    return model.get_submodule(paths[-1])


def heat(activations, gradient, plus):
    if plus:
        g2, g3 = gradient**2, gradient**3
        alpha = g2 / (2 * g2 + activations.sum((2, 3), keepdim=True) * g3 + 1e-6)
        alpha = torch.where(gradient != 0, alpha, 0)
        weights = (torch.relu(gradient) * alpha).sum((2, 3), keepdim=True)
    else:
        weights = gradient.mean((2, 3), keepdim=True)
    return torch.relu((weights * activations).sum(1))[0]


def numbers(x):
    return [float(f"{value:.7g}") for value in x.flatten().tolist()]


def fixture(model, name):
    height, width = SIZES[name]
    model.double().eval()
    kept = []
    handle = last_block(model).register_forward_hook(lambda module, inputs, output: kept.append(output))
    scores = model(tensor(IMAGES, 1, 3, height, width))
    handle.remove()
    maps = []
    for index in (0, 3, 7):
        gradient, = torch.autograd.grad(scores[0, index], kept[0], retain_graph=True)
        for plus in (False, True):
            values = heat(kept[0].detach(), gradient, plus)
            maps.append({"class": index, "plus": plus, "largest": float(f"{values.max().item():.7g}"),
                         "values": numbers(values)})
    first = heat(kept[0].detach(), torch.autograd.grad(scores[0, 0], kept[0])[0], False)
    first = first / first.max() if first.max() > 0 else first
    resized = F.interpolate(first[None, None], (11, 17), mode="bilinear", align_corners=False)
    return {"name": name, "height": height, "width": width, "rows": first.shape[0], "columns": first.shape[1],
            "maps": maps, "resized": numbers(resized)}


def main():
    torch.set_num_threads(1)
    lines = []
    for model, name, _ in networks():
        if name in SIZES:
            initialize(model, False)
            lines.append("  " + json.dumps(fixture(model, name), separators=(",", ":")))
            print(name, flush=True)
    text = f'{{\n"torch": "{torch.__version__}",\n"networks": [\n' + ",\n".join(lines) + "\n]\n}\n"
    (pathlib.Path(sys.argv[1]) / "gradcam.json").write_text(text)


if __name__ == "__main__":
    main()
