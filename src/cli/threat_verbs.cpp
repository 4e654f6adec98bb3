// `sluice threat`: what is shared about a value, one object with what belongs to it, and a look at one's own objects before they are shared.
#include <algorithm>

#include "cli/answers.h"
#include "cli/console.h"
#include "cli/threat_drawing.h"
#include "service/threat_check.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kValuesAtOnce = 100;        // what the API takes
constexpr JsonLimits kCheckedLimits{.bytes = 256 << 20, .depth = 64, .keys = 20'000'000, .string = 32 << 20};

// One a line; empty lines and what follows a # at its beginning are left out.
Result<std::vector<std::string>> asked_values(const Arguments& a) {
  auto out = a.all("VALUE");
  for (const auto& file : a.all("--file")) {
    TRY(const auto text, read_input(file));
    for (std::size_t from = 0; from < text.size();) {
      const auto end = std::min(text.find('\n', from), text.size());
      auto line = text.substr(from, end - from);
      from = end + 1;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.pop_back();
      if (!line.empty() && line.front() != '#') out.push_back(std::move(line));
    }
  }
  if (out.empty()) return usage("Name a value, or a file with one a line (--file; - for standard input).");
  return out;
}

// As many requests as it takes; what is answered, value by value.
Result<json::array> asked_of_site(Client& client, std::span<const std::string> values, json::object rest) {
  json::array out;
  for (std::size_t from = 0; from < values.size(); from += kValuesAtOnce) {
    const auto some = values.subspan(from, std::min(kValuesAtOnce, values.size() - from));
    rest["values"] = json::array(some.begin(), some.end());
    TRY(const auto answer, client.must("POST", "/threats/lookup", json::serialize(rest)));
    TRY(const auto value, answer.json());
    for (const auto& item : all_at(value, "/items")) out.push_back(item);
  }
  return out;
}

bool is_true(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::string card_line(const json::value& card) {
  std::string out = said_at(card, "/first_shared").substr(0, 19) + "Z  " + said_at(card, "/type") + "  " + said_at(card, "/id");
  if (const auto tlp = said_at(card, "/tlp"); !tlp.empty()) out += "  " + tlp;
  if (const auto name = said_at(card, "/name"); !name.empty()) out += "  " + name;
  if (is_true(card, "/own")) out += "  (yours)";
  if (is_true(card, "/revoked")) out += "  (revoked)";
  if (is_true(card, "/superseded")) out += "  (a newer version is there)";
  return out;
}

void print_looked_up(const json::value& item) {
  std::string kinds;
  for (const auto& value : all_at(item, "/values"))
    if (const auto kind = said_at(value, "/kind"); kind != "mutex" && kind != "file-name") kinds += (kinds.empty() ? "" : ", ") + kind + " " + said_at(value, "/value");
  print(said_at(item, "/asked") + (kinds.empty() ? "" : ": " + kinds));
  for (const auto& sign : all_at(item, "/known_benign")) print("  Known as harmless: " + said_at(sign, "/warning"));
  if (all_at(item, "/objects").empty()) print("  Nothing is shared about it that you may read.");
  for (const auto& card : all_at(item, "/objects")) {
    const auto how = said_at(card, "/how");
    print("  " + card_line(card) + (how == "value" ? "" : "  [" + how + " " + said_at(card, "/through/value") + "]"));
  }
  for (const auto& card : all_at(item, "/sightings"))
    print("  seen: " + said_at(card, "/of") + (said_at(card, "/count").empty() ? "" : ", " + said_at(card, "/count") + " times") + (said_at(card, "/last_seen").empty() ? "" : ", last " + said_at(card, "/last_seen")) + "  " + said_at(card, "/id"));
  if (is_true(item, "/more")) print("  There is more.");
  if (is_true(item, "/too_wide")) print("  This network is too wide to look into (IPv4 from /16 on, IPv6 from /56); what is shared of it as a whole is above.");
}

Result<int> look_up_values(const Arguments& a) {
  TRY(const auto values, asked_values(a));
  TRY(auto client, Client::of(a, true));
  json::object rest;
  put_if(rest, a, "--kind", "kind");
  put_if(rest, a, "--collection", "collection");
  if (a.has("--exact")) rest["wider"] = false;
  TRY(const auto items, asked_of_site(client, values, std::move(rest)));
  if (a.json()) return print_json(json::object{{"items", items}}), 0;
  for (const auto& item : items) print_looked_up(item);
  return 0;
}

Result<json::value> object_of_site(const Arguments& a, std::string_view depth) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/threats/collections/" + query_escaped(a.get("--collection")) + "/objects/" + query_escaped(a.get("ID")) + "?depth=" + std::string(depth)));
  return answer.json();
}

