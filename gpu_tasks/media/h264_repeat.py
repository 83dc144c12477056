"""Pictures that repeat the one before them, written without an encoder: P slices of skipped macroblocks.

A skipped macroblock copies what lies at its place in the last reference picture (Rec. ITU-T H.264, 7.4.4, 8.4.1.1).
A picture of nothing else is a few bytes, and decodes to the very samples of its reference.
"""

from functools import cached_property

from gpu_tasks.media.h264_bits import BitWriter, nal_unit, parameter_sets

_SLICE_TYPE, _ALL_P = 1, 5
_REFERENCE = 2
_SLICE_QP = 26
_SKIP_M, _SKIP_N = 23, 33  # mb_skip_flag in P slices, ctxIdx 11, cabac_init_idc 0 (table 9-13)
_LAST_STATE = 62

# Table 9-44: the range of the less probable symbol, by state (from the one that skipping starts in) and quarter.
_FIRST_STATE = 6
_LPS_RANGES = (
    *((105, 128, 152, 175), (100, 122, 144, 166), (95, 116, 137, 158), (90, 110, 130, 150), (85, 104, 123, 142)),
    *((81, 99, 117, 135), (77, 94, 111, 128), (73, 89, 105, 122), (69, 85, 100, 116), (66, 80, 95, 110)),
    *((62, 76, 90, 104), (59, 72, 86, 99), (56, 69, 81, 94), (53, 65, 77, 89), (51, 62, 73, 85), (48, 59, 69, 80)),
    *((46, 56, 66, 76), (43, 53, 63, 72), (41, 50, 59, 69), (39, 48, 56, 65), (37, 45, 54, 62), (35, 43, 51, 59)),
    *((33, 41, 48, 56), (32, 39, 46, 53), (30, 37, 43, 50), (29, 35, 41, 48), (27, 33, 39, 45), (26, 31, 37, 43)),
    *((24, 30, 35, 41), (23, 28, 33, 39), (22, 27, 32, 37), (21, 26, 30, 35), (20, 24, 29, 33), (19, 23, 27, 31)),
    *((18, 22, 26, 30), (17, 21, 25, 28), (16, 20, 23, 27), (15, 19, 22, 25), (14, 18, 21, 24), (14, 17, 20, 23)),
    *((13, 16, 19, 22), (12, 15, 18, 21), (12, 14, 17, 20), (11, 14, 16, 19), (11, 13, 15, 18), (10, 12, 15, 17)),
    *((10, 12, 14, 16), (9, 11, 13, 15), (9, 11, 12, 14), (8, 10, 12, 14), (8, 9, 11, 13), (7, 9, 11, 12)),
    *((7, 9, 10, 12), (7, 8, 10, 11), (6, 8, 9, 11), (6, 7, 9, 10), (6, 7, 8, 9)),
)


class Repeater:
    """Writes repeating pictures into the stream that an encoder with this extradata makes."""

    def __init__(self, extradata: bytes) -> None:
        """Raises Unsupported for streams of another make than x264's High profile."""
        self._sets = parameter_sets(extradata)

    def picture(self, number: int) -> bytes:
        """The access unit that is number `number` of its group: the IDR picture is 0, and all others before this one
        are references, too."""
        header = self._header(number)
        return nal_unit(_REFERENCE, _SLICE_TYPE, header.payload() + self._skipped)

    def _header(self, number: int) -> BitWriter:
        """A slice header (7.3.3) and its alignment before CABAC data."""
        sets, bits = self._sets, BitWriter()
        bits.ue(0)
        bits.ue(_ALL_P)
        bits.ue(0)
        bits.u(sets.frame_num_bits, number % (1 << sets.frame_num_bits))
        bits.u(sets.order_count_bits, 2 * number % (1 << sets.order_count_bits))
        bits.u(1, 1)  # one reference, whatever the parameter set says
        bits.ue(0)
        bits.u(1, 0)
        if sets.weighted:
            bits.ue(0)
            bits.ue(0)
            bits.u(2, 0)
        bits.u(1, 0)
        bits.ue(0)
        bits.se(_SLICE_QP - sets.initial_qp)
        if sets.has_deblocking_control:
            bits.ue(1)
        while len(bits.bits) % 8:
            bits.u(1, 1)
        return bits

    @cached_property
    def _skipped(self) -> bytes:
        """The slice data: every macroblock skipped. The same for every picture of a size."""
        coder = _Cabac()
        for macroblock in range(self._sets.macroblocks):
            coder.skip()
            coder.end_of_slice(macroblock == self._sets.macroblocks - 1)
        return coder.data()


class _Cabac:
    """The arithmetic encoder (9.3.4.2) for the two symbols of a skipped macroblock, both always the probable ones."""

    def __init__(self) -> None:
        self._low, self._range = 0, 510
        self._outstanding, self._is_first = 0, True
        self._out = BitWriter()
        initial = min(max((_SKIP_M * _SLICE_QP >> 4) + _SKIP_N, 1), 126)
        self._state = initial - 64
        if self._state != _FIRST_STATE:
            raise AssertionError(f"skipping starts in state {self._state}")

    def skip(self) -> None:
        """mb_skip_flag = 1."""
        self._range -= _LPS_RANGES[self._state - _FIRST_STATE][self._range >> 6 & 3]
        self._state = min(self._state + 1, _LAST_STATE)
        self._renormalise()

    def end_of_slice(self, is_last: bool) -> None:
        """end_of_slice_flag; after the last one the data are complete."""
        self._range -= 2
        if is_last:
            self._low += self._range
            self._range = 2
        self._renormalise()
        if is_last:
            self._put(self._low >> 9 & 1)
            self._out.u(2, self._low >> 7 & 3 | 1)

    def data(self) -> bytes:
        """The bytes of the slice data; the last bit written is the stop bit."""
        while len(self._out.bits) % 8:
            self._out.u(1, 0)
        return self._out.payload()

    def _renormalise(self) -> None:
        while self._range < 256:
            if self._low < 256:
                self._put(0)
            elif self._low >= 512:
                self._low -= 512
                self._put(1)
            else:
                self._low -= 256
                self._outstanding += 1
            self._range <<= 1
            self._low <<= 1

    def _put(self, bit: int) -> None:
        if self._is_first:
            self._is_first = False
        else:
            self._out.u(1, bit)
        self._out.bits += [1 - bit] * self._outstanding
        self._outstanding = 0
