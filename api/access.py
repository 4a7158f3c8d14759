"""Who is asking: a browser with a session's cookie. A route that names `SignedIn` cannot be reached otherwise."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.deps import DbSession
from registry.accounts.permissions import Actor
from registry.accounts.sessions import who_is
from registry.errors import NotSignedIn

SESSION_COOKIE = "qingzai_session"


def find_actor(request: Request, session: DbSession) -> Actor | None:
    """Whoever is signed in, or None. Remembered for the rest of the request, so that a page can greet them."""
    token = request.cookies.get(SESSION_COOKIE)
    request.state.actor = who_is(session, token) if token else None
    found: Actor | None = request.state.actor
    return found


MaybeSignedIn = Annotated[Actor | None, Depends(find_actor)]


def need_actor(actor: MaybeSignedIn) -> Actor:
    """Whoever is signed in.

    Raises:
        NotSignedIn: `not_signed_in`; a page answers it with the way to sign in.
    """
    if actor is None:
        raise NotSignedIn("not_signed_in")
    return actor


SignedIn = Annotated[Actor, Depends(need_actor)]
