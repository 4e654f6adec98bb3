// Reading the demo's script, and its variables.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>

#include "cli/demo.h"

namespace sluice::cli {

namespace {

std::unexpected<Error> wrong(const YAML::Node& node, std::string what) {
  return fail(ErrorKind::Invalid, std::move(what), "demo script, line " + std::to_string(node.Mark().line + 1));
}

std::string text_of(const YAML::Node& map, const char* key) {
  const auto found = map[key];
  return found && found.IsScalar() ? found.Scalar() : std::string();
}

// Plain scalars are what JSON would take them for; quoted ones are strings.
json::value to_json(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map: {
      json::object out;
      for (const auto& pair : node) out[pair.first.Scalar()] = to_json(pair.second);
      return out;
    }
    case YAML::NodeType::Sequence: {
      json::array out;
      for (const auto& item : node) out.push_back(to_json(item));
      return out;
    }
    case YAML::NodeType::Scalar: {
      const auto& text = node.Scalar();
      if (node.Tag() != "!") {
        if (text == "true" || text == "false") return text == "true";
        if (text == "null" || text == "~") return nullptr;
        std::int64_t number = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return number;
      }
      return json::value(text);
    }
    default: return nullptr;
  }
}

Result<std::optional<Instant>> instant_of(const YAML::Node& map, const char* key) {
  const auto text = text_of(map, key);
  if (text.empty()) return std::optional<Instant>();
  const auto instant = parse_instant(text);
  if (!instant) return wrong(map[key], "\"" + text + "\" is no instant.");
  return std::optional(*instant);
}

Result<DemoStep> read_step(const YAML::Node& node) {
  DemoStep out;
  out.line = node.Mark().line + 1;
  TRY(out.at, instant_of(node, "at"));
  TRY(out.occurred, instant_of(node, "occurred"));
  out.as = text_of(node, "as");
  out.say = text_of(node, "say");
  out.under = text_of(node, "under");
  out.tick = text_of(node, "tick") == "true";
  out.receipts = text_of(node, "receipts") == "true";
  out.threats = text_of(node, "threats") == "true";
  if (const auto expect = node["expect"]) out.expect = expect.as<int>();
  for (const auto& [key, verb] : {std::pair{"get", "GET"}, {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}})
    if (node[key]) out.verb = verb, out.path = node[key].Scalar();
  if (const auto body = node["body"]) out.body = to_json(body);
  if (const auto save = node["save"])
    for (const auto& pair : save) out.save[pair.first.Scalar()] = pair.second.Scalar();
  for (const auto& pair : node) {
    static constexpr std::string_view kKnown[] = {"at", "as", "get", "post", "put", "patch", "body", "occurred", "under", "save", "expect", "say", "tick", "receipts", "threats"};
    if (std::find(std::begin(kKnown), std::end(kKnown), pair.first.Scalar()) == std::end(kKnown)) return wrong(pair.first, "A step has no field \"" + pair.first.Scalar() + "\".");
  }
  return out;
}

}  // namespace

Result<DemoScript> read_script(std::string_view yaml) {
  try {
    const auto root = YAML::Load(std::string(yaml));
    DemoScript out;
    out.own_organisation = text_of(root, "own_organisation");
    out.own_country = text_of(root, "own_country");
    TRY(const auto begins, instant_of(root, "begins"));
    if (!begins) return wrong(root, "The script says when it begins.");
    out.begins = *begins;
    for (const auto& pair : root["organisations"])
      out.organisations.push_back(
          {pair.first.Scalar(), text_of(pair.second, "name"), text_of(pair.second, "kind"), text_of(pair.second, "country"), text_of(pair.second, "takes_reports") == "true"});
    for (const auto& pair : root["people"])
      out.people.push_back({pair.first.Scalar(), text_of(pair.second, "name"), text_of(pair.second, "mail"), text_of(pair.second, "organisation"), text_of(pair.second, "role")});
    for (const auto& pair : root["collections"]) {
      DemoCollection one{pair.first.Scalar(), text_of(pair.second, "title"), {}};
      for (const auto& member : pair.second["members"]) one.members.push_back(member.Scalar());
      out.collections.push_back(std::move(one));
    }
    for (const auto& node : root["steps"]) {
      TRY(auto step, read_step(node));
      out.steps.push_back(std::move(step));
    }
    return out;
  } catch (const YAML::Exception& error) { return fail(ErrorKind::Malformed, error.msg, "demo script, line " + std::to_string(error.mark.line + 1)); }
}

Result<std::string> substituted(std::string_view text, const Names& names, Instant now) {
  std::string out;
  while (true) {
    const auto begin = text.find("${");
    out += text.substr(0, begin);
    if (begin == text.npos) return out;
    if (begin > 0 && text[begin - 1] == '$') {    // "$${": the two characters themselves
      out += "{";
      text = text.substr(begin + 2);
      continue;
    }
    const auto end = text.find('}', begin);
    if (end == text.npos) return fail(ErrorKind::Invalid, "\"${\" without \"}\".");
    const auto name = text.substr(begin + 2, end - begin - 2);
    if (name == "now" || name.starts_with("now+")) {
      auto instant = now;
      if (name.size() > 4) {
        TRY(const auto later, parse_duration(name.substr(4)));
        instant = instant + later;
      }
      out += to_text(instant);
    } else if (const auto found = names.find(std::string(name)); found != names.end()) {
      out += found->second;
    } else {
      return fail(ErrorKind::Invalid, "Nothing is known as \"" + std::string(name) + "\".");
    }
    text = text.substr(end + 1);
  }
}

Result<json::value> substituted_in(const json::value& value, const Names& names, Instant now) {
  if (value.is_string()) {
    // A version that was saved is a number again where it stands alone.
    TRY(auto text, substituted(std::string_view(value.get_string()), names, now));
    const bool is_variable = std::string_view(value.get_string()).starts_with("${") && std::string_view(value.get_string()).ends_with("}");
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (is_variable && read.ec == std::errc() && read.ptr == text.data() + text.size()) return json::value(number);
    return json::value(std::move(text));
  }
  if (value.is_array()) {
    json::array out;
    for (const auto& item : value.get_array()) {
      TRY(auto made, substituted_in(item, names, now));
      out.push_back(std::move(made));
    }
    return json::value(std::move(out));
  }
  if (value.is_object()) {
    json::object out;
    for (const auto& member : value.get_object()) { TRY(out[member.key()], substituted_in(member.value(), names, now)); }
    return json::value(std::move(out));
  }
  return value;
}

}  // namespace sluice::cli
