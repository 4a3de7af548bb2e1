# Reference values for ColorAdjustmentTest: what Pillow does to the colors of one small picture.
# Versions: Python 3, Pillow 12.3.0, NumPy. Seed 7.
# Command line, from library/: python src/test/python/color_adjustment.py > src/test/resources/dataset/color-adjustment.txt
# Each line: operation, factor, width, height, the samples after it in hexadecimal. The first line is the picture itself.
import numpy as np
from PIL import Image, ImageEnhance

WIDTH, HEIGHT = 24, 16

samples = np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
samples[0, :8] = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9], [255, 255, 0], [1, 0, 0]]
picture = Image.fromarray(samples, "RGB")


def write(operation, factor, result):
    print(operation, factor, WIDTH, HEIGHT, np.asarray(result).tobytes().hex())


def turned(factor):
    """torchvision's adjust_hue on a Pillow image."""
    hue, saturation, value = picture.convert("HSV").split()
    shifted = np.array(hue, dtype=np.uint8) + np.array(int(factor * 255)).astype(np.uint8)
    return Image.merge("HSV", (Image.fromarray(shifted, "L"), saturation, value)).convert("RGB")


write("none", 1.0, picture)
for factor in (0.0, 0.3, 0.77, 1.0, 1.4, 2.5):
    write("brightness", factor, ImageEnhance.Brightness(picture).enhance(factor))
    write("contrast", factor, ImageEnhance.Contrast(picture).enhance(factor))
    write("saturation", factor, ImageEnhance.Color(picture).enhance(factor))
for factor in (-0.5, -0.21, -0.02, 0.0, 0.1, 0.33, 0.5):
    write("hue", factor, turned(factor))
