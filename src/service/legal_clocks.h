// The legal clocks of a viewer: what is due by law and policy over all of its open cases, by the instant it is due. A duty that is due blocks nothing, but never goes unseen.
//
// What a case's duties are takes about a millisecond to work out, and a site may have ten thousand open cases. So they are kept in memory (alone: they are content, KEY-4), for each organisation that asks,
// from the first time one of its people asks until a day after the last. A thread of its own fills them and follows changes; a reader works a few out itself and says how far they are.
// What is kept of a case holds while three things do: the view it was made of (CaseView::content), the profiles of the organisations in it, and the time until which nothing in it changes by itself. Packs and
// settings are the process's own and never change.
//
// Always holds
//   L1  What is kept was worked out from a view of the organisation and role that it is shown to (R1 of regimes.h). A duty is shown only after store.as(viewer) gave the case as it is now, and that was the same view.
//   L2  How far it is, is said of the viewer's own cases, and moves with what the viewer can know: a case's version, which hidden compartments move too, makes nothing count as missing.
//   L3  At most `most_bytes`. When they are full, the organisation that asked longest ago goes first.
// Safe to call from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <set>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "service/regimes.h"

namespace sluice::service {

// To the coordination alone: what of the debtor's own corrections the duty rests on, and where it would stand without them (case_duties.h).
struct OwnWord { json::array rests_on; json::object without; };

struct LegalDuty {
  CaseId id;
  std::string title;                              // of the case: from the view it is shown of, never kept
  std::string rule, citation, force;
  std::string says;                               // the rule's plain sentence; not kept
  std::string state;                              // open, missed; waiting where its instant is known; waiting or not-triggered where it would be open or missed but for the debtor's own word
  std::string on, on_name, to, due, why;          // `due` as the law counts it: an instant, or a day; empty: no number, so now
  std::optional<Instant> due_at;
  std::optional<Instant> stands_at;               // in the list: when it is due, or would be but for the debtor's own word
  bool verified = true;
  std::shared_ptr<const OwnWord> own_word;        // none: it rests on no word of the debtor's own
};

// Where a duty stands in the list: by instant; what has none stands below, or what is always due would hide what is due tonight.
using DutyPlace = std::tuple<std::int64_t, CaseId, std::string, std::string>;  // micros, case, rule, on

struct LegalDuties {
  std::vector<LegalDuty> items;
  std::optional<DutyPlace> next;                  // the last one's, where there are more
  std::vector<CaseId> not_asked;                  // of which a part could not be asked about: their own page says why
  std::vector<CaseId> shown;                      // of which something is among the items
  std::vector<store::FirstDelivery> deliveries;   // of the cases that are shown: content like any other (ACC-13)
  std::int64_t clocked = 0, of = 0;               // of the viewer's cases
  bool complete = false;                          // nothing is missing but what changed in the last seconds
  Instant as_of;
};

struct DutiesAsked {
  bool of_all = false;                            // of all parties that the viewer's views name; else its own organisation's
  std::set<std::string, std::less<>> states;      // none: what is owed or may come to be, so all but "not-triggered"
  std::optional<DutyPlace> after;
  std::size_t most = 50;
};

class LegalClocks {
 public:
  static constexpr std::size_t kMostBytes = 256 << 20, kAtOnce = 64;
  // `at_once`: how many cases a reader works out itself.
  explicit LegalClocks(Services& services, std::size_t most_bytes = kMostBytes, std::size_t at_once = kAtOnce);
  ~LegalClocks();
  LegalClocks(const LegalClocks&) = delete;

  Result<LegalDuties> duties(const access::Viewer& viewer, const DutiesAsked& asked);
  // The next duty of the viewer's own organisation in this case that has an instant, if that is known already: works nothing out.
  std::optional<LegalDuty> next_known(const access::Viewer& viewer, const store::CaseSeen& seen) const;
  std::uint64_t worked_out() const { return worked_out_; }  // how many cases so far
  bool is_settled() const;                        // the thread has nothing to do

 private:
  // What two persons share: whatever decides what they read (access/authorize.h), but for who they are.
  using Eyes = std::tuple<OrganisationId, access::OrganisationKind, access::SiteRole, bool, bool>;
  struct Made {
    std::string content;
    Instant as_of, until;
    std::vector<std::pair<OrganisationId, std::int64_t>> profiles;  // with the versions that counted
    std::vector<LegalDuty> duties;
    bool is_whole = true;
    std::size_t bytes = 0;
    bool holds(Instant now, const store::Directory::Rows& rows) const;
  };
  struct Kept { std::int64_t version = 0; std::shared_ptr<const Made> made; };
  struct List {
    access::Viewer viewer;                        // who asked last
    store::Tag reader{};
    Duration asked{};
    std::unordered_map<CaseId, Kept> cases;
    std::size_t bytes = 0;
  };
  using Versions = std::vector<std::pair<CaseId, std::int64_t>>;

  static Eyes eyes_of(const access::Viewer& viewer);
  static access::Viewer as_eyes(const access::Viewer& viewer);
  void ask_for(const Eyes& eyes, const access::Viewer& viewer);
  Result<Made> make(const access::Viewer& viewer, const store::CaseSeen& seen, Instant now, const store::Directory::Rows& rows);
  Result<std::shared_ptr<const Made>> look(const access::Viewer& viewer, CaseId id, const std::shared_ptr<const Made>& before, Instant now, const store::Directory::Rows& rows);
  bool keep(const Eyes& eyes, CaseId id, Kept kept);
  void drop(const Eyes& eyes, CaseId id);
  void forget_list(std::map<Eyes, List>::iterator list);

  void run();
  void follow_changes();
  bool refresh(const Eyes& eyes, const access::Viewer& viewer, CaseId id, std::int64_t version);
  void sweep(bool everything);

  Services& services_;
  const std::size_t most_bytes_, at_once_;
  std::vector<Instant> dates_;                    // at which a rule comes into force or ends, sorted
  mutable std::shared_mutex lists_mutex_;
  std::map<Eyes, List> lists_;
  std::size_t bytes_ = 0;
  std::atomic<std::uint64_t> worked_out_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<CaseId> changed_;
  std::unordered_set<CaseId> waiting_;            // what stands in changed_
  bool somebody_asked_ = false, stopping_ = false, rests_ = false;
  std::atomic<bool> anybody_ = false;             // has asked: else nothing is followed
  Bus::Handle handle_;
  std::thread thread_;
};

}  // namespace sluice::service
