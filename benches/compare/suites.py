"""The suites by name."""

import classify
import nps
import support

SUITES = {"nps": nps.SUITE, "support": support.SUITE, "classify": classify.SUITE}
