"""What the pages say is so: commands, paths, links, queries, and the tables that are made from the code."""

from __future__ import annotations

import re
from pathlib import Path

import click
from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema, parse, validate

from hub.cli.main import commands as yuhub
from hub.flow import Step
from tests.support.docs.pages import (
    INLINE,
    PAGES,
    ROOT,
    anchors,
    blocks,
    commands,
    inline,
    links,
    name,
    text,
    written_by_hand,
)
from tests.support.together import together

on_every_page = together("page", PAGES, ids=name)

SCHEMA = build_schema((ROOT / "graphql" / "schema.graphql").read_text("utf-8"))
ROOTS = {**SCHEMA.type_map["Query"].fields, **SCHEMA.type_map["Mutation"].fields}
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
REPOSITORY_PATH = re.compile(rf"(?<![\w/.:-])(?:{'|'.join(FOLDERS)})/[\w./*-]*[\w/*]")
WRITTEN_BY_A_RUN = ".rejected."  # beside a file of trades, for those that were refused
NAMES = {
    word
    for type_ in SCHEMA.type_map.values()
    if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType)
    for field, made in type_.fields.items()
    for word in (field, *getattr(made, "args", ()))
}
MAKE = {found[1] for found in re.finditer(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)}


@on_every_page
def test_every_command_exists_with_its_options(page: Path) -> None:
    for words in commands(page, "yuhub"):
        command, rest, context = yuhub, list(words), click.Context(yuhub)
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            found = command.get_command(context, rest[0])
            assert found, f"{name(page)}: yuhub {' '.join(words)}"
            command, rest = found, rest[1:]
            context = click.Context(command, parent=context)
        _, left, _ = command.make_parser(context).parse_args(rest)  # NoSuchOption where there is none
        assert not left, f"{name(page)}: yuhub {' '.join(words)}"


@on_every_page
def test_every_make_target_exists(page: Path) -> None:
    for words in commands(page, "make"):
        assert {word for word in words if "=" not in word and word != "..."} <= MAKE, (name(page), words)


@on_every_page
def test_every_path_of_the_repository_exists(page: Path) -> None:
    named = [path for path in REPOSITORY_PATH.findall(text(page)) if WRITTEN_BY_A_RUN not in path]
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []


@on_every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name(page)} → {link}"
        assert not anchor or anchor in anchors(target), f"{name(page)} → {link}"


@on_every_page
def test_every_query_is_valid(page: Path) -> None:
    for query in blocks(page, "graphql"):
        assert validate(SCHEMA, parse(query)) == [], f"{name(page)}: {query}"


@on_every_page
def test_every_field_that_is_named_with_arguments_takes_them(page: Path) -> None:
    for said in inline(page):
        found = re.fullmatch(r"([a-z]\w+)\(([\w: \"$,]*)\)", said)
        if found:
            assert found[1] in ROOTS, f"{name(page)}: {said}"
            given = {argument.partition(":")[0].strip() for argument in found[2].split(",") if argument.strip()}
            assert given <= ROOTS[found[1]].args.keys(), f"{name(page)}: {said}"


@together("page", [page for page in PAGES if page.name != "README.md" or page.parent == ROOT], ids=name)
def test_every_field_that_is_named_exists(page: Path) -> None:
    """In prose `wayOut` and its like are names of the API or of an entry; READMEs of connectors quote authorities."""
    words = {text for text in INLINE.findall(written_by_hand(page)) if re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)+", text)}
    assert words <= NAMES, f"{name(page)}: {words - NAMES}"


@on_every_page
def test_its_pictures_use_the_names_of_the_steps(page: Path) -> None:
    for picture in blocks(page, "mermaid"):
        assert {found[1] for found in re.finditer(r": ([a-z]+)：", picture)} <= {step.value for step in Step}
