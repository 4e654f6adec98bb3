#include "web/hub.h"

#include <doctest/doctest.h>

#include <thread>

#include "service/cases.h"
#include "service/testing.h"
#include "web/http/event_stream.h"

using namespace sluice;
using namespace sluice::service;

namespace {

// A case of ours, and changes of it as the Writer tells them.
struct HubSite : SiteForTests {
  OrganisationId ours = organisation("Ours", access::OrganisationKind::Vendor), theirs = organisation("Theirs", access::OrganisationKind::Vendor);
  Asker we = asker(person(ours, "Wanda", "wanda@ours.example", access::SiteRole::Admin), ours), they = asker(person(theirs, "Theo", "theo@theirs.example", access::SiteRole::Admin), theirs);
  CaseId id = made<CaseId>(open_case(services, we, {"A case"}));

  void tell(const std::string& type) { bus.tell({.case_id = id, .compartment = access::Compartment::shared(), .type = type}); }
};

bool stays_in() { return true; }

// What comes, until there are so many; fewer where it is closed or a minute is over.
std::vector<std::string> frames_of(web::http::EventStream& stream, std::size_t count) {
  std::vector<std::string> out;
  for (int tries = 0; tries < 30'000; ++tries) {
    const auto taken = stream.take();
    for (const auto& frame : taken.frames) out.push_back(*frame);
    if (out.size() >= count || taken.closed) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return out;
}
std::string id_of_frame(const std::string& frame) { return frame.starts_with("id: ") ? frame.substr(4, frame.find('\n') - 4) : std::string(); }
bool is_of_type(const std::string& frame, const std::string& type) { return frame.find("\"type\":\"" + type + "\"") != std::string::npos; }

}  // namespace

TEST_CASE("who resumes hears what it missed in its order and before what comes then, and no other organisation goes on from its id") {
  HubSite site;
  web::Hub hub(site.services);
  const auto first = hub.subscribe(site.we.viewer, "", stays_in);
  for (int i = 0; i < 5; ++i) site.tell("change." + std::to_string(i));
  const auto heard = frames_of(*first, 5);
  REQUIRE(heard.size() == 5);
  const auto again = hub.subscribe(site.we.viewer, id_of_frame(heard[1]), stays_in);
  site.tell("change.5");
  const auto rest = frames_of(*again, 4);
  REQUIRE(rest.size() == 4);
  for (int i = 0; i < 4; ++i) CHECK(is_of_type(rest[static_cast<std::size_t>(i)], "change." + std::to_string(i + 2)));
  const auto other = frames_of(*hub.subscribe(site.they.viewer, id_of_frame(heard[1]), stays_in), 1);
  REQUIRE(other.size() == 1);
  CHECK(other.front().starts_with("event: resync\n"));
}

TEST_CASE("ACC-7: what was missed is told to nobody whose session is over") {
  HubSite site;
  web::Hub hub(site.services);
  const auto first = hub.subscribe(site.we.viewer, "", stays_in);
  for (int i = 0; i < 3; ++i) site.tell("change." + std::to_string(i));
  const auto heard = frames_of(*first, 3);
  REQUIRE(heard.size() == 3);
  const auto late = hub.subscribe(site.we.viewer, id_of_frame(heard[0]), [] { return false; });
  CHECK(frames_of(*late, 1).empty());
  CHECK(late->is_closed());
}

TEST_CASE("who missed more than a stream holds is told to read anew, and the stream lives on") {
  HubSite site;
  web::Hub hub(site.services);
  const auto first = hub.subscribe(site.we.viewer, "", stays_in);
  site.tell("the.first");
  const auto heard = frames_of(*first, 1);
  REQUIRE(heard.size() == 1);
  for (int i = 0; i < 2'500; ++i) site.tell("much");
  REQUIRE(frames_of(*first, 2'500).size() == 2'500);
  const auto again = hub.subscribe(site.we.viewer, id_of_frame(heard[0]), stays_in);
  auto rest = frames_of(*again, 1'001);
  REQUIRE(rest.size() == 1'001);
  CHECK(rest.back().starts_with("event: resync\n"));
  CHECK_FALSE(again->is_closed());
  site.tell("the.last");
  rest = frames_of(*again, 1);
  REQUIRE(rest.size() == 1);
  CHECK(is_of_type(rest.front(), "the.last"));
}
