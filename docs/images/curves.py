"""Draws validation accuracy by epoch from the metrics.csv of some runs.

Usage: python curves.py OUT.svg "TITLE" NAME=metrics.csv [NAME=metrics.csv ...]
Made with Python 3.11 and matplotlib (version in the file that it writes).
"""

import csv
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "resnet4j"
import matplotlib.pyplot as plt

out, title, *runs = sys.argv[1:]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for number, run in enumerate(runs):
    name, path = run.split("=", 1)
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    epochs = [int(row["epoch"]) for row in rows]
    plain = name.startswith("plain")
    style = dict(color=f"C{number // 2 if len(runs) > 1 else 0}", linestyle="--" if plain else "-", marker="o", markersize=3)
    left.plot(epochs, [float(row["trainLoss"]) for row in rows], label=name, **style)
    right.plot(epochs, [100 * float(row["top1"]) for row in rows], label=name, **style)
left.set(xlabel="epoch", ylabel="training loss")
right.set(xlabel="epoch", ylabel="validation accuracy, %")
for axes in (left, right):
    axes.grid(alpha=0.3)
    axes.xaxis.get_major_locator().set_params(integer=True)
figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=len(runs))
figure.suptitle(title)
figure.savefig(out, metadata={"Date": None})
