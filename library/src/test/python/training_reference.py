"""Writes the optimiser and schedule fixtures of src/test/resources/training.

Versions: torch 2.13.0, Python 3.11. No random numbers.
Run in library/:  python src/test/python/training_reference.py src/test/resources/training
"""

import math
import pathlib
import sys
import warnings

import torch

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
STEPS, SIZE = 8, 4


def gradient(step):
    return [math.sin(3 * step + 2 * i + 1) for i in range(SIZE)]


def optimizers():
    cases = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd-momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.05),
        "sgd-nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, weight_decay=0.01, nesterov=True),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1),
        "adamw-betas": lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2),
    }
    yield "case,step,rate," + ",".join(f"gradient{i}" for i in range(SIZE)) + "," + ",".join(f"w{i}" for i in range(SIZE))
    for name, make in cases.items():
        w = torch.tensor([1.0, -2.0, 0.5, 3.0], requires_grad=True)
        optimizer = make([w])
        for step in range(STEPS):
            rate = 0.1 / (1 + step)
            for group in optimizer.param_groups:
                group["lr"] = rate
            g = gradient(step)
            w.grad = torch.tensor(g)
            optimizer.step()
            yield ",".join([name, str(step), repr(rate), *map(repr, g), *(repr(v) for v in w.tolist())])


def schedules():
    total = 20  # 5 epochs of 4 steps
    lr = torch.optim.lr_scheduler
    cases = {
        "steps": lambda o: lr.MultiStepLR(o, milestones=[8, 16], gamma=0.1),
        "cosine": lambda o: lr.CosineAnnealingLR(o, T_max=total),
        "cosine-floor": lambda o: lr.CosineAnnealingLR(o, T_max=total, eta_min=0.05),
        "cosine-warm-up": lambda o: lr.SequentialLR(
            o,
            [lr.LinearLR(o, start_factor=0.01, total_iters=4), lr.CosineAnnealingLR(o, T_max=total - 4)],
            milestones=[4],
        ),
        "one-cycle": lambda o: lr.OneCycleLR(o, max_lr=0.5, total_steps=total),
        "one-cycle-custom": lambda o: lr.OneCycleLR(
            o, max_lr=0.5, total_steps=total, pct_start=0.25, div_factor=10, final_div_factor=100
        ),
    }
    yield "case,step,rate"
    for name, make in cases.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        scheduler = make(optimizer)
        for step in range(total):
            yield f"{name},{step},{optimizer.param_groups[0]['lr']!r}"
            optimizer.step()
            if step < total - 1:
                scheduler.step()


(folder / "optimizers.csv").write_text("\n".join(optimizers()) + "\n")
(folder / "schedules.csv").write_text("\n".join(schedules()) + "\n")
