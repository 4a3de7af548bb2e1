"""TIFF files of many kinds, with Pillow's pixels where we read them, and a part of our message where we do not.

Versions: Python 3.11, pillow 12.3.0, numpy 2.4.6, imagecodecs 2026.3.6. Seed: 20261128.
Run from the repository's root:  python library/src/test/python/tiff_fixtures.py
Writes library/src/test/resources/image/tiff.gz: int count, and for each file: text name, int length and the file, text
message (empty where the file is read), and, if it is read, int width, height, channels and the samples; big-endian.
"""

import gzip
import io
import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image, ImageOps, TiffImagePlugin

OUT = Path("library/src/test/resources/image/tiff.gz")
RANDOM = np.random.default_rng(20261128)
BIT_REVERSED = bytes(int(f"{i:08b}"[::-1], 2) for i in range(256))
NONE, LZW, JPEG, DEFLATE, PACKBITS = 1, 5, 7, 8, 32773
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
UNSPECIFIED, ASSOCIATED, UNASSOCIATED = 0, 1, 2
SHORT, LONG, BYTE = 3, 4, 1


def compressed(rows, compression):
    """rows: height x bytes"""
    content = rows.tobytes()
    match compression:
        case 1:
            return content
        case 5:
            return imagecodecs.lzw_encode(content)
        case 8:
            return zlib.compress(content)
        case 32773:
            return b"".join(imagecodecs.packbits_encode(row.tobytes()) for row in rows)


def tiff(tags, parts, order="<", big=False, tiled=False):
    """A file of the parts (strips or tiles); tags: number to (type, values). The directory comes first."""
    tags = dict(tags)
    offsets, counts = (324, 325) if tiled else (273, 279)
    tags.setdefault(offsets, (LONG, [0] * len(parts)))
    tags.setdefault(counts, (LONG, [len(part) for part in parts]))
    word = "Q" if big else "I"
    inline = 8 if big else 4
    header = 16 if big else 8
    directory_bytes = (16 + 20 * len(tags)) if big else (6 + 12 * len(tags))

    def packed(kind, values):
        if isinstance(values, bytes):
            return values
        return struct.pack(order + {BYTE: "B", SHORT: "H", LONG: "I"}[kind] * len(values), *values)

    outside = [number for number, (kind, values) in sorted(tags.items()) if len(packed(kind, values)) > inline]
    places = {}
    at = header + directory_bytes
    for number in outside:
        places[number] = at
        at += len(packed(*tags[number]))
    if sum(tags[offsets][1]) == 0:
        starts = []
        for part in parts:
            starts.append(at)
            at += len(part)
        tags[offsets] = (LONG, starts)
    data = b"II" if order == "<" else b"MM"
    data += struct.pack(order + "HHHQ", 43, 8, 0, header) if big else struct.pack(order + "HI", 42, header)
    data += struct.pack(order + ("Q" if big else "H"), len(tags))
    for number, (kind, values) in sorted(tags.items()):
        content = packed(kind, values)
        count = len(values)
        where = struct.pack(order + word, places[number]) if number in places else content.ljust(inline, b"\0")
        data += struct.pack(order + "HH" + word, number, kind, count) + where
    data += struct.pack(order + word, 0)
    return data + b"".join(packed(*tags[number]) for number in outside) + b"".join(parts)


def differences(samples):
    """height x width x samples of the neighbors' differences"""
    result = samples.copy()
    result[:, 1:] -= samples[:, :-1]
    return result


def float_differences(samples):
    """height x width of float32: the bytes of predictor 3"""
    planes = samples.astype(">f4").view(np.uint8).reshape(*samples.shape, 4)
    rows = np.moveaxis(planes, 2, 1).reshape(samples.shape[0], -1)
    return differences(rows[:, :, None])[:, :, 0]


def packed_bits(samples, bits):
    """height x width of small numbers to height x bytes"""
    each = np.unpackbits(samples.astype(np.uint8)[:, :, None], axis=2)[:, :, 8 - bits :]
    return np.packbits(each.reshape(samples.shape[0], -1), axis=1)


def part(samples, bits, order, compression, predictor):
    if bits < 8:
        rows = packed_bits(samples[:, :, 0], bits)
    elif predictor == 3:
        rows = float_differences(samples[:, :, 0])
    else:
        if predictor == 2:
            samples = differences(samples)
        stored = samples.astype(samples.dtype.newbyteorder(order))
        rows = np.frombuffer(stored.tobytes(), np.uint8).reshape(samples.shape[0], -1)
    return compressed(rows, compression)


