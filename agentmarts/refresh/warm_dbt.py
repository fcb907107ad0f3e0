"""dbt kept warm: commands that follow each other in one process share what hangs on the parsed project alone.

dbt works out anew in every command what a command line of its own would need: half a second and more of each, and for each model a
login, the compiling of its Jinja, a generator for every macro there is and messages that nobody reads. It has no setting for any of it,
so some of its functions are wrapped here; the results stay the same (`tests/dbt/project/test_warm_dbt.py`). dbt-core is pinned to one
minor version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any
from weakref import ref

from agentmarts.refresh.macros_on_demand import make_macros_on_demand

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.graph.graph import Graph
    from dbt.graph.selector_methods import SelectorMethod


@lru_cache(maxsize=1)
def keep_dbt_warm() -> None:
    """Wrap dbt's functions, once per process. Call it before the first command."""
    _reuse_connections()
    _compile_templates_once()
    _link_graph_once()
    _look_names_up()
    _write_what_changed()
    _name_no_sources_of_flags()
    _say_what_is_heard()
    make_macros_on_demand()
    _look_relations_up()


def _reuse_connections() -> None:
    """Let each thread of dbt keep its connection until the command ends, as dbt-snowflake does with `reuse_connections`.

    Else it closes it after every model, and each model pays for a login and for a server process that has seen no catalogue yet.
    """
    from dbt.adapters.postgres.connections import PostgresConnectionManager

    close = PostgresConnectionManager.release

    def release(manager: PostgresConnectionManager) -> None:
        connection = manager.get_if_exists()
        if connection is None or connection.state != "open" or connection.handle.closed:
            close(manager)
        elif connection.transaction_open:
            manager.rollback_if_open()  # type: ignore[no-untyped-call]

    PostgresConnectionManager.release = release  # type: ignore[method-assign, assignment]


def _compile_templates_once() -> None:
    """Compile the Jinja of a model or test once and not for each command; of macros dbt does that itself."""
    from dbt_common.clients.jinja import MacroFuzzEnvironment

    compile_template = MacroFuzzEnvironment.compile
    compiled: dict[str, CodeType] = {}

    def compile_once(environment: MacroFuzzEnvironment, source: Any, *given: Any, **named: Any) -> Any:
        # The same extensions and filters belong to every environment of this class; a template with a name would carry it.
        if not isinstance(source, str) or given or named:
            return compile_template(environment, source, *given, **named)
        if source not in compiled:
            compiled[source] = compile_template(environment, source)
        return compiled[source]

    MacroFuzzEnvironment.compile = compile_once  # type: ignore[method-assign, assignment]


def _link_graph_once() -> None:
    """Link the graph of a parsed project once, and leave out the summary of it for people who look into dbt itself."""
    from dbt.compilation import Compiler

    link = Compiler.compile
    linked: dict[bool, tuple[ref[Manifest], Graph]] = {}  # a project that was parsed anew lets the old one go

    def link_once(compiler: Compiler, manifest: Manifest, write: bool = True, add_test_edges: bool = False) -> Graph:
        known = linked.get(add_test_edges)
        if known is None or known[0]() is not manifest:
            known = linked[add_test_edges] = (ref(manifest), link(compiler, manifest, write, add_test_edges))
        else:
            compiler.initialize()  # type: ignore[no-untyped-call]
        return known[1]

    Compiler.compile = link_once  # type: ignore[method-assign, assignment]


def _look_names_up() -> None:
    """Find what `--select a b c` names in an index; dbt compares every name with every node."""
    from dbt.graph.selector_methods import QualifiedNameSelectorMethod

    compare = QualifiedNameSelectorMethod.search
    indexed: list[tuple[ref[Manifest], dict[str, set[Any]]]] = []

    def search(method: QualifiedNameSelectorMethod, included_nodes: set[Any], selector: str) -> Iterator[Any]:
        if any(character in selector for character in ".*?[]"):
            return compare(method, included_nodes, selector)
        if not indexed or indexed[0][0]() is not method.manifest:
            indexed[:] = [(ref(method.manifest), _nodes_by_name(method))]
        return compare(method, included_nodes & indexed[0][1].get(selector, set()), selector)

    QualifiedNameSelectorMethod.search = search  # type: ignore[method-assign, assignment]


