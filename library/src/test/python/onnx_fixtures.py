"""Small networks as PyTorch's two exporters write them, and the scores that PyTorch computes.

Made with Python 3.11, torch 2.13.0 (CPU), onnx, onnxscript 0.7.2, timm 1.0.29. Command line:

    python library/src/test/python/onnx_fixtures.py library/src/test/resources/onnx

Weights are of torch.manual_seed(0). The image is one of 33x33 pixels, channel by channel, whose element i is (7919 i mod 256) / 128 - 1;
scores are in networks.csv.
"""

import pathlib
import sys
import warnings

import onnx
import torch
from torch import nn

torch.library.register_fake = lambda *args, **keywords: lambda function: function  # torchvision is not needed
import timm  # noqa: E402, F401
from timm.layers import BatchNormAct2d, create_conv2d  # noqa: E402
from timm.models.resnet import BasicBlock, Bottleneck, ResNet  # noqa: E402
from timm.models.resnetv2 import ResNetV2  # noqa: E402

warnings.filterwarnings("ignore")

NETWORKS = {
    "basic": lambda: ResNet(BasicBlock, (1, 1, 2, 1), num_classes=5, in_chans=1, channels=(4, 4, 8, 8)),
    "grouped": lambda: ResNet(
        Bottleneck, (1, 1, 1, 2), num_classes=5, in_chans=1, channels=(8, 8, 8, 8), cardinality=2, base_width=32
    ),
    "gated": lambda: ResNet(
        BasicBlock, (1, 1, 1, 1), num_classes=5, in_chans=1, channels=(4, 4, 8, 8), stem_type="deep", stem_width=4,
        avg_down=True, block_args={"attn_layer": "se"},
    ),
    "before": lambda: ResNetV2(
        [1, 1, 1, 1], channels=(32, 32, 32, 32), num_classes=5, in_chans=1, stem_chs=8, norm_layer=BatchNormAct2d,
        conv_layer=create_conv2d,
    ),
}


def old(network, image, path, **keywords):
    """The exporter that follows TorchScript; it folds normalisation into convolutions."""
    axes = {"input": {0: "batch"}}
    torch.onnx.export(network, (image,), path, dynamo=False, input_names=["input"], dynamic_axes=axes, **keywords)


def new(network, image, path, **keywords):
    """The exporter that follows torch.export."""
    torch.onnx.export(network, (image,), path, dynamo=True, verbose=False, **keywords)
    model = onnx.load(path, load_external_data=False)
    for part in [model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        del part.metadata_props[:]  # lines of the exporter's sources
    onnx.save(model, path)


FILES = {
    "basic-old": ("basic", old, {"opset_version": 11}),
    "basic-whole": ("basic", old, {"opset_version": 17, "training": torch.onnx.TrainingMode.PRESERVE}),
    "basic-beside": ("basic", new, {"external_data": True}),
    "grouped-new": ("grouped", new, {"external_data": False}),
    "gated-old": ("gated", old, {"opset_version": 17}),
    "gated-new": ("gated", new, {"external_data": False}),
    "before-old": ("before", old, {"opset_version": 13}),
    "before-new": ("before", new, {"external_data": False}),
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


@torch.no_grad()
def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    image = (torch.arange(33 * 33) * 7919 % 256 / 128 - 1).reshape(1, 1, 33, 33)
    with open(folder / "networks.csv", "w") as table:
        print("file,network,score0,score1,score2,score3,score4", file=table)
        for file, (name, exporter, keywords) in FILES.items():
            network = drawn(name)
            exporter(network, image, folder / f"{file}.onnx", **keywords)
            scores = ",".join(repr(float(score)) for score in network(image)[0])
            print(f"{file},{name},{scores}", file=table)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
