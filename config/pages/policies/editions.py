"""The editions of the law, one of them with its measures, and the same as policy files to take along."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect

from config.pages.attachment import attached
from config.pages.policies.desk import Mark, done, edition_numbered, for_admins, read_pasted
from config.pages.policies.forms import PASTED, FilesForm
from config.pages.visit import Visit, posted
from risk.book import book_of
from risk.models import PolicyEdition
from risk.policy_files import files_of, stream_of
from risk.services import load_into_draft, start_draft


@for_admins
def edition_list_page(visit: Visit) -> HttpResponse:
    """Every edition, drafts first, newest first."""
    editions = PolicyEdition.objects.annotate(measure_count=Count("measures"))
    ordered = editions.select_related("published_by", "changed_by", "restates").order_by("-number")
    drafts = [edition for edition in ordered if not edition.is_published]
    published = [edition for edition in ordered if edition.is_published]
    return visit.render("console/policies/editions.html", drafts=drafts, published=published)


@for_admins
@posted
def start_page(visit: Visit) -> HttpResponse:
    """Begin a draft as a copy of the current edition."""
    current = PolicyEdition.objects.current()
    if current is None:
        done(visit, start_draft, "")
        return redirect("admin:policies")
    draft = start_draft(title=f"Copy of edition {current.number}", by=visit.person)
    return redirect("admin:policy", draft.number)


@for_admins
def edition_page(visit: Visit, number: int) -> HttpResponse:
    """One edition: what is known of it, and its measures by authority."""
    edition = edition_numbered(number)
    measures = edition.measures.order_by("authority", "effective_from", "code").defer("record")
    by_authority = [(name, list(some)) for name, some in groupby(measures, key=lambda m: m.authority)]
    return visit.render(
        "console/policies/edition.html",
        edition=edition,
        by_authority=by_authority,
        measure_count=sum(len(some) for _, some in by_authority),
        form=FilesForm(),
    )


@for_admins
def export_page(visit: Visit, number: int) -> HttpResponse:
    """The edition as policy files in one text, which can be loaded back."""
    edition = edition_numbered(number)
    text = stream_of(files_of(book_of(edition)))
    return attached(text.encode(), "application/yaml; charset=utf-8", f"edition-{edition.number}.yaml")


@for_admins
@posted
def load_page(visit: Visit, number: int) -> HttpResponse:
    """Replace what a draft says by a file that holds a whole edition; what is wrong with it is shown by line."""
    edition = edition_numbered(number)
    form = FilesForm(visit.request.POST, visit.request.FILES)
    marks: list[Mark] = []
    if form.is_valid():
        folder, marks = read_pasted(form.cleaned_data["file"], name=PASTED, is_whole=True)
        if folder and done(
            visit,
            lambda: load_into_draft(edition=edition, book=folder.book, by=visit.person),
            f"The draft now holds the {len(folder.book.measures)} measures of the file, and nothing else.",
        ):
            return redirect("admin:policy_review", edition.number)
    return visit.render("console/policies/load.html", status=400, edition=edition, form=form, marks=marks)
