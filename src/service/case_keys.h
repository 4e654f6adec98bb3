// By what an organisation's cases are known in threat objects: identifiers, products, the objects they prepared and the values in those. In memory alone, from the organisation's own views.
//
//   TRY(const auto keys, services.case_keys->of(services, organisation, kind));
//   for (const auto& touched : touched_by(*keys, said, values, object_id)) …
//
// Always holds
//   K1  Keys of an organisation come from cases whose content it reads now, by its own view, and are asked for on its behalf alone: whoever isn't in a case touches nothing.
//   K2  What is kept of a case was made of exactly that version of it.
// Safe to call from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "access/viewer.h"
#include "cvd/case.h"
#include "gate/facts.h"
#include "threat/exploitation.h"

namespace sluice::service {

struct Services;

struct CaseKey {
  struct OfVulnerability { VulnerabilityId id; std::optional<std::string> cve; bool is_exploited = false, is_attacked = false; };
  CaseId id;
  std::int64_t version = 0;
  bool is_open = false;                           // takes proposals: neither closed for good nor merged away
  bool is_held_back = false;                      // an embargo runs
  bool coordinates = false;                       // this organisation owns or coordinates the case
  std::vector<OrganisationId> coordinators;       // all that read its coordination, where this one coordinates
  std::vector<OfVulnerability> vulnerabilities;   // in the case's order
  std::set<std::string, std::less<>> products;    // threat::product_key
  std::map<std::string, std::vector<std::string>, std::less<>> prepared;  // ids of the case's own threat objects, those told of a mitigation among them, and the CVE ids that each names
  std::set<threat::Value> values;                 // in those
  gate::Facts facts;                              // for the gate, towards this organisation
};
using KeysOfCases = std::vector<std::shared_ptr<const CaseKey>>;

class CaseKeys {
 public:
  // Of all cases whose content the organisation reads. `kind` as the directory has it.
  Result<KeysOfCases> of(Services& services, OrganisationId organisation, access::OrganisationKind kind);

 private:
  std::mutex mutex_;
  std::map<OrganisationId, std::map<CaseId, std::shared_ptr<const CaseKey>>> kept_;
  std::size_t count_ = 0;
};

// Somebody of the organisation without any right beside those that each of its staff has.
access::Viewer anyone_of(OrganisationId organisation, access::OrganisationKind kind);

struct Touched {
  std::shared_ptr<const CaseKey> key;
  VulnerabilityId vulnerability;
  cvd::Touch touch = cvd::Touch::Identifier;
  std::string what;                               // in words: "the identifier CVE-2021-44228"
};
// What the object itself names of these cases; each vulnerability once, by the strongest touch. `values`: threat::values_of the object, asked for only where a case has any.
std::vector<Touched> touched_by(const KeysOfCases& keys, const threat::SaidOfWorld& said, const json::object& object);

// Told to the sender, and to nobody else.
inline constexpr std::string_view kHeldBack =
    "The gate holds this back: it would tell what your organisation agreed to keep to itself until an embargo ends. Whoever handles such cases in your organisation can say more.";

// The gate's word on objects that somebody is about to share: what its own organisation has agreed to hold back goes to nobody else. An outsider's object on the same thing is held by nothing.
class HeldBack {
 public:
  static Result<HeldBack> of(Services& services, const access::Viewer& sender);
  // Why this object may not go to that audience of a collection, for the sender; "" where it may. It says nothing that a token which reads no case couldn't be told.
  std::string why_not(const json::object& object, std::string_view audience, Tlp marking, Instant now);
  // Puts what was held on record in the cases it would have given away.
  void note(Services& services);

 private:
  struct Noted { CaseId id; std::string object, version, touches; };
  OrganisationId organisation_;
  std::string community_;
  KeysOfCases keys_;                              // those under an embargo
  std::vector<Noted> noted_;
};

}  // namespace sluice::service
