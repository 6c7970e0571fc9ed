"""The modules of a two-dimensional code, drawn as PNG and as SVG.

This module is imported only by functions that draw: it needs the layer of documents.
"""

import re
import struct
import zlib
from collections.abc import Sequence
from functools import cache

import zxingcpp

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NO_FILTER = b"\x00"
_GREYSCALE_ONE_BIT = bytes((1, 0, 0, 0, 0))
_FASTEST = 1
_BITS = bytes(ord("1") if level else ord("0") for level in range(256))
_RUN = re.compile("0+|1+")
_LARGEST_SIDE = 177
# A row is a line of strokes (`h`) and moves (`m`).
_STROKES = {"0" * length: f"h{length}" for length in range(1, _LARGEST_SIDE + 1)} | {
    "1" * length: f"m{length} 0" for length in range(1, _LARGEST_SIDE + 1)
}


def rows(barcode: zxingcpp.Barcode) -> list[str]:
    """The modules of a code, one string for a row, `1` for a light one and `0` for a dark one."""
    drawn = zxingcpp.write_barcode_to_image(barcode, add_quiet_zones=False)
    image = memoryview(drawn)  # type: ignore[arg-type]  # it has the buffer protocol, its stub not
    width = image.shape[1] if image.shape else 0
    modules = image.tobytes().translate(_BITS).decode("ascii")
    return [modules[start : start + width] for start in range(0, len(modules), width)]


def png(lines: Sequence[str], *, quiet: int, scale: int) -> bytes:
    """Draw rows of modules as a 1-bit greyscale PNG.

    Args:
        lines: of modules, as `rows` gives them.
        quiet: light modules around.
        scale: pixels for a side of a module.
    """
    across = len(lines[0]) + 2 * quiet
    width = (across * scale + 7) // 8
    whole_bytes = (across + 7) // 8
    margin = "1" * quiet
    end = "1" * (whole_bytes * 8 - across + quiet)
    pixels = _pixels(scale)
    blank = (_NO_FILTER + b"\xff" * width) * (quiet * scale)
    drawn = [blank]
    for line in lines:
        packed = int(margin + line + end, 2).to_bytes(whole_bytes, "big")
        row = b"".join(map(pixels.__getitem__, packed))[:width]
        drawn.append((_NO_FILTER + row) * scale)
    drawn.append(blank)
    header = struct.pack(">II", across * scale, (len(lines) + 2 * quiet) * scale)
    return b"".join(
        (
            _PNG_SIGNATURE,
            _chunk(b"IHDR", header + _GREYSCALE_ONE_BIT),
            _chunk(b"IDAT", zlib.compress(b"".join(drawn), _FASTEST)),
            _chunk(b"IEND", b""),
        )
    )


def svg(lines: Sequence[str], *, quiet: int) -> str:
    """Draw rows of modules as SVG, one unit for a module, without a fixed size."""
    width, height = len(lines[0]) + 2 * quiet, len(lines) + 2 * quiet
    strokes = "".join(
        f"M{quiet} {y}.5" + "".join(map(_STROKES.__getitem__, _RUN.findall(line)))
        for y, line in enumerate(lines, start=quiet)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{height}h-{width}z"/>'
        f'<path stroke="#000" d="{strokes}"/></svg>'
    )


@cache
def _pixels(scale: int) -> list[bytes]:
    """For each byte of eight modules, its pixels, eight to a byte."""
    bits = ("".join([bit * scale for bit in f"{modules:08b}"]) for modules in range(256))
    return [int(line, 2).to_bytes(scale, "big") for line in bits]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
