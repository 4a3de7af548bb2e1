"""The scores that ONNX Runtime computes with quantized networks that resnet4j wrote.

Made with Python 3.11, numpy 2.4, onnx 1.23.1, onnxruntime 1.30.0 (CPU). Command lines:

    mvn test -pl library -Dtest=QuantizedOnnxTest -Dresnet4j.quantized=FOLDER
    python library/src/test/python/quantized_onnx_fixtures.py FOLDER library/src/test/resources/onnx

The first line writes NAME.onnx and NAME.images for each line of quantized.csv, the second fills the columns sha256 and
logits: the first 8 bytes of the file's digest, and the scores of all images. Networks and images have fixed seeds. A new
network is a line with its name and the layers that are kept in float32; networks are those of SmallNetworks.
"""

import csv
import hashlib
import pathlib
import sys

import numpy
import onnx
import onnxruntime

folder, resources = map(pathlib.Path, sys.argv[1:])
table = resources / "quantized.csv"
with open(table) as file:
    rows = list(csv.DictReader(file))
for row in rows:
    path = folder / (row["name"] + ".onnx")
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    _, channels, height, width = [axis.dim_value for axis in model.graph.input[0].type.tensor_type.shape.dim]
    images = numpy.fromfile(str(path.with_suffix(".images")), numpy.float32)
    images = numpy.ascontiguousarray(images.reshape(-1, height, width, channels).transpose(0, 3, 1, 2))
    logits = []
    for threads in (1, 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        logits.append(session.run(None, {"input": images})[0])
    assert numpy.array_equal(*logits), row["name"]
    row["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    row["logits"] = " ".join(f"{score:.6g}" for score in logits[0].ravel())
with open(table, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
