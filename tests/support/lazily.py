"""Things by name that are made when somebody first asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazily(MutableMapping[str, T], Generic[T]):
    """Has all names from the start, and makes each thing once; several threads may ask."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names, self._make = [*names], make
        self._made: dict[str, T] = {}
        self._lock = threading.Lock()

    def is_made(self, name: str) -> bool:
        return name in self._made

    def __getitem__(self, name: str) -> T:
        with self._lock:
            if name not in self._made:
                if name not in self._names:
                    raise KeyError(name)
                self._made[name] = self._make(name)
            return self._made[name]

    def __setitem__(self, name: str, thing: T) -> None:
        self._made[name] = thing

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
