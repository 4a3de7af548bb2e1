"""Writes the fixtures of src/test/resources/weights/torch: torch.save files, and what is in them as float32 safetensors.

Versions: torch 2.13.0, safetensors 0.8.0, Python 3.11. Seed 5.
Run in library/:  python src/test/python/torch_fixtures.py src/test/resources/weights/torch
With a second argument, FILE.pth, it checks that file instead, which TorchFile wrote: torch.load(weights_only=True) must
give the tensors of FILE.safetensors, which SafetensorsFile wrote beside it.
"""

import collections
import io
import pathlib
import sys
import zipfile

import torch
from safetensors.torch import load_file, save_file

folder = pathlib.Path(sys.argv[1])

if len(sys.argv) > 2:
    written = pathlib.Path(sys.argv[2])
    loaded = torch.load(written, weights_only=True)
    expected = load_file(written.with_suffix(".safetensors"))
    assert type(loaded) is collections.OrderedDict, type(loaded)
    assert set(loaded) == set(expected), set(loaded) ^ set(expected)
    for name, tensor in loaded.items():
        assert tensor.dtype == torch.float32 and tensor.is_contiguous(), name
        assert tensor.shape == expected[name].shape, name
        assert torch.equal(tensor.view(torch.int32), expected[name].view(torch.int32)), name
    for entry in zipfile.ZipFile(written).infolist():
        start = entry.header_offset
        raw = written.read_bytes()
        data = start + 30 + int.from_bytes(raw[start + 26 : start + 28], "little") + int.from_bytes(raw[start + 28 : start + 30], "little")
        assert data % 64 == 0, entry.filename
    assert zipfile.ZipFile(written).testzip() is None
    mapped = torch.load(written, weights_only=True, mmap=True)
    assert all(torch.equal(mapped[name], tensor) or tensor.isnan().any() for name, tensor in loaded.items())
    print("equal:", len(loaded), "tensors", list(loaded)[:4])
    sys.exit()

folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(5)
OLD = {"_use_new_zipfile_serialization": False}


def expect(name, tensors):
    save_file({key: value.detach().float().contiguous().clone() for key, value in tensors.items()}, folder / f"{name}.safetensors")


# Every type of elements.
types = collections.OrderedDict(
    f32=torch.tensor([[0.1, -0.0, 1e-45], [3.4028235e38, float("inf"), 5.0]]),
    f64=torch.tensor([0.1, -1e300, 1e-300, 3.0], dtype=torch.float64),
    f16=torch.tensor([0.1, -65504.0, 6e-8, float("-inf")], dtype=torch.float16),
    bf16=torch.tensor([0.1, -65504.0, 6e-8, 3.0], dtype=torch.bfloat16),
    i64=torch.tensor([0, 1, -2, 16777217, -(2**62)]),
    i32=torch.tensor([0, 1, -2, 16777217, -(2**31)], dtype=torch.int32),
    i16=torch.tensor([0, 1, -2, 3, -32768], dtype=torch.int16),
    i8=torch.tensor([0, 1, -2, 3, -128], dtype=torch.int8),
    u8=torch.tensor([0, 1, 2, 255], dtype=torch.uint8),
    flags=torch.tensor([False, True, True]),
    u16=torch.tensor([0, 1, 65535], dtype=torch.uint16),
    u32=torch.tensor([0, 1, 4294967295], dtype=torch.uint32),
    u64=torch.tensor([0, 1, 2**63 + 2**39 + 1], dtype=torch.uint64),
    num_batches_tracked=torch.tensor(1234567),
    parameter=torch.nn.Parameter(torch.tensor([1.5, 2.5])),
    empty=torch.zeros(0, 3),
)
expect("types", types)
torch.save(types, folder / "types.pth")
torch.save(types, folder / "types-old.pth", **OLD)

# Views: of one storage and of others, with any strides.
base = torch.arange(60.0).reshape(3, 4, 5)
picture = torch.arange(48).reshape(2, 3, 4, 2).to(memory_format=torch.channels_last)
views = collections.OrderedDict(
    base=base,
    transposed=base.transpose(0, 2),
    permuted=base.permute(1, 2, 0),
    column=base[:, 1, 2],
    stepped=base[::2, 1::2, ::3],
    later=base[1:, 2],
    flat=base.view(-1)[7:19],
    expanded=torch.tensor([1.0, 2.0, 3.0])[:, None].expand(3, 4),
    repeated=torch.tensor(7.0).expand(2, 2),
    windows=torch.arange(6.0).unfold(0, 3, 1),
    channels_last=picture,
    half=torch.arange(12).half().reshape(3, 4).t(),
    one=base[2:3, 3:4, 4:5],
    none=base[:, :0],
)
expect("views", views)
torch.save(views, folder / "views.pth")
torch.save(views, folder / "views-old.pth", **OLD)

