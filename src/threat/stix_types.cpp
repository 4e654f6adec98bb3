// The domain, relationship and meta objects, and the bundle: STIX 2.1 §4, §5, §7, §8, in the order of its sections.
#include "threat/stix_parts.h"

namespace sluice::threat::stix {

namespace {

using enum Value;

constexpr auto kKillChainPhaseRows = properties(row("kill_chain_name").must(), row("phase_name").must());
constexpr Shape kKillChainPhase{.name = "kill chain phase", .section = "2.11", .properties = kKillChainPhaseRows};

constexpr Property kPhases = structure("kill_chain_phases", kKillChainPhase).list();
constexpr Property kName = row("name"), kDescription = row("description"), kAliases = row("aliases").list();
constexpr Property kFirstSeen = row("first_seen", Timestamp), kLastSeen = row("last_seen", Timestamp);
constexpr Property kObjectRefs = ref("object_refs", "").list().must();

// clang-format off
constexpr auto kAttackPattern = properties(kName.must(), kDescription, kAliases, kPhases);
constexpr auto kCampaign = properties(kName.must(), kDescription, kAliases, kFirstSeen, kLastSeen, row("objective"));
constexpr auto kCourseOfAction = properties(kName.must(), kDescription);
constexpr auto kGrouping = properties(kName, kDescription, words("context", Vocabulary::GroupingContext).must(), kObjectRefs);
constexpr auto kIdentity = properties(kName.must(), kDescription, row("roles").list(), words("identity_class", Vocabulary::IdentityClass),
                                      words("sectors", Vocabulary::IndustrySector).list(), row("contact_information"));
constexpr auto kIncident = properties(kName.must(), kDescription);
constexpr auto kIndicator = properties(kName, kDescription, words("indicator_types", Vocabulary::IndicatorType).list(), row("pattern").must(),
                                       words("pattern_type", Vocabulary::PatternType).must(), row("pattern_version"), row("valid_from", Timestamp).must(), row("valid_until", Timestamp), kPhases);
constexpr auto kInfrastructure = properties(kName.must(), kDescription, words("infrastructure_types", Vocabulary::InfrastructureType).list(), kAliases, kPhases, kFirstSeen, kLastSeen);
constexpr auto kIntrusionSet = properties(kName.must(), kDescription, kAliases, kFirstSeen, kLastSeen, row("goals").list(), words("resource_level", Vocabulary::AttackResourceLevel),
                                          words("primary_motivation", Vocabulary::AttackMotivation), words("secondary_motivations", Vocabulary::AttackMotivation).list());
constexpr auto kLocation = properties(kName, kDescription, row("latitude", Float).from(-90).upto(90), row("longitude", Float).from(-180).upto(180), row("precision", Float),
                                      words("region", Vocabulary::Region), row("country"), row("administrative_area"), row("city"), row("street_address"), row("postal_code"));
constexpr auto kMalware = properties(kName, kDescription, words("malware_types", Vocabulary::MalwareType).list(), row("is_family", Boolean).must(), kAliases, kPhases, kFirstSeen, kLastSeen,
                                     ref("operating_system_refs", "software").list(), words("architecture_execution_envs", Vocabulary::ProcessorArchitecture).list(),
                                     words("implementation_languages", Vocabulary::ImplementationLanguage).list(), words("capabilities", Vocabulary::MalwareCapabilities).list(),
                                     ref("sample_refs", "artifact file").list());
constexpr auto kMalwareAnalysis = properties(row("product").must(), row("version"), ref("host_vm_ref", "software"), ref("operating_system_ref", "software"),
                                             ref("installed_software_refs", "software").list(), row("configuration_version"), row("modules").list(), row("analysis_engine_version"),
                                             row("analysis_definition_version"), row("submitted", Timestamp), row("analysis_started", Timestamp), row("analysis_ended", Timestamp), row("result_name"),
                                             words("result", Vocabulary::MalwareResult), ref("analysis_sco_refs", "@observable @custom").list(), ref("sample_ref", "artifact file network-traffic"));
constexpr auto kNote = properties(row("abstract"), row("content").must(), row("authors").list(), kObjectRefs);
constexpr auto kObservedData = properties(row("first_observed", Timestamp).must(), row("last_observed", Timestamp).must(), row("number_observed", Integer).from(1).upto(999'999'999).must(),
                                          row("objects", Container).deprecated(), ref("object_refs", "@observable @relationship @custom").list());
constexpr auto kOpinion = properties(row("explanation"), row("authors").list(), words("opinion", Vocabulary::Opinion).must(), kObjectRefs);
constexpr auto kReport = properties(kName.must(), kDescription, words("report_types", Vocabulary::ReportType).list(), row("published", Timestamp).must(), kObjectRefs);
constexpr auto kThreatActor = properties(kName.must(), kDescription, words("threat_actor_types", Vocabulary::ThreatActorType).list(), kAliases, kFirstSeen, kLastSeen,
                                         words("roles", Vocabulary::ThreatActorRole).list(), row("goals").list(), words("sophistication", Vocabulary::ThreatActorSophistication),
                                         words("resource_level", Vocabulary::AttackResourceLevel), words("primary_motivation", Vocabulary::AttackMotivation),
                                         words("secondary_motivations", Vocabulary::AttackMotivation).list(), words("personal_motivations", Vocabulary::AttackMotivation).list());
constexpr auto kTool = properties(kName.must(), kDescription, words("tool_types", Vocabulary::ToolType).list(), kAliases, kPhases, row("tool_version"));
constexpr auto kVulnerability = properties(kName.must(), kDescription);

constexpr auto kRelationship = properties(row("relationship_type").must(), kDescription, ref("source_ref", "@domain @observable @custom").must(),
                                          ref("target_ref", "@domain @observable @custom").must(), row("start_time", Timestamp), row("stop_time", Timestamp));
constexpr auto kSighting = properties(kDescription, kFirstSeen, kLastSeen, row("count", Integer).from(0).upto(999'999'999), ref("sighting_of_ref", "@domain @custom").must(),
                                      ref("observed_data_refs", "observed-data").list(), ref("where_sighted_refs", "identity location").list(), row("summary", Boolean));

constexpr auto kLanguageContent = properties(ref("object_ref", "@domain @relationship @observable marking-definition extension-definition @custom").must(), row("object_modified", Timestamp),
                                             row("contents", Contents).must());
constexpr auto kMarkingDefinition = properties(kName, row("definition_type"), row("definition", Any));
constexpr auto kExtensionDefinition = properties(kName.must(), kDescription, row("schema").must(), row("version").must(), words("extension_types", Vocabulary::ExtensionType).list().must(),
                                                 row("extension_properties").list());
constexpr auto kBundle = properties(row("objects", Objects).list());

constexpr OwnType kTypes[] = {
    {"attack-pattern",       Kind::Domain, "4.1", kAttackPattern},
    {"campaign",             Kind::Domain, "4.2", kCampaign},
    {"course-of-action",     Kind::Domain, "4.3", kCourseOfAction},
    {"grouping",             Kind::Domain, "4.4", kGrouping},
    {"identity",             Kind::Domain, "4.5", kIdentity},
    {"incident",             Kind::Domain, "4.6", kIncident},
    {"indicator",            Kind::Domain, "4.7", kIndicator},
    {"infrastructure",       Kind::Domain, "4.8", kInfrastructure},
    {"intrusion-set",        Kind::Domain, "4.9", kIntrusionSet},
    {"location",             Kind::Domain, "4.10", kLocation},
    {"malware",              Kind::Domain, "4.11", kMalware},
    {"malware-analysis",     Kind::Domain, "4.12", kMalwareAnalysis},
    {"note",                 Kind::Domain, "4.13", kNote},
    {"observed-data",        Kind::Domain, "4.14", kObservedData},
    {"opinion",              Kind::Domain, "4.15", kOpinion},
    {"report",               Kind::Domain, "4.16", kReport},
    {"threat-actor",         Kind::Domain, "4.17", kThreatActor},
    {"tool",                 Kind::Domain, "4.18", kTool},
    {"vulnerability",        Kind::Domain, "4.19", kVulnerability},
    {"relationship",         Kind::Relationship, "5.1", kRelationship},
    {"sighting",             Kind::Relationship, "5.2", kSighting},
    {"language-content",     Kind::LanguageContent, "7.1", kLanguageContent},
    {"marking-definition",   Kind::MarkingDefinition, "7.2.1", kMarkingDefinition},
    {"extension-definition", Kind::ExtensionDefinition, "7.3", kExtensionDefinition},
    {"bundle",               Kind::Bundle, "8", kBundle},
};
// clang-format on

}  // namespace

std::span<const OwnType> own_domain_types() { return kTypes; }

}  // namespace sluice::threat::stix
