#include "access/compartment.h"

namespace sluice::access {

std::string Compartment::text() const {
  switch (kind) {
    case Kind::Coordination: return "coordination";
    case Kind::Shared: return "shared";
    case Kind::Organisation: return "org:" + organisation.value().text();
    case Kind::Report: return "report:" + report.value().text();
    case Kind::Group: return "group:" + group.value().text();
  }
  return {};
}

std::optional<Compartment> Compartment::parse(std::string_view text) {
  if (text == "coordination") return coordination();
  if (text == "shared") return shared();
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto kind = text.substr(0, colon);
  const auto id = text.substr(colon + 1);
  const auto made = [](const auto& read) { return read ? std::optional(of(*read)) : std::nullopt; };
  if (kind == "org") return made(OrganisationId::parse(id));
  if (kind == "report") return made(ReportId::parse(id));
  if (kind == "group") return made(GroupId::parse(id));
  return std::nullopt;
}

}  // namespace sluice::access
