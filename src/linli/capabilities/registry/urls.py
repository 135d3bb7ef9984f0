"""Addresses of the registry, face by face."""

from linli.capabilities.registry import field, portal
from linli.capabilities.registry.desk import imports, people

app_name = "registry"
urlpatterns = [*portal.routes, *field.routes, *people.routes, *imports.routes]
