// A Disclosure: this content, to this audience, at this time, by this actor, on this basis. Everything that leaves is one first.
//
// Its JSON (model: bytes) is what `sluice gate ask` reads, what a Ruling names by hash and what the ledger keeps.
//
// Always holds
//   G1  hash_of() is SHA-256 over the RFC 8785 form of the whole Disclosure: any change makes another one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/tlp.h"

namespace sluice::gate {

using sluice::Tlp;

// "sha256:<64 hexadecimal digits>"
struct ContentHash {
  Hash bytes{};
  std::string text() const;
  static std::optional<ContentHash> parse(std::string_view text);
  auto operator<=>(const ContentHash&) const = default;
};

// What a class says of the content. The first four are the gate's own and carry nothing of a case's substance; regimes/ brings further words.
namespace classes {
inline constexpr std::string_view kKnock = "knock";                    // a neutral line and a link
inline constexpr std::string_view kStub = "invitation.stub";           // terms, end, why essential: no title, no other party
inline constexpr std::string_view kTerms = "embargo.terms";            // proposals, answers, settlement of terms
inline constexpr std::string_view kMailbox = "report.mailbox";         // the reporter's own thread
inline constexpr std::string_view kIdentity = "reporter.identity";     // who reported
}  // namespace classes

struct Content {
  std::string object;                             // an id, such as "advisory:a_…"
  int version = 1;
  ContentHash hash;
  TlpLabel marking = Tlp::AmberStrict;
  std::vector<std::string> classes;
  std::vector<std::string> vulnerabilities;       // ids or CVE names; empty: what the content is about isn't narrowed down
  bool operator==(const Content&) const = default;
};
BOOST_DESCRIBE_STRUCT(Content, (), (object, version, hash, marking, classes, vulnerabilities))

enum class AudienceKind { Organisation, Person, Public, Community, Reporter };
BOOST_DESCRIBE_ENUM(AudienceKind, Organisation, Person, Public, Community, Reporter)

struct Audience {
  AudienceKind kind = AudienceKind::Organisation;
  std::optional<std::string> id;                  // "o_…", "p_…", "r_…"; a community's name; none for the public
  std::optional<std::string> country;             // ISO 3166-1 alpha-2
  std::vector<std::string> roles;
  bool operator==(const Audience&) const = default;

  static Audience of(OrganisationId id) { return {AudienceKind::Organisation, id.text(), {}, {}}; }
  static Audience of(PersonId id) { return {AudienceKind::Person, id.text(), {}, {}}; }
  static Audience of(ReportId id) { return {AudienceKind::Reporter, id.text(), {}, {}}; }
  static Audience everyone() { return {AudienceKind::Public, {}, {}, {}}; }
  static Audience community(std::string name) { return {AudienceKind::Community, std::move(name), {}, {}}; }
};
BOOST_DESCRIBE_STRUCT(Audience, (), (kind, id, country, roles))

// The ways out, one word each (model: all ways out).
enum class Channel { Api, Mailbox, Mail, Webhook, Stub, Stream, Download, Export, PublicSite, Feed, CsafProvider, CveService, OsvFeed, AuthorityNotice, Calendar, Federation, Taxii };
BOOST_DESCRIBE_ENUM(Channel, Api, Mailbox, Mail, Webhook, Stub, Stream, Download, Export, PublicSite, Feed, CsafProvider, CveService, OsvFeed, AuthorityNotice, Calendar, Federation,
                    Taxii)

// On what ground. Each needs something in the facts that bears it out.
enum class BasisKind {
  Participant,   // takes part in the case, because essential
  Invitation,    // is asked to take part
  Report,        // the reporter sends it to the receiver it confirmed; or answers in its mailbox
  Consent,       // whom it concerns agreed
  Grant,         // a standing right: share, subscription, collection
  Release,       // an approved release plan
  Duty,          // a rule of a regime in scope demands it
  Decision,      // an accountable person decided
  Notice,        // a neutral line to somebody who may see the thing
};
BOOST_DESCRIBE_ENUM(BasisKind, Participant, Invitation, Report, Consent, Grant, Release, Duty, Decision, Notice)

struct Basis {
  BasisKind kind = BasisKind::Participant;
  std::optional<std::string> essential;           // why this party is essential to a remedy
  std::optional<GrantId> grant;
  std::optional<ReleaseId> release;
  std::optional<std::string> rule;                // a regime's rule
  std::optional<DecisionId> decision;
  bool operator==(const Basis&) const = default;
};
BOOST_DESCRIBE_STRUCT(Basis, (), (kind, essential, grant, release, rule, decision))

struct Disclosure {
  int v = 1;
  Content content;
  Audience audience;
  Channel channel = Channel::Api;
  Instant at;                                     // when it is to reach the audience
  std::optional<PersonId> actor;                  // absent: the machine
  std::optional<CaseId> case_;                    // "case"; absent: nothing to do with one
  Basis basis;
  bool operator==(const Disclosure&) const = default;
};
BOOST_DESCRIBE_STRUCT(Disclosure, (), (v, content, audience, channel, at, actor, case_, basis))

ContentHash hash_of(const Disclosure& disclosure);
ContentHash hash_of_content(ByteView bytes);
Result<Disclosure> read_disclosure(const json::value& value);   // from_json, and v is 1

bool has_class(const Content& content, std::string_view name);
// Made of the gate's own neutral classes alone (knock), or of what an invited party may see (knock, stub, terms).
bool is_neutral(const Content& content);
bool is_negotiation(const Content& content);

}  // namespace sluice::gate

namespace sluice {
template <> json::value to_json<gate::ContentHash>(const gate::ContentHash& hash);
template <> Result<void> read_json<gate::ContentHash>(const json::value& value, gate::ContentHash& out, const std::string& where, std::initializer_list<std::string_view> ignored);
}  // namespace sluice
