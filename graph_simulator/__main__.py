"""`python -m graph_simulator`: a local Meta Graph API for demos and for trying a client by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from graph_simulator.server import serve
from graph_simulator.world.build import DEFAULT_CLOCK, Size, build_world


def main(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 7,
    clock: Annotated[
        str, typer.Option(help="The world's present (ISO 8601, UTC). It stands still until /_control/clock moves it.")
    ] = DEFAULT_CLOCK,
    follow: Annotated[
        bool, typer.Option("--follow", help="The present is the wall clock's; --clock says how the world is laid out.")
    ] = False,
    posts: Annotated[int, typer.Option(help="Posts per page, and media per Instagram account, published up to the clock.")] = 100,
    days: Annotated[int, typer.Option(help="Days of history before the clock.")] = 120,
    accounts: Annotated[int, typer.Option(help="Pages, each with an Instagram account.")] = 1,
) -> None:
    """Serve a simulated Meta Graph API whose every number can be checked, and print its address.

    Try it, with another terminal (tokens, their proofs and all ids are under /_control/):

      python -m graph_simulator --port 8077 &

      curl -s localhost:8077/_control/tokens

      curl -s 'localhost:8077/_control/truth?metric=page_follows&object=100000000000001'

      curl -s -X POST localhost:8077/_control/clock -d '{"advance_seconds": 86400}'
    """
    world = build_world(seed, clock, Size(pages=accounts, instagram_users=accounts, posts=posts, history_days=days))
    serve(world, port, typer.echo, follow=follow)


if __name__ == "__main__":
    typer.run(main)
