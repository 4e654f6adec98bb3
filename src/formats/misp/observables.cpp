#include "formats/misp/paths.h"

#include <algorithm>
#include <charconv>

#include "formats/name_uuid.h"
#include "threat/object_id.h"

namespace sluice::formats::misp {

std::vector<std::string_view> steps_of(std::string_view path) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0; from < path.size();) {
    auto end = from;
    for (bool quoted = false; end < path.size() && (quoted || path[end] != '.'); ++end) quoted = quoted != (path[end] == '\'');
    out.push_back(path.substr(from, end - from));
    from = end + 1;
  }
  return out;
}
std::string_view plain(std::string_view step) {
  if (is_list(step)) step.remove_suffix(3);
  if (step.size() > 1 && step.front() == '\'') step = step.substr(1, step.size() - 2);
  return step;
}

std::string_view type_referred(std::string_view name, As as, std::string_view value) {
  if (as == As::Address) return address_type(value);
  if (as == As::Domain) return "domain-name";
  if (name == "from_ref" || name == "to_refs" || name == "cc_refs" || name == "bcc_refs") return "email-addr";
  return name == "parent_directory_ref" ? "directory" : "file";
}
namespace {

json::value json_of(As as, std::string_view value) {
  if (as == As::Boolean) return value == "true";
  if (as == As::Number) {
    std::int64_t n = 0;
    std::from_chars(value.data(), value.data() + value.size(), n);
    return n;
  }
  return json::value(value);
}


class Builder {
 public:
  explicit Builder(std::string_view owner) : owner_(owner) {}

  std::optional<Observables> build(std::string_view root, std::span<const Fact> facts) {
    if (facts.empty()) return std::nullopt;
    json::object object;
    object["type"] = root == "address" ? address_type(facts.front().value) : root;
    object["spec_version"] = "2.1";
    object["id"] = nullptr;
    for (const auto& fact : facts) place(object, steps_of(fact.path), fact);
    if (!finish(object)) return std::nullopt;
    identify(object, "");
    out_.objects.push_back(std::move(object));
    return std::move(out_);
  }

 private:
  // A single-valued property has its first value.
  void place(json::object& object, std::span<const std::string_view> steps, const Fact& fact) {
    const auto name = plain(steps[0]);
    const bool list = is_list(steps[0]);
    if (refers(name)) {
      if (!list && object.contains(name)) return;
      const auto id = referred(name, steps.subspan(1), fact);
      if (list) add_once_to(object[name], json::value(id));
      else object[name] = id;
    } else if (steps.size() == 1) {
      if (list) add_once_to(object[name], json_of(fact.as, fact.value));
      else if (!object.contains(name)) object[name] = json_of(fact.as, fact.value);
    } else if (list) {
      auto& items = object[name];
      if (!items.is_array()) items = json::array();
      auto& all = items.get_array();
      if (all.empty() || all.back().get_object().contains(plain(steps[1]))) all.push_back(json::object());
      place(all.back().get_object(), steps.subspan(1), fact);
    } else {
      auto& inner = object[name];
      if (!inner.is_object()) inner = json::object();
      place(inner.get_object(), steps.subspan(1), fact);
    }
  }

  static void add_once_to(json::value& list, const json::value& value) {
    if (!list.is_array()) list = json::array();
    if (std::find(list.get_array().begin(), list.get_array().end(), value) == list.get_array().end()) list.get_array().push_back(value);
  }

  std::string referred(std::string_view name, std::span<const std::string_view> steps, const Fact& fact) {
    json::object object;
    object["type"] = type_referred(name, fact.as, fact.value);
    object["spec_version"] = "2.1";
    object["id"] = nullptr;
    object[plain(steps[0])] = json_of(fact.as, fact.value);
    identify(object, name);
    const std::string id(string_at(object, "id"));
    if (std::none_of(out_.objects.begin(), out_.objects.end(), [&](const json::object& o) { return string_at(o, "id") == id; })) out_.objects.push_back(std::move(object));
    return id;
  }

  void identify(json::object& object, std::string_view part) {
    auto named = object;
    named.erase("id");
    const auto id = threat::deterministic_id(named);
    object["id"] = id ? *id : std::string(string_at(object, "type")) + "--" + name_uuid4(kConversionNamespace, owner_ + " " + std::string(part));
  }

