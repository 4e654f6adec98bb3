#include "formats/stix/check.h"

#include <algorithm>

#include "formats/stix/parts.h"

namespace sluice::formats::stix {

namespace {

bool is_named(const std::set<std::string>& names, const CheckName& check) {
  if (names.contains("all")) return true;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto* named = check_named(name);
    return named != nullptr && belongs_to(check.number, named->number);
  });
}

}  // namespace

Checker::Checker(const Check& check) : check_(check) {
  if (!check.warnings && !check.strict) return;
  for (const auto& one : all_checks()) wanted_[static_cast<std::size_t>(one.number)] = check.enabled.empty() ? !is_named(check.disabled, one) : is_named(check.enabled, one);
  // What lacks even the prefix lacks the source too: the lax check is for those who turned the strict one off, or named it.
  if (check.enabled.empty() && wants(checks::kCustomPrefix)) wanted_[checks::kCustomPrefixLax] = false;
}

std::string Place::pointer() const {
  if (up == nullptr) return {};
  return up->pointer() + "/" + (is_index ? std::to_string(index) : pointer_token(key));
}

void Found::add(Severity severity, std::string rule, const Place& place, std::string message) {
  auto& many = severity == Severity::Error ? errors_ : warnings_;
  if (many > kMostFindings) return;
  if (many++ == kMostFindings) {
    into_.push_back({severity, "limit", "", "There is more to find: only the first " + std::to_string(kMostFindings) + " of this kind are listed."});
    return;
  }
  into_.push_back({severity, std::move(rule), place.pointer(), std::move(message)});
}

void Found::error(const Place& place, std::string_view rule, std::string message) {
  add(Severity::Error, (rule.starts_with("§") ? "STIX 2.1 " : "") + std::string(rule), place, std::move(message));
}

void Found::warn(int check, const Place& place, std::string message) {
  if (!wants(check)) return;
  add(options().strict ? Severity::Error : Severity::Warning, std::to_string(check) + " " + std::string(check_named(std::to_string(check))->name), place, std::move(message));
}

Findings check_object(const json::object& object, const Check& check) { return Checker(check).object(object); }
Findings check_document(const json::value& document, const Check& check) { return Checker(check).document(document); }

}  // namespace sluice::formats::stix
