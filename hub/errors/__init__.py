"""Every error of the hub: a stable code, an HTTP status, what happened and what to do, in Chinese and in English.

What is stored or logged is the code with its parameters; the words stand in `texts` and `terms` and nowhere else.
"""

from hub.errors.asked import *
from hub.errors.kinds import *
from hub.errors.notices import *
from hub.errors.saying import *
from hub.errors.surroundings import *
from hub.errors.texts import *
