"""The package keeps its shape: imports point one way, and risky calls stay where they are guarded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "omm"

CORE = {"types", "errors", "names", "units"}
BASE = CORE | {"parameters", "values", "tomltext", "tables", "config"}

# What each part of the package may import of the others. A part is a folder or a top-level module of omm.
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "errors": set(),
    "types": {"errors"},
    "names": {"errors"},
    "addresses": set(),
    "units": {"errors"},
    "parameters": CORE,
    "values": CORE,
    "tomltext": CORE,
    "tables": CORE | {"parameters", "values", "tomltext"},
    "config": CORE | {"values", "tomltext", "tables"},
    "logs": BASE,
    "instance": BASE,
    "embedded": set(),
    "store": BASE,
    "engine": BASE,
    "chat": BASE,
    "convert": BASE | {"engine", "store"},
    "sources": BASE | {"store", "embedded", "addresses"},
    "service": BASE | {"store", "engine", "chat", "sources"},
    "api": BASE | {"service", "addresses"},
    "server": BASE | {"store", "engine", "chat", "sources", "service", "api", "logs", "instance"},
    "cli": BASE | {"instance"},
}

# Single modules that may import one thing more, each for a reason.
EXCEPTIONS: dict[str, set[str]] = {
    "omm.cli.generate": {"omm.api"},  # writes the manual of the routes, and is no command
    "omm.cli.serve": {"omm.server"},  # the command that becomes the server
    "omm.cli.link": {"omm.sources.local", "omm.store.blobs"},  # only who sees the file can link it
    "omm.cli.search": {"omm.sources"},  # looking for models needs no server
    # A Modelfile is read where the files it names are, and those are sent only if the server will take them.
    "omm.cli.transfer": {"omm.store.modelfile", "omm.store.ggml"},
}

# These decide from arguments alone, so that each policy is a fast test.
PURE = [
    "engine.scheduler", "engine.slots", "engine.memory", "engine.text", "engine.pace",
    "names", "units", "types", "errors", "addresses", "parameters", "values", "tomltext", "tables",
]  # fmt: skip
IMPURE_MODULES = {
    "ctypes", "threading", "multiprocessing", "subprocess", "socket", "time", "asyncio", "random", "llama_cpp",
}  # fmt: skip
PICKLES = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
LLAMA_MODULES = {"omm.engine.llama", "omm.engine.quantizer", "omm.engine.samplers"}


class Import(NamedTuple):
    """One imported module, as written in `line` of its importer."""

    module: str
    line: int


def module_name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def sources() -> dict[str, ast.Module]:
    return {module_name(path, PACKAGE): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def imports(tree: ast.Module, importer: str, *, is_package: bool = False) -> Iterator[Import]:
    """Every import, those inside functions too; `from omm import units` counts as `omm.units`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = importer.split(".")[: -node.level + is_package or None]
                base = ".".join([*parents, *([base] if base else [])])
            yield from (Import(f"{base}.{alias.name}", node.lineno) for alias in node.names)


def part_of(module: str) -> str:
    """The part of the package a dotted name lies in: `omm.store.blobs.BlobStore` is in `store`."""
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def is_within(module: str, parents: set[str]) -> bool:
    return any(module == parent or module.startswith(parent + ".") for parent in parents)


def wrong_imports(importer: str, found: list[Import]) -> list[str]:
    """Imports that point right, or sideways between parts and protocols."""
    part = part_of(importer)
    allowed = ALLOWED[part] | {part, "__version__"}
    wrong = []
    for module, line in found:
        if not is_within(module, {"omm"}) or module == "omm" or is_within(module, EXCEPTIONS.get(importer, set())):
            continue
        if part_of(module) not in allowed:
            wrong.append(f"{importer}:{line} imports {module}")
    return wrong


def protocol_of(module: str) -> str | None:
    """The protocol folder of a module in `omm.api`, if it is in one."""
    names = module.split(".")
    is_folder = len(names) > 2 and names[1] == "api" and (PACKAGE / "api" / names[2]).is_dir()
    return names[2] if is_folder else None


