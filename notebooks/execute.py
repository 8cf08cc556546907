"""Runs the notebooks beside this file, each in a kernel of its own, and writes a page of each; notebooks.py calls it.

A cell that fails ends the run with an error, as does one that writes to standard error: nobody who opens a notebook
should be met by red text. The notebooks themselves stay as they are, without outputs.
"""

import argparse
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

HERE = Path(__file__).resolve().parent

# A narrow screen has no room for the numbers of cells beside them.
NARROW = """
body.jp-Notebook { max-width: 1000px; margin: 0 auto; padding: 16px; box-sizing: border-box; }
@media (max-width: 700px) {
  body.jp-Notebook { padding: 8px; }
  .jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser, .jp-InputCollapser, .jp-OutputCollapser { display: none; }
  .jp-Cell { padding: 2px 0; }
  .jp-InputArea-editor, .jp-OutputArea-output { min-width: 0; }
}
.jp-OutputArea-child, .jp-OutputArea-output { min-width: 0; max-width: 100%; }
.jp-RenderedMarkdown { overflow-wrap: anywhere; }
.jp-RenderedMarkdown table { display: block; overflow-x: auto; }
.highlight pre { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def page(notebook):
    exporter = HTMLExporter(template_name="lab", theme="light")
    exporter.mathjax_url = ""
    exporter.require_js_url = ""
    exporter.exclude_input_prompt = False
    body, _ = exporter.from_notebook_node(notebook)
    # Light or dark as the reader's system is.
    dark = ""
    for folder in exporter.template_paths:
        theme = Path(folder) / "static" / "theme-dark.css"
        if theme.exists():
            dark = "@media (prefers-color-scheme: dark) {\n" + theme.read_text(encoding="utf-8") + "\n}\n"
            break
    return body.replace("</head>", f"<style>:root {{ color-scheme: light dark; }}\n{dark}{NARROW}</style>\n</head>", 1)


def picture(notebook):
    """What docs/notebook.png shows: a table, a chart and hits of the first notebook; docs/notebooks.md has the command."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if output.output_type == "execute_result" and html:
                found.append(html)
    table = next((html for html in found if "Table flights" in html), "")
    chart = next((html for html in found if "<svg" in html), "")
    hits = next((html for html in found if "shorter is nearer" in html), "")
    return f"""<!DOCTYPE html><meta charset="utf-8"><title>A notebook</title>
<style>
  body {{ margin: 0; padding: 12px 16px; font-family: "DejaVu Sans", sans-serif; color: #1f2328; background: #fff; display: flex; gap: 24px; }}
  .kv svg {{ width: 480px; min-width: 0 !important; }}
</style>
<div>{table}</div><div>{chart}{hits}</div>
"""


def complaints(notebook):
    """What cells have said that nobody should be met by."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield f"cell {number} fails:\n{cell.source}\n\n{output.ename}: {output.evalue}"
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {number} writes to standard error: {output.text.strip()[:2000]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=int, default=300, help="for one cell")
    arguments = parser.parse_args()
    arguments.to.mkdir(parents=True, exist_ok=True)
    found = [path for path in sorted(HERE.glob("*.ipynb")) if arguments.only in path.name]
    if not found:
        print(f"there is no notebook with {arguments.only!r} in its name in {HERE}", file=sys.stderr)
        return 1
    failed = 0
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        began = time.monotonic()
        problems = []
        client = NotebookClient(
            notebook,
            kernel_name=arguments.kernel,
            timeout=arguments.seconds,
            startup_timeout=120,
            resources={"metadata": {"path": str(HERE)}},
        )
        try:
            client.execute()
        except CellExecutionError:
            pass  # the cell's output has it
        except (CellTimeoutError, DeadKernelError) as error:
            problems.append(str(error))
        except RuntimeError as error:
            problems.append(f"the kernel does not start: {error}")
        seconds = time.monotonic() - began
        problems += complaints(notebook)
        (arguments.to / (path.stem + ".html")).write_text(page(notebook), encoding="utf-8")
        if path.name.startswith("1-"):
            (arguments.to / "picture.html").write_text(picture(notebook), encoding="utf-8")
        print(f"{path.name:48} {seconds:6.1f} s  {'FAILED' if problems else 'ok'}", flush=True)
        for problem in problems:
            print(problem, file=sys.stderr, flush=True)
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
