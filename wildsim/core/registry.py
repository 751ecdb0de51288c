"""Registries of plug-ins: one file, one decorator, and the thing is known by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from wildsim.core.errors import InputError, RunError, did_you_mean

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind, filled by the modules of a package and by entry points `wildsim.<kind>`.

    The package is imported on first use, so that `import wildsim` stays light. Things come in the order of their
    modules' names, those of other packages last, and in the order of registration within a module: files whose columns
    follow a registry must not depend on which module somebody imported first.
    """

    def __init__(self, kind: str, package: str, without: Collection[str] = ()):
        """Collect things called `kind` (singular, as messages say it) from the modules of `package`.

        Modules named in `without` register nothing, and are not imported for it.
        """
        self.kind, self.package, self._without = kind, package, frozenset(without)
        self._items: dict[str, T] = {}
        self._modules: dict[str, str] = {}
        self._loaded = False

    def register(self, name: str, module: str = "") -> Callable[[T], T]:
        """Return a decorator that adds its object under `name`.

        Args:
            module: The module that defines it, where the object itself does not say so.

        Raises:
            RunError: The name is taken by another object.
        """

        def add(item: T) -> T:
            if name in self._items:
                raise RunError(f"Two things want to be the {self.kind} '{name}': {self._items[name]!r} and {item!r}.")
            self._items[name] = item
            self._modules[name] = module or getattr(item, "__module__", "")
            return item

        return add

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        package = importlib.import_module(self.package)
        modules = {found.name for found in pkgutil.iter_modules(package.__path__)}
        for module in sorted(modules - self._without):
            importlib.import_module(f"{self.package}.{module}")
        for point in entry_points(group=f"wildsim.{self.kind}"):
            try:
                point.load()
            except Exception as error:
                raise RunError(
                    f"The {self.kind} plug-in '{point.name}' ({point.value}) does not load: {error}"
                ) from error

        self._items = {name: self._items[name] for name in sorted(self._items, key=self._place)}

    def _place(self, name: str) -> tuple[bool, str]:
        """Return what the things are sorted by: those of the package first, then the module."""
        module = self._modules[name]
        return not module.startswith(f"{self.package}."), module

    def __getitem__(self, name: str) -> T:
        """Return the thing called `name`.

        Raises:
            InputError: Unknown name; the message holds the nearest known one.
        """
        self._load()
        if name not in self._items:
            raise InputError(f"unknown {self.kind} '{name}'.{did_you_mean(name, self._items)}")
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        """Return whether a thing of that name is known."""
        self._load()
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        """Yield the known names in their order."""
        self._load()
        return iter(list(self._items))

    def __len__(self) -> int:
        """Return how many things are known."""
        self._load()
        return len(self._items)

    def items(self) -> list[tuple[str, T]]:
        """Return names and things in their order."""
        self._load()
        return list(self._items.items())
