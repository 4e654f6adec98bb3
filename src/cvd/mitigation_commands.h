// Commands on mitigations before a case is public. A part of commands.h.
#pragma once

#include "cvd/mitigation_events.h"

namespace sluice::cvd {

inline constexpr std::size_t kMostMitigationText = 20'000;
inline constexpr std::size_t kMostMitigationReceivers = 200;         // of one batch

// `part`: workaround or detection. Without a text what was said is taken back, and `why` says why.
struct NoteMitigation { VulnerabilityId vulnerability; ProductId product; MitigationPart part = MitigationPart::Workaround; std::optional<std::string> text, why; };
BOOST_DESCRIBE_STRUCT(NoteMitigation, (), (vulnerability, product, part, text, why))

// By id or alias, of collections that the case's owner reads and writes. The coordination learns who their members are.
struct ChooseMitigationCollections { MitigationRole role = MitigationRole::Deployer; std::vector<std::string> collections; };
BOOST_DESCRIBE_STRUCT(ChooseMitigationCollections, (), (role, collections))

// `text`: what this role is told; none: what the proposal has for it. `objects`: ids of prepared objects that detect; none named: all of them. Who joined since is told the same, so neither can be said again.
// `despite`: why those whom the gate allows have it though it denies others of the role.
struct ShareMitigation { MitigationId mitigation; MitigationRole role = MitigationRole::Deployer; std::optional<std::string> text; std::optional<std::vector<std::string>> objects; std::string why, who_is_exposed, how_badly, what_they_can_do; std::optional<std::string> despite; };
BOOST_DESCRIBE_STRUCT(ShareMitigation, (), (mitigation, role, text, objects, why, who_is_exposed, how_badly, what_they_can_do, despite))
// A person's no: the proposal ends, and comes again when something about it changes.
struct DeclineMitigation { MitigationId mitigation; std::string why; };
BOOST_DESCRIBE_STRUCT(DeclineMitigation, (), (mitigation, why))

}  // namespace sluice::cvd
