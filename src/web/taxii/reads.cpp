#include "base/fine_time.h"
#include "service/collections.h"
#include "service/peers.h"
#include "service/standing_reads.h"
#include "service/threat_intake.h"
#include "web/taxii/answers.h"
#include "web/taxii/handlers.h"
#include "web/taxii/media_type.h"

namespace sluice::web::taxii {

namespace {

constexpr std::string_view kRoot = "/taxii2/root/";
constexpr std::string_view kStix20MediaType = "application/stix+json;version=2.0";
constexpr std::int64_t kMostOnPage = 1000;

json::object resource_of(const store::CollectionSeen& seen) {
  const auto& collection = seen.collection();
  json::object out{{"id", collection.id}, {"title", collection.title}, {"can_read", seen.can_read()}, {"can_write", seen.can_write()}, {"media_types", json::array{json::value(kStixMediaType), json::value(kStix20MediaType)}}};
  if (collection.description) out["description"] = *collection.description;
  if (collection.alias) out["alias"] = *collection.alias;
  return out;
}

std::string_view media_type_of(int spec) { return spec == 2000 ? kStix20MediaType : kStixMediaType; }

struct Listed {
  store::ObjectPage page;
  std::string next;
};

// One page of a list of the collection: filters, then the place it begins at, then its length (TAXII 2.1 §3.4).
Result<Listed> listed(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query, store::ObjectsWanted wanted, store::Parts parts) {
  TRY(wanted.after, begins_after(app, request, seen, list, query));
  wanted.most = std::min(query.limit.value_or(kMostOnPage), kMostOnPage);
  Listed out;
  TRY(const auto allowance, service::allowance_for(app.services, request.viewer, seen));
  TRY(auto db, app.services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(out.page, service::page_under(app.services, tx, allowance, seen, wanted, parts, query.content));
  if (out.page.more) out.next = next_from(app, request, seen, list, query, out.page.next_after);
  return out;
}

store::ObjectsWanted wanted_by(const Query& query) {
  store::ObjectsWanted out;
  out.ids = query.ids, out.types = query.types;
  out.versions = {.all = query.all_versions, .first = query.first_version, .last = query.last_version, .exact = query.exact_versions, .specs = query.spec_versions};
  return out;
}

// What reaches the organisation for the first time is written down before the bytes leave.
void note_first(App& app, const Request& request, Response& response, const store::ObjectPage& page) {
  if (request.http.verb == http::Verb::Head) return;   // nothing reaches anybody
  std::vector<std::int64_t> fresh;
  for (const auto& one : page.objects)
    if (!one.is_delivered) fresh.push_back(one.object);
  if (!fresh.empty()) response.first = service::record_object_deliveries(app.services, request.viewer, std::move(fresh));
}

// A body that counts as under way until its reader has it, however slowly that reads (service/memory_budget.h).
struct HeldBody {
  std::string text;
  service::MemoryBudget::Share share;
};

// For a server that reads on a schedule and asks for it: beside each object the marks of the sites that it came through, by which loops end (service/peer_loop.h). A property of our own, as
// TAXII 2.1 §6 lets there be, and only where it is asked for.
Result<void> add_passed(App& app, const Request& request, const store::ObjectPage& page, std::string& body) {
  if (request.http.header("x-sluice-passed") != "1" || page.objects.empty() || !body.ends_with('}')) return {};
  TRY(const auto marks, service::marks_of(app.services, page.objects));
  std::string lists;
  for (const auto& of_one : marks) {
    lists += lists.empty() ? "[" : ",[";
    for (std::size_t i = 0; i < of_one.size(); ++i) lists += (i == 0 ? "\"" : ",\"") + of_one[i] + "\"";
    lists += "]";
  }
  body.pop_back();
  body += ",\"x_sluice_passed\":[" + lists + "]}";
  return {};
}

Result<Response> envelope_of(App& app, const Request& request, Listed list) {
  std::vector<std::string> items;
  items.reserve(list.page.objects.size());
  for (auto& one : list.page.objects) items.push_back(std::move(one.bytes));
  auto out = answer({});
  const auto held = std::make_shared<HeldBody>();
  held->text = list_body("objects", items, list.next);
  TRY(add_passed(app, request, list.page, held->text));
  TRY(held->share, app.services.pages->take(request.viewer.organisation ? request.viewer.organisation->text() : std::string(), held->text.size()));
  out.shared_body = std::shared_ptr<const std::string>(held, &held->text);
  add_dates(out, list.page);
  note_first(app, request, out, list.page);
  return out;
}

// The object in the path; whoever meets no version of it is told that there is none.
Result<std::string> object_in_path(App& app, const Request& request, const store::CollectionSeen& seen) {
  auto id = path_word(request, "object");
  TRY(auto db, app.services.store.lease());
  TRY(const bool is_there, store::has_object(app.services.store, *db, seen, id));
  if (!is_there) return fail(ErrorKind::NotFound, "There is no such object here, or you have no access to it.");
  return id;
}

}  // namespace

Result<Response> discovery(App& app, const Request& request) {
  TRY(accepts(request));
  std::string title = "Threat sharing";
  TRY(const auto all, app.services.directory->rows(app.services.store, app.services.clock.monotonic()));
  if (const auto own = all->find(app.services.site.file.organisation); own != all->end()) title += ", " + own->second.profile.name;
  return answer(canonical(json::object{{"title", title}, {"default", kRoot}, {"api_roots", json::array{json::value(kRoot)}}}));
}

Result<Response> api_root(App&, const Request& request) {
  TRY(accepts(request));
  return answer(canonical(json::object{{"title", "Collections of this site"}, {"versions", json::array{json::value(kMediaType)}}, {"max_content_length", service::kMostEnvelopeBytes}}));
}

Result<Response> status(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(auto text, service::intake_status(app.services, request.viewer, path_word(request, "status")));
  return answer(std::move(text));
}

Result<Response> collections(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto all, app.services.store.as(request.viewer).collections());
  json::array list;
  for (const auto& seen : all) list.push_back(resource_of(seen));
  json::object out;
  if (!list.empty()) out["collections"] = std::move(list);
  return answer(canonical(out));
}

Result<Response> collection(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto seen, app.services.store.as(request.viewer).collection(path_word(request, "collection")));
  return answer(canonical(resource_of(seen)));
}

