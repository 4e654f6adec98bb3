#include "cli/verb.h"

namespace sluice::cli {

std::string Arguments::get(std::string_view name, std::string_view otherwise) const { return maybe(name).value_or(std::string(otherwise)); }

std::optional<std::string> Arguments::maybe(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace sluice::cli
