"""Trains ResNet-20 in PyTorch by the recipe of `resnet4j train`, to compare the accuracy that both reach.

Made with Python 3.11, torch 2.13.0 (CPU), Pillow; seed 0 unless given. Command line:

    python library/src/test/python/cifar_recipe.py TRAIN.zip VALIDATION.zip EPOCHS metrics.csv [SEED]

The zips hold one folder of JPEGs for each class. Writes a row of metrics.csv after each epoch, and beside it a checkpoint
from which the same command goes on if it was stopped. What `resnet4j train --data TRAIN.zip --validation VALIDATION.zip
--model resnet20 --epochs EPOCHS` does without further options, written once more:

    network        6n+2 with n = 3, widths 16, 32, 64; where the shape changes the shortcut takes every second pixel and
                   pads the channels with zeros (option A)
    first weights  convolutions N(0, sqrt(2 / (out * 3 * 3))), linear layer PyTorch's own, gamma 1, beta 0
    images         (x / 255 - mean) / std with ImageNet's values; shifted by up to 4 pixels with black coming in, mirrored
                   by chance
    steps          batches of 128, a partial last one left out; cross-entropy
    optimizer      SGD, Nesterov's momentum 0.9, weight decay 5e-4 on convolutions and the linear layer's weight
    learning rate  OneCycleLR to 0.1 over all steps, momentum unchanged

Chance is another one than resnet4j's: the accuracies of two seeds differ by some tenths of a point in either.
"""

import csv
import io
import pathlib
import sys
import time
import zipfile

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

BATCH = 128
PADDING = 4
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def pictures(path):
    """All pictures of a zip, uint8 [count, 3, 32, 32], and the place of each one's folder among the sorted folders."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        folders = sorted({name.split("/")[-2] for name in names})
        arrays = [np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB")) for name in names]
    labels = [folders.index(name.split("/")[-2]) for name in names]
    return torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def normalized(images):
    return ((images.float() / 255 - MEAN) / STD).contiguous(memory_format=torch.channels_last)


def varied(images, chance):
    """Each image shifted and mirrored by itself."""
    count, _, rows, columns = images.shape
    padded = F.pad(images, (PADDING,) * 4)
    dy, dx = torch.randint(0, 2 * PADDING + 1, (2, count), generator=chance)
    y = dy[:, None] + torch.arange(rows)
    x = dx[:, None] + torch.arange(columns)
    mirrored = torch.rand(count, generator=chance) < 0.5
    x = torch.where(mirrored[:, None], x.flip(1), x)
    image = torch.arange(count)[:, None, None]
    return padded.permute(0, 2, 3, 1)[image, y[:, :, None], x[:, None, :]].permute(0, 3, 1, 2)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.missing = outputs - inputs

    def forward(self, x):
        shortcut = x
        if self.stride > 1 or self.missing > 0:
            before = self.missing // 2
            shortcut = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, before, self.missing - before))
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + shortcut)


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks, inputs = [], 16
        for outputs, stride in ((16, 1), (32, 2), (64, 2)):
            for index in range(3):
                blocks.append(Block(inputs, outputs, stride if index == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(64, 10)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.blocks(F.relu(self.bn1(self.conv1(x))))
        return self.fc(x.mean((2, 3)))


def validated(network, images, labels):
    network.eval()
    loss, right = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(labels), 500):
            scores = network(normalized(images[start : start + 500]))
            expected = labels[start : start + 500]
            loss += F.cross_entropy(scores, expected, reduction="sum").item()
            right += (scores.argmax(1) == expected).sum().item()
    network.train()
    return loss / len(labels), right / len(labels)


def main(training, validation, epochs, metrics, seed="0"):
    epochs, seed, metrics = int(epochs), int(seed), pathlib.Path(metrics)
    checkpoint = metrics.with_suffix(".checkpoint")
    torch.manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    images, labels = pictures(training)
    validation = pictures(validation)
    network = ResNet20().to(memory_format=torch.channels_last)
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() == 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": 5e-4}, {"params": others, "weight_decay": 0}],
        lr=0.1,
        momentum=0.9,
        nesterov=True,
    )
    steps = len(labels) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.1, total_steps=epochs * steps, cycle_momentum=False
    )
    first, rows = 0, []
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        chance.set_state(state["chance"])
        first, rows = state["epoch"], state["rows"]
    for epoch in range(first, epochs):
        began, total, right = time.perf_counter(), 0.0, 0
        order = torch.randperm(len(labels), generator=chance)
        for step in range(steps):
            taken = order[step * BATCH : (step + 1) * BATCH]
            # Black comes in, so the shift is before the normalization.
            scores = network(normalized(varied(images[taken], chance)))
            loss = F.cross_entropy(scores, labels[taken])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if step < steps - 1 or epoch < epochs - 1:
                schedule.step()
            total += loss.item()
            right += (scores.argmax(1) == labels[taken]).sum().item()
        loss, accuracy = validated(network, *validation)
        rows.append(
            [
                epoch + 1,
                round(total / steps, 6),
                round(right / (steps * BATCH), 6),
                round(loss, 6),
                round(accuracy, 6),
                round(time.perf_counter() - began, 1),
            ]
        )
        print(*rows[-1], flush=True)
        with metrics.open("w", newline="") as file:
            csv.writer(file).writerows(
                [["epoch", "trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy", "seconds"], *rows]
            )
        partial = checkpoint.with_suffix(".partial")
        torch.save(
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "chance": chance.get_state(),
                "epoch": epoch + 1,
                "rows": rows,
            },
            partial,
        )
        partial.replace(checkpoint)


if __name__ == "__main__":
    main(*sys.argv[1:])
