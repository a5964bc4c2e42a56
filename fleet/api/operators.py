"""The operator that a key opens."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.api import examples
from fleet.api.addresses import OperatorAddress
from fleet.api.shapes import MeTold


class Me(OperatorAddress):
    """Who am I."""

    @extend_schema(
        operation_id="get_me",
        summary="The operator of this key",
        responses=OpenApiResponse(MeTold, examples=examples.ME),
    )
    def get(self, request: Any) -> Response:
        """Any key may ask."""
        operator, key = self.operator, self.caller.key
        answer = {
            "operator": operator.slug,
            "name": operator.name,
            "tariff_threshold_percent": f"{operator.tariff_threshold_percent:f}",
            "scopes": sorted(self.caller.scopes),
            "key": key
            and {
                "name": key.name,
                "prefix": key.prefix,
                "expires_at": key.expires_at.isoformat() if key.expires_at else None,
                "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
            },
        }
        return Response(answer)
