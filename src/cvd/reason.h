// The words in which a person answers for something: why it was decided, who is exposed by it, why it went another way. They have to say something to whoever reads the record.
#pragma once

#include <string>

#include "base/result.h"

namespace sluice::cvd::rules {

// As text_fits, and with a letter or a digit at least: neither a dot nor what nobody sees is a reason.
Result<void> reason_fits(const std::string& text, std::size_t most, std::string where);

}  // namespace sluice::cvd::rules
