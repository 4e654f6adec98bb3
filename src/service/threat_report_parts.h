// What commands on texts begin with, inside the Writer: for threat_reports.cpp and threat_report_release.cpp alone.
#pragma once

#include "service/threat_reports.h"

namespace sluice::service {

// The collection, for who reads it still.
Result<store::CollectionSeen> still_reads(Unit& unit, Services& services, const Asker& asker, std::string_view collection);
// A text and the viewer's part in it. For its author alone; whoever else reads it is told why.
Result<SeenText> authored(Unit& unit, Services& services, const Asker& asker, const TextReader& reader, const std::string& id);
// Invalid, with the field, for a version that the viewer reads no such one of.
Result<store::ThreatTextVersion> text_version(Unit& unit, Services& services, const SeenText& seen, std::int64_t version);

// Conflict: of one that was withdrawn.
std::unexpected<Error> text_withdrawn();
// Invalid, with its place, for a text that is too long, empty where it may not be, or has control characters.
Result<void> check_text(const std::string& text, std::size_t most, bool may_be_empty, std::string where);

}  // namespace sluice::service
