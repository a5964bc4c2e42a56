"""The addresses of vendors under /api/v1/."""

from django.urls import path

from vendors.api import records

urlpatterns = [
    path("vendors/", records.Vendors.as_view(), name="vendors"),
    path("vendors/<int:vendor_id>/", records.OneVendor.as_view(), name="vendor"),
]
