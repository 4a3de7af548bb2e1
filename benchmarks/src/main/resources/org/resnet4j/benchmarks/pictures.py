"""Photograph to label with Pillow and ONNX Runtime: pictures.py NETWORK LIST THREADS LOGITS."""
import sys, time
from concurrent.futures import ThreadPoolExecutor
import numpy as np
import onnxruntime
from PIL import Image

network, listing, threads, logits = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
files = open(listing, encoding="utf-8").read().splitlines()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])

def prepare(file):
    image = Image.open(file).convert("RGB")
    w, h = image.size
    w, h = (256, 256 * h // w) if w <= h else (256 * w // h, 256)
    image = image.resize((w, h), Image.Resampling.BILINEAR)
    x, y = round((w - 224) / 2), round((h - 224) / 2)
    values = np.asarray(image.crop((x, y, x + 224, y + 224)), np.float32) / np.float32(255)
    return ((values - mean) / deviation).transpose(2, 0, 1)

def predict(pool):
    scores = []
    prepared = [pool.submit(prepare, file) for file in files[:16]]
    for start in range(0, len(files), 16):
        batch = np.stack([one.result() for one in prepared])
        prepared = [pool.submit(prepare, file) for file in files[start + 16:start + 32]]
        scores.append(session.run(None, {session.get_inputs()[0].name: batch})[0])
    return np.concatenate(scores)

def peak():
    try:
        return next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return "-1"

with ThreadPoolExecutor(threads) as pool:
    for _ in sys.stdin:
        start, processor = time.perf_counter(), time.process_time()
        scores = predict(pool)
        seconds = time.perf_counter() - start
        scores.astype(">f4").tofile(logits)
        print("round", seconds, time.process_time() - processor, peak(), flush=True)
