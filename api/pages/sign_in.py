"""Signing in: a phone, then the code that was sent to it; or a password, for staff. And out again.

Between the two steps the phone stands in a cookie of ten minutes, not in the address, which ends up in histories.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse

from api.access import AskingBrowser, MaybeSignedIn, drop_session, is_secure, keep_session, local_path
from api.deps import LANGUAGE_COOKIE, SESSION_COOKIE, DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, shown
from api.pages.render import YEAR, render
from api.speak.language import Language
from registry.accounts.sessions import sign_out
from registry.accounts.sign_in import Entered, ask_code, enter_code, enter_password
from registry.conventions.phones import mask_phone, phone_of
from registry.errors import FieldProblem, Invalid

router = APIRouter(include_in_schema=False)

PHONE_COOKIE, PHONE_LASTS = "qingzai_phone", 600


@router.get("/sign-in")
def ask_phone(request: Request, actor: MaybeSignedIn, next: str = "") -> Response:
    """The first step. Whoever is in already goes on."""
    onward = local_path(next)
    return go(onward) if actor else _page(request, "phone", Form(), onward)


@router.post("/sign-in")
def send_code(
    request: Request, session: DbSession, browser: AskingBrowser, language: Speech, tasks: BackgroundTasks,
    phone: FormText = "", next: FormText = "",
) -> Response:  # fmt: skip
    """Send a code to the phone and ask for it. A second click right after the first leads on without a second code."""
    onward = local_path(next)
    try:
        number = phone_of(phone)
        problem = ask_code(session, number, browser, language)
    except Invalid as error:
        return _page(request, "phone", refused({"phone": shown(phone)}, error, language), onward, status=422)
    if problem is not None and problem.code != "resend_too_soon":
        return _page(request, "phone", refused({"phone": shown(phone)}, Invalid(problem), language), onward, status=422)
    tasks.add_task(request.app.state.postman.wake)
    answer = RedirectResponse(f"/sign-in/code?{_query(onward)}", 303, background=tasks)
    answer.set_cookie(
        PHONE_COOKIE, number, max_age=PHONE_LASTS, path="/sign-in", httponly=True, samesite="lax",
        secure=is_secure(request),
    )  # fmt: skip
    return answer


@router.get("/sign-in/code")
def ask_for_code(request: Request, actor: MaybeSignedIn, next: str = "") -> Response:
    """The second step."""
    onward = local_path(next)
    if actor:
        return go(onward)
    return _code_page(request, Form(), onward) if _phone(request) else go(f"/sign-in?{_query(onward)}")


@router.post("/sign-in/code")
def take_code(
    request: Request, session: DbSession, browser: AskingBrowser, language: Speech,
    code: FormText = "", next: FormText = "",
) -> Response:  # fmt: skip
    """Sign in with the code."""
    onward, number = local_path(next), _phone(request)
    if number is None:
        return go(f"/sign-in?{_query(onward)}")
    found = enter_code(session, number, code, browser, language)
    if isinstance(found, FieldProblem):
        return _code_page(request, _wrong(found, {}, language), onward, status=422)
    return _enter(request, session, found, onward)


@router.post("/sign-in/again")
def send_again(
    request: Request, session: DbSession, browser: AskingBrowser, language: Speech, tasks: BackgroundTasks,
    next: FormText = "",
) -> Response:  # fmt: skip
    """Send another code to the same phone; the earlier one is void."""
    onward, number = local_path(next), _phone(request)
    if number is None:
        return go(f"/sign-in?{_query(onward)}")
    if problem := ask_code(session, number, browser, language):
        at_code = FieldProblem("code", problem.code, problem.facts)
        return _code_page(request, _wrong(at_code, {}, language), onward, status=422)
    tasks.add_task(request.app.state.postman.wake)
    return RedirectResponse(f"/sign-in/code?{_query(onward)}", 303, background=tasks)


@router.get("/sign-in/password")
def ask_password(request: Request, actor: MaybeSignedIn, next: str = "") -> Response:
    """For staff who have set a password."""
    onward = local_path(next)
    return go(onward) if actor else _page(request, "password", Form(), onward)


@router.post("/sign-in/password")
def take_password(
    request: Request, session: DbSession, browser: AskingBrowser, language: Speech,
    phone: FormText = "", password: FormText = "", next: FormText = "",
) -> Response:  # fmt: skip
    """Sign in with a password. What was typed into that field is not shown again."""
    onward, kept = local_path(next), {"phone": shown(phone)}
    try:
        found = enter_password(session, phone_of(phone), password, browser)
    except Invalid as error:
        return _page(request, "password", refused(kept, error, language), onward, status=422)
    if isinstance(found, FieldProblem):
        return _page(request, "password", _wrong(found, kept, language), onward, status=422)
    return _enter(request, session, found, onward)


@router.post("/sign-out")
def leave(request: Request, session: DbSession) -> Response:
    """End this browser's session."""
    sign_out(session, request.cookies.get(SESSION_COOKIE, ""))
    answer = go("/sign-in")
    drop_session(request, answer)
    return answer


def _enter(request: Request, session: DbSession, found: Entered, onward: str) -> Response:
    """A new token at every sign-in: one that somebody slipped into the browser before is ended and worth nothing."""
    sign_out(session, request.cookies.get(SESSION_COOKIE, ""))
    answer = go(onward)
    keep_session(request, answer, found.token)
    if LANGUAGE_COOKIE not in request.cookies and found.account.language != "zh":
        answer.set_cookie(LANGUAGE_COOKIE, found.account.language, max_age=YEAR, httponly=True, samesite="lax")
    answer.delete_cookie(PHONE_COOKIE, path="/sign-in")
    return answer


def _wrong(problem: FieldProblem, values: Mapping[str, object], language: Language) -> Form:
    return refused(values, Invalid(problem), language)


def _phone(request: Request) -> str | None:
    try:
        return phone_of(request.cookies.get(PHONE_COOKIE, ""))
    except Invalid:
        return None


def _query(onward: str) -> str:
    return urlencode({"next": onward})


def _code_page(request: Request, form: Form, onward: str, *, status: int = 200) -> Response:
    return _page(request, "code", form, onward, status=status, phone=mask_phone(_phone(request) or ""))


def _page(request: Request, name: str, form: Form, onward: str, *, status: int = 200, **facts: object) -> Response:
    facts |= {"form": form, "next": onward, "next_query": _query(onward)}
    return render(request, f"account/{name}.html", status=status, **facts)
