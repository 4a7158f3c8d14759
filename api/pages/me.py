"""The page of whoever is signed in: what I can do, my language, where I am signed in, my password."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.access import SignedIn
from api.deps import LANGUAGE_COOKIE, DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.menu import grouped, menu_of
from api.pages.reading import FormText, go, shown
from api.pages.render import YEAR, render
from api.speak.language import LANGUAGES
from registry.accounts.own import account_of, has_password, rename, speak_to
from registry.accounts.passwords import SHORTEST, STAFF, change_password
from registry.accounts.permissions import Actor
from registry.accounts.sessions import revoke, revoke_others, sessions_of
from registry.conventions.phones import mask_phone
from registry.errors import FieldProblem, Invalid, NotFound

router = APIRouter(prefix="/me", include_in_schema=False)


@router.get("")
def my_page(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """What I can do, and how I am signed in."""
    return _page(request, session, actor, Form({"name": actor.name}))


@router.post("/name")
def change_name(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, name: FormText = ""
) -> Response:
    """How the pages greet me, and how the office finds me."""
    try:
        rename(session, actor, name)
    except Invalid as error:
        return _page(request, session, actor, refused({"name": shown(name)}, error, language), status=422)
    return go("/me")


@router.post("/language")
def change_language(session: DbSession, actor: SignedIn, language: FormText = "") -> Response:
    """The language of pages and messages."""
    if language not in LANGUAGES:
        raise Invalid(FieldProblem("language", "choose_one"))
    speak_to(session, actor, language)
    answer = go("/me")
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax")
    return answer


@router.post("/sessions/others/revoke")
def sign_others_out(session: DbSession, actor: SignedIn) -> Response:
    """End all my sessions but this one."""
    revoke_others(session, actor.account_id, actor.session_id)
    return go("/me#sessions")


@router.post("/sessions/{id_}/revoke")
def sign_one_out(session: DbSession, actor: SignedIn, id_: int) -> Response:
    """End one of my sessions."""
    revoke(session, actor.account_id, id_)
    return go("/me#sessions")


@router.get("/password")
def ask_new_password(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Set or change the password: for staff."""
    return _password_page(request, session, actor, Form())


@router.post("/password")
def take_new_password(
    request: Request, session: DbSession, actor: SignedIn, language: Speech,
    current: FormText = "", password: FormText = "", again: FormText = "",
) -> Response:  # fmt: skip
    """Set it; all my other sessions end. Nothing that was typed is shown again."""
    problem = change_password(session, actor, current=current, password=password, again=again)
    if problem:
        form = refused({}, Invalid(problem), language)
        return _password_page(request, session, actor, form, status=422)
    return go("/me#password")


def _page(request: Request, session: DbSession, actor: Actor, form: Form, *, status: int = 200) -> Response:
    account = account_of(session, actor)
    return render(
        request, "account/me.html", status=status, form=form, actor=actor, phone=mask_phone(account.phone),
        roles=sorted({held.role.value for held in actor.held}), menu=grouped(menu_of(request.app, actor)),
        sessions=sessions_of(session, actor.account_id), is_staff=actor.has(*STAFF),
        has_password=account.password_hash is not None, chosen=account.language,
    )  # fmt: skip


def _password_page(request: Request, session: DbSession, actor: Actor, form: Form, *, status: int = 200) -> Response:
    if not actor.has(*STAFF):
        raise NotFound("page_unknown", path="/me/password")
    had = has_password(session, actor)
    return render(request, "account/new_password.html", status=status, form=form, had=had, shortest=SHORTEST)