Result<int> show_threat(const Arguments& a) {
  TRY(const auto seen, object_of_site(a, "1"));
  if (a.json()) return print_json(seen), 0;
  print(said_at(seen, "/type") + "  " + said_at(seen, "/id"));
  if (const auto name = said_at(seen, "/name"); !name.empty()) print(name);
  print("In " + said_at(seen, "/collection_title") + " since " + said_at(seen, "/first_shared") + (said_at(seen, "/tlp").empty() ? "" : ", " + said_at(seen, "/tlp")) + (is_true(seen, "/revoked") ? ", revoked" : ""));
  if (const auto by = said_at(seen, "/created_by_ref"); !by.empty()) print("By " + by);
  print("Versions:");
  for (const auto& one : all_at(seen, "/held")) print("  " + said_at(one, "/version") + "  came " + said_at(one, "/first_shared") + (is_true(one, "/own") ? "  (yours)" : ""));
  if (!all_at(seen, "/values").empty()) print("Values:");
  for (const auto& one : all_at(seen, "/values")) print("  " + said_at(one, "/kind") + "  " + said_at(one, "/value"));
  for (const auto& one : all_at(seen, "/known_benign")) print("Known as harmless: " + said_at(one, "/warning"));
  if (!all_at(seen, "/same_value").empty()) print("Others with the same value:");
  for (const auto& one : all_at(seen, "/same_value")) print("  " + card_line(one));
  print("Belongs to:");
  if (const auto* graph = find_at(seen, "/graph")) print(graph_as_text(*graph));
  return 0;
}

Result<int> draw_graph(const Arguments& a) {
  TRY(const auto seen, object_of_site(a, a.get("--depth", "1")));
  const auto* graph = find_at(seen, "/graph");
  if (graph == nullptr) return fail(ErrorKind::Invalid, "The site answered without a graph; --depth is 1 to 3.");
  const auto format = a.json() ? "json" : a.get("--format", "text");
  const auto text = format == "json" ? pretty(*graph) : format == "dot" ? graph_as_dot(*graph) : format == "svg" ? graph_as_svg(*graph) : graph_as_text(*graph);
  if (const auto file = a.maybe("--out")) {
    TRY(write_output(*file, text));
    return 0;
  }
  print(text);
  return 0;
}

// What is shared already of these values, by kind and value.
Result<std::map<std::pair<std::string, std::string>, json::array>> shared_already(const Arguments& a, const std::vector<service::CheckedObject>& objects) {
  std::map<std::pair<std::string, std::string>, json::array> out;
  if (!a.has("--site")) return out;
  TRY(auto client, Client::of(a, true));
  std::map<std::string, std::vector<std::string>> by_kind;
  for (const auto& object : objects)
    for (const auto& one : object.values) by_kind[one.value.kind].push_back(one.value.text);
  for (auto& [kind, values] : by_kind) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    json::object rest{{"kind", kind}, {"wider", false}};
    put_if(rest, a, "--collection", "collection");
    TRY(const auto items, asked_of_site(client, values, std::move(rest)));
    for (const auto& item : items)
      if (!all_at(item, "/objects").empty()) out.emplace(std::pair(kind, said_at(item, "/asked")), all_at(item, "/objects"));
  }
  return out;
}

