"""A process's name that a test takes away and gives anew."""

from collections.abc import Callable, Collection


class LosableNames:
    """Hold a name until it is lost; of all others those live that are named in `alive`."""

    def __init__(self, name: str) -> None:
        self._name: str | None = name
        self._tell: list[Callable[[], None]] = []
        self.alive: set[str] = set()

    def own(self) -> str | None:
        """Give the name, if it is surely ours."""
        return self._name

    async def living(self, names: Collection[str]) -> frozenset[str]:
        """Tell who lives."""
        return frozenset(self.alive.intersection(names))

    def when_lost(self, tell: Callable[[], None]) -> None:
        """Call this when it is lost."""
        self._tell.append(tell)

    def doubt(self) -> None:
        """Let it be unsure for now whether the name is held."""
        self._name = None

    def lose(self) -> None:
        """Take the name away, and tell of it."""
        self._name = None
        for tell in self._tell:
            tell()

    def take(self, name: str) -> None:
        """Give a new one."""
        self._name = name
