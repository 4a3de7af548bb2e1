"""How far the scores of PyTorch in bfloat16 are from those in float64.

Made with Python 3.11, torch 2.13.0 (CPU) and timm 1.0.29; values come from the counter-based generator of
prediction_fixtures.py, so there is no seed. Command line:

    python library/src/test/python/bfloat16_fixtures.py library/src/test/resources/pytorch

Writes bfloat16.csv: the network, its images, and the root mean square of the differences, relative to that of the scores,
with weights and values in bfloat16 (model.bfloat16()).
"""

import pathlib
import sys

import torch

from pytorch_fixtures import tensor
from prediction_fixtures import IMAGES, initialize, networks

NAMES = ["resnet18", "resnet34", "resnet50", "resnet20", "resnet56", "resnet110", "resnext50_32x4d", "wide_resnet50_2",
         "resnet50d", "seresnet18", "resnetv2_50", "preresnet110", "resnet9", "plain20"]


def main():
    torch.set_num_threads(2)
    lines = ["name,batch,height,width,distance"]
    for model, name, sizes in networks():
        if name not in NAMES:
            continue
        model.eval()
        initialize(model, name.startswith("plain"))
        batch, height, width = sizes[0]
        images = tensor(IMAGES, batch, 3, height, width)
        with torch.no_grad():
            exact = model.double()(images)
            rounded = model.bfloat16()(images.bfloat16()).double()
        distance = ((exact - rounded).pow(2).mean() / exact.pow(2).mean()).sqrt().item()
        lines.append(f"{name},{batch},{height},{width},{distance:.3g}")
        print(lines[-1], flush=True)
    (pathlib.Path(sys.argv[1]) / "bfloat16.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
