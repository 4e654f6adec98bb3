// A site with two members and a guest for tests, who share a collection that all of them read and write.
#pragma once

#include <future>

#include "service/collections.h"
#include "service/testing.h"
#include "service/threat_intake.h"
#include "threat/marking.h"

namespace sluice::service {

struct SharingForTests {
  explicit SharingForTests(std::string database = "sqlite::memory:") : site({.database = std::move(database)}) {}

  SiteForTests site;
  OrganisationId first = site.organisation("First", access::OrganisationKind::Member), second = site.organisation("Second", access::OrganisationKind::Member), guest = site.organisation("Guest", access::OrganisationKind::Vendor);
  std::vector<Asker> askers{site.asker(site.person(first, "Ana", "ana@first.example"), first), site.asker(site.person(second, "Ben", "ben@second.example"), second), site.asker(site.person(guest, "Gia", "gia@guest.example"), guest)};
  std::string collection = add({.title = "Indicators", .anyone_reads = true, .anyone_writes = true});

  std::string add(NewCollection made) {
    const auto committed = for_tests::must(site.writer->run(add_collection(site.services, SiteForTests::system(), std::move(made))));
    return std::string(string_at(committed.answer, "id"));
  }
  // The status.
  json::value put(const Asker& asker, std::string body) {
    auto intake = for_tests::must(prepare_intake(site.services, asker, collection, std::move(body)));
    return for_tests::must(parse_json(for_tests::must(finish(std::move(intake))), {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 1 << 20}));
  }
  Result<std::string> finish(std::shared_ptr<Intake> intake) {
    std::promise<Result<std::string>> done;
    put_intake(site.services, std::move(intake), [&done](Result<std::string> status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }
  bool is_taken(const Asker& asker, const std::string& object) { return put(asker, "{\"objects\":[" + object + "]}").at("failure_count").to_number<int>() == 0; }
  store::CollectionSeen seen(const Asker& asker) { return for_tests::must(site.store->as(asker.viewer).collection(collection)); }
  store::ObjectPage page(const Asker& asker, const store::ObjectsWanted& wanted) {
    const auto seen = this->seen(asker);
    auto db = for_tests::must(site.store->lease());
    return for_tests::must(store::page_of(*site.store, *db, seen, wanted, store::Parts::Whole));
  }
  std::int64_t remove(const Asker& asker, std::string id, store::VersionsWanted wanted = {}) {
    return for_tests::must(site.writer->run(delete_object(site.services, asker, collection, std::move(id), std::move(wanted)))).answer.at("deleted").to_number<std::int64_t>();
  }
};

// Objects 0 to 9, an even one a tool and an odd one a campaign, in versions 0 to 9.
inline std::string thing_id(int id) { return std::string(id % 2 == 0 ? "tool" : "campaign") + "--00000000-0000-4000-8000-00000000000" + std::to_string(id); }
inline std::string thing_time(int n) { return "2020-01-01T00:00:0" + std::to_string(n) + ".000Z"; }
inline std::string thing_json(int id, int version, Tlp tlp, bool is_old_spec = false, std::string_view more = {}) {
  return "{\"type\":\"" + std::string(id % 2 == 0 ? "tool" : "campaign") + "\"," + (is_old_spec ? "\"labels\":[\"exploitation\"]," : "\"spec_version\":\"2.1\",") + "\"id\":\"" + thing_id(id) + "\",\"created\":\"" + thing_time(0) + "\",\"modified\":\"" + thing_time(version) +
         "\",\"name\":\"Thing\"" + std::string(more) + ",\"object_marking_refs\":[\"" + std::string(threat::marking_id_of(tlp)) + "\"]}";
}

}  // namespace sluice::service
