"""Writes the seeds of the fuzz tests: small good files, and one hand-made bad file for each attack we know of.

Version: Python 3.11, its standard library alone. Nothing is drawn at random. Good files are copies of other fixtures.
Run in library/:  python src/test/python/fuzz_seeds.py src/test/resources
"""

import gzip
import json
import pathlib
import shutil
import struct
import sys
import zipfile
import zlib

resources = pathlib.Path(sys.argv[1])
seeds = resources / "org" / "resnet4j" / "fuzz"


def place(test, method):
    folder = seeds / f"{test}Inputs" / method
    folder.mkdir(parents=True, exist_ok=True)  # files that fuzzing found stay
    return folder


# --- safetensors
folder = place("SafetensorsFuzzTest", "file")
for name in ("float32", "types", "checkpoints/float8"):
    shutil.copy(resources / "weights" / f"{name}.safetensors", folder / pathlib.Path(name).name)


def safetensors(name, header, data=b"", length=None):
    header = header.encode()
    (folder / name).write_bytes(struct.pack("<Q", len(header) if length is None else length) + header + data)


def tensor(shape, begin, end, dtype="F32"):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]}}'


safetensors("header-of-100-gigabytes", "{}", length=100_000_000_000)
safetensors("header-of-2-to-the-64", "{}", length=2**64 - 1)
safetensors("overlap", f'{{"a":{tensor([2], 0, 8)},"b":{tensor([2], 4, 12)}}}', bytes(12))
safetensors("gap", f'{{"a":{tensor([1], 0, 4)},"b":{tensor([1], 8, 12)}}}', bytes(12))
safetensors("duplicate", f'{{"a":{tensor([1], 0, 4)},"a":{tensor([1], 4, 8)}}}', bytes(8))
safetensors("overflow", f'{{"a":{tensor([65536, 65536, 65536, 65536], 0, 0)}}}')
safetensors("negative", f'{{"a":{tensor([-1], 0, 4)}}}', bytes(4))
safetensors("nested", '{"a":' + "[" * 2000)
safetensors("number", f'{{"a":{tensor([10**400], 0, 4)}}}', bytes(4))

# --- ONNX files; tiny.onnx is the network of OnnxFuzzTest as resnet4j writes it
folder = place("OnnxFuzzTest", "file")
tiny = (resources / "onnx" / "tiny.onnx").read_bytes()
(folder / "good").write_bytes(tiny)
for name in ("fused", "float16", "normalized", "qdq", "qoperator"):
    shutil.copy(resources / "onnx" / f"tiny-{name}.onnx", folder / name)
(folder / "another-network").write_bytes((resources / "onnx" / "before-old.onnx").read_bytes())
(folder / "cut-short").write_bytes(tiny[:2000])
(folder / "graph-of-2-gigabytes").write_bytes(b"\x08\x08\x3a\xff\xff\xff\xff\x07\x2a")
(folder / "tensor-of-2-gigabytes").write_bytes(b"\x08\x08\x3a\x08\x2a\x06\x4a\xff\xff\xff\xff\x07")
(folder / "name-of-2-gigabytes").write_bytes(b"\x08\x08\x3a\x08\x12\xff\xff\xff\xff\x07\0\0")
(folder / "groups-in-groups").write_bytes(b"\x08\x08\x3a\x7f" + b"\x1b" * 127)
(folder / "empty-nodes").write_bytes(b"\x08\x08\x3a\xa0\x9c\x01" + b"\x0a\x00" * 10000)
(folder / "beside").write_bytes(tiny.replace(b"conv1.weight", b"location:../", 1))

# --- torch.save files
folder = place("TorchFuzzTest", "file")
for name in ("big-endian", "deflated", "views", "views-old", "types-old", "checkpoint-old", "empty"):
    shutil.copy(resources / "weights" / "torch" / f"{name}.pth", folder / name)


