#include "threat/benign.h"

#include <algorithm>

#include "base/utf8.h"
#include "threat/benign_table.h"
#include "threat/observable_forms.h"

namespace sluice::threat {

namespace {

bool is_before(const BenignEntry& entry, const Value& value) { return entry.value < value; }

void add_signs(std::vector<BenignSign>& out, const Value& asked, const Value& wanted, const BenignList& list) {
  for (auto at = std::lower_bound(list.entries.begin(), list.entries.end(), wanted, is_before); at != list.entries.end() && at->value == wanted; ++at)
    out.push_back({at->value.text, at->why, at->source, "'" + asked.text + "' is " + (asked == wanted ? "" : "at '" + wanted.text + "': ") + at->why + ". Share it only if that is what you mean."});
}

// An address is looked for as itself and as each range that could hold it: 33 or 129 look-ups whatever the list's length.
void add_network_signs(std::vector<BenignSign>& out, const Value& asked, const forms::Network& network, const BenignList& list) {
  auto wider = network;
  for (int prefix = network.prefix; prefix >= 0; --prefix) {
    wider.prefix = prefix;
    const auto cut = wider.is_v6 ? forms::ipv6_network(forms::network_text({true, wider.bytes, 128}) + "/" + std::to_string(prefix)) : forms::ipv4_network(forms::network_text({false, wider.bytes, 32}) + "/" + std::to_string(prefix));
    if (cut) add_signs(out, asked, forms::network_value(*cut), list);
  }
}

void add_name_signs(std::vector<BenignSign>& out, const Value& asked, std::string_view name, const BenignList& list) {
  while (!name.empty()) {
    add_signs(out, asked, {"domain-name", std::string(name)}, list);
    const auto dot = name.find('.');
    name = dot == name.npos ? std::string_view() : name.substr(dot + 1);
  }
}

void add_host_signs(std::vector<BenignSign>& out, const Value& asked, std::string_view host, const BenignList& list) {
  if (const auto v4 = forms::ipv4_network(host)) add_network_signs(out, asked, *v4, list);
  else if (const auto v6 = forms::ipv6_network(host)) add_network_signs(out, asked, *v6, list);
  else add_name_signs(out, asked, host, list);
}

}  // namespace

const BenignList& builtin_benign() {
  static const BenignList list = [] {
    BenignList out{.name = "built in"};
    for (const auto& row : benign_rows()) out.entries.push_back({{std::string(row.kind), std::string(row.text)}, std::string(row.why), out.name});
    std::stable_sort(out.entries.begin(), out.entries.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    return out;
  }();
  return list;
}

Result<BenignList> read_benign_list(std::string_view text) {
  if (text.size() > (64u << 20)) return fail(ErrorKind::TooLarge, "A list of harmless values has at most 64 MiB.");
  BenignList out{.name = "list"};
  std::size_t line_number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    const auto wrong = [&](std::string message) { return fail(ErrorKind::Invalid, std::move(message), "line " + std::to_string(line_number)); };
    if (!is_utf8(line)) return wrong("This line isn't UTF-8.");
    const auto trim = [](std::string_view s) {
      while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
      while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
      return s;
    };
    line = trim(line);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("name:")) {
      if (!out.entries.empty()) return wrong("The list's name stands before its values.");
      out.name = trim(line.substr(5));
      if (out.name.empty() || out.name.size() > 200) return wrong("A name has 1 to 200 characters.");
      continue;
    }
    const auto next_word = [&] {
      const auto stop = std::min(line.find_first_of(" \t"), line.size());
      const auto word = line.substr(0, stop);
      line = trim(line.substr(stop));
      return word;
    };
    const auto kind = next_word();
    const auto value = next_word();
    if (line.empty()) return wrong("A line is: kind, value, and why it is harmless.");
    const auto normal = normalised(kind, value);
    if (!normal) return wrong("This isn't a value of the kind '" + std::string(kind.substr(0, 60)) + "'.");
    if (out.entries.size() == kMostBenignEntries) return wrong("A list has at most 1,000,000 values.");
    out.entries.push_back({*normal, std::string(line.substr(0, 500)), out.name});
  }
  std::stable_sort(out.entries.begin(), out.entries.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  return out;
}

std::vector<BenignSign> benign_signs(const Value& value, const BenignList& list) {
  std::vector<BenignSign> out;
  if (value.kind == "ipv4-addr" || value.kind == "ipv6-addr" || value.kind == "domain-name") {
    add_host_signs(out, value, value.text, list);
    return out;
  }
  add_signs(out, value, value, list);
  if (value.kind == "url") add_host_signs(out, value, forms::host_in_url(value.text), list);
  if (value.kind == "email-addr") add_host_signs(out, value, std::string_view(value.text).substr(value.text.rfind('@') + 1), list);
  return out;
}

}  // namespace sluice::threat
