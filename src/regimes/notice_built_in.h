// The text of regimes/notices/forms.yaml, as it was when the program was built.
#pragma once

#include <string_view>

namespace sluice::regimes {

std::string_view built_in_notice_forms_text();

}  // namespace sluice::regimes
