#include "formats/security_txt/checks.h"

#include <algorithm>

#include "advisory/forms.h"

namespace sluice::formats::security_txt {

void Found::add(Severity severity, std::string_view clause, int line, std::string message) {
  if (into_.size() > most_) return;
  // The last one is an error: a file with so much wrong must not look sound because what is wrong was left out.
  if (into_.size() == most_) into_.push_back({Severity::Error, "RFC 9116 §5.4", "", "There is more to find; the rest was left out."});
  else into_.push_back({severity, "RFC 9116 " + std::string(clause), line == 0 ? "" : "line " + std::to_string(line), std::move(message)});
}

std::vector<std::string> words_of_list(std::string_view list) {
  std::vector<std::string> out;
  while (true) {
    const auto comma = list.find(',');
    auto word = list.substr(0, comma);
    while (word.starts_with(' ') || word.starts_with('\t')) word.remove_prefix(1);
    while (word.ends_with(' ') || word.ends_with('\t')) word.remove_suffix(1);
    out.emplace_back(word);
    if (comma == list.npos) return out;
    list.remove_prefix(comma + 1);
  }
}

namespace {

int count(const File& file, std::string_view name) {
  return static_cast<int>(std::count_if(file.fields.begin(), file.fields.end(), [&](const Field& field) { return field.name == name; }));
}

template <class Each>
void for_each(const File& file, std::string_view name, Each each) {
  for (const auto& field : file.fields)
    if (field.name == name) each(field);
}

bool has_scheme(std::string_view uri, std::string_view scheme) {
  if (uri.size() < scheme.size()) return false;
  return std::equal(scheme.begin(), scheme.end(), uri.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

// Of every field that holds a URI: §2.5.1 to §2.5.7 say it one by one.
void is_uri(const Field& field, std::string_view clause, std::string_view remedy, Found& found) {
  if (!advisory::is_uri(field.value)) return found.add(Severity::Error, clause, field.line, field.name + " must be a URI" + std::string(remedy) + ".");
  if (has_scheme(field.value, "http:")) found.add(Severity::Error, clause, field.line, "A web address in " + field.name + " must begin with https://.");
}

// §2.5.3. "The value MUST follow the URI syntax": a bare address is the commonest slip.
void contacts_are_uris(const File& file, Found& found) {
  for_each(file, "Contact", [&](const Field& field) {
    is_uri(field, "§2.5.3", field.value.contains('@') ? ": an address is written mailto:…" : ": a number is written tel:…, a page https://…", found);
    if (has_scheme(field.value, "mailto:") && !field.value.contains('@')) found.add(Severity::Error, "§2.5.3", field.line, "This mailto: has no address in it.");
  });
}
void contact_is_there(const File& file, Found& found) {
  if (count(file, "Contact") == 0) found.add(Severity::Error, "§2.5.3", 0, "There is no Contact. It must always be there, or nobody can report anything.");
}
void expires_is_there_once(const File& file, Found& found) {
  if (count(file, "Expires") == 0) found.add(Severity::Error, "§2.5.5", 0, "There is no Expires. It must always be there, so that a reader can tell an old file.");
  bool seen = false;
  for_each(file, "Expires", [&](const Field& field) {
    if (std::exchange(seen, true)) found.add(Severity::Error, "§2.5.5", field.line, "Expires must not appear more than once; which one holds can't be told.");
  });
}
void expires_is_an_instant(const File& file, Found& found) {
  for_each(file, "Expires", [&](const Field& field) {
    if (!parse_instant(field.value)) found.add(Severity::Error, "§2.5.5", field.line, "Expires must be a date and time with a zone as RFC 3339 writes them: 2027-01-31T12:00:00Z.");
  });
}
void languages_once(const File& file, Found& found) {
  bool seen = false;
  for_each(file, "Preferred-Languages", [&](const Field& field) {
    if (std::exchange(seen, true)) found.add(Severity::Error, "§2.5.8", field.line, "Preferred-Languages must not appear more than once; all languages stand in one list.");
  });
}
void languages_are_tags(const File& file, Found& found) {
  for_each(file, "Preferred-Languages", [&](const Field& field) {
    for (const auto& word : words_of_list(field.value))
      if (!advisory::is_language(word)) found.add(Severity::Error, "§2.5.8", field.line, "\"" + word + "\" is no language tag such as en, de or pt-BR.");
  });
}
// §2.5.4: "Keys MUST NOT appear in this field."
void encryption_names_a_key(const File& file, Found& found) {
  for_each(file, "Encryption", [&](const Field& field) { is_uri(field, "§2.5.4", " that says where the key is, not the key itself", found); });
}
void acknowledgments_are_uris(const File& file, Found& found) { for_each(file, "Acknowledgments", [&](const Field& field) { is_uri(field, "§2.5.1", "", found); }); }
void canonical_is_a_uri(const File& file, Found& found) { for_each(file, "Canonical", [&](const Field& field) { is_uri(field, "§2.5.2", "", found); }); }
void hiring_is_a_uri(const File& file, Found& found) { for_each(file, "Hiring", [&](const Field& field) { is_uri(field, "§2.5.6", "", found); }); }
void policy_is_a_uri(const File& file, Found& found) { for_each(file, "Policy", [&](const Field& field) { is_uri(field, "§2.5.7", "", found); }); }
// CSAF is of the registry, not of the RFC: §2.4 is what lets it in.
void csaf_is_a_uri(const File& file, Found& found) { for_each(file, "CSAF", [&](const Field& field) { is_uri(field, "§2.4", "", found); }); }
// §2.3: so that a signed file can't be put elsewhere and still look right.
void signed_is_canonical(const File& file, Found& found) {
  if (file.is_signed && count(file, "Canonical") == 0) found.add(Severity::Warning, "§2.3", 0, "A signed file should say in Canonical where it belongs.");
  if (file.is_signed) found.add(Severity::Information, "§2.3", 0, "The file is signed; the signature was not verified.");
}

using Check = void (*)(const File&, Found&);
constexpr Check kChecks[] = {contact_is_there,  contacts_are_uris,      expires_is_there_once,    expires_is_an_instant, languages_once,  languages_are_tags,
                             encryption_names_a_key, acknowledgments_are_uris, canonical_is_a_uri, hiring_is_a_uri,       policy_is_a_uri, csaf_is_a_uri,
                             signed_is_canonical};

}  // namespace

void check_fields(const File& file, Found& found) {
  for (const auto check : kChecks) check(file, found);
}

Findings check(const Read& read, Instant now, std::string_view found_at) {
  Findings out = read.findings;
  Found found(out, out.size() + Limits{}.findings);
  for_each(read.file, "Expires", [&](const Field& field) {
    const auto expires = parse_instant(field.value);
    if (!expires) return;
    if (*expires <= now) found.add(Severity::Error, "§2.5.5", field.line, "The file has expired; it should no longer be used.");
    else if (*expires - now > std::chrono::days(366)) found.add(Severity::Warning, "§2.5.5", field.line, "Expires lies more than a year ahead, so nobody will notice when the file has gone stale.");
  });
  const auto places = read.file.all("Canonical");
  if (!found_at.empty() && !places.empty() && std::find(places.begin(), places.end(), found_at) == places.end())
    found.add(Severity::Warning, "§2.5.2", 0, "The file wasn't found where its Canonical says it belongs, so what it says should not be trusted unseen.");
  return out;
}

}  // namespace sluice::formats::security_txt