  // What STIX demands beyond what the paths give; false where the object can't be.
  bool finish(json::object& object) {
    const std::string type(string_at(object, "type"));
    const auto has = [&object](std::string_view name) { return object.contains(name); };
    if (type == "file") {
      extension_needs(object, "windows-pebinary-ext", {"pe_type"}, 1);   // §6.7.6: and one beside it
      return has("hashes") || has("name");  // §6.7
    }
    if (type == "network-traffic") {
      extension_needs(object, "http-request-ext", {"request_method", "request_value"});
      if (!has("src_ref") && !has("dst_ref")) return false;  // §6.12
      if (!has("protocols")) object["protocols"] = protocols(object);
      if (has("start") && has("end") && string_at(object, "end") < string_at(object, "start")) object.erase("end");
      return true;
    }
    if (type == "email-message") {
      if (has("body_multipart")) object.erase("body");  // §6.6: the one or the other
      object["is_multipart"] = has("body_multipart");
      return true;
    }
    if (type == "windows-registry-key" && has("values"))
      for (auto& value : object.at("values").get_array())
        if (!string_at(value, "data_type").starts_with("REG_")) value.get_object().erase("data_type");
    if (type == "domain-name" || type == "url" || type == "ipv4-addr" || type == "ipv6-addr" || type == "email-addr" || type == "mac-addr") return has("value");
    if (type == "mutex" || type == "software") return has("name");
    if (type == "autonomous-system") return has("number");
    if (type == "directory") return has("path");
    if (type == "user-account") {  // §6.15.2: what the extension gives has its own object
      if (auto* extensions = object.if_contains("extensions"); extensions && extensions->get_object().empty()) object.erase("extensions");
    }
    return !type.empty();
  }

  static void extension_needs(json::object& object, std::string_view name, std::initializer_list<std::string_view> properties, std::size_t others = 0) {
    auto* extensions = object.if_contains("extensions");
    if (!extensions || !extensions->get_object().contains(name)) return;
    const auto& inner = extensions->get_object().at(name).get_object();
    if (inner.size() >= properties.size() + others && std::all_of(properties.begin(), properties.end(), [&](std::string_view p) { return inner.contains(p); })) return;
    extensions->get_object().erase(name);
    if (extensions->get_object().empty()) object.erase("extensions");
  }

  // §6.12: from the outer to the inner. With a port there is a transport; MISP doesn't say which, and its own mapping says tcp.
  json::array protocols(const json::object& object) const {
    json::array out;
    for (const auto name : {"src_ref", "dst_ref"}) {
      const auto id = string_at(object, name);
      if (id.starts_with("ipv4-addr") && out.empty()) out.emplace_back("ipv4");
      if (id.starts_with("ipv6-addr") && out.empty()) out.emplace_back("ipv6");
    }
    const bool http = object.contains("extensions") && object.at("extensions").get_object().contains("http-request-ext");
    if (out.empty() || object.contains("src_port") || object.contains("dst_port") || http) out.emplace_back("tcp");
    if (http) out.emplace_back("http");
    return out;
  }

  std::string owner_;
  Observables out_;
};

class Flattener {
 public:
  Flattener(std::string_view type, Find find, const void* context) : type_(type), find_(find), context_(context) {}

  void walk(const json::object& object, const std::string& before, int depth) {
    if (depth > 8) return;
    for (const auto& [key, value] : object) {
      const std::string_view name = key;
      if (before.empty() && (name == "type" || name == "spec_version" || name == "id" || name == "object_marking_refs" || name == "granular_markings" || name == "defanged")) continue;
      at(value, name, before + (before.empty() ? "" : ".") + pattern_step(name), depth);
    }
  }
  Together out;

 private:
  void at(const json::value& value, std::string_view name, const std::string& path, int depth) {
    if (depth > 8) return;  // references may go round
    if (value.is_array()) {
      for (const auto& item : value.get_array())
        if (!item.is_array()) at(item, name, path + "[*]", depth);
    } else if (value.is_object()) {
      walk(value.get_object(), path, depth + 1);
    } else if (value.is_string() && refers(name)) {
      const auto* object = find_(context_, value.get_string());
      if (!object) {
        add(path, value);
        return;
      }
      for (const auto& [key, inner] : *object)
        if (key != "type" && key != "spec_version" && key != "id" && key != "object_marking_refs" && key != "granular_markings") at(inner, key, path + "." + pattern_step(key), depth + 4);
    } else {
      add(path, value);
    }
  }
  void add(const std::string& path, const json::value& value) {
    if (out.size() >= 1000) return;
    out.push_back({std::string(type_), path, value.is_string() ? std::string(value.get_string()) : canonical(value), value.is_string()});
  }

  std::string_view type_;
  Find find_;
  const void* context_;
};

}  // namespace

std::optional<Observables> observables_of(std::string_view root, std::span<const Fact> facts, std::string_view owner) { return Builder(owner).build(root, facts); }

Together flattened(const json::object& observable, Find find, const void* context) {
  Flattener work(string_at(observable, "type"), find, context);
  work.walk(observable, "", 0);
  return std::move(work.out);
}

}  // namespace sluice::formats::misp
