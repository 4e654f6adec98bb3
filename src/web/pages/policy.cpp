#include "web/pages/policy.h"

#include <algorithm>

namespace sluice::web::pages {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

Html list(const std::vector<std::string>& items) {
  Html out;
  for (const auto& item : items) out += el("li", item);
  return out.empty() ? Html() : el("ul", out);
}

Html contacts_of(const cvd::OrganisationProfile& profile) {
  Html out;
  for (const auto& contact : profile.contacts) {
    const auto words = contact.uri.starts_with("mailto:") || contact.uri.starts_with("tel:") ? contact.uri.substr(contact.uri.find(':') + 1) : contact.uri;
    out += el("li", outside_link(contact.uri, words), contact.kind.empty() ? Html() : Html(" (" + contact.kind + ")"));
  }
  return out.empty() ? Html() : el("ul", out);
}

Html keys_of(const cvd::OrganisationProfile& profile) {
  Html out;
  for (const auto& key : profile.keys)
    out += more(all(key.kind, " key", key.fingerprint ? all(" ", el("code", *key.fingerprint)) : Html()), el("pre", key.text));
  return out;
}

std::string length(const std::optional<Duration>& value) { return value ? words_of_length(*value) : std::string(); }

}  // namespace

std::string policy_page(const Frame& frame, const store::OrganisationRow& organisation) {
  const auto& profile = organisation.profile;
  Html inside = el("p", {cls("lead")}, "What ", profile.name, " asks of those who report vulnerabilities to it, and what they may expect.");
  if (profile.takes_reports.value_or(false)) inside += el("p", {cls("actions")}, el("a", {href(path("/report/to") / organisation.id.text()), cls("button")}, "Report to " + profile.name));
  Facts reach;
  reach.add("Contacts", contacts_of(profile)).add("Keys", keys_of(profile));
  if (profile.country) reach.add("Country", *profile.country);
  if (!reach.html().empty()) inside += section("contact", "How to reach us", reach.html());
  if (!profile.policy) {
    inside += empty_state("This organisation has not published its policy yet.", "Its administrator can write it; the form above works all the same.");
    return page(frame, "Disclosure policy of " + profile.name, inside);
  }
  const auto& policy = *profile.policy;
  if (policy.scope) inside += section("scope", "What may be reported", paragraphs(*policy.scope));
  if (!policy.supported_products.empty()) inside += section("products", "Supported products", list(policy.supported_products));
  Facts answers;
  answers.add("We answer that we got it within", length(policy.acknowledge_within)).add("We say what we think of it within", length(policy.assess_within)).add("You hear news at least every", length(policy.update_every));
  answers.add("As a coordinator we give a vendor, to answer", length(policy.vendor_answers_within));
  if (!policy.languages.empty()) answers.add("Languages", joined(policy.languages));
  if (!answers.html().empty()) inside += section("answers", "What answer to expect", answers.html());
  Facts embargo;
  embargo.add("We usually hold things back for", length(policy.embargo.preferred)).add("At least", length(policy.embargo.minimum)).add("At most", length(policy.embargo.maximum));
  inside += section("embargo", "How long things are held back",
                    embargo.html().empty() ? el("p", "No length is set in advance: each is agreed with those who take part.")
                                           : all(embargo.html(), el("p", "Who sends a report without another wish agrees to the usual length. Where wishes differ, the shorter one holds until something else is agreed.")));
  if (policy.good_faith) inside += section("good-faith", "What we promise to those who act in good faith", paragraphs(*policy.good_faith));
  if (policy.publication) inside += section("publication", "How and when we publish", paragraphs(*policy.publication));
  inside += el("p", link(Path(path("/policies") / (organisation.id.text() + ".json")), "This policy as data"));
  return page(frame, "Disclosure policy of " + profile.name, inside, {.above = el("p", {cls("trail")}, link(path("/"), frame.site))});
}

json::object policy_json(const Frame& frame, const store::OrganisationRow& organisation) {
  const auto& profile = organisation.profile;
  json::object out{{"organisation", organisation.id.text()}, {"name", profile.name}, {"page", frame.address + "/policies/" + organisation.id.text()}};
  if (profile.country) out["country"] = *profile.country;
  if (!profile.contacts.empty()) out["contacts"] = to_json(profile.contacts);
  if (!profile.keys.empty()) out["keys"] = to_json(profile.keys);
  out["takes_reports"] = profile.takes_reports.value_or(false);
  if (profile.takes_reports.value_or(false)) out["report"] = frame.address + "/report/to/" + organisation.id.text();
  if (profile.policy) out["policy"] = to_json(*profile.policy);
  return out;
}

std::string security_txt_of(const std::string& address, const store::OrganisationRow& organisation, Instant now) {
  const auto& profile = organisation.profile;
  std::string out;
  const auto line = [&](std::string_view name, std::string_view value) {
    std::string clean;  // a value never ends its line
    for (const char c : value) clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    out += std::string(name) + ": " + clean + "\n";
  };
  // RFC 9116 §2.5.3: in the order in which they are preferred.
  line("Contact", address + "/report");
  for (const auto& contact : profile.contacts)
    if (contact.kind == "security" || contact.kind.empty()) line("Contact", contact.uri);
  // §2.5.5: less than a year ahead.
  const auto day = std::chrono::duration_cast<Duration>(std::chrono::days(1)).count();
  line("Expires", to_text(Instant{(now.micros / day + 180) * day}));
  for (const auto& key : profile.keys)
    if (key.kind == "openpgp" && key.fingerprint) {
      std::string fingerprint;
      std::copy_if(key.fingerprint->begin(), key.fingerprint->end(), std::back_inserter(fingerprint), [](char c) { return c != ' ' && c != ':'; });
      line("Encryption", "openpgp4fpr:" + fingerprint);
    }
  line("Canonical", address + "/.well-known/security.txt");
  line("Policy", address + "/policies/" + organisation.id.text());
  line("Preferred-Languages", profile.policy && !profile.policy->languages.empty() ? joined(profile.policy->languages) : "en");
  line("Acknowledgments", address + "/advisories");
  line("CSAF", address + "/.well-known/csaf/provider-metadata.json");
  return out;
}

Result<Response> policy(App& app, const Request& request) {
  auto wanted = std::string_view(request.path.at("organisation"));
  const bool data = wanted.ends_with(".json");
  if (data) wanted.remove_suffix(5);
  const auto id = OrganisationId::parse(wanted);
  std::optional<store::OrganisationRow> row;
  if (id) {
    TRY(auto db, app.services.store.lease());
    TRY(row, store::organisation(*db, app.services.cells(), *id));
  }
  // Only who has something to say to the public is there for the public; the site's own always has.
  if (!row || (!row->profile.policy && !row->profile.takes_reports.value_or(false) && row->id != app.services.site.file.organisation))
    return fail(ErrorKind::NotFound, "There is no such policy here.");
  const auto frame = frame_of(app, request);
  if (data) {
    auto out = ok(policy_json(frame, *row));
    out.headers.emplace_back("Cache-Control", "public, max-age=300");
    return out;
  }
  return html(policy_page(frame, *row));
}

Result<Response> security_txt(App& app, const Request& request) {
  std::optional<store::OrganisationRow> row;
  {
    TRY(auto db, app.services.store.lease());
    TRY(row, store::organisation(*db, app.services.cells(), app.services.site.file.organisation));
  }
  if (!row) return fail(ErrorKind::NotFound, "There is no such page here.");
  Response out;
  out.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "public, max-age=3600"}};
  out.body = security_txt_of(frame_of(app, request).address, *row, app.services.clock.now());
  return out;
}

}  // namespace sluice::web::pages
