"""Keys: whoever is not on this machine must send one, where the server has any.

A file has one a line, behind the name of whoever holds it: as it is, or as `sha256:` and the hash of it in hexadecimal digits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import UsageError
from rag.settings import Settings
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.openai_errors import INVALID, error_body
from ui.web.roles import is_from_here, user_of

LEAST_CHARACTERS = 16
WANTED = "send a key of this server: Authorization: Bearer KEY"
_HASHED = re.compile(r"sha256:([0-9a-f]{64})", re.IGNORECASE)


class Keys:
    """The hashes of keys by the names of their holders."""

    def __init__(self, digests: Mapping[str, bytes]) -> None:
        self._digests = dict(digests)

    @classmethod
    def read(cls, path: Path) -> Keys:
        """Raises UsageError that names the file and the line, and never the key."""
        try:
            lines = path.expanduser().read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"DATELINE_API_KEYS_FILE: {path} cannot be read: {getattr(error, 'strerror', None) or error}"
            ) from error
        digests: dict[str, bytes] = {}
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            name, digest = _entry(line, f"{path}, line {number}")
            if name in digests:
                raise UsageError(f"{path}, line {number}: the name {name!r} is there twice; give each key a name of its own")
            digests[name] = digest
        if not digests:
            raise UsageError(f"DATELINE_API_KEYS_FILE: {path} has no key; write one a line: NAME KEY")
        return cls(digests)

    def holder(self, key: str) -> str | None:
        """Whose key it is; None where it is nobody's. How long this takes tells nothing of the keys."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        holder = None
        for name, known in self._digests.items():
            if hmac.compare_digest(digest, known):
                holder = name
        return holder


def own_keys(settings: Settings) -> Keys | None:
    """The keys of this server; None where it has none. Raises UsageError for a file that cannot be read as keys."""
    return Keys.read(settings.api_keys_file) if settings.api_keys_file else None


class KeyGate:
    """Lets pass who sends a key, and programs on this machine unless `loopback` says that they must send one too.

    Browsers are asked for a name and a password: any name, and the key.
    """

    def __init__(self, app: ASGIApp, keys: Keys | None, loopback: bool = False) -> None:
        self._app = app
        self._keys = keys
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or self._keys is None
            or user_of(scope).name
            or self._is_own(scope)
            or self._holder(scope, self._keys)
        ):
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        for_programs = path.startswith(("/api/", "/v1/", "/mcp", "/metrics"))
        body = error_body(WANTED, INVALID, None, "invalid_api_key") if path.startswith("/v1/") else {"detail": WANTED}
        challenge = "Bearer" if for_programs else 'Basic realm="Dateline: any name, and a key as the password", charset="UTF-8"'
        await AsciiResponse(body, 401, {"WWW-Authenticate": challenge, "Connection": "close"})(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        return not self._loopback and is_from_here(scope)

    def _holder(self, scope: Scope, keys: Keys) -> str | None:
        token = token_of(Headers(scope=scope))
        return keys.holder(token) if token else None


def token_of(headers: Headers) -> str | None:
    """The bearer token of a request, or the password that it sends under any name."""
    kind, _, given = headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        return _password(given)
    return given.strip() if kind.lower() == "bearer" else None


def _entry(line: str, place: str) -> tuple[str, bytes]:
    parts = line.split()
    if len(parts) != 2:
        raise UsageError(f"{place}: write NAME KEY, or NAME sha256:HASH")
    name, key = parts
    return name, hash_key(name, key, place)


def hash_key(name: str, key: str, place: str) -> bytes:
    """The hash of a key or token as it stands in a file, at `place`. Raises UsageError for one that is too short."""
    if key.lower().startswith("sha256:"):
        hashed = _HASHED.fullmatch(key)
        if not hashed:
            raise UsageError(f"{place}: sha256: wants the 64 hexadecimal digits of the key's hash behind it")
        return bytes.fromhex(hashed[1])
    if len(key) < LEAST_CHARACTERS:
        raise UsageError(f"{place}: the key of {name!r} is shorter than {LEAST_CHARACTERS} characters; take a longer one")
    return hashlib.sha256(key.encode("utf-8")).digest()


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
