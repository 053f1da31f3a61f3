// What the scenario must have left, whichever door it went through.
#pragma once

#include "services/tools/demo/scenario.h"

namespace nscl::journeys {

// Checks plans, enterprises, cases, class and reports of a finished scenario (gtest expectations).
void ExpectScenario(const tools::ScenarioResult& result);

// Runs the reconciliation through `door` until nothing is in motion, and expects no disagreement.
void ExpectReconciled(tools::Door& reconciler);

}  // namespace nscl::journeys
