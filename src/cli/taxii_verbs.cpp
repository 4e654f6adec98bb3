// `sluice taxii`: a client of any TAXII 2.1 server, our own or a peer's. Needs no site and no data directory.
#include "cli/console.h"
#include "cli/pseudonym_option.h"
#include "cli/taxii_connect.h"

namespace sluice::cli {

namespace {

json::object collection_json(const taxii::Collection& one, const std::string& root) {
  json::object out{{"api_root", root}, {"id", one.id}, {"title", one.title}};
  if (!one.alias.empty()) out["alias"] = one.alias;
  if (!one.description.empty()) out["description"] = one.description;
  out["can_read"] = one.can_read;
  out["can_write"] = one.can_write;
  if (!one.media_types.empty()) out["media_types"] = json::array(one.media_types.begin(), one.media_types.end());
  return out;
}

Result<int> discover(const Arguments& a) {
  TRY(auto connection, connect(a));
  TRY(const auto found, taxii::roots_at(connection.peer, connection.url));
  if (a.json()) {
    json::array roots;
    for (const auto& [url, root] : found.roots) {
      json::object one{{"url", url}, {"title", root.title}, {"versions", json::array(root.versions.begin(), root.versions.end())}, {"max_content_length", root.max_content_length}};
      if (!root.description.empty()) one["description"] = root.description;
      roots.push_back(std::move(one));
    }
    json::object out{{"api_roots", std::move(roots)}};
    if (found.discovery) out["title"] = found.discovery->title;
    if (found.discovery && !found.discovery->description.empty()) out["description"] = found.discovery->description;
    if (found.discovery && !found.discovery->contact.empty()) out["contact"] = found.discovery->contact;
    print_json(out);
    return 0;
  }
  if (found.discovery) tell(found.discovery->title + (found.discovery->contact.empty() ? "" : " (" + found.discovery->contact + ")"));
  for (const auto& [url, root] : found.roots) print(url + "  " + root.title);
  return 0;
}

Result<int> collections(const Arguments& a) {
  TRY(auto connection, connect(a));
  TRY(const auto found, taxii::roots_at(connection.peer, connection.url));
  json::array all;
  std::optional<Error> first;
  for (const auto& [url, root] : found.roots) {
    const auto listed = taxii::collections_of(connection.peer, url);
    if (!listed) {
      if (!first) first = listed.error();
      continue;
    }
    for (const auto& one : *listed) {
      if (a.json()) all.push_back(collection_json(one, url));
      else print(one.id + "  " + (one.can_read ? "r" : "-") + (one.can_write ? "w" : "-") + "  " + one.title + (one.alias.empty() ? "" : " (" + one.alias + ")"));
    }
  }
  if (first && (all.empty() || found.roots.size() == 1)) return std::unexpected(*first);
  if (first) tell(first->message);
  if (a.json()) print_json(all);
  return 0;
}

constexpr Option kUrl{"URL", "", Takes::Required, "the server's address: its discovery (https://host/taxii2/), an API root, or the bare host"};
constexpr Option kCollection{"--collection", "C", Takes::Required, "the collection: its id, alias, or a title that one alone has"};

std::vector<Option> reading(std::vector<Option> own) {
  std::vector<Option> out{
      kUrl, kCollection,
      {"--into", "DIR", Takes::One, "a file an object, as sent: DIR/TYPE/ID.VERSION.json"},
      {"--out", "FILE", Takes::One, "an object a line; - for standard output"},
  };
  out.insert(out.end(), own.begin(), own.end());
  const Option more[] = {
      {"--state", "FILE", Takes::One, "where it keeps how far it is, after each page; the same command goes on from there"},
      {"--added-after", "INSTANT", Takes::One, "only what was added to the collection after this"},
      {"--type", "TYPE", Takes::Many, "only objects of this type; several by commas, or the flag again"},
      {"--id", "ID", Takes::Many, "only this object; likewise"},
      {"--version", "WHICH", Takes::Many, "last (what servers take it as), first, all, or instants"},
      {"--spec-version", "V", Takes::Many, "of STIX: 2.0, 2.1"},
      {"--limit", "N", Takes::One, "objects a page that are asked for (default 1000); a server may give fewer"},
      {"--overlap", "LENGTH", Takes::One, "how much is read again at each cut, for servers that show objects late (default 1ms, and what their times are rounded to)"},
      {"--accept-loss", "", Takes::Switch, "where a server gives no way to read all without loss, go on and say so, instead of stopping"},
      kJson,
  };
  out.insert(out.end(), std::begin(more), std::end(more));
  return with_connection(std::move(out));
}

// clang-format off
const Verb kTaxiiVerbs[] = {
    {"taxii", "discover", "What a TAXII 2.1 server offers: its title and API roots.", "sluice taxii discover https://taxii.example/taxii2/ --token-file token",
     with_connection({kUrl, kJson}), discover},
    {"taxii", "collections", "The collections of a TAXII 2.1 server that you may know of.", "sluice taxii collections https://taxii.example/taxii2/ --token-file token",
     with_connection({kUrl, kJson}), collections},
    {"taxii", "pull", "Read a collection to its end, and the next time from there: nothing twice, nothing lost, whatever breaks.",
     "sluice taxii pull https://taxii.example/taxii2/ --collection indicators --out indicators.jsonl --state indicators.state --token-file token\nsluice taxii pull https://taxii.example/taxii2/ --collection indicators --into indicators --type indicator,malware --basic-env TAXII_LOGIN",
     reading({}), taxii_pull},
    {"taxii", "push", "Send STIX objects into a collection: objects, lists, bundles or JSON Lines. Exit code 1 if some failed, 6 if the server hasn't decided on some.",
     "sluice taxii push https://taxii.example/taxii2/ bundle.json --collection members --state members.journal --token-file token --json",
     with_connection({kUrl, {"FILE", "", Takes::Files, "files with STIX objects; - for standard input"}, kCollection,
      {"--state", "FILE", Takes::One, "where it keeps what the server acknowledged: that isn't sent again"}, {"--per-envelope", "N", Takes::One, "objects in a request (default 1000)"},
      {"--wait", "LENGTH", Takes::One, "how long it waits for a status that is pending (default 5m)"}, {"--pseudonym", "NAME", Takes::One, kPseudonymHelp}, kJson}),
     taxii_push},
    {"taxii", "follow", "Read a collection on and on: over the server's stream where it has one, else by asking at an interval. Ends on Ctrl-C, and goes on from its state.",
     "sluice taxii follow https://taxii.example/taxii2/ --collection indicators --exec './to-firewall' --state indicators.state --token-file token\nsluice taxii follow https://taxii.example/taxii2/ --collection indicators --out - --interval 30s",
     reading({{"--exec", "COMMAND", Takes::One, "runs by sh -c for each page, objects a line on its standard input; they count as delivered when it ends with 0"},
      {"--interval", "LENGTH", Takes::One, "between two questions, where there is no stream (default 60s)"}, {"--poll", "", Takes::Switch, "ask at the interval, also where there is a stream"},
      {"--rounds", "N", Takes::One, "end after N questions or streams"}}),
     taxii_follow},
};
// clang-format on

}  // namespace

std::span<const Verb> taxii_verbs() { return kTaxiiVerbs; }

}  // namespace sluice::cli
