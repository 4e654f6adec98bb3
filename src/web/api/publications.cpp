// What is public: released advisories, and their documents as a CSAF provider serves them (CSAF 2.0 §7.1), CVE records and OSV.
#include <algorithm>

#include "store/documents.h"
#include "web/api/handlers.h"

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

std::string csaf_name(const store::Publication& publication) {
  // CSAF 2.0 §5.1: lower case, runs of other characters become one underscore.
  std::string out;
  for (char c : publication.tracking) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-';
    if (plain) out += c;
    else if (out.empty() || out.back() != '_') out += '_';
  }
  return out + ".json";
}

// CSAF 2.0 §7.1.11: folders by the year of the initial release.
std::string csaf_path(const store::Publication& publication) {
  const auto text = parse_json(publication.document, {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 16 << 20});
  const auto initial = text ? std::string(string_at(*text, "initial_release")) : to_text(publication.first_released);
  return initial.substr(0, 4) + "/" + csaf_name(publication);
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
                                 {"released", to_text(one.released)}, {"csaf", "/csaf/white/" + csaf_path(one)}, {"page", "/advisories/" + one.tracking}});
  return ok(json::object{{"items", std::move(items)}});
}

Result<Response> csaf_document(App& app, const Request& request) {
  const auto& name = request.path.find("file")->second;
  TRY(auto db, app.services.store.lease());
  const auto plain = name.ends_with(".sha256") || name.ends_with(".sha512") ? name.substr(0, name.size() - 7) : name;
  TRY(const auto body, store::public_document(*db, "csaf", plain));
  if (!body) return no_document();
  if (name.ends_with(".sha256")) return file(hex(sha256(bytes_of(*body))) + "  " + plain + "\n", "text/plain; charset=utf-8");  // CSAF 2.0 §7.1.18
  if (name != plain) return no_document();
  return file(*body, "application/json");
}

Result<Response> csaf_index(App& app, const Request&) {
  TRY(const auto list, all(app));
  std::string out;
  for (const auto& one : list) out += csaf_path(one) + "\n";
  return file(std::move(out), "text/plain; charset=utf-8");
}

Result<Response> csaf_changes(App& app, const Request&) {
  TRY(const auto list, all(app));  // newest first, as CSAF 2.0 §7.1.13 wants
  std::string out;
  for (const auto& one : list) out += "\"" + csaf_path(one) + "\",\"" + to_text(one.released) + "\"\n";
  return file(std::move(out), "text/csv; charset=utf-8");
}

Result<Response> csaf_feed(App& app, const Request&) {
  TRY(const auto list, all(app));
  const auto& base = app.services.settings.public_url;
  json::array entries;
  Instant updated = app.services.site.file.created;
  for (const auto& one : list) {
    updated = std::max(updated, one.released);
    const auto url = base + "/csaf/white/" + csaf_path(one);
    entries.push_back(json::object{{"id", one.tracking},
                                   {"title", one.title},
                                   {"link", json::array{json::object{{"rel", "self"}, {"href", url}}, json::object{{"rel", "hash"}, {"href", url + ".sha256"}}}},
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
  Instant updated = app.services.site.file.created;
  for (const auto& one : list) updated = std::max(updated, one.released);
  const json::object metadata{
      {"canonical_url", base + "/.well-known/csaf/provider-metadata.json"},
      {"distributions", json::array{json::object{{"rolie", json::object{{"feeds", json::array{json::object{{"summary", "All public advisories"}, {"tlp_label", "WHITE"},
                                                                                                        {"url", base + "/csaf/white/csaf-feed-tlp-white.json"}}}}}}},
                                    json::object{{"directory_url", base + "/csaf/white"}}}},
      {"last_updated", to_text(updated)},
      {"list_on_CSAF_aggregators", true},
      {"metadata_version", "2.0"},
      {"mirror_on_CSAF_aggregators", true},
      {"publisher", json::object{{"category", "coordinator"}, {"name", own ? own->profile.name : std::string("This site")}, {"namespace", base}}},
      {"role", "csaf_provider"}};
  return file(pretty(metadata), "application/json");
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
