"""Writes the safetensors fixtures of src/test/resources/weights.

Versions: safetensors 0.8.0, torch 2.13.0, Python 3.11. Seed 7 (the values are literal; nothing is drawn).
Run in library/:  python src/test/python/safetensors_fixtures.py src/test/resources/weights
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file

folder = pathlib.Path(sys.argv[1])

# Names sorted, all float32: the bytes that a writer in the same order must give.
save_file(
    {
        "conv1.weight": torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2) / 7,
        "empty": torch.zeros(0, 3),
        "fc.bias": torch.tensor([float("inf"), -0.0, 1e-45, 3.4028235e38]),
        "scalar": torch.tensor(2.5),
    },
    folder / "float32.safetensors",
    metadata={"format": "pt", "note": "quote \" and ünïcode"},
)

values = [0, 1, 2, 3, 100]
signed = [0, 1, -2, 3, -100]
save_file(
    {
        "f64": torch.tensor([0.1, -1e300, 1e-300, 3.0, float("nan")], dtype=torch.float64),
        "f16": torch.tensor([0.1, -65504.0, 6e-8, 3.0, float("-inf")], dtype=torch.float16),
        "bf16": torch.tensor([0.1, -65504.0, 6e-8, 3.0, float("-inf")], dtype=torch.bfloat16),
        "i64": torch.tensor([0, 1, -2, 16777217, -(2**62)], dtype=torch.int64),
        "u64": torch.tensor([0, 1, 2, 2**24 + 1, 2**63 + 2**39 + 1], dtype=torch.uint64),
        "i32": torch.tensor([0, 1, -2, 16777217, -(2**31)], dtype=torch.int32),
        "u32": torch.tensor([0, 1, 2, 16777217, 2**32 - 1], dtype=torch.uint32),
        "i16": torch.tensor(signed, dtype=torch.int16),
        "u16": torch.tensor([0, 1, 2, 3, 65535], dtype=torch.uint16),
        "i8": torch.tensor(signed, dtype=torch.int8),
        "u8": torch.tensor(values[:4] + [255], dtype=torch.uint8),
        "bool": torch.tensor([False, True, True, False, True]),
    },
    folder / "types.safetensors",
)
