"""The suites by name."""

import nps
import support

SUITES = {"nps": nps.SUITE, "support": support.SUITE}
