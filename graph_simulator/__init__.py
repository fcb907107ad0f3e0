"""A local Meta Graph API that tells the truth it serves: a seeded world whose every number can be checked.

    world = build_world(seed=7, clock="2026-03-01T12:00:00Z", size=Size(posts=500, pages=2, instagram_users=2))
    with running(world) as base_url:
        ...  # GET {base_url}/v25.0/{page id}/insights with world.token("page"), and {base_url}/_control/truth

`world/build.py` lists what can be chosen in `Size`. The control API stands in `http/control.py`, what is disputed or differs by account in
`switches.py`, scripted failures in `http/faults.py`. Tokens are `EAAG-canary-<seed>-<number>` and the app's secret is
`app-secret-canary-<seed>`, so that whoever stores or logs one is found out. Only a server that is told to follow the
wall clock reads it.
"""
