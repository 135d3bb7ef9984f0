"""People who do not exist, as many as a city has, to try imports and linkage with; the truth is known."""

from linli.capabilities.registry.synthetic.making import Made, Place, make
from linli.capabilities.registry.synthetic.names import Names, read_names
from linli.capabilities.registry.synthetic.writing import write

__all__ = ["Made", "Names", "Place", "make", "read_names", "write"]
