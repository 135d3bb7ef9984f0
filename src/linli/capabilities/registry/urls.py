"""Addresses of the registry, face by face."""

from linli.capabilities.registry import field, portal
from linli.capabilities.registry.desk import dictionary, imports, organisations, people, places

app_name = "registry"
urlpatterns = [
    *portal.routes,
    *field.routes,
    *people.routes,
    *imports.routes,
    *dictionary.routes,
    *organisations.routes,
    *places.routes,
]
