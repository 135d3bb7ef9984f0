"""Addresses of admission, face by face."""

from linli.capabilities.admission import desk, portal

app_name = "admission"
urlpatterns = [*portal.routes, *desk.routes]