Result<int> check_threats(const Arguments& a) {
  std::vector<threat::BenignList> lists;
  for (const auto& file : a.all("--benign")) {
    TRY(const auto text, read_input(file));
    auto list = service::benign_list_of(text);
    if (!list) return std::unexpected(shown(list.error(), file));
    lists.push_back(*std::move(list));
  }
  bool is_warned = false;
  for (const auto& file : a.all("FILE")) {
    TRY(const auto text, read_input(file, kCheckedLimits.bytes));
    const auto document = parse_json(text, kCheckedLimits);
    if (!document) return std::unexpected(shown(document.error(), file));
    const auto objects = service::check_values(*document, lists);
    if (!objects) return std::unexpected(shown(objects.error(), file));
    TRY(const auto shared, shared_already(a, *objects));
    for (const auto& object : *objects) {
      json::array values;
      for (const auto& one : object.values) {
        const auto already = shared.find({one.value.kind, one.value.text});
        json::array others;
        if (already != shared.end())
          for (const auto& card : already->second)
            if (said_at(card, "/id") != object.id) others.push_back(card);
        is_warned = is_warned || !one.benign.empty() || !others.empty();
        if (!a.json()) {
          print(object.id + "  " + one.value.kind + "  " + one.value.text);
          for (const auto& sign : one.benign) print("  Known as harmless: " + sign.warning);
          for (const auto& card : others) print("  Shared already: " + card_line(card));
          continue;
        }
        json::array signs;
        for (const auto& sign : one.benign) signs.push_back(json::object{{"value", sign.value}, {"why", sign.why}, {"source", sign.source}, {"warning", sign.warning}});
        values.push_back(json::object{{"kind", one.value.kind}, {"value", one.value.text}, {"known_benign", std::move(signs)}, {"shared", std::move(others)}});
      }
      if (a.json()) print(json::serialize(json::object{{"file", file}, {"id", object.id}, {"type", object.type}, {"values", std::move(values)}}));
    }
  }
  return is_warned && a.has("--strict") ? 1 : 0;
}

constexpr Option kId{"ID", "", Takes::Required, "the object's id: type--UUID"};
constexpr Option kCollectionOfObject{"--collection", "C", Takes::Required, "the collection it is in: its id or alias"};

// clang-format off
const Verb kThreatVerbs[] = {
    {"threat", "lookup", "What is shared about a value, in any spelling: objects, sightings, networks and names above it, and whether it is known as harmless.",
     "sluice threat lookup 198.51.100.3 'hxxps://evil[.]example/a' --site https://cert.example --token-file token\nsluice threat lookup --file values.txt --collection indicators --json --site https://cert.example --token-file token",
     {{"VALUE", "", Takes::Many, "an address, network, name, URL, hash, CVE id …; for secret ones use --file"}, {"--file", "FILE", Takes::Many, "a value a line; - for standard input"},
      {"--kind", "KIND", Takes::One, "look for it as this alone: ipv4-addr, domain-name, hash, hash:SHA-256, file-name …"}, {"--collection", "C", Takes::One, "in this collection alone"},
      {"--exact", "", Takes::Switch, "the value itself alone: no networks, hosts or names above it"}, kSite, kToken, kJson}, look_up_values},
    {"threat", "show", "One object: versions, markings, values, others with the same value, and what belongs to it.", "sluice threat show indicator--… --collection indicators --site https://cert.example --token-file token",
     {kId, kCollectionOfObject, kSite, kToken, kJson}, show_threat},
    {"threat", "graph", "What belongs to an object, in both directions, up to three steps.", "sluice threat graph intrusion-set--… --collection attack --depth 2 --format svg --out group.svg --site https://cert.example --token-file token",
     {kId, kCollectionOfObject, {"--depth", "N", Takes::One, "how many steps: 1 (if nothing is said) to 3", "1|2|3"}, {"--format", "FORMAT", Takes::One, "text (if nothing is said), json, dot for Graphviz, svg", "json|dot|svg|text"},
      {"--out", "FILE", Takes::One, "write it there"}, kSite, kToken, kJson}, draw_graph},
    {"threat", "check", "Before sharing: the values that objects are about in one spelling, which of them are known as harmless, and with --site which are shared already.",
     "sluice threat check bundle.json\nsluice threat check bundle.json --collection indicators --site https://cert.example --token-file token --json",
     {{"FILE", "", Takes::Files, "files with STIX objects; - for standard input"}, {"--benign", "FILE", Takes::Many, "a list of one's own of harmless values (docs/formats/benign-list.md)"},
      {"--collection", "C", Takes::One, "ask in this collection alone"}, {"--strict", "", Takes::Switch, "exit code 1 where there is a warning"}, {"--site", "URL", Takes::One, kSiteHelp}, kToken, kJson}, check_threats},
};
// clang-format on

}  // namespace

std::span<const Verb> threat_verbs() { return kThreatVerbs; }

}  // namespace sluice::cli
