#include "service/search.h"

#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/testing.h"
#include "store/read_work.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

// Two organisations with cases of their own; what one has is hidden from the other.
struct Searched : SiteForTests {
  OrganisationId ours = organisation("Ours", access::OrganisationKind::Vendor), theirs = organisation("Theirs", access::OrganisationKind::Vendor);
  Asker we = asker(person(ours, "Wanda", "wanda@ours.example", access::SiteRole::Admin), ours), they = asker(person(theirs, "Theo", "theo@theirs.example", access::SiteRole::Admin), theirs);

  CaseId opened(const Asker& by, const std::string& title) { return made<CaseId>(open_case(services, by, {title})); }
  void run(const Asker& by, CaseId id, cvd::Command command) { must(writer->run(case_command(services, by, id, std::move(command)))); }

  // An index gathered anew has seen everything once it says that it is filled.
  FoundAll found(const Asker& by, std::string_view words, std::size_t most = 50) {
    Search search(services);
    while (!search.is_filled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return must(search.find(by.viewer, words, most));
  }
  std::vector<std::string> texts(const Asker& by, std::string_view words) {
    std::vector<std::string> out;
    for (const auto& one : found(by, words).items) out.push_back(one.text);
    std::sort(out.begin(), out.end());
    return out;
  }
};

}  // namespace

TEST_CASE("words are found wherever they stand in one text: parts of words, two letters, any script, and only all of them together") {
  Searched site;
  const auto id = site.opened(site.we, "Überlauf in Gadgetron 7");
  site.run(site.we, id, cvd::AddVulnerability{"Buffer overflow", "Found by fuzzing.", {}});
  site.run(site.we, id, cvd::AddVulnerability{"Out of bounds read in os layer", "Found by reading.", {}});
  const auto is = [&](std::string_view words, std::vector<std::string> texts) { return site.texts(site.we, words) == texts; };
  CHECK(is("gadget", {"Überlauf in Gadgetron 7"}));
  CHECK(is("TRON 7", {"Überlauf in Gadgetron 7"}));     // the second word has one letter: it is compared, not looked up
  CHECK(is("berlauf", {"Überlauf in Gadgetron 7"}));
  CHECK(is("overflow buffer", {"Buffer overflow"}));
  CHECK(is("os", {"Out of bounds read in os layer"}));
  CHECK(is("ow", {"Buffer overflow"}));                  // at the end of a text
  CHECK(is("in", {"Out of bounds read in os layer", "Überlauf in Gadgetron 7"}));
  CHECK(is("buffer bounds", {}));                        // not in one text
  CHECK(is("zyzzyva", {}));
  CHECK(is("overflowbuffer", {}));
}

TEST_CASE("an index that follows changes says what one says that is made anew") {
  Searched site;
  Search search(site.services);
  std::vector<CaseId> ids;
  const auto thread = [&](CaseId id) { return must(site.store->as(site.we.viewer).case_view(id)).view.fold.threads.front().id; };
  for (int i = 0; i < 6; ++i) ids.push_back(site.opened(site.we, "Case number " + std::to_string(i)));
  for (const auto id : ids) site.run(site.we, id, cvd::OpenThread{"shared", "Plan", "We ship in May."});
  site.run(site.we, ids[1], cvd::DescribeCase{"Another name", {}});
  site.run(site.we, ids[2], cvd::PostMessage{thread(ids[2]), "Or in June."});
  const auto message = must(site.store->as(site.we.viewer).case_view(ids[3])).view.fold.threads.front().messages.front().id;
  site.run(site.we, ids[3], cvd::RetractMessage{thread(ids[3]), message, "wrong case"});
  // It has followed once it finds the last that was written.
  site.run(site.we, ids[5], cvd::DescribeCase{"The very last", {}});
  for (int i = 0; i < 30'000 && must(search.find(site.we.viewer, "very last", 50)).items.empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  for (const auto* words : {"case number", "another", "number 1", "june", "may", "ship", "plan", "very last", "number 5"}) {
    std::multiset<std::string> one, other;
    for (const auto& item : must(search.find(site.we.viewer, words, 50)).items) one.insert(item.id.text() + item.text);
    for (const auto& item : site.found(site.we, words).items) other.insert(item.id.text() + item.text);
    CHECK_MESSAGE(one == other, words);
  }
  CHECK(site.found(site.we, "may").items.size() == 5);  // one was taken back
}

TEST_CASE("EXI-4: a search takes as much whatever others have, and not more for having more that isn't found") {
  Searched site;
  for (int i = 0; i < 5; ++i) site.opened(site.we, "Overflow number " + std::to_string(i));
  struct Took { std::int64_t looked_at; store::ReadWork read; std::size_t items; bool operator==(const Took&) const = default; };
  const std::vector<const char*> asked = {"overflow", "number 3", "fl", "zyzzyva", "gadget"};
  const auto took = [&](const Asker& by) {
    std::vector<Took> out;
    Search search(site.services);
    while (!search.is_filled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const auto* words : asked) {
      const auto begun = store::read_work();
      const auto found = must(search.find(by.viewer, words, 50));
      out.push_back({found.looked_at, store::read_work() - begun, found.items.size()});
    }
    return out;
  };
  (void)took(site.we);  // the directory and the views are read once
  const auto alone = took(site.we);
  for (int i = 0; i < 40; ++i) site.opened(site.they, "Overflow number " + std::to_string(i) + " of the gadget");
  CHECK(took(site.we) == alone);
  CHECK(alone[0].items == 5);
  for (int i = 0; i < 40; ++i) site.opened(site.we, "Entirely different words, each time: " + std::to_string(1'000 + i));
  const auto beside = took(site.we);
  for (std::size_t i = 0; i < asked.size(); ++i) CHECK_MESSAGE(beside[i].looked_at == alone[i].looked_at, asked[i]);
}

TEST_CASE("counsel finds what stands in its organisation's own part, and what it takes says nothing of the rest") {
  Searched site;
  const auto counsel = site.asker(site.person(site.ours, "Carl", "carl@ours.example", access::SiteRole::Counsel), site.ours);
  const auto id = site.opened(site.we, "Overflow in the parser");
  site.run(site.we, id, cvd::OpenThread{access::Compartment::of(site.ours).text(), "Our liability", "What do we owe?"});
  const auto before = site.found(counsel, "overflow");
  CHECK(before.items.empty());
  CHECK(site.texts(counsel, "liability") == std::vector<std::string>{"Our liability"});
  site.run(site.we, id, cvd::OpenThread{"shared", "More on the overflow", "An overflow it is."});
  const auto after = site.found(counsel, "overflow");
  CHECK(after.items.empty());
  CHECK(after.looked_at == before.looked_at);
}
