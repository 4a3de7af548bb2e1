"""Reference values from PyTorch: networks (forward, gradients, ten steps of training) and single layers.

Made with Python 3.11, torch 2.13.0 (CPU), numpy; there is no random source, so no seed: every value comes from the
counter-based generator `uniform` below, which tests compute again in Java. Command line:

    python library/src/test/python/pytorch_fixtures.py library/src/test/resources/pytorch

Writes one NAME.json for each network of NETWORKS, and layers.json. All reference values are computed in float64 from
initial values that are exact in float32; "float32" in each network's file says how far PyTorch itself, in float32, is
from them: the largest difference in any tensor, relative to the root mean square of that tensor.

A ReLU input within rounding distance of zero makes float32 and float64 take different sides, and one such pixel moves
some gradients by percents. Therefore each network's images are those of the stream, among 1000, 2000, ..., whose ReLU
inputs stay furthest from zero ("margin" in the file); `python pytorch_fixtures.py search` looks for them again.

Layouts are PyTorch's: images NCHW, convolution weights OIHW, linear weights [out, in]. A summary of a tensor
is its L2 norm and `elements`: all of it if there are at most 16, else those at flat indices j * size // 16, j = 0..15
(of buffers 4, not 16).
"""

import json
import math
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

GOLDEN = 0x9E3779B97F4A7C15
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.02, 0.9, 5e-3


def uniform(stream, size):
    """Numbers in [-1, 1): number i is output n = stream * 2^32 + i of SplitMix64 seeded with 0, its top 24 bits."""
    with np.errstate(over="ignore"):
        n = np.uint64(stream << 32) + np.arange(size, dtype=np.uint64)
        z = (n + np.uint64(1)) * np.uint64(GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1


def tensor(stream, *shape, scale=1.0, offset=0.0):
    """offset + scale * uniform, rounded to float32, in a float64 tensor filled in row-major order."""
    values = offset + scale * uniform(stream, math.prod(shape))
    return torch.from_numpy(values.astype(np.float32).astype(np.float64)).reshape(shape)


class PaddedShortcut(nn.Module):
    """Option A: every stride-th pixel, and channels of zeros, half before and half after."""

    def __init__(self, stride, added):
        super().__init__()
        self.stride, self.before, self.after = stride, added // 2, added - added // 2

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.before, self.after))


