"""The catalogue for programs: models by what people call them, by maker, algorithm and hashrate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.api import rig_examples as examples
from fleet.api.filters import ModelFilters
from fleet.api.resources import FleetList, FleetObject
from fleet.api.rig_answers import model_answer, models_to_tell, resolution_answer
from fleet.api.rig_shapes import ModelPage, ModelTold
from fleet.models import RigModel
from fleet.selectors import models_named
from ledger.api.etags import IF_NONE_MATCH, NOT_MODIFIED
from ledger.api.lists import list_parameters
from ledger.api.sparse import FIELDS_PARAMETER


class Models(FleetList):
    """All models of the catalogue."""

    filters, shape, writes = ModelFilters, ModelTold, None

    @extend_schema(
        operation_id="list_models",
        summary="Models, and what a name means",
        parameters=[*list_parameters(ModelFilters), FIELDS_PARAMETER],
        responses=OpenApiResponse(ModelPage, examples=examples.MODEL_PAGE),
    )
    def get(self, request: Any) -> Response:
        """With `name`, `named` says what the catalogue makes of it: the model and bin, or the nearest names."""
        page = self.page(models_to_tell(), model_answer)
        name = request.query_params.get("name")
        page.data["named"] = resolution_answer(name, models_named(name)) if name else None
        return page


class OneModel(FleetObject):
    """One model."""

    shape, named, writes = ModelTold, "model", None

    def rows(self) -> QuerySet[RigModel]:
        """The same for every operator."""
        return models_to_tell()

    def tell(self, row: RigModel) -> dict[str, Any]:
        """With its bins."""
        return model_answer(row)

    @extend_schema(
        operation_id="get_model",
        summary="One model",
        parameters=[FIELDS_PARAMETER, IF_NONE_MATCH],
        responses={200: OpenApiResponse(ModelTold, examples=examples.MODEL), **NOT_MODIFIED},
    )
    def get(self, request: Any, model_id: int) -> Response:
        """A model with its bins."""
        return self.answer(self.found(model_id))
