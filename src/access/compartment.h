// The parts a case's content is divided into (ACC-3). Each has its own key, its own stream, its own numbering.
//
// Text form: "coordination", "shared", "org:o_…", "report:r_…", "group:k_…". Text that is not exactly canonical is no compartment.
//
// Always holds
//   A1  An id of the right kind is there exactly where the kind needs one; the makers below are the way to get one.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"

namespace sluice::access {

struct Compartment {
  enum class Kind { Coordination, Shared, Organisation, Report, Group };

  Kind kind = Kind::Coordination;
  std::optional<OrganisationId> organisation = {};
  std::optional<ReportId> report = {};
  std::optional<GroupId> group = {};

  static Compartment coordination() { return {Kind::Coordination}; }
  static Compartment shared() { return {Kind::Shared}; }
  static Compartment of(OrganisationId id) { return {Kind::Organisation, id}; }
  static Compartment of(ReportId id) { return {Kind::Report, {}, id}; }
  static Compartment of(GroupId id) { return {Kind::Group, {}, {}, id}; }

  static std::optional<Compartment> parse(std::string_view text);
  std::string text() const;

  // coordination, shared, organisations, reports, groups; within a kind by id.
  auto operator<=>(const Compartment&) const = default;
};

}  // namespace sluice::access

template <>
struct std::hash<sluice::access::Compartment> {
  std::size_t operator()(const sluice::access::Compartment& c) const { return std::hash<std::string>{}(c.text()); }
};
