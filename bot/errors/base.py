"""What all errors have in common, and the one that ends a start."""

from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, ClassVar


class AnimaticError(Exception):
    """Carry a stable code and the data that a sentence needs."""

    code: ClassVar[str] = "internal"

    @property
    def data(self) -> dict[str, Any]:
        """Give the error's fields as plain values, to be kept in a row and put into a sentence."""
        return asdict(self) if is_dataclass(self) else {}

    def __str__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code}({fields})"


@dataclass(eq=False)
class SettingsError(AnimaticError):
    """Say that one setting is unset or wrong; `problem` goes on after its name and never holds a secret."""

    name: str
    problem: str
    code = "settings"

    def __str__(self) -> str:
        return f"{self.name} {self.problem}"
