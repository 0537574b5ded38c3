"""What is said leaves through one place for each medium, which makes it harmless there."""

from __future__ import annotations

import ast

from tests.support.guards.sources import modules, name, tree

SPEAKS = {
    "print", "click.echo", "click.secho", "click.echo_via_pager", "click.prompt", "click.confirm",
    "Console", "Text", "Text.from_markup", "Text.from_ansi", "rich.print", "Table",
    "csv.writer", "csv.DictWriter", "Workbook", "WriteOnlyCell",
    "logging.Formatter", "logging.basicConfig", "logging.StreamHandler", "logging.FileHandler",
    "sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write", "os.write", "traceback.print_exc",
    "render_template", "render_template_string", "Markup", "json.dump",
}  # fmt: skip
MAY = {
    "hub/cli/say.py": {"click.echo", "Console", "Text", "Table"},  # the place for terminals
    "hub/entry/files/csv_writing.py": {"csv.writer", "Workbook", "WriteOnlyCell"},  # the place for tables
    "hub/cli/serve.py": {"logging.basicConfig", "logging.StreamHandler"},  # with the formatter of the SDK
    "hub/cli/show.py": {"Table"},  # of cells that `say.cell` made
    "hub/entry/files/workbook.py": {"Workbook"},  # our own reader of that name
    "hub/model/migrations/versions/0001_the_unified_model.py": {"Text"},  # a type of a column
    "connectors/sdk/inside/masking.py": {"logging.Formatter"},  # the place for logs
    "connectors/sdk/testing/of_talking.py": {"logging.Handler"},  # keeps records for a rule, writes none
    "connectors/sdk/testing/values.py": {"csv.writer"},  # a page of an authority, for a rule of the suite
    "graphql/hub_graphql/printed.py": {"sys.stderr.write"},  # a fixed text, for whoever builds
    "tools/budgets.py": {"sys.stdout.write"},  # figures, for whoever builds
    "tools/pages.py": {"sys.stderr.write"},  # names of our own pages, for whoever builds
}


def spoken(call: ast.expr) -> str:
    """`click.echo` of the call `click.echo("x")`."""
    if isinstance(call, ast.Attribute):
        return f"{spoken(call.value)}.{call.attr}"
    return call.id if isinstance(call, ast.Name) else ""


def test_nobody_writes_to_a_medium_past_the_place_that_makes_it_harmless() -> None:
    past = {}
    for path in modules("hub", "connectors", "graphql", "sync", "tools"):
        calls = {spoken(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        bases = {spoken(base) for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef) for base in node.bases}
        found = (calls & SPEAKS) | (bases & {"logging.Formatter", "logging.Handler"})
        if found - MAY.get(name(path), set()):
            past[name(path)] = found
    assert past == {}


def test_nobody_draws_with_rich_but_the_command_line() -> None:
    """Its markup is switched off where its consoles are made."""
    drawing = {
        name(path)
        for path in modules("hub", "connectors", "graphql", "sync", "tools")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom | ast.Import)
        if "rich" in {(getattr(node, "module", None) or one.name).partition(".")[0] for one in node.names}
    }
    assert drawing <= {f"hub/cli/{one}.py" for one in ("demo", "demo_together", "progress", "say", "show")}
