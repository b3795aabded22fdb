"""The suites by name."""

import classify
import nps
import support
import usage

SUITES = {"nps": nps.SUITE, "support": support.SUITE, "usage": usage.SUITE, "classify": classify.SUITE}
