// What may be said of the sender behind a pseudonym, so that at least k members could stand behind it.
//
// Each member is given a label by one rule for the whole collection: how much of sector and region is said is a *level*, and the level follows from the members alone, never from who sends. Would each be
// told as precisely as its own group allows, what is left out would tell: "nothing is said" would mean one of the few whose groups are small. (Full-domain generalisation, against the attack by minimality:
// Wong et al., VLDB 2007.)
//
// Pure: members come in as values.
//
// Always holds
//   A1  At the level that level_for gives, each label that any member has is that of at least k members.
//   A2  A coarser level joins labels and never divides them, so that at the coarsest all members have one.
//   A3  One alone is no group, whatever k says: least_group is never under two.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bind.h"
#include "base/time.h"

namespace sluice::threat {

// From the most that is said to nothing. Sectors are STIX 2.1's industry-sector-ov, regions its region-ov; a wide region is the continent.
enum class SaidOfSender { SectorAndRegion, SectorAndWideRegion, Sector, Region, WideRegion, Nothing };
BOOST_DESCRIBE_ENUM(SaidOfSender, SectorAndRegion, SectorAndWideRegion, Sector, Region, WideRegion, Nothing)

struct CommunityMember {
  std::string sector, region;           // "": it has none
  Instant since;                        // it has been one since
};

struct SenderLabel {
  std::string sector, region;           // "": nothing is said of it
  auto operator<=>(const SenderLabel&) const = default;
};
BOOST_DESCRIBE_STRUCT(SenderLabel, (), (sector, region))

std::int64_t least_group(std::int64_t k);
SenderLabel label_of(const CommunityMember& member, SaidOfSender level);
// The first from `most` on that is coarse enough; none: even all members together are fewer than k.
std::optional<SaidOfSender> level_for(std::span<const CommunityMember> members, std::int64_t k, SaidOfSender most);
// How many could stand behind a label that was given at an instant: who came later can be ruled out, and who is gone too.
std::int64_t group_size(std::span<const CommunityMember> members, const SenderLabel& label, SaidOfSender level, Instant given);
// The first of an organisation's sectors that the standard knows; "" if none is.
std::string sector_among(std::span<const std::string> sectors);

}  // namespace sluice::threat