def _nodes_by_name(method: SelectorMethod) -> dict[str, set[Any]]:
    """Ids by what a plain selector can name: a node, or one of the folders it stands in."""
    manifest = method.manifest
    kinds: tuple[Mapping[Any, Any], ...] = (
        manifest.nodes, manifest.exposures, manifest.metrics, manifest.unit_tests, manifest.semantic_models, manifest.saved_queries
    )  # fmt: skip
    names: dict[str, set[Any]] = defaultdict(set)
    for key, node in method.non_source_nodes({key for kind in kinds for key in kind}):
        for part in node.fqn:
            names[part].add(key)
            names[part.split(".")[0]].add(key)
    return names


def _write_what_changed() -> None:
    """Leave the SQL under `target` alone that is there already: to write a file anew waits for the disk, twice per model."""
    from dbt.contracts.graph.nodes import ParsedNode

    write = ParsedNode.write_node
    seen: dict[Path, tuple[str, int, int]] = {}
    """By file: what stands in it, its size and when it was changed."""

    def state(path: Path) -> tuple[int, int]:
        try:
            found = path.stat()
        except OSError:
            return (-1, -1)
        return found.st_size, found.st_mtime_ns

    def write_changed(node: ParsedNode, project_root: str, compiled_path: str, compiled_code: str) -> None:
        path, code = Path(project_root, compiled_path), str(compiled_code)
        if seen.get(path) == (code, *state(path)):
            return
        try:
            stands = path.read_text("utf-8") == code
        except (OSError, ValueError):
            stands = False  # not there yet, or not readable: dbt says what is wrong with it
        if not stands:
            write(node, project_root, compiled_path, compiled_code)
        seen[path] = (code, *state(path))

    ParsedNode.write_node = write_changed  # type: ignore[method-assign, assignment]


def _name_no_sources_of_flags() -> None:
    """Leave out which module a behavior flag comes from: dbt reads the sources of the whole call stack for the name, in every command."""
    from dbt_common.behavior_flags import BehaviorFlagRendered

    BehaviorFlagRendered._default_source = staticmethod(lambda: "dbt")  # type: ignore[method-assign]


def _say_what_is_heard() -> None:
    """Make no message of debug level where no log takes it: each is two protocol buffers and a time stamp, and a model has dozens.

    Callbacks hear of info and above.
    """
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager

    make, fire, set_field = BaseEvent.__init__, EventManager.fire_event, BaseEvent.__setattr__

    def note(event: BaseEvent, *given: Any, **named: Any) -> None:
        object.__setattr__(event, "_given", (given, named))

    def field_of(event: BaseEvent, name: str) -> Any:
        if "pb_msg" not in vars(event):
            if "_given" not in vars(event):
                raise AttributeError(name)
            given, named = vars(event)["_given"]
            make(event, *given, **named)
        message = vars(event)["pb_msg"]
        return message if name == "pb_msg" else getattr(message, name)

    def set_field_of(event: BaseEvent, name: str, value: Any) -> None:
        if name != "pb_msg":
            _ = event.pb_msg
        set_field(event, name, value)  # type: ignore[no-untyped-call]

    def fire_heard(manager: EventManager, e: BaseEvent, level: EventLevel | None = None, *given: Any, **named: Any) -> None:
        if manager.loggers or (level or e.level_tag()) is not EventLevel.DEBUG:
            fire(manager, e, level, *given, **named)

    BaseEvent.__init__ = note  # type: ignore[method-assign, assignment]
    BaseEvent.__getattr__ = field_of  # type: ignore[method-assign]
    BaseEvent.__setattr__ = set_field_of  # type: ignore[method-assign]
    EventManager.fire_event = fire_heard  # type: ignore[method-assign, assignment]


def _look_relations_up() -> None:
    """Find a table in the index of dbt's cache; it compares the name with every table of the schema."""
    from dbt.adapters.base.relation import BaseRelation
    from dbt.adapters.postgres.impl import PostgresAdapter
    from dbt.adapters.reference_keys import _ReferenceKey

    search = PostgresAdapter.get_relation

    def get_relation(adapter: PostgresAdapter, database: str, schema: str, identifier: str) -> BaseRelation | None:
        if (database, schema) in adapter.cache:
            cached = adapter.cache.relations.get(_ReferenceKey(database.lower(), schema.lower(), identifier.lower()))
            if cached is None:
                return None
            if cached.inner.matches(database=database, schema=schema, identifier=identifier):
                found: BaseRelation = cached.inner
                return found
        return search(adapter, database, schema, identifier)  # type: ignore[no-any-return]

    PostgresAdapter.get_relation = get_relation  # type: ignore[method-assign]