class Block(nn.Module):
    """y = relu(F(x) + S(x)); modules are named and ordered as in torchvision."""

    def __init__(self, spec, inputs, width, stride):
        super().__init__()
        self.relu = spec["relu"]
        self.bottleneck = spec["block"] == "bottleneck"
        outputs = width * (4 if self.bottleneck else 1)
        if self.bottleneck:
            first, second = (stride, 1) if spec["stride"] == "v1" else (1, stride)
            self.conv1 = nn.Conv2d(inputs, width, 1, first, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, second, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
        if stride == 1 and inputs == outputs:
            self.downsample = nn.Identity()
        elif spec["shortcut"] == "A":
            self.downsample = PaddedShortcut(stride, outputs - inputs)
        else:
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.bottleneck:
            y = self.bn3(self.conv3(self.relu(y)))
        return self.relu(y + self.downsample(x))


class Network(nn.Module):
    def __init__(self, spec):
        super().__init__()
        width = spec["widths"][0]
        self.relu = spec["relu"]
        self.pool = spec["stem"] == "imagenet"
        self.conv1 = nn.Conv2d(3, width, *((7, 2, 3) if self.pool else (3, 1, 1)), bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs, self.stages = width, []
        for stage, (depth, width) in enumerate(zip(spec["depths"], spec["widths"]), 1):
            blocks = []
            for block in range(depth):
                blocks.append(Block(spec, inputs, width, 2 if stage > 1 and block == 0 else 1))
                inputs = width * (4 if spec["block"] == "bottleneck" else 1)
            self.add_module(f"layer{stage}", nn.Sequential(*blocks))
            self.stages.append(blocks)
        self.fc = nn.Linear(inputs, spec["classes"])

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        if self.pool:
            x = F.max_pool2d(x, 3, 2, 1)
        for blocks in self.stages:
            for block in blocks:
                x = block(x)
        return self.fc(x.mean((2, 3)))


class Relu:
    """ReLU that remembers how close to zero its inputs came."""

    def __init__(self):
        self.margin = math.inf

    def __call__(self, x):
        self.margin = min(self.margin, x.detach().abs().min().item())
        return F.relu(x)


def network(name, stem, block, stride, shortcut, depths, widths, classes, batch, height, width, steps, image_stream,
            statistics):
    return dict(name=name, stem=stem, block=block, stride=stride, shortcut=shortcut, depths=depths, widths=widths,
                classes=classes, batch=batch, height=height, width=width, steps=steps, imageStream=image_stream,
                statistics=statistics)


NETWORKS = [
    network("resnet20", "small", "basic", "v1.5", "A", [3, 3, 3], [16, 32, 64], 10, 4, 16, 16, 10, 36000,
            ["bn1", "layer2.0.bn1"]),
    network("resnet20-cifar", "small", "basic", "v1.5", "A", [3, 3, 3], [16, 32, 64], 10, 4, 32, 32, 1, 2000,
            ["bn1", "layer3.2.bn2"]),
    network("tinybottleneck", "small", "bottleneck", "v1.5", "B", [1, 2], [8, 16], 5, 4, 17, 13, 10, 123000,
            ["bn1", "layer1.0.downsample.1", "layer2.0.bn3"]),
    network("tinybottleneck-v1", "small", "bottleneck", "v1", "B", [1, 2], [8, 16], 5, 8, 17, 13, 1, 17000,
            ["bn1", "layer2.0.bn1"]),
    network("tinyimagenetstem", "imagenet", "basic", "v1.5", "B", [1, 1], [8, 12], 5, 8, 37, 29, 10, 36000,
            ["bn1", "layer2.0.downsample.1"]),
]


def initialize(model):
    """Stream number = the parameter's index among named_parameters(), which is the order of the state dict."""
    for stream, (name, parameter) in enumerate(model.named_parameters()):
        shape = parameter.shape
        if parameter.dim() == 4:
            value = tensor(stream, *shape, scale=math.sqrt(6.0 / (shape[0] * shape[2] * shape[3])))
        elif name == "fc.weight":
            value = tensor(stream, *shape, scale=1 / math.sqrt(shape[1]))
        elif name == "fc.bias":
            value = tensor(stream, *shape, scale=1 / math.sqrt(model.fc.in_features))
        else:
            value = tensor(stream, *shape, scale=0.1, offset=1.0 if name.endswith("weight") else 0.0)
        parameter.data = value


def images(spec, step):
    return tensor(spec["imageStream"] + step, spec["batch"], 3, spec["height"], spec["width"])


def flat(values):
    """A list of floats with 8 significant digits."""
    return [float(f"{v:.8g}") for v in torch.as_tensor(values).detach().double().flatten().tolist()]


def summary(values, count=16):
    values = values.detach().double().flatten()
    size = values.numel()
    picked = values if size <= count else values[[j * size // count for j in range(count)]]
    return {"norm": flat(values.norm())[0], "elements": flat(picked)}


def run(spec, dtype):
    """Everything that is compared, as full tensors of this type."""
    relu = Relu()
    model = Network(spec | {"relu": relu})
    initialize(model)
    model = model.to(dtype)
    labels = torch.arange(spec["batch"]) % spec["classes"]
    statistics = {}

    def record(name):
        def hook(_, arguments):
            x = arguments[0]
            count = x.numel() // x.shape[1]
            statistics[name] = (count, x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False))
        return hook

    modules = dict(model.named_modules())
    hooks = [modules[name].register_forward_pre_hook(record(name)) for name in spec["statistics"]]
    optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE, MOMENTUM, weight_decay=WEIGHT_DECAY)
    losses = []
    for step in range(spec["steps"]):
        optimizer.zero_grad()
        logits = model(images(spec, step).to(dtype))
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        if step == 0:
            first = logits.detach().clone()
            gradients = {name: p.grad.clone() for name, p in model.named_parameters()}
            for hook in hooks:
                hook.remove()
        losses.append(loss.item())
        optimizer.step()
    margin = relu.margin
    model.eval()
    with torch.no_grad():
        evaluated = model(images(spec, 0).to(dtype))
    buffers = {name: b for name, b in model.named_buffers() if not name.endswith("num_batches_tracked")}
    return dict(margin=margin, logits=first, statistics=statistics, gradients=gradients, losses=losses,
                parameters={name: p.detach() for name, p in model.named_parameters()}, buffers=buffers,
                evaluated=evaluated)


def apart(reference, other):
    """The largest difference, relative to the root mean square of the reference tensor."""
    reference, other = torch.as_tensor(reference).double(), torch.as_tensor(other).double()
    return ((reference - other).abs().max() / reference.pow(2).mean().sqrt()).item()


def network_fixture(spec):
    exact, single = run(spec, torch.float64), run(spec, torch.float32)

    def worst(key):
        return float(f"{max(apart(v, single[key][name]) for name, v in exact[key].items()):.2g}")

    difference = {key: worst(key) for key in ("gradients", "parameters", "buffers")}
    difference |= {key: float(f"{apart(exact[key], single[key]):.2g}") for key in ("logits", "losses", "evaluated")}
    fixture = {
        "torch": torch.__version__,
        "network": {k: v for k, v in spec.items() if k not in ("statistics", "steps")},
        "training": {"steps": spec["steps"], "learningRate": LEARNING_RATE, "momentum": MOMENTUM,
                     "weightDecay": WEIGHT_DECAY},
        "margin": float(f"{exact['margin']:.2g}"),
        "float32": difference,
        "shapes": {name: list(p.shape) for name, p in exact["parameters"].items()},
        "logits": flat(exact["logits"]),
        "statistics": {name: {"count": n, "mean": flat(mean), "variance": flat(variance)}
                       for name, (n, mean, variance) in exact["statistics"].items()},
        "gradients": {name: summary(g) for name, g in exact["gradients"].items()},
        "losses": flat(exact["losses"]),
        "evaluated": flat(exact["evaluated"]),
    }
    if spec["steps"] > 1:
        fixture["parameters"] = {name: summary(p) for name, p in exact["parameters"].items()}
        fixture["buffers"] = {name: summary(b, 4) for name, b in exact["buffers"].items()}
    return fixture


def search(candidates=150):
    for spec in NETWORKS:
        margins = {stream: run(spec | {"imageStream": stream}, torch.float64)["margin"]
                   for stream in range(1000, 1000 * (candidates + 1), 1000)}
        best = sorted(margins, key=margins.get)[-3:]
        print(spec["name"], {stream: f"{margins[stream]:.2g}" for stream in reversed(best)})


def convolution(batch, height, width, inputs, outputs, kernel, stride, padding, groups):
    x = tensor(0, batch, inputs, height, width).requires_grad_()
    w = tensor(1, outputs, inputs // groups, *kernel).requires_grad_()
    y = F.conv2d(x, w, None, stride, padding, 1, groups)
    y.backward(tensor(2, *y.shape))
    return {
        "batch": batch, "height": height, "width": width, "inChannels": inputs, "outChannels": outputs,
        "kernelHeight": kernel[0], "kernelWidth": kernel[1], "stride": stride, "padding": padding, "groups": groups,
        "outHeight": y.shape[2], "outWidth": y.shape[3], "y": flat(y), "dx": flat(x.grad), "dw": flat(w.grad),
    }


def normalization(batch, height, width, channels, residual, relu):
    """x = stream 0, gamma = 1 + u/2 of stream 1, beta = u/2 of stream 2, dy stream 3, residual stream 4."""
    x = tensor(0, batch, channels, height, width).requires_grad_()
    bn = nn.BatchNorm2d(channels).double()
    bn.weight.data, bn.bias.data = tensor(1, channels, scale=0.5, offset=1.0), tensor(2, channels, scale=0.5)
    r = tensor(4, batch, channels, height, width).requires_grad_()
    y = bn(x)
    y = y + r if residual else y
    y = F.relu(y) if relu else y
    y.backward(tensor(3, *y.shape))
    fixture = {
        "batch": batch, "height": height, "width": width, "channels": channels, "residual": residual, "relu": relu,
        "y": flat(y), "dx": flat(x.grad), "dGamma": flat(bn.weight.grad), "dBeta": flat(bn.bias.grad),
        "mean": flat(x.mean((0, 2, 3))), "variance": flat(x.var((0, 2, 3), unbiased=False)),
        "runningMean": flat(bn.running_mean), "runningVariance": flat(bn.running_var),
    }
    if residual:
        fixture["dResidual"] = flat(r.grad)
    bn.eval()
    fixture["normalizedByRunning"] = flat(bn(x))
    return fixture


def max_pool(batch, height, width, channels, kernel, stride, padding):
    x = tensor(0, batch, channels, height, width).requires_grad_()
    y = F.max_pool2d(x, kernel, stride, padding)
    y.backward(tensor(1, *y.shape))
    return {
        "batch": batch, "height": height, "width": width, "channels": channels, "kernel": kernel, "stride": stride,
        "padding": padding, "outHeight": y.shape[2], "outWidth": y.shape[3], "y": flat(y), "dx": flat(x.grad),
    }


def average_pool(batch, height, width, channels):
    x = tensor(0, batch, channels, height, width).requires_grad_()
    y = x.mean((2, 3))
    y.backward(tensor(1, *y.shape))
    return {"batch": batch, "height": height, "width": width, "channels": channels, "y": flat(y), "dx": flat(x.grad)}


def linear(rows, inputs, outputs):
    """x = stream 0, weights [out, in] stream 1, bias stream 2, dy stream 3."""
    x, w, b = (t.requires_grad_() for t in (tensor(0, rows, inputs), tensor(1, outputs, inputs), tensor(2, outputs)))
    y = F.linear(x, w, b)
    y.backward(tensor(3, *y.shape))
    return {"rows": rows, "inFeatures": inputs, "outFeatures": outputs, "y": flat(y), "dx": flat(x.grad),
            "dw": flat(w.grad), "dBias": flat(b.grad)}


def cross_entropy(rows, classes, smoothing, mixed, scale):
    """Logits = scale * stream 0. Targets: row % classes; mixed: 0.75 of it and 0.25 of the class before the last."""
    logits = tensor(0, rows, classes, scale=scale).requires_grad_()
    labels = torch.arange(rows) % classes
    targets = F.one_hot(labels, classes).double()
    if mixed:
        targets = 0.75 * targets + 0.25 * F.one_hot(torch.full((rows,), classes - 2), classes).double()
    loss = F.cross_entropy(logits, targets, label_smoothing=smoothing)
    loss.backward()
    return {"rows": rows, "classes": classes, "smoothing": smoothing, "mixed": mixed, "scale": scale,
            "probabilities": flat(logits.softmax(1)), "meanLoss": flat(loss)[0], "dLogits": flat(logits.grad)}


def layer_fixtures():
    return {
        "torch": torch.__version__,
        "uniform": {str(stream): flat(uniform(stream, 5)) for stream in (0, 1, 7, 1000)},
        "convolution": [
            convolution(2, 4, 3, 3, 4, (3, 3), 1, 1, 1),
            convolution(1, 7, 6, 3, 2, (3, 3), 2, 1, 1),
            convolution(2, 3, 4, 4, 5, (1, 1), 1, 0, 1),
            convolution(1, 5, 4, 3, 5, (1, 1), 2, 0, 1),
            convolution(1, 8, 7, 2, 2, (7, 7), 2, 3, 1),
            convolution(1, 4, 3, 4, 6, (3, 3), 1, 1, 2),
            convolution(1, 6, 5, 3, 3, (3, 3), 2, 1, 3),
            convolution(1, 4, 5, 2, 3, (2, 3), 1, 0, 1),
            convolution(1, 4, 4, 1, 2, (5, 5), 3, 2, 1),
        ],
        "normalization": [
            normalization(2, 4, 3, 4, False, False),
            normalization(2, 3, 5, 2, False, True),
            normalization(3, 3, 3, 3, True, True),
        ],
        "maxPool": [max_pool(2, 7, 6, 2, 3, 2, 1), max_pool(1, 6, 5, 2, 2, 2, 0), max_pool(1, 5, 4, 2, 3, 1, 1)],
        "averagePool": [average_pool(2, 3, 5, 3)],
        "linear": [linear(3, 7, 5), linear(1, 4, 1)],
        "crossEntropy": [
            cross_entropy(6, 5, 0.0, False, 2.0),
            cross_entropy(6, 5, 0.1, False, 2.0),
            cross_entropy(4, 7, 0.1, True, 2.0),
            cross_entropy(3, 4, 0.0, False, 200.0),
        ],
    }


def write(folder, name, fixture):
    """One line for each entry of the outer two levels, so that changes can be read."""
    parts = []
    for key, value in fixture.items():
        if isinstance(value, dict):
            lines = [f"  {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in value.items()]
            parts.append(f"{json.dumps(key)}: {{\n" + ",\n".join(lines) + "\n}")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines = [f"  {json.dumps(v, separators=(',', ':'))}" for v in value]
            parts.append(f"{json.dumps(key)}: [\n" + ",\n".join(lines) + "\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}")
    (folder / f"{name}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


def main():
    torch.set_num_threads(1)
    if sys.argv[1] == "search":
        search()
        return
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for spec in NETWORKS:
        fixture = network_fixture(spec)
        write(folder, spec["name"], fixture)
        print(spec["name"], sum(math.prod(s) for s in fixture["shapes"].values()), "parameters, float32 differs by",
              fixture["float32"])
    write(folder, "layers", layer_fixtures())


if __name__ == "__main__":
    main()
