"""The suites by name."""

import classify
import lifecycle
import nps
import support
import usage

SUITES = {
    "nps": nps.SUITE,
    "support": support.SUITE,
    "usage": usage.SUITE,
    "lifecycle": lifecycle.SUITE,
    "classify": classify.SUITE,
}
