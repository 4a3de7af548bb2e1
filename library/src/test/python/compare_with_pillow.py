"""Compares the pixels that resnet4j decodes from pictures with those of Pillow.

Needs Python 3.11 with pillow 12.3 and numpy 2, and a JDK 25. Command line:

    python library/src/test/python/compare_with_pillow.py [--list KIND ...] [--classpath PATH] FOLDER ...

Every file below the folders whose name ends as that of a picture is decoded by both: by `ImageDecoder` here, and by
`exif_transpose(Image.open(file)).convert("RGB")` there. Of 16-bit gray the upper byte is taken, which is our documented
exception: Pillow's conversion cuts it off at 255. Printed are the counts of files with equal pixels, with different
ones, refused by us alone, by Pillow alone, and by both; and the names of those of the listed kinds (`different` unless
said otherwise; `ours`, `pillow`, `both`, `equal`). Ends with 1 if any pixels differ.

Without --classpath, the classes are those of the command, which `./resnet4j` builds.
"""

import argparse
import collections
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import warnings

import numpy as np
from PIL import Image, ImageOps

ROOT = pathlib.Path(__file__).resolve().parents[4]
PRINTER = ROOT / "library/src/test/java/org/resnet4j/image/PixelPrinter.java"
ENDINGS = set(".jpg .jpeg .jpe .jfif .png .apng .bmp .dib .gif .webp .tif .tiff .btf".split())
FORMATS = ["JPEG", "PNG", "BMP", "DIB", "GIF", "WEBP", "TIFF"]
KINDS = {
    "equal": "equal",
    "different": "different",
    "ours": "refused by resnet4j alone",
    "pillow": "refused by Pillow alone",
    "both": "refused by both",
}


class Decoder:
    """resnet4j as a process."""

    def __init__(self, classpath):
        java = os.environ.get("JAVA_HOME")
        java = str(pathlib.Path(java) / "bin/java") if java else shutil.which("java")
        command = [java, "-Xmx2g", "-Djava.awt.headless=true", "-cp", classpath, str(PRINTER)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def decode(self, file):
        """The pixels, or the reason why there are none."""
        self.process.stdin.write(f"{file}\n".encode())
        self.process.stdin.flush()
        width, height = struct.unpack(">ii", self.read(8))
        if width == 0:
            return self.read(height).decode()
        return np.frombuffer(self.read(width * height * 3), np.uint8).reshape(height, width, 3)

    def read(self, count):
        content = self.process.stdout.read(count)
        if len(content) < count:
            sys.exit("the decoder ended")
        return content


def pillow(file):
    try:
        # Given a name, Pillow may map the file into memory, and mistakes the sides of some turned TIFF files then.
        with open(file, "rb") as content, Image.open(content, formats=FORMATS) as opened:
            image = ImageOps.exif_transpose(opened)
            if image.mode.startswith("I;16") or image.mode == "I" and opened.format == "PNG":
                image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
            return np.asarray(image.convert("RGB"))
    except Exception as refusal:  # Pillow has no common class for them
        return f"{type(refusal).__name__}: {refusal}"


def compare(ours, theirs):
    """The kind of the outcome and what is to be said of it."""
    if isinstance(ours, str):
        return ("both", f"{ours} | {theirs}") if isinstance(theirs, str) else ("ours", ours)
    if isinstance(theirs, str):
        return "pillow", theirs
    if ours.shape != theirs.shape:
        return "different", f"{ours.shape[1]}x{ours.shape[0]} here, {theirs.shape[1]}x{theirs.shape[0]} in Pillow"
    distance = np.abs(ours.astype(int) - theirs).max(axis=2)
    if not distance.any():
        return "equal", ""
    return "different", f"{np.count_nonzero(distance)} of {distance.size} pixels, by up to {distance.max()} levels"


def built_classpath():
    subprocess.run([str(ROOT / "resnet4j"), "--version"], check=True, stdout=subprocess.DEVNULL)
    return str(ROOT / "cli/target/lib/*")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", nargs="+", choices=KINDS, default=["different"])
    parser.add_argument("--classpath")
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    options = parser.parse_args()
    Image.init()
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    decoder = Decoder(options.classpath or built_classpath())
    total = collections.Counter()
    for folder in options.folders:
        counts = collections.Counter()
        for file in sorted(pathlib.Path(folder).rglob("*")):
            if file.suffix.lower() in ENDINGS and file.is_file() and "\n" not in str(file):
                kind, remark = compare(decoder.decode(file), pillow(file))
                counts[kind] += 1
                if kind in options.list:
                    print(f"{KINDS[kind]}: {file}: {remark}", flush=True)
        print(f"{folder}: " + ", ".join(f"{counts[kind]} {name}" for kind, name in KINDS.items()), flush=True)
        total += counts
    if len(options.folders) > 1:
        print("all: " + ", ".join(f"{total[kind]} {name}" for kind, name in KINDS.items()))
    return 1 if total["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
