"""Names and shapes of the state dicts of torchvision-layout ResNets, in order, for ResNetStateTest.

Versions: Python 3.11, torch 2.13.0, timm 1.0.29 (whose resnet18 and resnet50 have torchvision's names).
No seed: only names and shapes are written. Command line:

    python resnet_state_names.py ../resources/resnet

Counters of batches (num_batches_tracked) are left out.
"""

import pathlib
import sys

import torch

torch.library.register_fake = lambda *a, **k: (lambda f: f)  # the CPU build lacks torchvision's C++ operators
import timm  # noqa: E402

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name in ("resnet18", "resnet50"):
    with open(folder / f"{name}-state.txt", "w", encoding="utf-8", newline="\n") as file:
        for key, value in timm.create_model(name).state_dict().items():
            if not key.endswith("num_batches_tracked"):
                file.write(f"{key} {list(value.shape)}\n")