# A training checkpoint, as scripts write it.
network = torch.nn.Sequential(
    collections.OrderedDict(conv1=torch.nn.Conv2d(1, 2, 3, bias=False), bn1=torch.nn.BatchNorm2d(2), fc=torch.nn.Linear(2, 3))
)
optimizer = torch.optim.AdamW(network.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
network.fc(network.bn1(network.conv1(torch.randn(2, 1, 5, 5))).mean((2, 3))).square().sum().backward()
optimizer.step()
schedule.step()
plain = network.state_dict()
expect("network", plain)


def prefixed(prefix, state):
    result = collections.OrderedDict((prefix + key, value) for key, value in state.items())
    result._metadata = getattr(state, "_metadata", {})
    return result


average = collections.OrderedDict((key, value * 0 + 9) for key, value in plain.items())
checkpoint = {
    "epoch": 3,
    "arch": "tiny",
    "best_acc1": torch.tensor(91.78),
    "state_dict": prefixed("module.", plain),
    "state_dict_ema": average,
    "optimizer": optimizer.state_dict(),
    "lr_scheduler": schedule.state_dict(),
    "rng": torch.get_rng_state()[:16].clone(),
    "shape": torch.Size([1, 2]),
    "dtype": torch.float16,
    "device": torch.device("cuda", 1),
    "values": [None, True, 1.5, -1, 70000, 2**40, 2**70, -(2**70), (), (1,), (1, 2, 3, 4), {1: {"x": []}}, "ünïcode"],
}
torch.save(checkpoint, folder / "checkpoint.pth")
torch.save(checkpoint, folder / "checkpoint-old.pth", **OLD)
for protocol in (1, 4, 5):
    torch.save(checkpoint, folder / f"checkpoint-protocol{protocol}.pth", pickle_protocol=protocol)
torch.save({"model": {"epoch": 1, "state_dict": prefixed("module._orig_mod.model.", plain)}}, folder / "nested.pth")
torch.save({"model_ema": average, "net": plain, "model": {"name": "x"}}, folder / "net.pth")
torch.save({"epoch": 1, "model_ema": prefixed("module.", plain)}, folder / "ema.pth")
torch.save({**plain, "epoch": 3, "name": "x"}, folder / "mixed.pth")
torch.save({}, folder / "empty.pth")
again = collections.OrderedDict(plain)
torch.save({"student": average, "teacher": plain, "more": {"teacher": again}, "same": plain}, folder / "several.pth")
tutorial = {"epoch": 1, "model_state_dict": plain, "optimizer_state_dict": optimizer.state_dict(), "confusion": torch.eye(3)}
tutorial["named_optimizer"] = {"conv1.weight": {"exp_avg": torch.zeros(2, 1, 3, 3)}}
torch.save(tutorial, folder / "tutorial.pth")

# Zip files as other programs pack them: deflated, in another folder, with 64-bit numbers, big-endian.
entries = {info.filename: zipfile.ZipFile(folder / "types.pth").read(info) for info in zipfile.ZipFile(folder / "types.pth").infolist()}
with zipfile.ZipFile(folder / "deflated.pth", "w", zipfile.ZIP_DEFLATED) as packed:
    for name, contents in entries.items():
        packed.writestr(zipfile.ZipInfo(name.replace("types/", "a strange näme/")), contents, zipfile.ZIP_DEFLATED)
with zipfile.ZipFile(folder / "zip64.pth", "w") as packed:
    packed.mkdir("types")
    for name, contents in entries.items():
        with packed.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
            entry.write(contents)
buffer = io.BytesIO()
torch.save({"f": torch.tensor([1.5, -2.0]), "d": torch.tensor([0.1], dtype=torch.float64), "h": torch.tensor([3.0, 4.0]).half()}, buffer)
sizes = {"archive/data/0": 4, "archive/data/1": 8, "archive/data/2": 2}
source = zipfile.ZipFile(buffer)
with zipfile.ZipFile(folder / "big-endian.pth", "w") as packed:
    for info in source.infolist():
        contents = source.read(info)
        size = sizes.get(info.filename)
        if size:
            contents = b"".join(contents[i : i + size][::-1] for i in range(0, len(contents), size))
        packed.writestr(zipfile.ZipInfo(info.filename), b"big" if info.filename.endswith("byteorder") else contents)

# What must be refused, or is skipped beside the weights (numpy, arguments).
torch.save(network, folder / "whole-module.pth")
torch.save({"model": plain, "best": __import__("numpy").float64(3)}, folder / "numpy.pth")
torch.save({"model": plain, "args": __import__("argparse").Namespace(lr=0.1)}, folder / "arguments.pth")
torch.save({"complex": torch.zeros(2, dtype=torch.complex64)}, folder / "complex.pth")
torch.save(torch.zeros(2), folder / "tensor.pth")
torch.save({"epoch": 3, "names": ["a", "b"]}, folder / "no-tensors.pth")
torch.jit.script(torch.nn.Linear(1, 1)).save(str(folder / "script.pth"))
