// What is told of a mitigation before a case is public: to all of a role at one instant, each role what it needs and no more. A part of events.h, which says what an event is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cvd/threat_events.h"

namespace sluice::cvd {

// Who installs it (Vultron: Deployer), and who watches for attacks and supplies nothing: of a case's participants its observers.
enum class MitigationRole { Deployer, Defender };
BOOST_DESCRIBE_ENUM(MitigationRole, Deployer, Defender)

// Fix: users can have it (availability.h). Workaround: what to do without it. Detection: what to look for.
enum class MitigationPart { Fix, Workaround, Detection };
BOOST_DESCRIBE_ENUM(MitigationPart, Fix, Workaround, Detection)

using MitigationId = DecisionId;                 // a proposal is a decision that waits for a person

// A workaround or what detects an attack, in words; without a text it is taken back. Of a fix the remedy's steps speak.
struct MitigationNoted { static constexpr auto kType = "MitigationNoted"; VulnerabilityId vulnerability; ProductId product; MitigationPart part = MitigationPart::Workaround; std::optional<std::string> text, why; };
BOOST_DESCRIBE_STRUCT(MitigationNoted, (), (vulnerability, product, part, text, why))

struct PartThere { MitigationPart part = MitigationPart::Fix; std::string text; bool operator==(const PartThere&) const = default; };
BOOST_DESCRIBE_STRUCT(PartThere, (), (part, text))
// Made by rule from what is there (mitigation.h), and ended when that changes.
struct MitigationProposed { static constexpr auto kType = "MitigationProposed"; MitigationId mitigation; VulnerabilityId vulnerability; ProductId product; std::vector<PartThere> parts; };
BOOST_DESCRIBE_STRUCT(MitigationProposed, (), (mitigation, vulnerability, product, parts))
struct MitigationProposalEnded { static constexpr auto kType = "MitigationProposalEnded"; MitigationId mitigation; std::string why; bool declined = false; };
BOOST_DESCRIBE_STRUCT(MitigationProposalEnded, (), (mitigation, why, declined))

// Collections whose members stand for a role, by id; all of them.
struct MitigationCollectionsChosen { static constexpr auto kType = "MitigationCollectionsChosen"; MitigationRole role = MitigationRole::Deployer; std::vector<std::string> collections; };
BOOST_DESCRIBE_STRUCT(MitigationCollectionsChosen, (), (role, collections))

struct MitigationReceiver { OrganisationId organisation; RulingId ruling; std::optional<std::string> collection; };   // collection: the one by which it has it; none: as a participant
BOOST_DESCRIBE_STRUCT(MitigationReceiver, (), (organisation, ruling, collection))
struct MitigationLeftOut { OrganisationId organisation; std::optional<std::string> collection; std::string why; };
BOOST_DESCRIBE_STRUCT(MitigationLeftOut, (), (organisation, collection, why))
// One batch. `despite`: why it goes though some of the role go without.
struct MitigationShared { static constexpr auto kType = "MitigationShared"; MitigationId mitigation; DecisionId decision; MitigationRole role = MitigationRole::Deployer; std::string text; std::vector<std::string> classes; std::vector<PreparedObject> objects; std::vector<MitigationReceiver> receivers; std::vector<MitigationLeftOut> left_out; std::optional<std::string> despite; };
BOOST_DESCRIBE_STRUCT(MitigationShared, (), (mitigation, decision, role, text, classes, objects, receivers, left_out, despite))
// The same, as its receiver reads it.
struct MitigationTold { static constexpr auto kType = "MitigationTold"; MitigationId mitigation; MitigationRole role = MitigationRole::Deployer; VulnerabilityId vulnerability; std::string text; std::vector<std::string> classes; std::vector<PreparedObject> objects; };
BOOST_DESCRIBE_STRUCT(MitigationTold, (), (mitigation, role, vulnerability, text, classes, objects))

}  // namespace sluice::cvd
