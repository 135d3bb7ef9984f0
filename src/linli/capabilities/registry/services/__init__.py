"""Verbs of the registry, one function each."""

from linli.capabilities.registry.services import adopt as adopt
from linli.capabilities.registry.services import answering as answering
from linli.capabilities.registry.services import assessments as assessments
from linli.capabilities.registry.services import batches as batches
from linli.capabilities.registry.services import bonds as bonds
from linli.capabilities.registry.services import consent as consent
from linli.capabilities.registry.services import corrections as corrections
from linli.capabilities.registry.services import exports as exports
from linli.capabilities.registry.services import filing_exports as filing_exports
from linli.capabilities.registry.services import filings as filings
from linli.capabilities.registry.services import grids as grids
from linli.capabilities.registry.services import households as households
from linli.capabilities.registry.services import links as links
from linli.capabilities.registry.services import marks as marks
from linli.capabilities.registry.services import moving as moving
from linli.capabilities.registry.services import objections as objections
from linli.capabilities.registry.services import organisations as organisations
from linli.capabilities.registry.services import people as people
from linli.capabilities.registry.services import places as places
from linli.capabilities.registry.services import posts as posts
from linli.capabilities.registry.services import statistics as statistics
from linli.capabilities.registry.services import undoing as undoing