Result<Response> manifest(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto seen, readable(app, request));
  TRY(const auto query, read_query(request.http.query, kListFilters));
  TRY(const auto list, listed(app, request, seen, "manifest", query, wanted_by(query), store::Parts::Labels));
  std::vector<std::string> items;
  items.reserve(list.page.objects.size());
  for (const auto& one : list.page.objects)
    items.push_back("{\"id\":" + json_text(one.id) + ",\"date_added\":\"" + six_digits(Instant{one.date_added}) + "\",\"version\":" + json_text(one.version) + ",\"media_type\":\"" + std::string(media_type_of(one.spec)) + "\"}");
  auto out = answer(list_body("objects", items, list.next));
  add_dates(out, list.page);
  return out;
}

Result<Response> objects(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto seen, readable(app, request));
  TRY(const auto query, read_query(request.http.query, kListFilters));
  TRY(auto list, listed(app, request, seen, "objects", query, wanted_by(query), store::Parts::Whole));
  return envelope_of(app, request, std::move(list));
}

Result<Response> object(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto seen, readable(app, request));
  TRY(const auto query, read_query(request.http.query, kObjectFilters));
  TRY(auto id, object_in_path(app, request, seen));
  auto wanted = wanted_by(query);
  const auto list_name = "object/" + id;
  wanted.ids = {std::move(id)};
  TRY(auto list, listed(app, request, seen, list_name, query, std::move(wanted), store::Parts::Whole));
  return envelope_of(app, request, std::move(list));
}

Result<Response> versions(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto seen, readable(app, request));
  TRY(const auto query, read_query(request.http.query, kVersionsFilters));
  TRY(auto id, object_in_path(app, request, seen));
  auto wanted = wanted_by(query);
  const auto list_name = "versions/" + id;
  wanted.ids = {std::move(id)};
  wanted.versions.all = true;
  TRY(const auto list, listed(app, request, seen, list_name, query, std::move(wanted), store::Parts::Labels));
  std::vector<std::string> items;
  for (const auto& one : list.page.objects) items.push_back(json_text(one.version));
  auto out = answer(list_body("versions", items, list.next));
  add_dates(out, list.page);
  return out;
}

}  // namespace sluice::web::taxii