def dotted(node: ast.expr) -> str:
    """`os.environ` of an attribute chain, the empty text of anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
    return ""


def environment_uses(tree: ast.Module, importer: str) -> list[str]:
    """Lines that read or change the environment."""
    used = [
        f"{importer}:{node.lineno} {dotted(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and dotted(node) in {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}
    ]
    named = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}
    return used + [f"{importer}:{line} {name}" for name, line in imports(tree, importer) if name in named]


def risky_calls(tree: ast.Module, importer: str) -> list[str]:
    """Shells, unpickling, evaluated text and unsandboxed templates."""
    found = [f"{importer}:{line} {name}" for name, line in imports(tree, importer) if is_within(name, PICKLES)]
    found += [
        f"{importer}:{line} {name}"
        for name, line in imports(tree, importer)
        if name in {"jinja2.Environment", "jinja2.Template", "os.system", "os.popen"}
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        has_shell = any(key.arg == "shell" and not is_false(key.value) for key in node.keywords)
        if has_shell or name in SHELLS | {"eval", "exec", "jinja2.Environment", "jinja2.Template"}:
            found.append(f"{importer}:{node.lineno} {name}")
    return found


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


MODULES = sources()


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_left(name: str) -> None:
    is_package = (PACKAGE.parent / name.replace(".", "/") / "__init__.py").exists()
    assert wrong_imports(name, list(imports(MODULES[name], name, is_package=is_package))) == []


def test_every_part_has_a_row_in_the_table() -> None:
    assert {part_of(name) for name in MODULES} <= set(ALLOWED)


def test_protocols_do_not_import_each_other() -> None:
    wrong = [
        f"{name}:{line} imports {module}"
        for name, tree in MODULES.items()
        if (own := protocol_of(name))
        for module, line in imports(tree, name)
        if protocol_of(module) not in {None, own}
    ]
    assert wrong == []


def test_policies_know_no_clock_thread_or_native_code() -> None:
    wrong = [
        f"{name}:{line} imports {module}"
        for name, tree in MODULES.items()
        if name.removeprefix("omm.") in PURE
        for module, line in imports(tree, name)
        if is_within(module, IMPURE_MODULES)
    ]
    assert wrong == []


def test_only_config_reads_the_environment() -> None:
    assert [use for name, tree in MODULES.items() if name != "omm.config" for use in environment_uses(tree, name)] == []


def test_only_the_engine_binding_imports_llama_cpp() -> None:
    wrong = [
        f"{name}:{line}"
        for name, tree in MODULES.items()
        if name not in LLAMA_MODULES
        for module, line in imports(tree, name)
        if is_within(module, {"llama_cpp"})
    ]
    assert wrong == []


def test_no_pickle_no_shell_no_plain_template_environment() -> None:
    assert [call for name, tree in MODULES.items() for call in risky_calls(tree, name)] == []


# --- the checks themselves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("omm.engine.worker", "from omm.store import blobs"),
        ("omm.chat.template", "import omm.engine.llama"),
        ("omm.store.blobs", "def f():\n    from omm.service.library import Library"),
        ("omm.cli.run", "from omm import server"),
        ("omm.types", "from omm.config import Settings"),
        ("omm.engine.pool", "from ..store import blobs"),
    ],
)
def test_checker_sees_a_wrong_import(importer: str, line: str) -> None:
    assert len(wrong_imports(importer, list(imports(ast.parse(line), importer)))) == 1


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("omm.cli.serve", "from omm.server import serve"),
        ("omm.cli.app", "from omm import __version__"),
        ("omm.engine.pool", "from . import worker"),
        ("omm.service.library", "from omm.store import blobs\nimport json"),
    ],
)
def test_checker_accepts_a_right_import(importer: str, line: str) -> None:
    assert wrong_imports(importer, list(imports(ast.parse(line), importer))) == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from marshal import loads",
        "subprocess.run(x, shell=True)",
        "os.system('ls')",
        "jinja2.Environment()",
        "from jinja2 import Environment",
        "eval(text)",
    ],
)
def test_checker_sees_a_risky_call(line: str) -> None:
    assert risky_calls(ast.parse(line), "omm.x")


@pytest.mark.parametrize("line", ["os.environ['A']", "os.getenv('A')", "from os import environ"])
def test_checker_sees_the_environment(line: str) -> None:
    assert environment_uses(ast.parse(line), "omm.x")
