// From a form's fields to a command: the same structs, rules and messages as the API's, so a field here is a field there.
#pragma once

#include <map>

#include "cvd/commands.h"

namespace sluice::web::pages {

using FormFields = std::map<std::string, std::string, std::less<>>;

// "propose_terms". Nothing: no command that a form gives.
struct CommandForm {
  std::string_view name;
  bool step_up;                                     // publish and members: confirmed within ten minutes (AUT-6)
  Result<cvd::Command> (*read)(const FormFields&);
};
const CommandForm* command_form(std::string_view name);

// Empty fields of optional members are absent; dates are UTC; a list "roles" is the fields "roles.vendor", "roles.finder" that are there.
Result<cvd::Command> command_of(std::string_view name, const FormFields& fields);

}  // namespace sluice::web::pages
