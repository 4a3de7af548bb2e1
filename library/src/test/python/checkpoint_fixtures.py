"""Writes the fixtures of src/test/resources/weights/checkpoints: checkpoints as training scripts and Lightning write them.

Versions: torch 2.13.0, lightning 2.6.6, safetensors 0.8.0, numpy 2.4.6, Python 3.11. Seed 5.
Run in library/:  python src/test/python/checkpoint_fixtures.py src/test/resources/weights/checkpoints

network.safetensors has the tensors of all files but float8, as float32; float8-expected.safetensors those of float8.
"""

import argparse
import collections
import datetime
import logging
import pathlib
import sys
import tempfile
import warnings

import numpy
import torch
from safetensors.torch import save_file

torch.library.register_fake = lambda *a, **k: (lambda f: f)  # the CPU build lacks torchvision's C++ operators
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import lightning  # noqa: E402

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(5)


def network():
    return torch.nn.Sequential(
        collections.OrderedDict(
            conv1=torch.nn.Conv2d(1, 2, 3, bias=False),
            bn1=torch.nn.BatchNorm2d(2),
            pool=torch.nn.AdaptiveAvgPool2d(1),
            flat=torch.nn.Flatten(),
            fc=torch.nn.Linear(2, 3),
        )
    )


trained = network()
plain = trained.state_dict()


class Tagged(torch.Tensor):
    """A subclass of Tensor, which torch.save writes by _rebuild_from_type_v2."""


Tagged.__module__ = "tags"
sys.modules["tags"] = sys.modules[__name__]

# Everything that scripts put beside the weights.
optimizer = torch.optim.SGD(trained.parameters(), lr=0.1, momentum=0.9)
trained(torch.randn(2, 1, 5, 5)).square().sum().backward()
save_file({key: value.detach().float().clone() for key, value in plain.items()}, folder / "network.safetensors")
beside = {
    "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("/data"), gpus=[0, 1]),
    "epoch": numpy.int64(3),
    "best": numpy.float64(91.5),
    "history": numpy.arange(12.0).reshape(3, 4),
    "output": pathlib.PosixPath("runs/1"),
    "when": datetime.datetime(2026, 1, 2, 3, 4, 5),
    "seen": {1, 2},
    "names": frozenset({"cat"}),
    "raw": bytearray(b"raw"),
    "criterion": torch.nn.CrossEntropyLoss(weight=torch.ones(3)),
    "layer": torch.nn.Linear,
    "counts": collections.defaultdict(int, {"cat": 3}),
    "optimizer": optimizer.state_dict(),
}
for protocol in (2, 5):
    torch.save({**beside, "model_state_dict": plain}, folder / f"beside-{protocol}.pth", pickle_protocol=protocol)
torch.save({**beside, "net": plain}, folder / "beside-old.pth", _use_new_zipfile_serialization=False)
torch.save({"model": {key: value.as_subclass(Tagged) for key, value in plain.items()}}, folder / "subclass.pth")
torch.save([plain, 3], folder / "list.pth")
torch.save((plain, optimizer.state_dict()), folder / "tuple.pth")
torch.save({"epoch": 3, "model": trained, "args": beside["args"]}, folder / "module-inside.pth")


class Module(lightning.LightningModule):
    def __init__(self, lr=0.1, root=pathlib.PosixPath("data")):
        super().__init__()
        self.save_hyperparameters()
        self.model = network()

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)

    def training_step(self, batch, _):
        return torch.nn.functional.cross_entropy(self.model(batch[0]), batch[1])


with tempfile.TemporaryDirectory() as scratch:
    module = Module()
    trainer = lightning.Trainer(
        max_epochs=1, accelerator="cpu", logger=False, default_root_dir=scratch, enable_progress_bar=False,
        enable_model_summary=False, enable_checkpointing=False,
    )
    data = torch.utils.data.TensorDataset(torch.randn(4, 1, 5, 5), torch.tensor([0, 1, 2, 0]))
    trainer.fit(module, torch.utils.data.DataLoader(data, batch_size=2))
    module.model.load_state_dict(plain)
    trainer.save_checkpoint(folder / "lightning.ckpt")

# Every value of the 8-bit types.
bits = torch.arange(256, dtype=torch.uint8)
float8 = {"e4m3fn": bits.view(torch.float8_e4m3fn), "e5m2": bits.clone().view(torch.float8_e5m2).reshape(16, 16)}
torch.save(float8, folder / "float8.pth")
save_file(float8, folder / "float8.safetensors")
save_file({name: tensor.float() for name, tensor in float8.items()}, folder / "float8-expected.safetensors")
