"""Who is asking: a browser with a session's cookie, or a machine with a token (`Authorization: Bearer …`).

A route that names `SignedIn` cannot be reached otherwise. Where a token is brought the cookie is not looked at.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie, HTTPBearer

from api.deps import SESSION_COOKIE, DbSession
from api.guard import is_machine
from registry.accounts.permissions import Actor
from registry.accounts.sessions import FAMILY_LASTS, who_is
from registry.accounts.sign_in import Browser
from registry.accounts.tokens import who_holds
from registry.errors import NotSignedIn

# These two describe the interface; what they find is read below, in one place, for pages too.
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="The session of a browser.")
_bearer = HTTPBearer(auto_error=False, description="A machine's token, made by the office.")


def find_actor(request: Request, session: DbSession) -> Actor | None:
    """Whoever is signed in, or None. Remembered for the rest of the request, so that a page can greet them."""
    request.state.actor = _brought(request, session)
    found: Actor | None = request.state.actor
    return found


def _brought(request: Request, session: DbSession) -> Actor | None:
    if is_machine(request.headers):
        return who_holds(session, request.headers["authorization"].partition(" ")[2].strip())
    token = request.cookies.get(SESSION_COOKIE)
    return who_is(session, token) if token else None


MaybeSignedIn = Annotated[Actor | None, Depends(find_actor)]


def need_actor(request: Request, actor: MaybeSignedIn) -> Actor:
    """Whoever is signed in. What they are shown is not kept by the browser: others use the same PC after them.

    Raises:
        NotSignedIn: `not_signed_in`; a page answers it with the way to sign in.
    """
    request.state.is_personal = True
    if actor is None:
        raise NotSignedIn("not_signed_in")
    return actor


SignedIn = Annotated[Actor, Depends(need_actor)]
DESCRIBED = [Depends(_cookie), Depends(_bearer)]
"""What a router of the interface depends on, so that its description says how to sign in."""


def find_browser(request: Request) -> Browser:
    """The browser that asks, and its address. Behind a proxy on this machine it is the one that the proxy names."""
    return Browser(request.headers.get("user-agent", "")[:200], request.client.host if request.client else "")


AskingBrowser = Annotated[Browser, Depends(find_browser)]


def keep_session(request: Request, response: Response, token: str) -> None:
    """Hand the browser its token, out of reach of scripts and other sites. It ends on the server, when unused."""
    response.set_cookie(
        SESSION_COOKIE, token, max_age=int(FAMILY_LASTS.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=is_secure(request),
    )  # fmt: skip


def drop_session(request: Request, response: Response) -> None:
    """Take the token away."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=is_secure(request))


def is_secure(request: Request) -> bool:
    """Whether cookies must never travel without TLS: it is used now, or the setting says that it always is."""
    return request.url.scheme == "https" or bool(request.app.state.settings.is_https)


def local_path(text: str | None, otherwise: str = "/me") -> str:
    """Where to go on to: a path of this site and nothing else, whatever a link to the sign-in page said."""
    is_path = text is not None and text.startswith("/") and not text.startswith("//") and len(text) <= 500
    if not is_path or text is None or any(letter in text for letter in "\\\r\n\t") or not text.isprintable():
        return otherwise
    return text
