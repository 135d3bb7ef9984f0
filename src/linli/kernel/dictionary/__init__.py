"""The data dictionary: what every field means, how it is written, who may know it."""
