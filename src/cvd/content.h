// What a text, file, report or advisory contains, by classes that its author names. The words stand in the regimes' vocabulary; here only their form and their place are held.
#pragma once

#include "cvd/decide.h"

namespace sluice::cvd::rules {

// The author's classes of something that this command adds, in the same compartment. None named: nothing is written.
Result<void> add_classes(Changes& out, const access::Compartment& where, std::string object, const std::optional<std::vector<std::string>>& classes);

}  // namespace sluice::cvd::rules