def picture(samples, photometric, bits=None, order="<", big=False, compression=NONE, predictor=None, planar=1, tile=None,
            rows=9, reverse=False, extra=(), more=None):
    """A file of height x width x samples."""
    height, width, count = samples.shape
    bits = bits or samples.dtype.itemsize * 8
    tags = {
        256: (SHORT, [width]),
        257: (LONG, [height]),
        258: (SHORT, [bits] * count),
        259: (SHORT, [compression]),
        262: (SHORT, [photometric]),
        277: (SHORT, [count]),
        284: (SHORT, [planar]),
    }
    if samples.dtype.kind != "u":
        tags[339] = (SHORT, [{"i": 2, "f": 3}[samples.dtype.kind]] * count)
    if predictor:
        tags[317] = (SHORT, [predictor])
    if extra:
        tags[338] = (SHORT, list(extra))
    if reverse:
        tags[266] = (SHORT, [2])
    if photometric == PALETTE:
        tags[320] = (SHORT, RANDOM.integers(0, 65536, 3 << bits).tolist())
    step_y, step_x = tile or (rows, width)
    if tile:
        tags[322], tags[323] = (SHORT, [step_x]), (SHORT, [step_y])
    else:
        tags[278] = (SHORT, [rows])
    parts = []
    for plane in range(count if planar == 2 else 1):
        source = samples[:, :, plane : plane + 1] if planar == 2 else samples
        for y in range(0, height, step_y):
            for x in range(0, width, step_x):
                piece = source[y : y + step_y, x : x + step_x]
                if tile:
                    padding = [(0, step_y - piece.shape[0]), (0, step_x - piece.shape[1]), (0, 0)]
                    piece = np.pad(piece, padding, mode="edge")
                content = part(piece, bits, order, compression, predictor)
                parts.append(content.translate(BIT_REVERSED) if reverse else content)
    return tiff({**tags, **(more or {})}, parts, order, big, bool(tile))


def noise(samples, dtype=np.uint8, levels=None, width=21, height=20):
    """Stretches of equal pixels and noise."""
    levels = levels or 256 ** np.dtype(dtype).itemsize
    values = RANDOM.integers(0, levels, (height, width, samples))
    values[::3] = values[::3, :1]
    return values.astype(dtype)


def floats(dtype=np.float32):
    return RANDOM.uniform(-40, 300, (20, 21, 1)).astype(dtype)


def jpeg(samples, photometric, quality=90, edit=lambda data: data, tables=b"", **options):
    """One strip of JPEG with its own tables."""
    mode = {BLACK_IS_ZERO: "L", RGB: "RGB", CMYK: "CMYK", YCBCR: "RGB"}[photometric]
    out = io.BytesIO()
    shape = samples[:, :, 0] if samples.shape[2] == 1 else samples
    Image.frombytes(mode, (shape.shape[1], shape.shape[0]), shape.tobytes()).save(out, "JPEG", quality=quality, **options)
    height, width, count = samples.shape
    tags = {
        256: (SHORT, [width]),
        257: (SHORT, [height]),
        258: (SHORT, [8] * count),
        259: (SHORT, [JPEG]),
        262: (SHORT, [photometric]),
        277: (SHORT, [count]),
        278: (SHORT, [height]),
    }
    if tables:
        tags[347] = (BYTE, tables)
    return tiff(tags, [edit(out.getvalue())])


def jpeg_planes(samples):
    """A strip for each color."""
    parts = []
    for plane in np.moveaxis(samples, 2, 0):
        out = io.BytesIO()
        Image.fromarray(plane).save(out, "JPEG")
        parts.append(out.getvalue())
    tags = {
        256: (SHORT, [samples.shape[1]]),
        257: (SHORT, [samples.shape[0]]),
        258: (SHORT, [8, 8, 8]),
        259: (SHORT, [JPEG]),
        262: (SHORT, [RGB]),
        277: (SHORT, [3]),
        284: (SHORT, [2]),
    }
    return tiff(tags, parts)


