"""The addresses: the console, the API and the health check."""

urlpatterns: list = []
