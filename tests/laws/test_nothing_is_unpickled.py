"""No code of ours reads a pickle, or lets a library read one, and no such file is written."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(
    p for app in ("crm", "customers", "insights", "engagement") for p in (ROOT / app).rglob("*.py")
)
UNSAFE_MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "cloudpickle",
    "dill",
    "joblib",
    "shelve",
    "marshal",
}
UNSAFE_CALLS = {"read_pickle", "to_pickle", "load_model"}


def unsafe(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in UNSAFE_MODULES]
        elif (
            isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNSAFE_MODULES
        ):
            found.append(node.module)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            allows = any(
                k.arg == "allow_pickle" and getattr(k.value, "value", None) is not False
                for k in node.keywords
            )
            # numpy.load(file, mmap_mode, allow_pickle)
            positional = name == "load" and len(node.args) > 2
            if name in UNSAFE_CALLS or allows or positional:
                found.append(name)
    return found


def test_no_source_reads_or_writes_a_pickle():
    assert len(SOURCES) > 300
    found = {str(path.relative_to(ROOT)): unsafe(path.read_text()) for path in SOURCES}
    assert {path: calls for path, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "np.load(f, allow_pickle=True)",
        "np.load(f, None, True)",
        "pd.read_pickle(f)",
    ],
)
def test_the_check_sees_what_it_looks_for(source):
    assert unsafe(source)
