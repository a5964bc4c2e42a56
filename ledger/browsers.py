"""What browsers are told never to do for our pages, besides what Django's own middleware tells them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NEVER = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *(
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
    ),
    *("payment", "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
HEADERS = {
    # No page of ours, and nothing that slips into one, is given any of these.
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NEVER),
    # No other site draws our answers into its own pages.
    "Cross-Origin-Resource-Policy": "same-origin",
}


class BrowserLimits:
    """Says so in every answer, also of static files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with the headers; one that a page gives itself stays."""
        answer = self._get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer
