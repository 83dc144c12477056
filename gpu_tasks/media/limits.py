"""How large a source may be. The probe refuses what lies above; decoders hold to the same numbers."""

MAX_PIXELS = 8192 * 8192
MAX_STREAMS = 32
MAX_DURATION_S = 24 * 3600
MAX_SIZE_BYTES = 5 * 1024**3
MAX_CHANNELS = 16
MIN_SAMPLE_RATE_HZ = 8_000
MAX_SAMPLE_RATE_HZ = 192_000
MAX_IMAGE_BYTES = 256 * 1024**2
PROBE_BYTES = 8 * 1024**2
ANALYZE_S = 5
