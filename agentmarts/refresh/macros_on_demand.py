"""A dbt macro is made when a model calls it, once for the model: dbt makes all of them, several times, and each anew at every call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dbt.clients.jinja import MacroGenerator
    from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
    from dbt.context.manifest import ManifestContext

Macros = Mapping[str, Any]
"""By name."""


class Arranged(NamedTuple):
    """The macros that a model of one package can name, as dbt arranges them: its package's own before the project's, these before dbt's."""

    of_project: Macros
    of_package: Macros
    of_dbt: Macros
    by_package: Mapping[str, Macros]
    names: frozenset[str]


class Generators(MutableMapping[str, Any]):
    """The generators of some macros, each made when it is first asked for, or what a unit test puts in its place."""

    def __init__(self, macros: Macros, make: Callable[[Any], MacroGenerator]) -> None:
        self._macros, self._make = macros, make
        self._instead: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self._instead[name] if name in self._instead else self._make(self._macros[name])

    def __setitem__(self, name: str, value: Any) -> None:
        self._instead[name] = value

    def __delitem__(self, name: str) -> None:
        del self._instead[name]

    def __contains__(self, name: object) -> bool:
        return name in self._instead or name in self._macros

    def __iter__(self) -> Iterator[str]:
        return iter({**self._macros, **self._instead})

    def __len__(self) -> int:
        return len({**self._macros, **self._instead})


class OnDemand(dict[str, Any]):
    """What Jinja may name in a model: `namespace` is asked for what is not there yet. Whoever goes through all of it gets all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.namespace: Mapping[str, Any] = {}
        self.names: frozenset[str] = frozenset()

    def __missing__(self, name: str) -> Any:
        if name not in self.names:
            raise KeyError(name)
        value = self[name] = self.namespace[name]
        return value

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self.names

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - it is what `get` means here

    def _whole(self) -> dict[str, Any]:
        return {**{name: self[name] for name in self.names}, **dict(super().items())}

    def __bool__(self) -> bool:  # Jinja asks before each rendering
        return bool(self.names) or super().__len__() > 0

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def keys(self) -> Any:
        return self._whole().keys()

    def values(self) -> Any:
        return self._whole().values()

    def items(self) -> Any:
        return self._whole().items()


def make_macros_on_demand() -> None:
    """Let what dbt gives to Jinja be `OnDemand`. Once per process, before the first command."""
    from dbt.clients.jinja import MacroGenerator
    from dbt.context.configured import ConfiguredContext
    from dbt.context.macros import MacroNamespace
    from dbt.context.manifest import ManifestContext

    give_all = ManifestContext.to_dict
    arrange = Arrangements().of

    class MadeOnce(MacroGenerator):
        """What a macro sees of its model is the model's context itself and not a copy, so that it need not be made anew at every call."""

        made: Callable[..., Any] | None = None

        def get_macro(self) -> Callable[..., Any]:
            if self.made is None:
                self.made = super().get_macro()
            return self.made

    def build_on_demand(context: ManifestContext) -> MacroNamespace:
        builder = context._get_namespace_builder()
        arranged = arrange(builder, context.manifest.get_macros_by_package())
        context._ctx = OnDemand()
        made: dict[str, MacroGenerator] = {}

        def make(macro: Any) -> MacroGenerator:
            if macro.unique_id not in made:
                made[macro.unique_id] = MadeOnce(macro, context._ctx, builder.node, builder.thread_ctx)
            return made[macro.unique_id]

        of_project, of_package, of_dbt = (Generators(some, make) for some in arranged[:3])
        by_package: Any = {name: Generators(macros, make) for name, macros in arranged.by_package.items()}
        context._ctx.names = arranged.names
        return MacroNamespace(of_project, of_package, of_dbt, by_package)  # type: ignore[arg-type]

    def give_on_demand(context: ManifestContext) -> dict[str, Any]:
        if not isinstance(context._ctx, OnDemand):  # a data test names the few macros that it depends on
            return give_all(context)  # type: ignore[no-any-return, no-untyped-call]
        given = context._ctx
        ConfiguredContext.to_dict(context)
        given.namespace = context.namespace
        for name in given.names & set(dict.keys(given)):
            given[name] = context.namespace[name]  # a macro of the name goes before what dbt gives
        return given

    ManifestContext._build_namespace = build_on_demand  # type: ignore[method-assign, assignment]
    ManifestContext.to_dict = give_on_demand  # type: ignore[method-assign]


class Arrangements:
    """Of one parsed project, by the package that a model stands in."""

    def __init__(self) -> None:
        self._project: tuple[Mapping[str, Macros], int] | None = None
        self._arranged: dict[tuple[str, ...], Arranged] = {}

    def of(self, builder: MacroNamespaceBuilder, packages: Mapping[str, Macros]) -> Arranged:
        """Arranged by dbt itself, once. Raises DuplicateMacroNameError."""
        count = sum(map(len, packages.values()))  # a project that is being parsed grows
        if self._project is None or self._project[0] is not packages or self._project[1] != count:
            self._project, self._arranged = (packages, count), {}
        key = (builder.root_package, builder.search_package, *builder.internal_package_names_order)
        if key not in self._arranged:
            names = builder.build_namespace(dict(packages), {})  # type: ignore[arg-type]
            self._arranged[key] = Arranged(
                _macros(names.global_namespace),
                _macros(names.local_namespace),
                _macros(names.global_project_namespace),
                {package: _macros(some) for package, some in names.packages.items()},
                frozenset(names),
            )
        return self._arranged[key]


def _macros(generators: Mapping[str, MacroGenerator]) -> Macros:
    return {name: generator.macro for name, generator in generators.items()}
