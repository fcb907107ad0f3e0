"""One call of the interface, after transport and before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson

from .errors import parameter
from .faults import Fault
from .journal import SECRETS
from .tokens import Token


@dataclass
class Call:
    """Who asks what of which version."""

    method: str
    path: str
    """Without the version and without slashes at its ends."""
    version: str
    """The version that answers."""
    params: Mapping[str, str]
    token: Token
    now: int
    base_url: str = field(repr=False)
    fault: Fault | None = None
    """A scripted one that changes the content of the answer."""

    def link(self, path: str, params: Mapping[str, str], **changed: str) -> str:
        """An address like the ones in `paging`: with parameters of the call or of a nested field and, as Meta does it, the token."""
        kept = {name: value for name, value in params.items() if name not in SECRETS | {"batch", "ids"}}
        return f"{self.base_url}/{self.version}/{path}?{urlencode({'access_token': self.token.value, **kept, **changed})}"


def listed(text: str) -> list[str]:
    """Values of a parameter that takes several: `a,b` or `["a","b"]`."""
    if text.startswith("["):
        try:
            values = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise parameter("the parameter is neither a list of names nor JSON") from None
        return [str(value) for value in values]
    return [part.strip() for part in text.split(",") if part.strip()]
