"""Keeps MediaPipe from talking: its C++ side greets every model on the process's standard error."""

import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator

_REPLAYED_BYTES = 65_536


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Drop what the process writes to file descriptor 2 meanwhile; if the block fails, say it after all."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as heard, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.dup2(heard.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(kept, 2)
            heard.seek(0)
            os.write(2, heard.read(_REPLAYED_BYTES))
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
