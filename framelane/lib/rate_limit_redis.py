"""Rate limits on Redis: one script that looks, decides and counts at once, by the server's own clock."""

import time
from collections.abc import Callable
from typing import Any

import redis

from framelane.lib.rate_limit import Limit, LimiterUnavailable, Verdict, Window

TIMEOUT_S = 0.5
PAUSE_S = 5.0
"""How long Redis is left alone after it failed: waiting for it with every request would take the platform down too."""

# The arithmetic of `rate_limit.Window`: began, hits and earlier of a window; everything whole numbers below 2^53.
_SCRIPT = """
local period, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local began = now - now % period
local row = redis.call('HMGET', KEYS[1], 'began', 'hits', 'earlier')
local hits, earlier = 0, 0
if row[1] then
  local last = tonumber(row[1])
  if last >= began then
    began, hits, earlier = last, tonumber(row[2]), tonumber(row[3])
  elseif last == began - period then
    earlier = tonumber(row[2])
  end
end
local elapsed = math.max(0, now - began)
local allowed = 0
if hits + math.floor(earlier * (period - elapsed) / period) < count then
  hits, allowed = hits + 1, 1
  redis.call('HSET', KEYS[1], 'began', string.format('%d', began), 'hits', hits, 'earlier', earlier)
  redis.call('PEXPIRE', KEYS[1], 2 * period)
end
return {allowed, hits, earlier, elapsed}
"""


class RedisLimiter:
    """`url` as in REDIS_URL; keys begin with `prefix`."""

    def __init__(self, url: str, *, prefix: str = "rate:", clock: Callable[[], float] = time.monotonic) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, health_check_interval=30
        )
        self._script = self._redis.register_script(_SCRIPT)
        self._prefix = prefix
        self._clock = clock
        self._again_at_s = float("-inf")

    def hit(self, subject: str, limit: Limit) -> Verdict:
        """Raises LimiterUnavailable at once for `PAUSE_S` seconds after Redis did not answer."""
        if self._clock() < self._again_at_s:
            raise LimiterUnavailable("Redis did not answer a moment ago")
        try:
            allowed, *window = self._script(keys=[self._prefix + subject], args=[limit.period_ms, limit.count])
        except redis.RedisError as error:
            self._again_at_s = self._clock() + PAUSE_S
            raise LimiterUnavailable(f"Redis: {error}") from error
        return Window(*window).verdict(limit, allowed=bool(allowed))
