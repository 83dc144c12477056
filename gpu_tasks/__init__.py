"""What needs a codec, a model or a GPU: the timeline, the engine, the media library and the worker."""

import os

# No matrix here is larger than 4 × 4, and the threads in which OpenBLAS waits for more burn some 5 % of a
# render's CPU time. It reads this when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
