// Finding words in cases: titles, vulnerabilities and their identifiers, products, parties' own numbers, threads and messages, what a reporter called its report.
//
// The content of a site is sealed on disk, so what is searched lies in memory alone (KEY-4), gathered after the start by a thread of its own, newest cases first, up to a
// bound. The index only says where to look: a case is looked at again as its viewer may know it, and what is found stands in that view.
//
// For each reader the index knows, of three letters in a row, in which of its cases they stand (its List). A search goes through the shortest of the rows that its words name, compares the texts of the
// cases that stand in all of them, and stops once it has enough: what it takes follows from what is found, not from how many cases there are.
//
// Always holds
//   S1  Of a case, the parts that the viewer's organisation may read are compared and no others, and a case it has no part in isn't touched: neither what is found nor
//       the work it takes follows from what is hidden (EXI-4). A List is a reader's own, made of what it may read alone; counsel, who reads the organisation's own part only, has another.
//   S2  How far the index is, is said of the viewer's own cases: a number of all cases would tell of hidden ones.
// Safe to call from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "service/services.h"

namespace sluice::service {

enum class FoundKind { Case, Vulnerability, Product, TrackingId, Thread, Message, Report };
BOOST_DESCRIBE_ENUM(FoundKind, Case, Vulnerability, Product, TrackingId, Thread, Message, Report)

struct Found {
  CaseId id;
  FoundKind kind = FoundKind::Case;
  std::string text;                               // what was found, with a little around it
  std::string title;                              // of the case
  std::string thing;                              // the vulnerability's, product's, message's id; none for a case
  std::optional<ThreadId> thread;
};

struct FoundAll {
  std::vector<Found> items;
  std::vector<store::FirstDelivery> deliveries;   // of the cases that are shown: content like any other (ACC-13)
  std::int64_t indexed = 0, of = 0;               // of the viewer's cases
  bool complete = false;
  std::int64_t looked_at = 0;                     // places of the index and texts: what the search took
};

class Search {
 public:
  static constexpr std::size_t kMostBytes = 512 << 20;
  explicit Search(Services& services, std::size_t most_bytes = kMostBytes);
  ~Search();
  Search(const Search&) = delete;

  // All words, in any order, in one text; case doesn't matter. Invalid for less than two characters.
  Result<FoundAll> find(const access::Viewer& viewer, std::string_view words, std::size_t most) const;
  bool is_filled() const { return filled_; }

 private:
  using Three = std::uint32_t;                    // three bytes in a row
  struct Part {
    std::optional<store::Tag> of;                 // the organisation whose own it is
    std::string text;                             // all of it in small letters, each text ended by NUL
    std::vector<Three> threes;                    // what stands in it, sorted
  };
  using Readable = std::pair<store::Tag, std::vector<std::uint16_t>>;  // which parts an organisation may read
  struct Indexed {
    std::vector<Part> parts;
    std::vector<Readable> readers;                // sorted
    std::size_t bytes = 0;
    const Readable* readable(const store::Tag& reader) const;
    std::vector<Three> threes(const store::Tag& reader, bool own_part_alone) const;
  };
  struct List {
    std::vector<CaseId> cases;                    // by their numbers here; a number is never given twice
    std::unordered_map<CaseId, std::uint32_t> numbers;
    std::map<Three, std::vector<std::uint32_t>> where;  // numbers, ascending
  };
  struct Lists { List all, own_part; };
  struct TagHash {
    std::size_t operator()(const store::Tag& tag) const;
  };
  void run();
  void gather(CaseId id);
  Result<Indexed> read(CaseId id) const;
  void replace(CaseId id, std::optional<Indexed> with);
  std::vector<CaseId> candidates(const store::Tag& reader, bool own_part_alone, const std::vector<std::string>& words, FoundAll& out) const;

  Services& services_;
  const std::size_t most_bytes_;
  mutable std::shared_mutex index_mutex_;
  std::unordered_map<CaseId, std::shared_ptr<const Indexed>> index_;
  std::unordered_map<store::Tag, Lists, TagHash> lists_;
  std::size_t bytes_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<CaseId> changed_;
  std::unordered_set<CaseId> waiting_;            // what stands in changed_
  bool stopping_ = false;
  std::atomic<bool> filled_ = false;
  Bus::Handle handle_;
  std::thread thread_;
};

}  // namespace sluice::service
