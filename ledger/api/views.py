"""The view that every address of the API is, before it knows whom it answers."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from ledger.api.problems import Refused
from ledger.charsets import is_text_encoding

LARGEST_BODY = 10 * 1024 * 1024


class Address(APIView):
    """An address of the API: refuses what it does not know, and tells the limits on every answer.

    `statuses`: what a service's refusal is in HTTP, by its code. `largest_body` in bytes.
    """

    statuses: dict[str, int] = {}
    query_parameters: tuple[str, ...] = ()
    largest_body = LARGEST_BODY
    # Without OPTIONS, which is not answered: `Allow` names what is taken and no more.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def read(self, shape: type[Serializer]) -> dict[str, Any]:
        """What was sent. Raises ValidationError that names every field that is wrong."""
        return _taken(shape, self.request.data)

    def asked(self, shape: type[Serializer]) -> dict[str, Any]:
        """What the address asks for. Raises ValidationError that names every parameter that is wrong."""
        return _taken(shape, self.request.query_params)

    def may_be_asked(self) -> tuple[str, ...]:
        """The parameters that the query may have."""
        return self.query_parameters

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Who asks, how often, and whether the question can be understood at all."""
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD"):
            self._refuse_unreadable_body(request)
        self._refuse_large_body(request)
        self._refuse_unknown_parameters(request)

    def perform_authentication(self, request: Any) -> None:
        """Who asks. Strangers are counted too, by their address, before they are refused."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Any) -> None:
        """Done by now: the framework would count only those who are let in."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer, with the limits beside it; nobody between here and the caller keeps a copy."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if allowance := getattr(getattr(request, "_request", request), "allowance", None):
            for name, value in allowance.headers.items():
                answer[name] = value
        answer.setdefault("Cache-Control", "no-store")
        return answer

    def _refuse_unreadable_body(self, request: Any) -> None:
        """Raises Refused for a body that is packed, in chunks or in no known letters: it would be taken for another,
        or for none."""
        charset = request._request.content_params.get("charset", "utf-8")
        if not is_text_encoding(charset):
            sentence = f"There is no charset '{charset[:40]}'; write UTF-8."
            raise Refused(sentence, code="charset_unknown", status=415)
        packed = request.headers.get("Content-Encoding", "identity").strip().lower()
        if packed not in ("", "identity"):
            sentence = f"A body that is packed ({packed[:40]}) is not unpacked; send it as it is."
            raise Refused(sentence, code="content_encoding_unknown", status=415)
        if request.headers.get("Transfer-Encoding"):
            sentence = "A body in chunks is not read; send it at once, with its Content-Length."
            raise Refused(sentence, code="length_missing", status=411)

    def _refuse_large_body(self, request: Any) -> None:
        said = str(request.META.get("CONTENT_LENGTH") or 0)
        if not (said.isascii() and said.isdigit()):
            raise Refused("The Content-Length is no number.", code="length_unreadable", status=400)
        size = int(said)
        if size > self.largest_body:
            limit = self.largest_body // 1024**2
            sentence = f"The request has {size / 1024**2:,.0f} MB; the limit is {limit} MB."
            raise Refused(sentence, code="body_too_large", status=413)

    def _refuse_unknown_parameters(self, request: Any) -> None:
        """Also one that is there twice: which of the two is meant nobody can say."""
        taken = self.may_be_asked()
        unknown = sorted(set(request.query_params) - set(taken))
        if unknown:
            known = ", ".join(taken) or "none"
            sentence = f"There is no query parameter '{unknown[0]}' here; there are: {known}."
            raise ValidationError({unknown[0]: [sentence]}, code="parameter_unknown")
        twice = sorted(name for name, values in request.query_params.lists() if len(values) > 1)
        if twice:
            sentence = f"'{twice[0]}' is in the query more than once; write it once."
            raise ValidationError({twice[0]: [sentence]}, code="parameter_repeated")


def _taken(shape: type[Serializer], data: Any) -> dict[str, Any]:
    taken = shape(data=data)
    taken.is_valid(raise_exception=True)
    return dict(taken.validated_data)
