// Relationship types: who may have which kind of relationship to whom, by the relationship table of each object's section in STIX 2.1 §4 and §6 (appendix B).
#include <algorithm>

#include "threat/stix_tables.h"

namespace sluice::threat::stix {

namespace {

struct Triples {
  std::string_view source, type, targets;
};

// clang-format off
constexpr Triples kTriples[] = {
    {"attack-pattern", "delivers", "malware"},
    {"attack-pattern", "targets", "identity location vulnerability"},
    {"attack-pattern", "uses", "malware tool"},
    {"campaign", "attributed-to", "intrusion-set threat-actor"},
    {"campaign", "compromises", "infrastructure"},
    {"campaign", "originates-from", "location"},
    {"campaign", "targets", "identity location vulnerability"},
    {"campaign", "uses", "attack-pattern infrastructure malware tool"},
    {"course-of-action", "investigates", "indicator"},
    {"course-of-action", "mitigates", "attack-pattern indicator malware tool vulnerability"},
    {"course-of-action", "remediates", "malware vulnerability"},
    {"domain-name", "resolves-to", "domain-name ipv4-addr ipv6-addr"},
    {"identity", "located-at", "location"},
    {"indicator", "based-on", "observed-data"},
    {"indicator", "indicates", "attack-pattern campaign infrastructure intrusion-set malware threat-actor tool"},
    {"infrastructure", "communicates-with", "infrastructure ipv4-addr ipv6-addr domain-name url"},
    {"infrastructure", "consists-of", "infrastructure observed-data @observable @custom"},
    {"infrastructure", "controls", "infrastructure malware"},
    {"infrastructure", "delivers", "malware"},
    {"infrastructure", "has", "vulnerability"},
    {"infrastructure", "hosts", "tool malware"},
    {"infrastructure", "located-at", "location"},
    {"infrastructure", "uses", "infrastructure"},
    {"intrusion-set", "attributed-to", "threat-actor"},
    {"intrusion-set", "compromises", "infrastructure"},
    {"intrusion-set", "hosts", "infrastructure"},
    {"intrusion-set", "originates-from", "location"},
    {"intrusion-set", "owns", "infrastructure"},
    {"intrusion-set", "targets", "identity location vulnerability"},
    {"intrusion-set", "uses", "attack-pattern infrastructure malware tool"},
    {"ipv4-addr", "belongs-to", "autonomous-system"},
    {"ipv4-addr", "resolves-to", "mac-addr"},
    {"ipv6-addr", "belongs-to", "autonomous-system"},
    {"ipv6-addr", "resolves-to", "mac-addr"},
    {"malware", "authored-by", "threat-actor intrusion-set"},
    {"malware", "beacons-to", "infrastructure"},
    {"malware", "communicates-with", "ipv4-addr ipv6-addr domain-name url"},
    {"malware", "controls", "malware"},
    {"malware", "downloads", "malware tool file"},
    {"malware", "drops", "malware tool file"},
    {"malware", "exfiltrates-to", "infrastructure"},
    {"malware", "exploits", "vulnerability"},
    {"malware", "originates-from", "location"},
    {"malware", "targets", "identity infrastructure location vulnerability"},
    {"malware", "uses", "attack-pattern infrastructure malware tool"},
    {"malware", "variant-of", "malware"},
    {"malware-analysis", "av-analysis-of", "malware"},
    {"malware-analysis", "characterizes", "malware"},
    {"malware-analysis", "dynamic-analysis-of", "malware"},
    {"malware-analysis", "static-analysis-of", "malware"},
    {"threat-actor", "attributed-to", "identity"},
    {"threat-actor", "compromises", "infrastructure"},
    {"threat-actor", "hosts", "infrastructure"},
    {"threat-actor", "impersonates", "identity"},
    {"threat-actor", "located-at", "location"},
    {"threat-actor", "owns", "infrastructure"},
    {"threat-actor", "targets", "identity location vulnerability"},
    {"threat-actor", "uses", "attack-pattern infrastructure malware tool"},
    {"tool", "delivers", "malware"},
    {"tool", "drops", "malware"},
    {"tool", "has", "vulnerability"},
    {"tool", "targets", "identity infrastructure location vulnerability"},
    {"tool", "uses", "infrastructure"},
};
// clang-format on

constexpr bool before(const Triples& a, std::string_view source, std::string_view type) { return a.source != source ? a.source < source : a.type < type; }
static_assert(std::is_sorted(std::begin(kTriples), std::end(kTriples), [](const Triples& a, const Triples& b) { return before(a, b.source, b.type); }));

const Triples* triples_of(std::string_view source, std::string_view type) {
  const auto* found = std::partition_point(std::begin(kTriples), std::end(kTriples), [&](const Triples& one) { return before(one, source, type); });
  return found != std::end(kTriples) && found->source == source && found->type == type ? found : nullptr;
}

}  // namespace

bool is_relationship(std::string_view source_type, std::string_view relationship_type, std::string_view target_type) {
  // §3.7: common to all. `derived-from` and `duplicate-of` join objects of one type, `related-to` any two.
  if (relationship_type == "related-to") return true;
  if (relationship_type == "derived-from" || relationship_type == "duplicate-of") return source_type == target_type;
  const auto* found = triples_of(source_type, relationship_type);
  return found != nullptr && may_refer_to(found->targets, target_type);
}

bool has_relationship_type(std::string_view source_type, std::string_view relationship_type) {
  return relationship_type == "related-to" || relationship_type == "derived-from" || relationship_type == "duplicate-of" || triples_of(source_type, relationship_type) != nullptr;
}

}  // namespace sluice::threat::stix
