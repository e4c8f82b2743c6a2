"""Users: who may read and who may edit, where a server is shared.

A file has one a line: a name, a role and a token, as it is or as `sha256:` and the hash of it in hexadecimal digits.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.errors import UsageError
from ui.web.keys import hash_key
from ui.web.roles import EDITOR, READER, Role, User

ROLES: Mapping[str, Role] = {READER: READER, EDITOR: EDITOR}


class Users:
    """Users by the hashes of their tokens."""

    def __init__(self, users: Sequence[tuple[User, bytes]]) -> None:
        self._users = tuple(users)

    @classmethod
    def read(cls, path: Path) -> Users:
        """Raises UsageError that names the file and the line, and never the token."""
        try:
            lines = path.expanduser().read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"DATELINE_USERS_FILE: {path} cannot be read: {getattr(error, 'strerror', None) or error}"
            ) from error
        written = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")]
        users = [_read_line(line, f"{path}, line {number}") for number, line in written]
        names = [user.name for user, _ in users]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise UsageError(f"{path}: the name {twice!r} is there twice; give each user a name of their own")
        if not users:
            raise UsageError(
                f"DATELINE_USERS_FILE: {path} has no user; write one a line: NAME reader TOKEN, or NAME editor TOKEN"
            )
        return cls(users)

    def and_shared(self, role: Role) -> tuple[Users, str]:
        """With one more user, known by a new token that lasts as long as this server runs; and the token."""
        token = secrets.token_urlsafe(24)
        name = f"{role} by link {len(self._users) + 1}"
        return Users((*self._users, (User(role, name), hashlib.sha256(token.encode()).digest()))), token

    def find(self, token: str) -> User | None:
        """Whose token it is; None where it is nobody's. How long this takes tells nothing of the tokens."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        found = None
        for user, known in self._users:
            if hmac.compare_digest(digest, known):
                found = user
        return found


def role_named(name: str) -> Role:
    """Raises UsageError for what is no role."""
    if (role := ROLES.get(name.lower())) is None:
        raise UsageError(f"{name[:40]!r} is no role; there are reader and editor")
    return role


def _read_line(line: str, place: str) -> tuple[User, bytes]:
    parts = line.split()
    if len(parts) != 3:
        raise UsageError(f"{place}: write NAME reader TOKEN, or NAME editor TOKEN")
    name, role, token = parts
    if role.lower() not in ROLES:
        raise UsageError(f"{place}: {role[:40]!r} is no role; there are reader and editor")
    return User(ROLES[role.lower()], name), hash_key(name, token, place)
