"""docs/social.md: its curl commands work as they stand, and give what the page says."""

from __future__ import annotations

from agentmarts.settings import Settings
from agentmarts.utm import tag_url, utm_tags
from tests.documented_commands import commands
from tests.serving import register, service


def test_the_commands_work(settings: Settings) -> None:
    acme = register(settings, "acme")
    with service(settings) as client:
        answers = [command.send(client, {"KEY": acme.key}) for command in commands("social.md")]
    assert [answer.status_code for answer in answers] == [200, 200, 200], [answer.text for answer in answers]
    instagram, facebook = utm_tags("instagram", "tips-may-2025", "p-1042"), utm_tags("facebook", "tips-may-2025", "p-1043")
    address, short, long = (answer.json()["data"] for answer in answers)
    assert address == {"url": tag_url("https://shop.example/spring?size=m#new", instagram), "utm": instagram.parameters()}
    for data, tags in ((short, instagram), (long, facebook)):
        link = tag_url("https://shop.example/spring", tags)
        assert data == {"text": f"New in: {link}. Only until Sunday!", "links": [link], "utm": tags.parameters()}
