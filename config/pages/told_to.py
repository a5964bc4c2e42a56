"""Tells a page to one person: numbers, days and moments as the person has them written (docs/adr/0022).

Numbers that pages put into words are written while the page is made, moments while it is drawn. The time zone holds
only while it is drawn, so that what a page asks, and the day of the law, are always the product's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

from django import template
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import date as written_by_format
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from risk.engine.terms.figures import DateStyle, Figures, figures_told, told_as, written

register = template.Library()

Page = Callable[..., HttpResponseBase]

# What is read by programs or kept: sheets, workbooks, documents. A file says the same to everybody.
A_FILE = re.compile(r"(\.\w+|/file/|/manifest/)$")
# The formats that pages ask for, by the reader's order; others, as for the fields of forms, are left as they are.
DAYS_OF = {
    "j M Y": {DateStyle.MONTH_FIRST: "M j, Y", DateStyle.YEAR_FIRST: "Y-m-d"},
    "j M": {DateStyle.MONTH_FIRST: "M j", DateStyle.YEAR_FIRST: "m-d"},
}


def told_to_the_visitor(page: Page) -> Page:
    """A page whose figures are written for the person who asks; forms that are sent are read and recorded as ever,
    only what is drawn after them is theirs."""

    @wraps(page)
    def respond(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        figures: Figures | None = getattr(request.user, "figures", None)
        if figures is None or A_FILE.search(request.path):
            return page(request, *arguments, **named)
        with ExitStack() as stack:
            if request.method in ("GET", "HEAD"):
                stack.enter_context(told_as(figures))
            response = page(request, *arguments, **named)
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            with drawn_for(figures):
                response.render()
        return response

    return respond


@contextmanager
def drawn_for(figures: Figures) -> Any:
    """Within, templates write for one reader, and moments are in the reader's zone."""
    with told_as(figures), timezone.override(figures.zone):
        yield


@register.filter("date", expects_localtime=True, is_safe=False)
def date_for_the_reader(value: Any, format: str | None = None) -> Any:
    """Django's `date`, in the reader's order of day and month where the format is one that pages use."""
    asked, comma, clock = (format or "").partition(",")
    ordered = DAYS_OF.get(asked, {}).get(figures_told().days, asked)
    return written_by_format(value, f"{ordered}{comma}{clock}" if format else format)


@register.filter("written")
def with_the_readers_marks(number: object) -> str:
    """A number that a template holds as it is, with the reader's marks: "0.85" or "0,85"."""
    return written(str(number))


@register.filter
def described(field: Any) -> Any:
    """A field's widget, tied to what is said of it (`about-<name>`); the first that is wrong is where one lands."""
    attributes = {"aria-describedby": f"about-{field.name}"}
    first_wrong = next((name for name in field.form.fields if name in field.form.errors), None)
    if field.name == first_wrong:
        attributes["autofocus"] = "autofocus"
    return field.as_widget(attrs=attributes)
