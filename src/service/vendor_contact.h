// Whom to write to about a product of a vendor that takes part in no case yet: somebody of this site, else what the vendor's security.txt says.
//
// Asked by a person or a person's token, never by the machine of its own accord and never with a case: the request tells the vendor's server that this
// site looks for a contact (docs/decisions/0010). What comes back is shown to people; nothing is sent to anybody, and nothing a file names is fetched.
//
// Always holds
//   V1  The domain stands in no log, no URL of ours, no entry and on no disk. Answers are remembered in memory, for an hour, for the organisation that
//       asked alone: to others a remembered answer would tell that somebody asked (EXI).
//   V2  An organisation of this site is named because its own profile names the domain; that is its word, and the answer says so.
#pragma once

#include <functional>
#include <map>

#include "service/outbound.h"
#include "service/services.h"

namespace sluice::service {

enum class AskVendor { IfNobodyHere, Always, Never };
BOOST_DESCRIBE_ENUM(AskVendor, IfNobodyHere, Always, Never)

struct FindContact {
  std::string domain;
  std::optional<AskVendor> ask_vendor;             // default: if nobody of this site takes its reports
};
BOOST_DESCRIBE_STRUCT(FindContact, (), (domain, ask_vendor))

class VendorContacts {
 public:
  VendorContacts(Services& services, Outbound& outbound) : services_(services), outbound_(outbound) {}

  // {"domain", "found": "here"|"security_txt"|"nothing", "organisations", "security_txt"}; the last has the file, or what was tried and came of it.
  // `done` is called exactly once if this is no error: at once, or on a thread of the outbound client.
  using Done = std::move_only_function<void(Result<json::object>)>;
  Result<void> find(const access::Viewer& viewer, const FindContact& wanted, Done done);

 private:
  Result<json::object> here(const std::string& domain);
  struct Remembered { json::object answer; Duration at{}; };
  using Key = std::pair<OrganisationId, std::string>;
  std::optional<json::object> remembered(const Key& key);
  void remember(const Key& key, const json::object& answer);

  Services& services_;
  Outbound& outbound_;
  std::mutex mutex_;
  std::map<Key, Remembered> memory_;
};

// Of the profiles' contacts: mailto:, https: of this domain or one below it.
bool names_domain(const cvd::OrganisationProfile& profile, std::string_view domain);

}  // namespace sluice::service
