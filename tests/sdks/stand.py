"""One platform behind a proxy that makes faults, for the SDKs' tests: `python -m tests.sdks.stand`.

Prints where things are as `NAME=value` lines, then runs until Ctrl-C. Everything goes through the proxy, signed
addresses of files too. Transcriptions are made by a stand-in for the service; mails lie below `FRAMELANE_HOME`.
"""

import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.conformance import UNLIMITED
from scripts.live import Platform, running_platform
from scripts.processes import end_on_signals
from tests.assemblyai_server import KEY, AssemblyAiServer
from tests.sdks.proxy import Proxy, faulty_proxy


@dataclass(frozen=True)
class Stand:
    """A platform and the proxy before it."""

    platform: Platform
    proxy: Proxy
    api_key: str

    @property
    def variables(self) -> dict[str, str]:
        """What the suites need to know, as environment variables."""
        return {
            "FRAMELANE_BASE_URL": self.proxy.url,
            "FRAMELANE_API_KEY": self.api_key,
            "FRAMELANE_FAULTS_URL": self.proxy.faults_url,
            "FRAMELANE_HOME": str(self.platform.home),
        }


@contextmanager
def running_stand(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[Stand]:
    """Run a stand with its state in `home` until the block ends; `settings` as those of `running_platform`."""
    with faulty_proxy() as proxy, AssemblyAiServer(polls=1) as service:
        own = {
            **UNLIMITED,
            "FRAMELANE_PUBLIC_URL": proxy.url,
            "FRAMELANE_NET_ALLOW": "127.0.0.0/8",
            "FRAMELANE_ASSEMBLYAI_API_KEY": KEY,
            "FRAMELANE_ASSEMBLYAI_BASE_URL": service.url,
        }
        with running_platform(home, {**own, **(settings or {})}) as platform:
            proxy.target = platform.url
            yield Stand(platform, proxy, platform.create_workspace("SDKs", "sdks@example.com"))


def main() -> int:
    """0 after Ctrl-C."""
    end_on_signals()
    with tempfile.TemporaryDirectory(prefix="framelane-stand-") as home, running_stand(Path(home)) as stand:
        for name, value in stand.variables.items():
            print(f"{name}={value}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
