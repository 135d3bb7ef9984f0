"""Addresses of the registry, face by face."""

from linli.capabilities.registry import portal
from linli.capabilities.registry.desk import imports, people

app_name = "registry"
urlpatterns = [*portal.routes, *people.routes, *imports.routes]
