"""Writes the encodings of instructions by GNU as, which the tests of the assembler compare with ours.

Run with GNU binutils 2.40 or newer on any machine with as for x86-64:

    python3 machine_code_fixtures.py ../resources/org/resnet4j/machine/x64/encodings.txt

Each line of the result is an instruction in Intel's syntax and its bytes.
"""

import itertools
import re
import subprocess
import sys
import tempfile

R64 = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
R32 = "eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d".split()
BASES = ["rax", "rsp", "rbp", "r12", "r13"]
DISPLACEMENTS = [0, 4, 16, 64, 127, 128, -128, -129, 8128, 8192, 100000]
NUMBERS = [0, 5, 8, 15, 16, 27, 31]


FEW = ["[rax]", "[r13+64]", "[r12+4]", "[rbp+r13*4-192]", "[rsp+rcx*1+8128]"]


def memories():
    for base in BASES:
        for displacement in DISPLACEMENTS:
            yield f"[{base}{displacement:+d}]" if displacement else f"[{base}]"
    for base, index in itertools.product(BASES, ["rcx", "rbp", "r12", "r13"]):
        for scale, displacement in [(1, 0), (1, 64), (2, 4), (4, 128), (8, -4)]:
            end = f"{displacement:+d}" if displacement else ""
            yield f"[{base}+{index}*{scale}{end}]"


def pairs(names):
    return [(a, b) for a in names for b in names if a == names[0] or b == names[-1] or a == b]


def general():
    for name in ["ret", "cpuid", "xgetbv", "vzeroupper"]:
        yield name
    for register in R64:
        yield f"push {register}"
        yield f"pop {register}"
        yield f"dec {register}"
        for constant in [1, -1, 127, -128, 128, 4096, -4096, 2147483647]:
            for name in ["add", "sub", "cmp", "mov"]:
                yield f"{name} {register}, {constant}"
    for name in ["mov", "add", "xor"]:
        for a, b in pairs(R64):
            yield f"{name} {a}, {b}"
    for memory in memories():
        yield f"mov r9, {memory}"
    for memory in FEW:
        for register in ["rax", "rsp", "r9", "r13"]:
            for name in ["mov", "add", "cmp"]:
                yield f"{name} {register}, {memory}"
            yield f"movsxd {register}, DWORD PTR {memory}"
            yield f"lea {register}, {memory}"
            yield f"mov {memory}, {register}"
    for register in R32:
        yield f"kmovw k1, {register}"
        yield f"kmovw k7, {register}"


def vectors(length):
    return [f"{length}mm{number}" for number in NUMBERS]


def masked(registers):
    for register in registers:
        yield register
    yield registers[1] + "{k1}"
    yield registers[-1] + "{k7}{z}"


THREE = ["vpdpbusd", "vdpbf16ps", "vfmadd231ps", "vaddps", "vmaxps", "vpxord", "vpmaxsd"]
NAMES = {"x": "XMMWORD", "y": "YMMWORD", "z": "ZMMWORD"}


def packed():
    for length in "xyz":
        registers = vectors(length)
        some = [registers[1], registers[-1]]
        half = {"x": "QWORD", "y": "XMMWORD", "z": "YMMWORD"}[length]
        narrow = [f"{'x' if length == 'x' else chr(ord(length) - 1)}mm{number}" for number in NUMBERS]
        quarter = {"x": "DWORD", "y": "QWORD", "z": "XMMWORD"}[length]
        for name in THREE:
            yield f"{name} {registers[1]}, {registers[4]}, {registers[2]}"
            yield f"{name} {registers[4]}, {registers[1]}, {registers[5]}"
        for name in ["vpdpbusd", "vpxord"]:
            for to in masked(registers):
                yield f"{name} {to}, {registers[2]}, {registers[3]}"
            for second in registers:
                yield f"{name} {registers[0]}, {second}, {registers[-1]}"
                yield f"{name} {registers[4]}, {registers[-1]}, {second}"
        for name in ["vcvtdq2ps", "vcvtps2dq"]:
            for to in masked(registers):
                for source in some:
                    yield f"{name} {to}, {source}"
        for to in masked(narrow):
            for source in some:
                yield f"vcvtneps2bf16 {to}, {source}"
        for to in masked(registers):
            yield f"vpslld {to}, {registers[3]}, 16"
            yield f"vpslld {to}, {registers[-1]}, 31"
            yield f"vpmovzxwd {to}, {narrow[2]}"
            yield f"vpmovzxwd {to}, {narrow[-1]}"
        for source in [f"xmm{number}" for number in NUMBERS]:
            yield f"vbroadcastss {registers[2]}, {source}"
        for memory in memories() if length == "z" else FEW:
            whole = f"{NAMES[length]} PTR {memory}"
            yield f"vfmadd213ps {registers[0]}, {registers[6]}, {whole}"
            yield f"vmovups {registers[2]}, {whole}"
            yield f"vpbroadcastd {registers[3]}, DWORD PTR {memory}"
            yield f"vpmovzxbd {registers[5]}, {quarter} PTR {memory}"
        for memory in FEW:
            whole = f"{NAMES[length]} PTR {memory}"
            for name in ["vfmadd213ps", "vaddps", "vpmaxsd", "vpminsd"]:
                yield f"{name} {registers[-1]}, {registers[3]}, {whole}"
            for to in [registers[2] + "{k1}{z}", registers[5]]:
                yield f"vmovups {to}, {whole}"
            yield f"vmovups {whole}, {registers[4]}"
            yield f"vmovups {whole}{{k2}}, {registers[1]}"
            yield f"vpbroadcastd {registers[3]}, DWORD PTR {memory}"
            yield f"vpmovzxwd {registers[5]}, {half} PTR {memory}"
            yield f"vpmovzxwd {registers[6]}{{k1}}{{z}}, {half} PTR {memory}"
            yield f"vpmovdw {half} PTR {memory}, {registers[6]}"
            yield f"vpmovdw {half} PTR {memory}{{k1}}, {registers[2]}"
            yield f"vpmovzxbd {registers[6]}{{k1}}{{z}}, {quarter} PTR {memory}"
            yield f"vpmovusdb {quarter} PTR {memory}, {registers[6]}"
            yield f"vpmovusdb {quarter} PTR {memory}{{k1}}, {registers[2]}"


def forced(line):
    """Returns the instruction with the encoding that we write: EVEX where AVX has a shorter one."""
    is_vector = re.match(r"v(?!zeroupper)", line)
    return "{evex} " + line if is_vector else line


def main(path):
    lines = list(dict.fromkeys(itertools.chain(general(), packed())))
    with tempfile.TemporaryDirectory() as folder:
        source = f"{folder}/source.s"
        listing = f"{folder}/listing"
        with open(source, "w") as file:
            file.write(".intel_syntax noprefix\n" + "".join(forced(line) + "\n" for line in lines))
        command = ["as", "--64", f"-aln={listing}", "--listing-lhs-width=4", "-o", f"{folder}/object", source]
        subprocess.run(command, check=True)
        encoded = {}
        with open(listing) as file:
            for row in file:
                match = re.match(r"\s*(\d+) [0-9a-f]{4,} ([0-9A-F ]+?)(?:\s{2,}|\t|$)", row)
                if match:
                    encoded[int(match.group(1)) - 2] = match.group(2).replace(" ", "").lower()
    with open(path, "w") as file:
        for number, line in enumerate(lines):
            file.write(f"{line} | {encoded[number]}\n")


if __name__ == "__main__":
    main(sys.argv[1])
