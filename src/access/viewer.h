// Who asks: a person or a token acting for ONE organisation (ACC-2), a reporter with a report code, the machine itself, or nobody.
//
// Made by service/ from a session, a token or a report code, and by nothing else; mail addresses and domains never count. A value; what
// the organisation is in a case is not here but in Standing.
//
// Always holds (of a Viewer that service/ made)
//   A2  Person and Machine have an organisation and a person (for a token: who issued it; it never has more rights than that person).
//   A3  is_instance_admin is set exactly for an Admin who acts for the site's own organisation. Whoever also works for another organisation signs
//       in for it anew and is then no instance administrator: the two never meet in one Viewer, and the one opens no case (ACC-5).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/id.h"
#include "base/time.h"

namespace sluice::access {

// An Operator runs a network: a deployer. The site's own organisation may be of any kind.
enum class OrganisationKind { Vendor, Coordinator, Finder, Member, Authority, Operator };
BOOST_DESCRIBE_ENUM(OrganisationKind, Vendor, Coordinator, Finder, Member, Authority, Operator)

// What a person is in the organisation (an affiliation has one).
enum class SiteRole { Staff, Admin, Auditor, Counsel, Trustee };
BOOST_DESCRIBE_ENUM(SiteRole, Staff, Admin, Auditor, Counsel, Trustee)

// What a token may be used for. Publish, Members, Export and Keys are the high scopes: only a stepped-up session gives them, for a day at most (AUT-6).
enum class Scope { CaseRead, CaseWrite, ReportWrite, Publish, Members, Export, Keys, OrganisationAdmin, PeopleAdmin, CollectionRead, CollectionWrite, SiteAdmin, AuditRead };
BOOST_DESCRIBE_ENUM(Scope, CaseRead, CaseWrite, ReportWrite, Publish, Members, Export, Keys, OrganisationAdmin, PeopleAdmin, CollectionRead, CollectionWrite, SiteAdmin, AuditRead)

class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(std::initializer_list<Scope> scopes) {
    for (const auto scope : scopes) add(scope);
  }
  static constexpr Scopes all() { return from_bits((1u << (static_cast<unsigned>(Scope::AuditRead) + 1)) - 1); }
  static constexpr Scopes high() { return {Scope::Publish, Scope::Members, Scope::Export, Scope::Keys}; }
  static constexpr Scopes from_bits(std::uint32_t bits) { Scopes s; s.bits_ = bits; return s; }

  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  constexpr bool within(Scopes other) const { return (bits_ & ~other.bits_) == 0; }  // a token can't make a stronger token
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint32_t bits() const { return bits_; }
  constexpr Scopes operator&(Scopes other) const { return from_bits(bits_ & other.bits_); }
  constexpr bool operator==(const Scopes&) const = default;

 private:
  static constexpr std::uint32_t bit(Scope scope) { return 1u << static_cast<unsigned>(scope); }
  std::uint32_t bits_ = 0;
};

std::string to_text(Scopes scopes);                                 // "case_read case_write", in the order above
std::optional<Scopes> parse_scopes(std::string_view text);          // the same, in any order; an unknown word is nothing at all

struct Viewer {
  enum class Kind { Nobody, Reporter, Person, Machine, System };

  Kind kind = Kind::Nobody;
  std::optional<ReportId> report = {};                              // Reporter: the one mailbox the code opens
  std::optional<PersonId> person = {};
  std::optional<OrganisationId> organisation = {};
  OrganisationKind organisation_kind = OrganisationKind::Member;
  SiteRole role = SiteRole::Staff;
  bool is_of_site = false;                                          // acts for the site's own organisation
  bool is_instance_admin = false;                                   // and administers it
  Scopes scopes = {};                                               // Machine only; a person's session has what the roles give
  std::optional<Instant> stepped_up_at = {};
  std::optional<SessionId> session = {};
  std::optional<TokenId> token = {};
  std::optional<std::string> pseudonym = {};                        // a token that sends under it and in no other way (service/pseudonyms.h)
  std::vector<CaseId> broken_glass = {};                            // an instance administrator's: cases that two persons opened for it, for hours (ACC-5)

  static Viewer nobody() { return {}; }
  static Viewer system() { return {.kind = Kind::System}; }
  static Viewer reporter(ReportId id) { return {.kind = Kind::Reporter, .report = id}; }

  bool is_signed_in() const { return kind == Kind::Person || kind == Kind::Machine; }
  // A token uses only what it was given; everybody else is limited by roles alone.
  bool has_scope(Scope scope) const { return kind != Kind::Machine || scopes.has(scope); }
  // AUT-6: a factor within ten minutes. A token has its high scopes from a stepped-up session and needs none at use.
  bool is_stepped_up(Instant now) const;

  bool operator==(const Viewer&) const = default;
};

}  // namespace sluice::access
