"""Networks from Python through resnet4j and back: the same logits in every format.

Not part of the build; run by hand with Python 3.11, torch 2.13.0 (CPU), timm 1.0.29, safetensors, onnx and onnxruntime:

    python library/src/test/python/check_round_trips.py [NETWORK...]

For each network, timm's with the weights of torch.manual_seed(0) and statistics that are not those of the first moment:

    torch.save (zip and old format), safetensors, torch.onnx.export  ->  resnet4j convert  ->  .safetensors, .pth, .onnx
    ->  load_state_dict(strict=True) of torch.load(weights_only=True) and of safetensors; the onnx checker and ONNX Runtime

Prints the largest difference of the logits to the first network's, relative to their root mean square, for every way, and
fails above 1e-4. Weights that never were ONNX must come back bit for bit.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
import torch
from safetensors.torch import load_file, save_file

torch.library.register_fake = lambda *args, **keywords: lambda function: function  # torchvision is not needed
import timm  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[4]
NETWORKS = ["resnet18", "resnet50", "resnext50_32x4d", "wide_resnet50_2", "resnet50d", "seresnet18", "resnetv2_50"]
LIMIT = 1e-4


def network(name):
    torch.manual_seed(0)
    made = timm.create_model(name, pretrained=False)
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1)
            torch.nn.init.normal_(module.bias, 0, 0.1)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return made.eval()


def exports(made, images, folder):
    """The files that Python writes."""
    state = made.state_dict()
    torch.save(state, folder / "new.pth")
    torch.save(state, folder / "old.pth", _use_new_zipfile_serialization=False)
    save_file(state, folder / "python.safetensors")
    torch.onnx.export(made, (images,), folder / "python.onnx", dynamo=False, opset_version=17, input_names=["input"])
    return ["new.pth", "old.pth", "python.safetensors", "python.onnx"]


def convert(source, target, name):
    command = [ROOT / "resnet4j", "convert", source, target, "--model", name]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def logits(path, made, images):
    """What Python computes from a file that resnet4j wrote."""
    if path.suffix == ".onnx":
        onnx.checker.check_model(onnx.load(path), full_check=True)
        return onnxruntime.InferenceSession(path).run(None, {"input": images.numpy()})[0]
    state = torch.load(path, weights_only=True) if path.suffix == ".pth" else load_file(path)
    made.load_state_dict(state, strict=True)
    return made(images).numpy()


def same_bits(path, state):
    """Whether a file has the weights of a state dict."""
    read = torch.load(path, weights_only=True) if path.suffix == ".pth" else load_file(path)
    return all(torch.equal(read[name], value) for name, value in state.items() if not name.endswith("batches_tracked"))


@torch.no_grad()
def check(name, folder):
    made = network(name)
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    expected = made(images).numpy()
    scale = numpy.sqrt(numpy.mean(expected**2))
    state = {key: value.clone() for key, value in made.state_dict().items()}
    worst = 0.0
    for source in exports(made, images, folder):
        for suffix in (".safetensors", ".pth", ".onnx"):
            target = folder / f"{pathlib.Path(source).suffix[1:]}-{pathlib.Path(source).stem}" / f"back{suffix}"
            convert(folder / source, target, name)
            difference = float(numpy.abs(logits(target, made, images) - expected).max() / scale)
            worst = max(worst, difference)
            bits = suffix != ".onnx" and same_bits(target, state)
            assert bits or suffix == ".onnx" or source.endswith(".onnx"), f"{name}: {source} to {suffix} changed weights"
            print(f"{name:20} {source:20} -> {suffix:13} {difference:8.1e} {'same bits' if bits else ''}", flush=True)
    return worst


def main():
    worst = 0.0
    for name in sys.argv[1:] or NETWORKS:
        with tempfile.TemporaryDirectory() as folder:
            worst = max(worst, check(name, pathlib.Path(folder)))
    print(f"largest difference {worst:.1e}, the limit is {LIMIT:.0e}")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
