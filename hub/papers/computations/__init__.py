"""Values that are worked out: each with a name, and with what of the entry it reads."""

from hub.papers.computations import goods, parties, refund
from hub.papers.computations.catalogue import COMPUTATIONS, Asked, CannotCompute, Computation, Reckoned, computation

__all__ = [
    "COMPUTATIONS",
    "Asked",
    "CannotCompute",
    "Computation",
    "Reckoned",
    "computation",
    "goods",
    "parties",
    "refund",
]
