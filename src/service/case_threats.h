// What is shared proposes to the cases it touches: a sighting, a relationship, a listed exploit becomes a claim of X or A with its source, and a person decides on it (cvd/decide_threats.cpp).
//
// A thread of its own looks, for each organisation that owns or coordinates open cases, through what that organisation meets in collections, from where it looked last, and through
// the public lists that were imported. It looks every two seconds whether a collection, a case or a list has moved, so that what another node took in is found as well.
//
// Always holds
//   P1  Need to know, both ways. An object is proposed to a case only where every organisation that reads the case's coordination meets that version of it; and nothing that a reader
//       of the collection can see follows from it: no row of the collection, no delivery, no answer.
//   P2  The same version of the same object is proposed to a case once: the case itself remembers it, across restarts and nodes.
//   P3  A proposal says numbers, times, ids and a confidence; never text of the object.
//   P4  It decides nothing.
//   P5  What came before a case was known by something, or speaks of an object that came after it, is found by look-up, by value and by reference (store/values.h): at a cost that follows from what
//       is found, however old it is. What was looked for stands in the database, so that a restart forgets nothing and asks nothing twice.
// Of one key, or of what names one object, the newest kMostFound are looked at.
#pragma once

#include <condition_variable>
#include <deque>
#include <thread>

#include "service/case_keys.h"
#include "service/services.h"
#include "store/case_threats.h"
#include "store/collections.h"
#include "store/objects.h"
#include "store/values.h"

namespace sluice::service {

class CaseThreats {
 public:
  static constexpr Duration kLook = std::chrono::seconds(2);
  static constexpr std::size_t kMostFound = 500, kMostFollowed = 1'000;
  enum class Runs { InBackground, WhenAsked };    // WhenAsked: look() alone, for tests

  explicit CaseThreats(Services& services, Runs runs = Runs::InBackground);
  ~CaseThreats();
  CaseThreats(const CaseThreats&) = delete;

  // One round, to its end; one at a time, from any thread. The number of proposals that were handed to cases; each may have been known there.
  Result<int> look();

 private:
  struct Reader { OrganisationId organisation; access::OrganisationKind kind; KeysOfCases keys; };

  Result<std::vector<Reader>> readers();
  Result<int> look_up(const Reader& reader, const store::CollectionSeen& seen, std::int64_t head);       // what its cases weren't looked for by yet
  Result<int> look_through(const Reader& reader, const store::CollectionSeen& seen, std::int64_t head);  // what came since
  Result<int> consider(const Reader& reader, const store::CollectionSeen& seen, const std::vector<store::PostedObject>& objects);
  Result<int> follow(const Reader& reader, const store::CollectionSeen& seen, std::vector<std::string> touched);   // what speaks of these, and came before them
  Result<std::vector<store::PostedObject>> objects_of(const store::CollectionSeen& seen, const std::vector<store::PostingKey>& keys);
  Result<std::vector<std::string>> keep(const Reader& reader, const std::vector<std::string>& names, const std::vector<store::CaseTouch>& touches);   // those of the names that touch something new
  Result<int> take(const Reader& reader, const store::CollectionSeen& seen, const threat::SaidOfWorld& said, const std::vector<store::CaseTouch>& touches);
  Result<int> look_at_lists(const Reader& reader);
  Result<bool> all_meet(const CaseKey& key, std::string_view collection, const threat::SaidOfWorld& said);
  void run();

  Services& services_;
  std::mutex round_;                              // held by whoever looks: what follows is its own
  std::map<std::int64_t, std::int64_t> heads_;    // as they were when they were looked at
  std::int64_t lists_ = -1;
  std::map<std::pair<OrganisationId, std::int64_t>, std::set<store::Tag>> looked_for_;   // what stands in the database of it, by reader and collection

  std::mutex mutex_;
  std::condition_variable wake_;
  bool case_moved_ = true, stopping_ = false;
  Bus::Handle handle_;
  std::thread thread_;
};

// For an administrator of the site, or the command line: a public list of what is exploited. Answer {"entries"}: how many it has; whose cases they touch is nobody's to learn from it.
struct ExploitedList { std::string name, version; std::vector<store::KnownExploited> entries; };
Work import_exploited_list(Services& services, Asker asker, ExploitedList list);

}  // namespace sluice::service
