"""Bits of H.264 streams: Exp-Golomb codes, NAL units, and the parameter sets that a picture's header depends on.

All sections are those of Rec. ITU-T H.264 (08/2021).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SPS_TYPE, PPS_TYPE = 7, 8
START_CODE = b"\0\0\0\1"
_HIGH_PROFILES = (100, 110, 122, 244)


class Unsupported(ValueError):
    """A stream that is put together in a way that is not catered for here."""


class BitWriter:
    """Collects the bits of a raw byte sequence payload."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def u(self, length: int, value: int) -> None:
        """An unsigned number of `length` bits."""
        self.bits += [value >> place & 1 for place in range(length - 1, -1, -1)]

    def ue(self, value: int) -> None:
        """An unsigned Exp-Golomb code (9.1)."""
        self.u(2 * (value + 1).bit_length() - 1, value + 1)

    def se(self, value: int) -> None:
        """A signed Exp-Golomb code (9.1.1)."""
        self.ue(2 * value - 1 if value > 0 else -2 * value)

    def payload(self) -> bytes:
        """The bits so far, which must fill whole bytes."""
        if len(self.bits) % 8:
            raise ValueError(f"{len(self.bits)} bits are no whole bytes")
        return int("1" + "".join(map(str, self.bits)), 2).to_bytes(len(self.bits) // 8 + 1, "big")[1:]


class BitReader:
    """Reads a raw byte sequence payload from its start. Raises Unsupported at its end."""

    def __init__(self, payload: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in payload)
        self._place = 0

    def u(self, length: int) -> int:
        taken = self._bits[self._place : self._place + length]
        if len(taken) < length:
            raise Unsupported("a parameter set is cut off")
        self._place += length
        return int(taken, 2) if taken else 0

    def ue(self) -> int:
        zeros = 0
        while self.u(1) == 0:
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -code // 2


def nal_unit(reference: int, kind: int, payload: bytes) -> bytes:
    """A NAL unit behind a start code, with its emulation prevention bytes (7.4.1)."""
    escaped = re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\0\0\3", payload)
    return START_CODE + bytes([reference << 5 | kind]) + escaped


def payloads(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, payload) of the NAL units of a byte stream (annex B)."""
    for unit in re.split(rb"\x00\x00\x00?\x01", stream):
        if unit:
            yield unit[0] & 31, unit[1:].replace(b"\0\0\3", b"\0\0")


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """What a slice header needs to know of the sequence and picture parameter sets (7.3.2.1, 7.3.2.2)."""

    frame_num_bits: int
    order_count_bits: int
    macroblocks: int
    weighted: bool
    initial_qp: int
    has_deblocking_control: bool


def parameter_sets(extradata: bytes) -> ParameterSets:
    """The one pair of parameter sets of an encoder's extradata. Raises Unsupported."""
    found = dict(payloads(extradata))
    if SPS_TYPE not in found or PPS_TYPE not in found:
        raise Unsupported("the stream has no parameter sets")
    frame_num_bits, order_count_bits, macroblocks = _sequence(BitReader(found[SPS_TYPE]))
    weighted, initial_qp, has_deblocking_control = _picture(BitReader(found[PPS_TYPE]))
    return ParameterSets(frame_num_bits, order_count_bits, macroblocks, weighted, initial_qp, has_deblocking_control)


def _sequence(bits: BitReader) -> tuple[int, int, int]:
    """Bits of frame_num and of pic_order_cnt_lsb, and macroblocks in a picture."""
    profile = bits.u(8)
    bits.u(16)
    _expect(bits.ue() == 0 and profile in _HIGH_PROFILES, "only High profiles, and the first parameter set")
    _expect(bits.ue() == 1, "only 4:2:0")
    bits.ue(), bits.ue(), bits.u(1)
    _expect(bits.u(1) == 0, "no scaling matrices")
    frame_num_bits = bits.ue() + 4
    _expect(bits.ue() == 0, "only picture order counts that are sent")
    order_count_bits = bits.ue() + 4
    bits.ue(), bits.u(1)
    macroblocks = (bits.ue() + 1) * (bits.ue() + 1)
    _expect(bits.u(1) == 1, "no fields")
    return frame_num_bits, order_count_bits, macroblocks


def _picture(bits: BitReader) -> tuple[bool, int, bool]:
    """Whether P slices are weighted, the initial QP, and whether slices control deblocking."""
    _expect(bits.ue() == 0 and bits.ue() == 0, "only the first parameter set")
    _expect(bits.u(1) == 1, "only CABAC")
    _expect(bits.u(1) == 0 and bits.ue() == 0, "no fields, no slice groups")
    bits.ue(), bits.ue()
    weighted = bits.u(1) == 1
    bits.u(2)
    initial_qp = 26 + bits.se()
    bits.se(), bits.se()
    has_deblocking_control = bits.u(1) == 1
    bits.u(1)
    _expect(bits.u(1) == 0, "no redundant pictures")
    return weighted, initial_qp, has_deblocking_control


def _expect(fulfilled: bool, what: str) -> None:
    if not fulfilled:
        raise Unsupported(
            f"supported are {what}" if not what.startswith("no ") else f"supported are streams with {what}"
        )
