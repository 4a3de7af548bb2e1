"""Quantized files of small networks as onnxruntime.quantization.quantize_static writes them, and ONNX Runtime's scores.

Made with Python 3.11, numpy 2.4, torch 2.13.0 (CPU), onnx 1.23.1, onnxruntime 1.30.0 (CPU). Command line:

    python library/src/test/python/quantize_static_fixtures.py library/src/test/resources/onnx

Weights and images have fixed seeds. quantize_static.zip.gz has the files; the images, [40, 16, 16, 3], of bytes that stand
for byte / 64 - 2; and files.csv with the network of each file, the layers that it has in float32, and the scores.
tiny-qdq.onnx and tiny-qoperator.onnx are made of tiny.onnx, for fuzz_seeds.py.
"""

import csv
import gzip
import io
import pathlib
import sys
import tempfile
import warnings
import zipfile

import numpy
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

warnings.filterwarnings("ignore")
SIDE = 16
CALIBRATION = 64
IMAGES = 40
CLASSES = 5


def convolution(inputs, outputs, size, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs)
    )


class Block(nn.Module):
    """A residual block; its shortcut is a projection where the shape changes (option B)."""

    def __init__(self, inputs, layers, stride):
        super().__init__()
        outputs = layers[-1][0].out_channels
        self.branch = nn.ModuleList(layers)
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)

    def forward(self, x):
        y = x
        for layer in self.branch[:-1]:
            y = layer(y).relu()
        return (self.branch[-1](y) + self.shortcut(x)).relu()


def basic(inputs, width, stride):
    return Block(inputs, [convolution(inputs, width, 3, stride), convolution(width, width, 3)], stride)


def bottleneck(inputs, width, stride):
    layers = [convolution(inputs, width, 1), convolution(width, width, 3, stride), convolution(width, 4 * width, 1)]
    return Block(inputs, layers, stride)


NETWORKS = {
    "basic": lambda: nn.Sequential(
        convolution(3, 4, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1), basic(4, 4, 1), basic(4, 8, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, CLASSES)
    ),
    "bottleneck": lambda: nn.Sequential(
        convolution(3, 8, 3), nn.ReLU(), bottleneck(8, 4, 1), bottleneck(16, 4, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, CLASSES)
    ),
}


def drawn(name):
    torch.manual_seed(0)
    network = NETWORKS[name]()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network.eval()


def images(count, seed):
    """Bytes [count, 3, SIDE, SIDE]: images of different brightness and colors, with a pattern and noise."""
    random = numpy.random.RandomState(seed)
    places = numpy.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    drawn = [
        random.uniform(0, 200, (3, 1, 1)) + places % random.randint(3, 40) * 2 + random.randint(0, 8, (3, SIDE, SIDE))
        for _ in range(count)
    ]
    return numpy.stack(drawn).clip(0, 255).astype(numpy.uint8)


def numbers(image):
    return image.astype(numpy.float32) / 64 - 2


class Reader(CalibrationDataReader):
    def __init__(self, images):
        self.images = iter(images)

    def get_next(self):
        image = next(self.images, None)
        return None if image is None else {"input": image[None]}


def exported(name, folder, folded):
    """The file of a network: with normalization folded by quant_pre_process, or with nodes of its own."""
    whole, prepared = folder / f"{name}-whole.onnx", folder / f"{name}.onnx"
    axes = {"input": {0: "batch"}}
    torch.onnx.export(
        drawn(name), (torch.zeros(1, 3, SIDE, SIDE),), whole, dynamo=False, input_names=["input"], dynamic_axes=axes,
        opset_version=17, training=torch.onnx.TrainingMode.PRESERVE
    )
    if folded:
        quant_pre_process(str(whole), str(prepared))
    return prepared if folded else whole


def convolutions(path):
    return [node.name for node in onnx.load(path).graph.node if node.op_type in ("Conv", "Gemm")]


def quantized(source, target, excluded, form="QDQ", values="QUInt8", weights="QInt8", per_channel=True, **options):
    nodes = convolutions(source)
    quantize_static(
        str(source), str(target), Reader(numbers(images(CALIBRATION, 1))), quant_format=getattr(QuantFormat, form),
        activation_type=getattr(QuantType, values), weight_type=getattr(QuantType, weights), per_channel=per_channel,
        nodes_to_exclude=[nodes[i] for i in excluded], **options
    )


# name: network, layers in float32 by their number among convolutions and linear layers, options
FILES = {
    f"{network}-{form}-{values}-{'channel' if per_channel else 'tensor'}": (
        network, {}, {"form": form, "values": values, "per_channel": per_channel}
    )
    for network in NETWORKS
    for form in ("QDQ", "QOperator")
    for values in ("QUInt8", "QInt8")
    for per_channel in (True, False)
    if network == "basic" or (values == "QUInt8") == per_channel
}
for form in ("QDQ", "QOperator"):
    FILES |= {
        f"basic-{form}-unfolded": ("basic", {}, {"form": form, "folded": False}),
        f"basic-{form}-unsigned": ("basic", {}, {"form": form, "weights": "QUInt8", "per_channel": False}),
        f"basic-{form}-excluded": ("basic", {0: "conv1", 2: "layer1.0.conv2", -1: "fc"}, {"form": form}),
        f"basic-{form}-products": ("basic", {}, {"form": form, "op_types_to_quantize": ["Conv", "Gemm"]}),
    }


def main(folder):
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["file", "network", "float32", "logits"])
    tested = images(IMAGES, 2)
    packed = io.BytesIO()
    archive = zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED)  # compressed as a whole, because files are alike

    def add(name, content):
        archive.writestr(zipfile.ZipInfo(name), content)

    with tempfile.TemporaryDirectory() as temporary, archive:
        temporary = pathlib.Path(temporary)
        for name, (network, kept, options) in FILES.items():
            source = exported(network, temporary, options.pop("folded", True))
            target = temporary / f"{name}.onnx"
            quantized(source, target, kept, **options)
            session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
            logits = session.run(None, {"input": numbers(tested)})[0]
            rows.writerow([name, network, " ".join(kept.values()), " ".join(f"{score:.6g}" for score in logits.ravel())])
            add(f"{name}.onnx", target.read_bytes())
        add("images", numpy.ascontiguousarray(tested.transpose(0, 2, 3, 1)).tobytes())
        add("files.csv", table.getvalue())
        prepared = temporary / "tiny.onnx"
        quant_pre_process(str(folder / "tiny.onnx"), str(prepared))
        random = numpy.random.RandomState(0)
        for form in ("QDQ", "QOperator"):
            drawn_images = random.uniform(-1, 1, (CALIBRATION, 1, 8, 8)).astype(numpy.float32)
            quantize_static(
                str(prepared), str(folder / f"tiny-{form.lower()}.onnx"), Reader(drawn_images),
                quant_format=getattr(QuantFormat, form), activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                per_channel=True
            )
    (folder / "quantize_static.zip.gz").write_bytes(gzip.compress(packed.getvalue(), 9, mtime=0))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
