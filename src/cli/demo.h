// The demo: a fresh site in which one disclosure is replayed through the public API, then served for people to look at.
//
// A script (demo/*.yaml, built in; log4shell unless another is chosen) says who is there and what each does when. Its steps:
//
//   - at: 2021-11-24T07:51:00Z        the scripted clock is set to this instant first (time goes forward only)
//     as: finder                      one of the script's people; without: nobody is signed in
//     post: /reports                  or get, put, patch; a path of the API
//     body: {title: …}                sent as JSON
//     occurred: 2021-12-01T04:36:50Z  claimed, where it differs
//     under: ${pseudonym}             sent under this pseudonym
//     save: {report: /id}             values of the answer, by JSON Pointer, for ${report} in later steps
//     expect: 201                     the status; default: any 2xx. Another status ends the demo with an error
//     say: Alibaba Cloud reports.     one line for the terminal
//   - tick: true                      the ledger's tick closes now
//   - threats: true                 what is shared is looked at for the cases it touches
//   - receipts: true                  fetches the receipts of all entries so far and verifies them
//
// `collections` names sharing collections, each with a title and the organisations that read and write it; their objects are posted to /taxii2/root/collections/KEY/objects/,
// and one that isn't taken ends the demo, unless the step saves what was said of it.
// "${now+P45D}" in a body is an instant after the clock's own; "$${" is "${" itself. Words of people who never wrote them are marked "(invented for this replay)".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace sluice::cli {

struct DemoOrganisation {
  std::string key, name, kind;
  std::string country;
  bool takes_reports = false;
};
struct DemoPerson {
  std::string key, name, mail, organisation, role;
};
struct DemoCollection {
  std::string key, title;                         // the key is its alias
  std::vector<std::string> members;
};
struct DemoStep {
  int line = 0;                                   // in the script
  std::optional<Instant> at, occurred;
  std::string as, verb, path, under;
  json::value body;
  std::map<std::string, std::string> save;
  int expect = 0;
  std::string say;
  bool tick = false, receipts = false, threats = false;
};
struct DemoScript {
  std::string own_organisation, own_country;      // the site's own: its name and seat
  Instant begins;
  std::vector<DemoOrganisation> organisations;
  std::vector<DemoPerson> people;
  std::vector<DemoCollection> collections;
  std::vector<DemoStep> steps;
};

// demo/*.yaml, built in.
std::string_view log4shell_script();
std::string_view krack_script();
std::string_view meltdown_script();
Result<DemoScript> read_script(std::string_view yaml);

// "${name}" and "${now+P7D}" in every string of a value, keys apart. Invalid, naming it, if a name isn't known.
using Names = std::map<std::string, std::string>;
Result<std::string> substituted(std::string_view text, const Names& names, Instant now);
Result<json::value> substituted_in(const json::value& value, const Names& names, Instant now);

}  // namespace sluice::cli