def components_from_zero(data):
    """Numbers the components 0 1 2, as libtiff does."""
    data = bytearray(data)
    frame = data.index(b"\xff\xc0")
    scan = data.index(b"\xff\xda")
    for i in range(3):
        data[frame + 10 + 3 * i] = i
        data[scan + 5 + 2 * i] = i
    return bytes(data)


def by_pillow(image, **tags):
    compression = tags.pop("compression")
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in tags.items():
        directory[int(tag[1:])] = value
    out = io.BytesIO()
    image.save(out, "TIFF", compression=compression, tiffinfo=directory)
    return out.getvalue()


def bilevel(width=200, height=12):
    """Runs of all lengths up to the width."""
    rows = np.zeros((height, width), bool)
    for y in range(height):
        x = 0
        while x < width:
            run = int(RANDOM.integers(0, max(2, width // (1 + y % 4))))
            rows[y, x : x + run] = True
            x += run + 1 + int(RANDOM.integers(0, max(2, width // (1 + y // 4))))
    rows[1::4] = rows[::4] ^ (RANDOM.random(rows[::4].shape) < 0.01)
    return Image.fromarray(rows)


def all_runs():
    """A row for each length of a run of white and black, up to 2,700."""
    rows = np.ones((90, 2700), bool)
    for y in range(90):
        rows[y, : 30 * y + y // 3] = False
        rows[y, 30 * y + y // 3 + y : 30 * y + y // 3 + 2 * y] = False
    return Image.fromarray(rows)


def xmp(orientation):
    return {700: (BYTE, f'<rdf:Description tiff:Orientation="{orientation}"/>'.encode())}


def shortened(data):
    """The same file with the last strip's data cut to a half, which the tags say."""
    image = Image.open(io.BytesIO(data))
    counts = list(image.tag_v2[279])
    offsets = list(image.tag_v2[273])
    parts = [data[o : o + c] for o, c in zip(offsets, counts)]
    parts[-1] = parts[-1][: len(parts[-1]) // 2]
    tags = {tag: (SHORT, [v] if isinstance(v, int) else list(v)) for tag, v in image.tag_v2.items()}
    del tags[273], tags[279]
    return tiff(tags, parts)


def read_files():
    for bits in (1, 2, 4, 8):
        for photometric, name in ((WHITE_IS_ZERO, "white-is-zero"), (BLACK_IS_ZERO, "black-is-zero"), (PALETTE, "palette")):
            samples = noise(1, levels=1 << bits)
            yield f"{name}-{bits}", picture(samples, photometric, bits)
            yield f"{name}-{bits}-packbits-reversed", picture(samples, photometric, bits, compression=PACKBITS, reverse=True)
            yield f"{name}-{bits}-tiles", picture(samples, photometric, bits, compression=LZW, tile=(16, 32), order=">")
    for order, name in (("<", "little"), (">", "big")):
        yield f"gray-16-{name}", picture(noise(1, np.uint16), BLACK_IS_ZERO, order=order)
        yield f"rgb-{name}", picture(noise(3), RGB, order=order)
        yield f"rgb-16-{name}", picture(noise(3, np.uint16), RGB, order=order)
        for compression, kind in ((LZW, "lzw"), (DEFLATE, "deflate")):
            yield f"rgb-{kind}-predictor-{name}", picture(noise(3), RGB, order=order, compression=compression, predictor=2)
            yield (
                f"rgb-16-{kind}-predictor-{name}",
                picture(noise(3, np.uint16), RGB, order=order, compression=compression, predictor=2),
            )
        yield f"float-{name}", picture(floats(), BLACK_IS_ZERO, order=order)
        yield f"cmyk-16-{name}", picture(noise(4, np.uint16), CMYK, order=order)
        yield f"associated-16-{name}", picture(noise(4, np.uint16), RGB, order=order, extra=[ASSOCIATED])
    samples = noise(3)
    yield "bigtiff", picture(samples, RGB, big=True)
    yield "bigtiff-big", picture(samples, RGB, order=">", big=True), picture(samples, RGB)  # not read by Pillow
    yield "bigtiff-tiles", picture(noise(3), RGB, big=True, compression=DEFLATE, tile=(16, 16))
    yield "float-predictor-2", picture(floats().view(np.uint32), BLACK_IS_ZERO, compression=LZW, predictor=2,
                                       more={339: (SHORT, [3])})
    yield "float-predictor-3", picture(floats(), BLACK_IS_ZERO, compression=DEFLATE, predictor=3)
    yield "float-predictor-3-tiles", picture(floats(), BLACK_IS_ZERO, compression=DEFLATE, predictor=3, tile=(16, 16))
    yield "rgba-unnamed", picture(noise(4), RGB)
    yield "rgba-unspecified", picture(noise(4), RGB, extra=[UNSPECIFIED])
    yield "rgba-unassociated", picture(noise(4), RGB, extra=[UNASSOCIATED])
    yield "rgba-associated", picture(noise(4), RGB, extra=[ASSOCIATED])
    yield "rgba-associated-tiles", picture(noise(4), RGB, extra=[ASSOCIATED], compression=LZW, predictor=2, tile=(16, 16))
    yield "rgba-associated-planes", picture(noise(4), RGB, extra=[ASSOCIATED], compression=DEFLATE, planar=2)
    yield "rgba-associated-and-two", picture(noise(6), RGB, extra=[ASSOCIATED, UNSPECIFIED, UNSPECIFIED])
    yield "gray-alpha", picture(noise(2), BLACK_IS_ZERO, extra=[UNASSOCIATED])
    yield "palette-alpha", picture(noise(2), PALETTE, extra=[UNASSOCIATED], compression=LZW)
    yield "palette-and-one", picture(noise(2), PALETTE, extra=[UNSPECIFIED])
    yield "cmyk", picture(noise(4), CMYK)
    yield "cmyk-and-one", picture(noise(5), CMYK, extra=[UNSPECIFIED])
    yield "cmyk-and-one-predictor", picture(noise(5), CMYK, extra=[UNSPECIFIED], compression=LZW, predictor=2)
    yield "cmyk-planes", picture(noise(4), CMYK, planar=2)
    yield "rgb-planes", picture(noise(3), RGB, planar=2)
    yield "rgb-planes-tiles", picture(noise(3), RGB, planar=2, compression=LZW, predictor=2, tile=(16, 16))
    yield "rgb-16-planes-deflate", picture(noise(3, np.uint16), RGB, planar=2, compression=DEFLATE)
    yield "rgb-packbits-reversed", picture(noise(3), RGB, compression=PACKBITS, reverse=True)
    yield "predictor-without-effect", picture(noise(3), RGB, more={317: (SHORT, [2])})
    yield "tiles-in-the-tags-of-strips", misnamed_tiles()
    for orientation in range(1, 9):
        yield f"orientation-{orientation}", picture(noise(3), RGB, compression=LZW, more={274: (SHORT, [orientation])})
    yield "orientation-of-bytes", picture(noise(3), RGB, compression=LZW, more={274: (BYTE, [6])})
    yield "orientation-in-xmp", picture(noise(3), RGB, compression=LZW, more=xmp(6))
    yield "orientation-and-xmp", picture(noise(3), RGB, compression=LZW, more={**xmp(6), 274: (SHORT, [3])})
    yield "wrong-lengths", picture(noise(3), RGB, more={279: (LONG, [1, 1, 1])})
    yield "no-lengths", picture(noise(3), RGB, compression=LZW, rows=20, more={279: (LONG, [0])})

    yield "jpeg-gray", jpeg(noise(1), BLACK_IS_ZERO)
    yield "jpeg-cmyk", jpeg(noise(4), CMYK)
    for subsampling in (0, 1, 2):
        yield f"jpeg-ycbcr-{subsampling}", jpeg(noise(3), YCBCR, subsampling=subsampling)
        yield f"jpeg-ycbcr-from-zero-{subsampling}", jpeg(noise(3), YCBCR, edit=components_from_zero, subsampling=subsampling)
    yield "jpeg-rgb", jpeg(noise(3), RGB, subsampling=0)
    colored = Image.frombytes("RGB", (40, 37), noise(3, width=40, height=37).tobytes())
    yield "jpeg-tables", by_pillow(colored, compression="jpeg", t278=16)
    yield "jpeg-planes", jpeg_planes(noise(3))
    for compression in ("tiff_ccitt", "group3", "group4"):
        yield compression, by_pillow(bilevel(), compression=compression)
        yield f"{compression}-white-is-zero", by_pillow(bilevel(), compression=compression, t262=0)
        yield f"{compression}-reversed", by_pillow(bilevel(), compression=compression, t266=2)
        yield f"{compression}-strips", by_pillow(bilevel(), compression=compression, t278=5)
        yield f"{compression}-all-runs", by_pillow(all_runs(), compression=compression)
    for options in (1, 4, 5):
        yield f"group3-options-{options}", by_pillow(bilevel(), compression="group3", t292=options)


def misnamed_tiles():
    """The places of tiles in the tags of strips."""
    samples = noise(3)
    parts = []
    for y in (0, 16):
        for x in (0, 16):
            piece = np.pad(samples[y : y + 16, x : x + 16], [(0, 16), (0, 16), (0, 0)])[:16, :16]
            parts.append(compressed(piece.reshape(16, -1), LZW))
    tags = {
        256: (SHORT, [21]),
        257: (SHORT, [20]),
        258: (SHORT, [8, 8, 8]),
        259: (SHORT, [LZW]),
        262: (SHORT, [RGB]),
        277: (SHORT, [3]),
        322: (SHORT, [16]),
        323: (SHORT, [16]),
    }
    return tiff(tags, parts)


def refused_files():
    gray = noise(1)
    rgb = noise(3)
    yield "half-float", "half-float samples", picture(floats(np.float16), BLACK_IS_ZERO)
    yield "double", "floating-point samples of 64 bits", picture(floats(np.float64), BLACK_IS_ZERO)
    yield "float-rgb", "3 floating-point samples", picture(np.repeat(floats(), 3, axis=2), RGB)
    yield "float-big-endian-lzw", "big-endian", picture(floats(), BLACK_IS_ZERO, order=">", compression=LZW)
    yield "lab", "Lab colors", picture(rgb, LAB)
    yield "ycbcr-uncompressed", "YCbCr samples that are not JPEG", picture(rgb, YCBCR)
    yield "signed", "signed samples of 8 bits", picture(gray.view(np.int8), BLACK_IS_ZERO)
    yield "integers-32", "samples of 32 bits", picture(noise(1, np.uint32), BLACK_IS_ZERO)
    yield "white-is-zero-16", "WHITE_IS_ZERO samples of 16 bits", picture(noise(1, np.uint16), WHITE_IS_ZERO)
    yield "bits-12", "samples of 12 bits", picture(gray, BLACK_IS_ZERO, more={258: (SHORT, [12])})
    yield "rgb-4", "3 samples of 4 bits", picture(rgb, RGB, more={258: (SHORT, [4, 4, 4])})
    yield "rgb-565", "samples of different kinds", picture(rgb, RGB, more={258: (SHORT, [5, 6, 5])})
    yield "associated-gray", "associated alpha of BLACK_IS_ZERO", picture(noise(2), BLACK_IS_ZERO, extra=[ASSOCIATED])
    yield "associated-palette", "associated alpha of PALETTE", picture(noise(2), PALETTE, extra=[ASSOCIATED])
    yield "associated-second", "not the first", picture(noise(5), RGB, extra=[UNSPECIFIED, ASSOCIATED])
    yield "planes-16", "uncompressed planes", picture(noise(3, np.uint16), RGB, planar=2)
    yield "unnamed-extra", "extra", picture(noise(2), BLACK_IS_ZERO)
    yield "seven-samples", "7 samples a pixel", picture(noise(7), RGB, extra=[0] * 4)
    for code, name in ((6, "old-style JPEG"), (34925, "LZMA"), (50000, "Zstandard"), (50001, "WebP"), (34887, "LERC"),
                       (9999, "compression 9999")):
        yield f"compression-{code}", name, picture(gray, BLACK_IS_ZERO, more={259: (SHORT, [code])})
    yield "old-lzw", "old-style LZW", old_lzw()
    yield "predictor-4", "the predictor 4", picture(gray, BLACK_IS_ZERO, compression=LZW, more={317: (SHORT, [4])})
    yield "predictor-3-integers", "the predictor 3", picture(gray, BLACK_IS_ZERO, compression=LZW, more={317: (SHORT, [3])})
    yield "strips-and-tiles", "strips and tiles", picture(rgb, RGB, tile=(16, 16), more={273: (LONG, [8]), 279: (LONG, [9])})
    yield "strips-missing", "3 strips", picture(rgb, RGB, more={257: (LONG, [400])})
    yield "strip-at-0", "left out", left_out()
    yield "tag-twice", "the TIFF tag 256 is there twice", twice(picture(gray, BLACK_IS_ZERO))
    yield "color-map-short", "color map", picture(gray, PALETTE, more={320: (SHORT, [1, 2, 3])})
    yield "tile-huge", "limit", picture(gray, BLACK_IS_ZERO, tile=(32, 32), more={322: (LONG, [60000]), 323: (LONG, [60000])})
    yield "tiles-wide", "limit", picture(noise(1, width=1, height=400), BLACK_IS_ZERO, tile=(16, 16),
                                         more={322: (LONG, [80000000]), 323: (LONG, [1])})
    yield "jpeg-of-other-size", "JPEG-compressed part", jpeg_of_other_size()
    yield "jpeg-without-its-beginning", "does not begin as JPEG does", jpeg(noise(1), BLACK_IS_ZERO, edit=lambda data: data[2:])
    yield "jpeg-tables-long", "JPEG tables of 5000", jpeg(noise(1), BLACK_IS_ZERO, tables=bytes(5000))
    yield "jpeg-overlapping", "overlap", jpeg_overlapping()
    for compression, kind in ((LZW, "lzw"), (DEFLATE, "deflate"), (PACKBITS, "packbits")):
        yield f"{kind}-ends-early", "truncated", shortened(picture(rgb, RGB, compression=compression))
    yield "group4-ends-early", "truncated", shortened(by_pillow(bilevel(), compression="group4"))
    yield "group3-ends-early", "truncated", shortened(by_pillow(bilevel(), compression="group3"))
    yield "deflate-checksum", "damaged", checksum_broken()
    yield "group4-damaged", "CCITT data", fax_damaged()


def old_lzw():
    tags = {256: (SHORT, [4]), 257: (SHORT, [1]), 258: (SHORT, [8]), 259: (SHORT, [LZW]), 262: (SHORT, [1])}
    return tiff(tags, [b"\x00\x01\x02\x03\x04\x05"])


def left_out():
    tags = {256: (SHORT, [4]), 257: (SHORT, [2]), 258: (SHORT, [8]), 262: (SHORT, [1]), 278: (SHORT, [1])}
    return tiff({**tags, 273: (LONG, [0, 8])}, [b"abcd", b"efgh"])


def twice(data):
    return data.replace(struct.pack("<HHI", 257, LONG, 1), struct.pack("<HHI", 256, LONG, 1), 1)


def jpeg_of_other_size():
    data = bytearray(jpeg(noise(1), BLACK_IS_ZERO))
    at = data.index(struct.pack("<HHI", 256, SHORT, 1))
    data[at + 8] = 20
    return bytes(data)


def jpeg_overlapping():
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "JPEG")
    tags = {
        256: (SHORT, [8]),
        257: (SHORT, [8000]),
        258: (SHORT, [8]),
        259: (SHORT, [JPEG]),
        262: (SHORT, [1]),
        278: (SHORT, [8]),
    }
    data = out.getvalue()
    start = len(tiff({**tags, 273: (LONG, [1] * 1000), 279: (LONG, [1] * 1000)}, []))
    return tiff({**tags, 273: (LONG, [start] * 1000), 279: (LONG, [len(data)] * 1000)}, [data])


def checksum_broken():
    data = bytearray(picture(noise(1), BLACK_IS_ZERO, compression=DEFLATE, rows=20))
    data[-1] ^= 1
    return bytes(data)


def fax_damaged():
    data = bytearray(by_pillow(bilevel(), compression="group4"))
    image = Image.open(io.BytesIO(bytes(data)))
    at = image.tag_v2[273][0] + image.tag_v2[279][0] // 2
    data[at : at + 3] = b"\0\0\1"
    return bytes(data)


def pixels(data):
    with io.BytesIO(data) as content, Image.open(content) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I;16"):  # Pillow would clip at 255; we keep the upper byte
            image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
        return image.convert("RGB")


def text(value):
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


def main():
    records = []
    for name, data, *twin in read_files():
        image = pixels(twin[0] if twin else data)
        raw = struct.pack(">iii", image.size[0], image.size[1], 3) + image.tobytes()
        records.append(text(name) + struct.pack(">i", len(data)) + data + text("") + raw)
    for name, message, data in refused_files():
        records.append(text(name) + struct.pack(">i", len(data)) + data + text(message))
    OUT.write_bytes(gzip.compress(struct.pack(">i", len(records)) + b"".join(records), 9, mtime=0))


if __name__ == "__main__":
    main()
