"""The guard before every page: control characters, which nobody types and no page can show, go no further.

PostgreSQL refuses NUL, workbooks refuse the others. An address that holds one is answered 400; so is a form, and what
was said in it is shown again without them, to be looked at and sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

Page = Callable[..., HttpResponseBase]

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # all but tabs and ends of lines
SECRET = re.compile(r"password|secret|code|answer")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value of a form; `told` is what is wrong with it, empty where nothing is, and `text` then lacks what was."""

    name: str
    text: str
    told: str = ""

    @property
    def label(self) -> str:
        """The field as people read it, as far as its name tells."""
        return self.name.replace("_", " ").strip().capitalize()


def readable_alone(page: Page) -> Page:
    """A page that is asked for without control characters, or not at all."""

    @wraps(page)
    def respond(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if any(map(CONTROL.search, _address(request))):
            return TemplateResponse(request, "console/unreadable.html", {"of_address": True}, status=400)
        if any(CONTROL.search(text) for name, texts in request.POST.lists() for text in (name, *texts)):
            return TemplateResponse(request, "console/unreadable.html", _again(request), status=400)
        return page(request, *arguments, **named)

    return respond


def _address(request: HttpRequest) -> list[str]:
    asked = [text for name, texts in request.GET.lists() for text in (name, *texts)]
    return [request.path, *asked]


def _again(request: HttpRequest) -> dict[str, Any]:
    """The form once more; secrets are not shown, and a file is lost, so that such a form is filled in anew."""
    said = [_said(name, text) for name, texts in request.POST.lists() if name != TOKEN for text in texts]
    is_lost = bool(request.FILES) or any(SECRET.search(each.name) for each in said)
    return {"said": said, "is_lost": is_lost, "to": request.get_full_path()}


def _said(name: str, text: str) -> Said:
    found = sorted(set(CONTROL.findall(text)))
    codes = ", ".join(f"U+{ord(each):04X}" for each in found)
    return Said(name=CONTROL.sub("", name), text=CONTROL.sub("", text), told=codes)
