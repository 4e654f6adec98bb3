// What a member gives to its community, in points that it can check one by one, and what its standing lets it read.
//
// Pure: events come in with their times, the rules are data that an alliance votes on (docs/quality.md).
//
// Always holds
//   C1  The order of the events never matters; what lies after the instant asked for doesn't count.
//   C2  Each point stands on a line of its own with its reason; the lines of a day, cut as said beside them, are the day.
//   C3  Standing only ever narrows what the markings allow (reading_of never widens), and never keeps back a recall or a revocation.
//   C4  Points say who gave, so they are for the member itself and its alliance's officers; a pseudonym's points are shown to nobody else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bind.h"
#include "base/tlp.h"
#include "threat/quality.h"

namespace sluice::threat {

enum class ContributionKind {
  Package,        // objects submitted together
  Validated,      // confirmed, or rightly doubted, another member's find
  AddedContext,   // actor, technique, target … to another member's object
  ProvenNoise,    // a find of its own was proven to be a false positive
};
BOOST_DESCRIBE_ENUM(ContributionKind, Package, Validated, AddedContext, ProvenNoise)

struct ContributionEvent {
  Instant at;
  ContributionKind kind = ContributionKind::Package;
  std::string id;               // of the package or object: each counts once a kind
  MilliPoints quality = 0;      // of a package: the mean of its objects' scores when they came
  std::int64_t objects = 0;     // of a package: that weren't duplicates
};

struct ContributionRules {
  std::int64_t package_share = 100;        // thousandths of the package's quality
  std::int64_t object_share = 50;          // thousandths more for each further object …
  std::int64_t objects_counted = 21;       // … up to so many
  MilliPoints validated = 3'000, added_context = 2'000, noise = -10'000;
  MilliPoints most_a_day = 100'000;        // gains of one day; penalties aren't cut
  std::int64_t window_days = 90;           // the daily mean is over so many days, or since the member joined
  std::int64_t least_days = 7;             // … but never over fewer
};
BOOST_DESCRIBE_STRUCT(ContributionRules, (), (package_share, object_share, objects_counted, validated, added_context, noise, most_a_day, window_days, least_days))

struct ContributionLine {
  Instant at;
  std::string id;
  MilliPoints points = 0;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ContributionLine, (), (at, id, points, reason))

struct Contribution {
  MilliPoints total = 0;        // within the window, after each day's cut
  std::int64_t days = 0;        // of the window
  MilliPoints daily_mean = 0;   // rounded towards zero
  std::int64_t packages = 0;
  MilliPoints per_package = 0;  // mean of the packages' own points
  std::vector<ContributionLine> lines;  // by time, then id
};
BOOST_DESCRIBE_STRUCT(Contribution, (), (total, days, daily_mean, packages, per_package, lines))

Contribution contribution_of(std::span<const ContributionEvent> events, Instant joined, Instant at, const ContributionRules& rules);

// ---- standing --------------------------------------------------------------------------------------------------------------------------------

struct StandingStep {
  std::string name;                     // "observer", "contributor"
  std::optional<MilliPoints> daily_mean;  // at least; absent: everybody
  TlpLabel may_read = Tlp::AmberStrict; // the strictest label it is given
  Duration delay{};                     // what is new is given so much later
  std::optional<std::int64_t> objects_a_day;  // absent: no limit
  std::vector<std::string> collections; // aliases; empty: all that the member is in
};
BOOST_DESCRIBE_STRUCT(StandingStep, (), (name, daily_mean, may_read, delay, objects_a_day, collections))

struct StandingRules {
  std::vector<StandingStep> steps;      // from the lowest; empty: standing has no effect
  std::int64_t grace_days = 30;         // a new member …
  std::string grace_step;               // … stands at least here; "": no grace
  bool is_by_vote = false;              // the alliance voted for these; shown beside what they do
};
BOOST_DESCRIBE_STRUCT(StandingRules, (), (steps, grace_days, grace_step, is_by_vote))

// Invalid with a JSON Pointer: a first step that leaves someone out, thresholds or rights that fall from step to step, unknown names, sums that overflow.
Result<void> check(const ContributionRules& rules);
Result<void> check(const StandingRules& rules);

struct Standing {
  std::string name;                     // "" where there are no steps
  bool is_grace = false;
  std::optional<MilliPoints> to_next;   // milli-points of daily mean that the next step asks for beyond what there is
  std::string why;
};
Standing standing_of(const Contribution& contribution, Instant joined, Instant at, const StandingRules& rules);

enum class Delivery { Ordinary, Recall };  // a recall or a revocation of what was delivered

struct Reading {
  bool is_given = true;
  Tlp ceiling = Tlp::Red;               // what the marking's own ceiling is narrowed to
  Duration delay{};
  std::optional<std::int64_t> objects_a_day;
  std::string why;
};
// `ceiling`: what the markings let this reader have in this collection (marking.h).
Reading reading_of(const Standing& standing, const StandingRules& rules, std::string_view collection, Tlp ceiling, Delivery delivery);

// The same for one page: what is given of it, now and to this reader.
struct Allowance {
  bool is_given = true;                 // false: of this collection nothing but what is its own, was given before, or takes back what was
  Tlp ceiling = Tlp::Red;
  std::optional<Instant> upto;          // what came later isn't given yet
  std::optional<std::int64_t> left_today;  // so many that it wasn't given before
  std::string why;                      // "" where standing narrows nothing

  bool narrows() const { return !why.empty(); }
};
Allowance allowance_of(const Standing& standing, const StandingRules& rules, std::string_view collection, Tlp ceiling, Instant now, std::int64_t given_today);

struct OfferedObject {
  Tlp tlp = Tlp::Red;                   // the strictest of it and its parts
  Instant posted;
  bool is_own = false;                  // the reader sent it
  bool was_given = false;               // this version, before
  bool takes_back = false;              // revokes an object of which the reader was given some version
};
// Stop: neither this nor anything after it yet, so that a reader who goes on from there later loses nothing. Give counts it.
enum class Offer { Give, Leave, Stop };
Offer offer_of(const OfferedObject& object, Allowance& allowance);

}  // namespace sluice::threat
