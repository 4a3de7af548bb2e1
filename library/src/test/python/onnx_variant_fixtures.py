"""The networks of onnx_fixtures.py as other tools leave them, and the scores that ONNX Runtime computes.

Made with Python 3.11, torch 2.13.0 (CPU), onnx 1.23.1, onnxruntime 1.30.0, timm 1.0.29. Weights are of
torch.manual_seed(0). Command line:

    python library/src/test/python/onnx_variant_fixtures.py library/src/test/resources/onnx

The image is that of onnx_fixtures.py, before normalization if the graph has one. The outputs are in variants.csv: scores,
or the features. tiny-*.onnx are made of tiny.onnx, for fuzz_seeds.py.
"""

import pathlib
import sys
import warnings

import numpy
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from onnx_fixtures import drawn, old

warnings.filterwarnings("ignore")
LEVELS = onnxruntime.GraphOptimizationLevel


class Normalized(nn.Module):
    def __init__(self, network, mean, std, divisor=1):
        super().__init__()
        self.network, self.divisor = network, divisor
        self.register_buffer("mean", torch.tensor(mean).reshape(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(std).reshape(1, -1, 1, 1))

    def forward(self, x):
        if self.divisor > 1:
            x = x / self.divisor
        return self.network((x - self.mean) / self.std)


class FeatureMap(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network.forward_features(x)


def without_classifier(name):
    network = drawn(name)
    network.reset_classifier(0)
    return network


def optimized(level):
    """The file that ONNX Runtime writes after optimizing at a level."""

    def export(network, image, path):
        plain = path.with_suffix(".plain")
        old(network, image, plain, opset_version=17, training=torch.onnx.TrainingMode.PRESERVE)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = level
        options.optimized_model_filepath = str(path)
        options.log_severity_level = 4
        onnxruntime.InferenceSession(str(plain), options)
        plain.unlink()

    return export


def float16(network, image, path):
    """Weights in float16, each converted to float32 by a Cast, as converters leave them that keep the arithmetic."""
    old(network, image, path, opset_version=17)
    halve(onnx.load(path), path)


def halve(model, path):
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == numpy.float32:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(numpy.float16), name + ".half"))
            casts.append(helper.make_node("Cast", [name + ".half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    onnx.save(model, path)


def plain(network, image, path):
    old(network, image, path, opset_version=17)


FILES = {
    "gated-normalized": (lambda: Normalized(drawn("gated"), [0.45], [0.22]), plain),
    "gated-normalized-255": (lambda: Normalized(drawn("gated"), [0.45], [0.22], 255), plain),
    "gated-caffe": (lambda: Normalized(drawn("gated"), [110.0], [1.0]), plain),
    "gated-features": (lambda: without_classifier("gated"), plain),
    "gated-map": (lambda: FeatureMap(drawn("gated")), plain),
    "gated-float16": (lambda: drawn("gated"), float16),
    "gated-ort-basic": (lambda: drawn("gated"), optimized(LEVELS.ORT_ENABLE_BASIC)),
    "gated-ort-extended": (lambda: drawn("gated"), optimized(LEVELS.ORT_ENABLE_EXTENDED)),
    "basic-ort-extended": (lambda: drawn("basic"), optimized(LEVELS.ORT_ENABLE_EXTENDED)),
    "before-ort-extended": (lambda: drawn("before"), optimized(LEVELS.ORT_ENABLE_EXTENDED)),
}


def tiny(folder):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = LEVELS.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / "tiny-fused.onnx")
    onnxruntime.InferenceSession(str(folder / "tiny.onnx"), options)
    halve(onnx.load(folder / "tiny.onnx"), folder / "tiny-float16.onnx")
    model = onnx.load(folder / "tiny.onnx")
    first = next(node for node in model.graph.node if model.graph.input[0].name in node.input)
    first.input[0] = "normalized"
    model.graph.initializer.append(numpy_helper.from_array(numpy.array([110.0], numpy.float32), "mean"))
    model.graph.initializer.append(numpy_helper.from_array(numpy.array([0.02], numpy.float32), "factor"))
    model.graph.node.insert(0, helper.make_node("Mul", ["centered", "factor"], ["normalized"]))
    model.graph.node.insert(0, helper.make_node("Sub", [model.graph.input[0].name, "mean"], ["centered"]))
    onnx.save(model, folder / "tiny-normalized.onnx")


def main(folder):
    tiny(folder)
    image = (torch.arange(33 * 33) * 7919 % 256 / 128 - 1).reshape(1, 1, 33, 33)
    with open(folder / "variants.csv", "w", newline="\n") as table:
        print("file,network,outputs", file=table)
        for file, (make, exporter) in FILES.items():
            network = make().eval()
            with torch.no_grad():
                exporter(network, image, folder / f"{file}.onnx")
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 4
            session = onnxruntime.InferenceSession(str(folder / f"{file}.onnx"), options)
            (outputs,) = session.run(None, {session.get_inputs()[0].name: image.numpy()})
            if outputs.ndim == 4:
                outputs = outputs.mean((2, 3))
            print(f"{file},{file.split('-')[0]},{' '.join(repr(float(score)) for score in outputs[0])}", file=table)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
