// An organisation as others may know it, and its disclosure policy as data (ISO/IEC 29147 clause 9).
//
// The policy is published as a page and as JSON, linked from security.txt, and compared before anyone is invited.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/viewer.h"
#include "base/bind.h"
#include "cvd/default_embargo.h"

namespace sluice::cvd {

struct Contact {
  std::string kind;   // "security", "press", "legal"
  std::string uri;    // mailto:, https:, tel:
};
BOOST_DESCRIBE_STRUCT(Contact, (), (kind, uri))

struct PublicKey {
  std::string kind;   // "openpgp", "age"
  std::string text;   // armoured
  std::optional<std::string> fingerprint;
};
BOOST_DESCRIBE_STRUCT(PublicKey, (), (kind, text, fingerprint))

struct DisclosurePolicy {
  EmbargoPolicy embargo;
  std::optional<std::string> scope;                       // what may be reported, and what not
  std::vector<std::string> languages;                     // BCP 47
  std::vector<std::string> supported_products;
  std::optional<Duration> acknowledge_within, assess_within, update_every;  // what a reporter may expect by when
  std::optional<Duration> vendor_answers_within;          // as a case owner: what it holds a reasonable time for a vendor to answer an attempt to reach it
  std::optional<std::string> good_faith;                  // what the organisation promises to those who act in good faith
  std::optional<std::string> publication;                 // how and when it publishes
};
BOOST_DESCRIBE_STRUCT(DisclosurePolicy, (), (embargo, scope, languages, supported_products, acknowledge_within, assess_within, update_every, vendor_answers_within, good_faith, publication))

// A product, or all of a vendor's where nothing else is said of one: where it is sold, and as what. Words of the regimes' vocabulary.
struct PlacedAs {
  std::vector<std::string> markets;                       // ISO 3166-1 alpha-2, or EU
  std::optional<std::string> kind;                        // product, service, network
  std::optional<bool> consumer, commercial;
  std::vector<std::string> published;                     // contact, acknowledgement-times, support-period, disclosure-policy
};
BOOST_DESCRIBE_STRUCT(PlacedAs, (), (markets, kind, consumer, commercial, published))

struct OrganisationProfile {
  std::string name;
  std::optional<std::string> country;                     // ISO 3166-1 alpha-2: its seat
  std::vector<std::string> jurisdictions;                 // whose law binds it besides: where it operates
  std::vector<std::string> sectors;
  std::vector<Contact> contacts;
  std::vector<PublicKey> keys;
  std::optional<std::string> tracking_prefix;             // of its own tracking ids
  std::optional<bool> takes_reports;                      // on this site, through the public form
  std::optional<DisclosurePolicy> policy;
  std::vector<std::string> flags;                         // what laws ask of it besides: essential, listed, processor, …
  std::optional<PlacedAs> products;                       // unless a product says otherwise
  std::vector<std::string> not_flags;                     // of those, what it has said it isn't; what stands in neither was never said
};
BOOST_DESCRIBE_STRUCT(OrganisationProfile, (), (name, country, jurisdictions, sectors, contacts, keys, tracking_prefix, takes_reports, policy, flags, products, not_flags))

Result<void> check(const OrganisationProfile& profile);
bool is_place(std::string_view text);                     // two capital letters
Result<void> check(const PlacedAs& placed, const std::string& where);

}  // namespace sluice::cvd
