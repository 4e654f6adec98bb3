// What is public: released advisories, and their documents as a CSAF provider serves them (CSAF 2.0 §7.1), CVE records and OSV.
#include <algorithm>

#include "store/documents.h"
#include "web/api/handlers.h"
#include "web/published.h"

namespace sluice::web::api {

namespace {

std::unexpected<Error> no_document() { return fail(ErrorKind::NotFound, "There is no such document."); }

Response file(std::string body, const char* type) {
  Response out;
  out.headers = {{"Content-Type", type}, {"Cache-Control", "no-cache"}, {"Access-Control-Allow-Origin", "*"}};
  out.etag = hex(sha256(bytes_of(body))).substr(0, 32);
  out.body = std::move(body);
  return out;
}

Result<std::vector<store::Publication>> all(App& app) {
  TRY(auto db, app.services.store.lease());
  return store::publications(*db, 10'000, {});
}

}  // namespace

Result<Response> list_publications(App& app, const Request&) {
  TRY(const auto list, all(app));
  json::array items;
  for (const auto& one : list)
    items.push_back(json::object{{"tracking", one.tracking}, {"version", one.version}, {"title", one.title}, {"summary", one.summary}, {"first_released", to_text(one.first_released)},
                                 {"released", to_text(one.released)}, {"csaf", "/csaf/white/" + one.csaf}, {"page", "/advisories/" + one.tracking}});
  return ok(json::object{{"items", std::move(items)}});
}

Result<Response> csaf_document(App& app, const Request& request) {
  const auto& name = request.path.find("file")->second;
  TRY(auto db, app.services.store.lease());
  TRY(const auto document, store::public_csaf(*db, request.path.find("year")->second + "/" + std::string(document_of_file(name))));
  const auto found = document ? published_file(*document, name) : std::nullopt;
  if (!found) return no_document();
  return file(std::string(found->body), found->type);
}

Result<Response> csaf_index(App& app, const Request&) {
  TRY(const auto list, all(app));
  std::string out;
  for (const auto& one : list) out += one.csaf + "\n";
  return file(std::move(out), "text/plain; charset=utf-8");
}

Result<Response> csaf_changes(App& app, const Request&) {
  TRY(const auto list, all(app));  // newest first, as CSAF 2.0 §7.1.13 wants
  std::string out;
  for (const auto& one : list) out += "\"" + one.csaf + "\",\"" + to_text(one.released) + "\"\n";
  return file(std::move(out), "text/csv; charset=utf-8");
}

Result<Response> csaf_feed(App& app, const Request&) {
  TRY(const auto list, all(app));
  const auto& base = app.services.settings.public_url;
  json::array entries;
  Instant updated = app.services.site.file.created;
  for (const auto& one : list) {
    updated = std::max(updated, one.released);
    const auto url = base + "/csaf/white/" + one.csaf;
    const auto link = [&](const char* rel, const char* ending) { return json::object{{"rel", rel}, {"href", url + ending}}; };
    entries.push_back(json::object{{"id", one.tracking},
                                   {"title", one.title},
                                   {"link", json::array{link("self", ""), link("hash", ".sha256"), link("hash", ".sha512"), link("signature", ".asc")}},
                                   {"published", to_text(one.first_released)},
                                   {"updated", to_text(one.released)},
                                   {"summary", json::object{{"content", one.summary}}},
                                   {"content", json::object{{"type", "application/json"}, {"src", url}}},
                                   {"format", json::object{{"schema", "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json"}, {"version", "2.0"}}}});
  }
  const json::object feed{{"feed", json::object{{"id", "csaf-feed-tlp-white"},
                                                {"title", "Advisories, TLP:WHITE"},
                                                {"link", json::array{json::object{{"rel", "self"}, {"href", base + "/csaf/white/csaf-feed-tlp-white.json"}}}},
                                                {"category", json::array{json::object{{"scheme", "urn:ietf:params:rolie:category:information-type"}, {"term", "csaf"}}}},
                                                {"updated", to_text(updated)},
                                                {"entry", std::move(entries)}}}};
  return file(pretty(feed), "application/json");
}

Result<Response> provider_metadata(App& app, const Request&) {
  const auto& base = app.services.settings.public_url;
  TRY(const auto list, all(app));
  TRY(auto db, app.services.store.lease());
  TRY(const auto own, store::organisation(*db, app.services.cells(), app.services.site.file.organisation));
  TRY(const bool all_signed, store::every_public_csaf_is_signed(*db));
  Instant updated = app.services.site.file.created;
  for (const auto& one : list) updated = std::max(updated, one.released);
  const auto& key = *app.services.site.advisory_key;
  const json::object metadata{
      {"canonical_url", base + "/.well-known/csaf/provider-metadata.json"},
      {"distributions", json::array{json::object{{"rolie", json::object{{"feeds", json::array{json::object{{"summary", "All public advisories"}, {"tlp_label", "WHITE"},
                                                                                                        {"url", base + "/csaf/white/csaf-feed-tlp-white.json"}}}}}}},
                                    json::object{{"directory_url", base + "/csaf/white"}}}},
      {"last_updated", to_text(updated)},
      {"list_on_CSAF_aggregators", !app.services.site.file.demo},
      {"metadata_version", "2.0"},
      {"mirror_on_CSAF_aggregators", !app.services.site.file.demo},
      {"public_openpgp_keys", json::array{json::object{{"fingerprint", key.fingerprint()}, {"url", base + "/.well-known/csaf/openpgp/" + key.fingerprint() + ".asc"}}}},
      {"publisher", json::object{{"category", "coordinator"}, {"name", own ? own->profile.name : std::string("This site")}, {"namespace", base}}},
      {"role", all_signed ? "csaf_trusted_provider" : "csaf_provider"}};  // CSAF 2.0 §7.2.3: a provider with §7.1.18 to §7.1.20
  return file(pretty(metadata), "application/json");
}

// CSAF 2.0 §7.1.20: in the folder openpgp/ beside the metadata.
Result<Response> openpgp_key(App& app, const Request& request) {
  const auto& key = *app.services.site.advisory_key;
  if (request.path.find("file")->second != key.fingerprint() + ".asc") return no_document();
  return file(key.public_key(), "application/pgp-keys");
}

namespace {
Result<Response> document_of(App& app, const Request& request, const char* kind) {
  TRY(auto db, app.services.store.lease());
  TRY(const auto body, store::public_document(*db, kind, request.path.find("file")->second));
  if (!body) return no_document();
  return file(*body, "application/json");
}
}  // namespace

Result<Response> cve_document(App& app, const Request& request) { return document_of(app, request, "cve"); }
Result<Response> osv_document(App& app, const Request& request) { return document_of(app, request, "osv"); }

}  // namespace sluice::web::api