def zipped(name, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(folder / name, "w") as packed:
        for entry, contents in entries:
            packed.writestr(zipfile.ZipInfo(entry), contents, method)


def text(value):
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def number(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def numbers(values):
    return b"(" + b"".join(map(number, values)) + b"t"


def state(key="16", count=4, offset=0, sizes=(4,), strides=(1,)):
    storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cuda:0") + number(count) + b"tQ"
    view = number(offset) + numbers(sizes) + numbers(strides)
    return b"\x80\x02}" + text("w") + b"ctorch._utils\n_rebuild_tensor\n(" + storage + view + b"tRs."


good = state("0")
old_start = (
    b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}" + text("little_endian") + b"\x88s."
)
zipped("bomb", [("a/data.pkl", state("0", 1 << 20, 0, (1 << 20,))), ("a/data/0", bytes(4 << 20))], zipfile.ZIP_DEFLATED)
zipped("two-folders", [("a/data.pkl", good), ("b/data.pkl", good)])
zipped("leaves-the-folder", [("a/data.pkl", good), ("a/../../data/0", bytes(16))])
zipped("missing-storage", [("a/data.pkl", good)])
zipped("claims-100-gigabytes", [("a/data.pkl", state("0", 25_000_000_000, 0, (25_000_000_000,))), ("a/data/0", bytes(16))])
zipped("repeats", [("a/data.pkl", state("0", 4, 0, (1 << 30,), (0,))), ("a/data/0", bytes(16))])
zipped("same-name", [("a/data.pkl", good), ("a/data/0", bytes(16)), ("a/data/1", bytes(16))])
twice = folder / "same-name"
twice.write_bytes(twice.read_bytes().replace(b"a/data/1", b"a/data/0"))
zipped("system", [("a/data.pkl", b"\x80\x02cos\nsystem\n" + text("true") + b"\x85R.")])
(folder / "old-good").write_bytes(old_start + good + b"]" + text("0") + b"a." + struct.pack("<q", 4) + bytes(16))
(folder / "old-claims-100-gigabytes").write_bytes(
    old_start + state("0", 25_000_000_000, 0, (25_000_000_000,)) + b"]" + text("0") + b"a." + struct.pack("<q", 25_000_000_000) + bytes(16)
)
(folder / "old-negative").write_bytes(old_start + good + b"]" + text("0") + b"a." + struct.pack("<q", -4) + bytes(16))

# --- pickles alone
folder = place("TorchFuzzTest", "pickle")
for name in ("checkpoint", "checkpoint-protocol4", "nested", "views"):
    with zipfile.ZipFile(resources / "weights" / "torch" / f"{name}.pth") as packed:
        (folder / name).write_bytes(packed.read(f"{name}/data.pkl"))
for name in ("beside-2", "beside-5", "subclass"):
    with zipfile.ZipFile(resources / "weights" / "checkpoints" / f"{name}.pth") as packed:
        (folder / name).write_bytes(packed.read(f"{name}/data.pkl"))
foreign = b"cargparse\nNamespace\n"
pickles = {
    "object-inst": b"(" + text("x") + b"iargparse\nNamespace\n.",
    "object-filled": foreign + b")\x81}b" + text("x") + b"a" + text("x") + b"Ns.",
    "object-as-function": foreign + b")R)R" + foreign + b"\x85R.",
    "object-in-tensor": b"ctorch._tensor\n_rebuild_from_type_v2\n(" + foreign + b"N)NtR.",
    "bytearray": b"\x96" + struct.pack("<q", -1) + b".",
    "good": state(),
    "offset": state(offset=1),
    "overflow": state(sizes=(2**63 - 1, 2**63 - 1), strides=(0, 0)),
    "strides": state(sizes=(2, 2), strides=(2**62, 2**62)),
    "negative": state(sizes=(2,), strides=(-1,)),
    "repeats": state(sizes=(1 << 30,), strides=(0,)),
    "axes": state(sizes=(1,) * 200, strides=(0,) * 200),
    "system": b"\x80\x02}" + text("x") + b"cos\nsystem\n" + text("true") + b"\x85Rs.",
    "inst": b"(" + text("true") + b"ios\nsystem\n.",
    "obj": b"(cos\nsystem\n" + text("true") + b"o.",
    "stack-global": b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",
    "newobj": b"ccollections\nOrderedDict\n)\x81.",
    "deep": b"(" * 3000 + b".",
    "lists": b"]" * 3000 + b"a" * 2999 + b".",
    "itself": b"}q\x00" + text("model") + b"h\x00s.",
    "list-of-itself": b"]q\x00h\x00a.",
    "memo": b"Nr\xff\xff\xff\xff.",
    "string": b"X\xff\xff\xff\xff.",
    "long": b"\x8b\xff\xff\xff\x7f.",
    "same-key": b"}(" + text("a") + b"N" + text("a") + b"Nu.",
    "dicts": b"\x80\x04]" + b"}\x940" * 3000 + b".",
    "python-2": b"ccollections\nOrderedDict\n](](U\x01aNe](U\x01bNee\x85R.",
}
for name, contents in pickles.items():
    (folder / name).write_bytes(contents)

# --- pictures
GOOD = (
    "baseline-420.jpg cmyk-adobe.jpg progressive-gray.jpg restart-markers.jpg orientation-6.jpg gray-16.png bits-1.png "
    "palette-4.png gray-alpha-16.png interlaced.gif smaller-than-screen.gif animated-transparent.gif bits-555.bmp "
    "rgba.bmp bits-1.bmp lossless-palette.webp lossy-odd.webp lossy-spot.webp orientation-8.webp bits-1.tif cmyk.tif "
    "orientation-5.tif"
).split()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiffs():
    """The files that tiff_fixtures.py has written: name and bytes."""
    data = gzip.decompress((resources / "image" / "tiff.gz").read_bytes())
    at = 4

    def taken(count):
        nonlocal at
        at += count
        return data[at - count : at]

    for _ in range(struct.unpack(">i", data[:4])[0]):
        name = taken(*struct.unpack(">H", taken(2))).decode()
        file = taken(*struct.unpack(">i", taken(4)))
        if not taken(*struct.unpack(">H", taken(2))):  # no message, but pixels
            width, height, channels = struct.unpack(">iii", taken(12))
            taken(width * height * channels)
        yield name, file


TIFFS = (
    "palette-4-tiles bigtiff-tiles float-predictor-3 rgb-16-lzw-predictor-big rgba-associated-planes cmyk-and-one-predictor "
    "rgb-packbits-reversed tiles-in-the-tags-of-strips jpeg-ycbcr-from-zero-2 jpeg-planes jpeg-overlapping tile-huge "
    "tiff_ccitt group3-options-5 group4-strips group4-damaged deflate-checksum orientation-in-xmp"
).split()


def png(width, height, data):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


files = resources / "image" / "files"
METHODS = {"jpg": "jpeg", "png": "png", "gif": "gif", "bmp": "bmp", "webp": "webp", "tif": "tiff"}
folders = {ending: place("ImageFuzzTest", method) for ending, method in METHODS.items()}
for name in GOOD:
    shutil.copy(files / name, folders[name.rpartition(".")[2]] / name)
for name, file in tiffs():
    if name in TIFFS:
        (folders["tif"] / f"{name}.tif").write_bytes(file)
(folders["png"] / "bomb.png").write_bytes(png(60000, 60000, bytes(1 << 20)))
(folders["png"] / "too-little.png").write_bytes(png(8, 8, bytes(10)))
(folders["png"] / "zero.png").write_bytes(png(0, 0, b""))
gif = (files / "interlaced.gif").read_bytes()
(folders["gif"] / "huge.gif").write_bytes(gif[:6] + b"\xff\xff\xff\xff" + gif[10:])
bmp = (files / "bits-1.bmp").read_bytes()
(folders["bmp"] / "huge.bmp").write_bytes(bmp[:18] + struct.pack("<ii", 2**31 - 1, -(2**31)) + bmp[26:])
jpeg = (files / "baseline-420.jpg").read_bytes()
frame = jpeg.index(b"\xff\xc0")
parts = place("ImageFuzzTest", "decodePart")
for folder in (folders["jpg"], parts):
    (folder / "huge.jpg").write_bytes(jpeg[: frame + 5] + b"\xff\xff\xff\xff" + jpeg[frame + 9 :])
    (folder / "cut.jpg").write_bytes(jpeg[: len(jpeg) * 2 // 3])
for name in GOOD:
    if name.endswith(".jpg"):
        shutil.copy(files / name, parts / name)
for name in ("420-rough.jpg", "420-progressive.jpg"):
    shutil.copy(resources / "image" / "parts" / name, parts / name)

# --- IDX files: which are gzipped, the length of the images, images, labels
folder = place("DatasetFuzzTest", "idx")


def idx(name, images, labels, flags=0):
    (folder / name).write_bytes(bytes([flags]) + struct.pack(">H", len(images)) + images + labels)


pixels = bytes(i * 37 % 256 for i in range(20 * 16))
images = struct.pack(">IIII", 0x803, 20, 4, 4) + pixels
labels = struct.pack(">II", 0x801, 20) + bytes(i % 2 for i in range(20))
idx("good", images, labels)
idx("good-gzip", gzip.compress(images, mtime=0), gzip.compress(labels, mtime=0), 3)
idx("huge", struct.pack(">IIII", 0x803, 2**31 - 1, 4096, 4096) + pixels, labels)
idx("negative", struct.pack(">IIII", 0x803, 2**32 - 1, 4, 4) + pixels, labels)
idx("no-rows", struct.pack(">IIII", 0x803, 20, 0, 4) + pixels, labels)
idx("cut", images[:-1], labels)
idx("longer", images + b"x", labels)
idx("few-labels", images, labels[:-1])
idx("other-magic", b"\0\0\x0d\x03" + images[4:], labels)
idx("bomb", gzip.compress(struct.pack(">IIII", 0x803, 20, 4, 4) + bytes(4 << 20), mtime=0), labels, 1)
idx("broken-gzip", gzip.compress(images, mtime=0)[:-9], labels, 1)

# --- CIFAR-10
folder = place("DatasetFuzzTest", "cifar")
record = bytes(i * 7 % 256 for i in range(3072))
batch = b"".join(bytes([label]) + record for label in (0, 1))
(folder / "two").write_bytes(batch)
(folder / "cut").write_bytes(batch[:-1])
(folder / "label-10").write_bytes(b"\x0a" + record)
(folder / "nothing").write_bytes(b"")

# --- zip files of pictures
folder = place("DatasetFuzzTest", "zip")
dot = png(1, 1, b"\0\1\2\3")


def pictures(name, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(folder / name, "w") as packed:
        for entry, contents in entries:
            packed.writestr(zipfile.ZipInfo(entry), contents, method)


classes = [(f"{part}{name}/{i}.png", dot) for part in ("", "train/", "val/") for name in "ab" for i in range(2)]
pictures("good", classes[:4])
pictures("deflated", classes[:4], zipfile.ZIP_DEFLATED)
pictures("parts", classes[4:])
pictures("leaves-the-folder", [("../a/0.png", dot), *classes[:4]])
pictures("absolute", [("/a/0.png", dot), *classes[:4]])
pictures("dotted", [("./" + name, contents) for name, contents in classes[:4]])
pictures("bomb", [("c/0.png", dot + bytes(20 << 20)), *classes[:4]], zipfile.ZIP_DEFLATED)
pictures("empty", [])
whole = (folder / "good").read_bytes()
(folder / "cut").write_bytes(whole[: len(whole) // 2])
(folder / "without-end").write_bytes(whole[:-22])
(folder / "damaged").write_bytes(whole.replace(b"IDAT", b"IDAS"))
(folder / "code-page-of-dos").write_bytes(whole.replace(b"a/0.png", b"\x87/0.png").replace(b"a/1.png", b"\x87/1.png"))

# --- config.json
folder = place("ModelConfigFuzzTest", "config")
own = {
    "stem": "small_image", "block": "basic", "depths": [1, 1, 1], "widths": [4, 8, 16], "stride_placement": "on_3x3",
    "shortcuts": "a", "zero_init_residual": False, "in_channels": 3, "image_size": 32, "resize_size": 32, "keep_matching": True,
}
timm = {
    "architecture": "resnet18", "num_classes": 3, "label_names": ["a", "b", "c"],
    "pretrained_cfg": {
        "input_size": [3, 64, 64], "interpolation": "bicubic", "crop_pct": 0.95, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
    },
}
transformers = json.loads((resources / "weights" / "transformers" / "config.json").read_text())
configs = {
    "transformers": transformers,
    "transformers-without-classes": {**transformers, "id2label": {}},
    "transformers-wide": {**transformers, "hidden_sizes": [2**31 - 4] * 2},
    "transformers-deep": {**transformers, "depths": [2**31 - 1] * 2},
    "transformers-other-types": {**transformers, "depths": "3", "id2label": [1], "hidden_act": 7},
    "timm": timm,
    "own": {**timm, "architecture": "own", "resnet4j": own},
    "no-classes": {**timm, "num_classes": 0, "label_names": []},
    "a-billion-classes": {**timm, "num_classes": 2**31 - 1, "label_names": None},
    "wide": {**timm, "resnet4j": {**own, "widths": [2**31 - 1] * 3}},
    "deep": {**timm, "resnet4j": {**own, "depths": [2**31 - 1] * 3}},
    "no-depth": {**timm, "resnet4j": {**own, "depths": [], "widths": []}},
    "negative": {**timm, "resnet4j": {**own, "depths": [-1, 1, 1]}},
    "zero-deviation": {**timm, "pretrained_cfg": {**timm["pretrained_cfg"], "std": [0, 0, 0]}},
    "no-crop": {**timm, "pretrained_cfg": {**timm["pretrained_cfg"], "crop_pct": 0}},
    "other-types": {**timm, "num_classes": "3", "pretrained_cfg": [], "architecture": 7},
    "list": [timm],
}
for name, config in configs.items():
    (folder / name).write_text(json.dumps(config, indent=1), encoding="utf-8")
(folder / "nested").write_text("[" * 2000)
(folder / "nested-object").write_text('{"a":' * 2000)
(folder / "digits").write_text('{"num_classes": ' + "1" * 2000 + "}")
(folder / "trailing").write_text(json.dumps(timm) + " {}")
(folder / "key-twice").write_text('{"architecture": "resnet18", "architecture": "resnet34"}')
(folder / "number").write_text('{"num_classes": 1e999999999}')
(folder / "not-utf-8").write_bytes(b'{"architecture": "\xff\xfe"}')
