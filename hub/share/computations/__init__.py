"""Values that are worked out: each with a name, and with what of the entry it reads."""

from hub.share.computations import declaring, goods, parties, refund
from hub.share.computations.registry import COMPUTATIONS, Asked, CannotCompute, Computation, Reckoned, computation

__all__ = [
    "COMPUTATIONS",
    "Asked",
    "CannotCompute",
    "Computation",
    "Reckoned",
    "computation",
    "declaring",
    "goods",
    "parties",
    "refund",
]
