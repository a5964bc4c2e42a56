"""The cache in Redis, asked as seldom as can be: every request of the API asks it."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# Django asks first whether there is a number to add to, then adds.
ADD_TO_WHAT_IS_THERE = (
    "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCRBY', KEYS[1], ARGV[1]) end"
)


class OneClient(RedisCacheClient):
    """A client for each pool of connections, where Django makes one for each question, which takes longer than the
    question does. Threads may share it."""

    def __init__(self, *told: Any, **how: Any) -> None:
        super().__init__(*told, **how)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the server that holds the key."""
        index = self._get_connection_pool_index(write)  # type: ignore[attr-defined]
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]

    def incr(self, key: Any, delta: int) -> int:
        """One question. Raises ValueError where nothing is to be added to."""
        added = self.get_client(key, write=True).eval(ADD_TO_WHAT_IS_THERE, 1, key, delta)
        if added is None:
            raise ValueError(f"Key '{key}' not found.")
        return int(added)


class SharedCache(RedisCache):
    """Django's, with that client."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient
