// How a collection of a TAXII 2.1 server is read to its end, and later read on, without losing or doubling anything. Pure: pages come in, what to ask next
// comes out; whoever drives it does the asking, delivers what is fresh, and keeps the state.
//
// Within one walk the server's `next` is followed. Where there is none, or it isn't taken any more, and from one walk to the next, it goes by the time an object
// was added, for which the standard has only "after this instant" (TAXII 2.1 §3.4). That instant is no safe cut: servers give one time to a whole batch, cut
// their times to milliseconds or round them, and show the first half of a batch before the second. So it asks a little earlier than what it has, and drops by
// their keys what comes again.
//
// Always holds
//   W1  Of what the server keeps showing nothing is lost, whatever answers go missing and wherever the reader stops, as long as times only grow and aren't off by
//       more than their own precision. Where that can't be done (more objects with one time than a page takes, and no `next`) it says so and stops there.
//   W2  What came is not fresh a second time, whatever is read again, as long as what is kept of keys (kMostKeys) covers the part that is read again.
//   W3  It ends: a page that comes again and again, cursors in a circle, "more" with nothing are each asked again a few times and then an error.
//   W4  A state is good at any moment between two pages: Walk(state()) goes on where this one is, once what was fresh has been delivered.
#pragma once

#include <deque>
#include <unordered_set>

#include "service/taxii_answer.h"

namespace sluice::service::taxii {

constexpr std::size_t kMostKeys = 200'000;
constexpr std::uint32_t kMostLimit = 20'000;

struct PageKeys {
  std::optional<Instant> until;                    // none of its objects was added later than this; nothing: not known
  std::vector<ObjectKey> keys;
  int pass = 0;                                    // in which it was read; 0, also after a restart: an earlier one
};

struct WalkState {
  std::optional<Instant> after;                    // what was added up to then has come
  std::optional<std::string> next;                 // there is more, and this is how to ask for it, together with
  std::optional<Instant> next_after;               // the added_after that it goes with
  std::uint32_t limit = 1000;
  std::deque<PageKeys> recent;                     // keys of what may come again
  std::uint64_t objects = 0, pages = 0;            // in all
};

struct WalkSettings {
  Duration overlap = std::chrono::milliseconds(1); // how much earlier it asks at least
  bool accept_loss = false;                        // where W1 can't be kept: go on, and say so
};

enum class Step {
  GoOn,                                            // ask request()
  AskAgain,                                        // wait as after a failure, then ask request()
  AskDate,                                         // ask the manifest when `last_object` was added, and give learned() the answer
  Done,                                            // there is nothing more for now
  Failed,
};

class Walk {
 public:
  struct Request {
    std::optional<Instant> added_after;
    std::optional<std::string> next;
    std::uint32_t limit = 0;
  };
  struct Page {
    const Envelope& envelope;
    std::optional<Instant> first, last;            // X-TAXII-Date-Added-First, -Last
  };
  struct Taken {
    std::vector<std::size_t> fresh;                // places in the envelope's objects: to be delivered, in this order
    Step step = Step::Done;
    std::optional<Error> error;                    // with Failed
    std::string note;                              // for a person, where something is odd
  };

  Walk(WalkState state, WalkSettings settings);

  Request request() const;
  Taken take(const Page& page);
  // When the last object was added; nothing: the manifest doesn't say.
  Taken learned(std::optional<Instant> added);
  // The server doesn't take the cursor of request() (400, 404, 410, 422): it goes on by date.
  Taken cursor_refused();
  // What came over a stream that was opened after Done: objects, and the cursor (the event's id) that leads on from them, over a stream or as `next`.
  Taken streamed(const Envelope& envelope, const std::string& cursor);
  // So much was streamed without a word of when it was added that the manifest should be asked (as with AskDate), before keys are let go of.
  bool wants_date() const { return undated_ >= kMostKeys / 8 && last_object_; }

  const WalkState& state() const { return state_; }
  struct Object { std::string id, version; };
  const std::optional<Object>& last_object() const { return last_object_; }
  bool may_have_lost() const { return may_have_lost_; }

 private:
  std::vector<std::size_t> fresh_of(const Envelope& envelope);
  void remember(const Page& page, const std::vector<std::size_t>& fresh);
  void forget_oldest();
  void reached(Instant last);
  bool is_repeated(const Page& page);
  Taken go_on(Taken taken, bool was_empty);
  Taken by_date(Taken taken);
  Taken ask_again(Taken taken, std::string why);
  void new_pass();
  void date_undated(Instant last, bool of_all);

  WalkState state_;
  WalkSettings settings_;
  std::optional<Instant> reached_, asked_after_;
  Duration finest_ = std::chrono::seconds(1);      // the best precision that a time of this server has shown
  std::optional<Object> last_object_;
  std::optional<std::string> offered_;             // next of the page that is being taken
  std::unordered_set<std::string> seen_, pages_;   // keys of `recent`; fingerprints of the pages since the last date
  bool more_ = false, knows_date_ = false, asked_manifest_ = false, distrusts_next_ = false, may_have_lost_ = false;
  bool fresh_in_pass_ = false;
  int again_ = 0, stuck_ = 0, refused_ = 0, pass_ = 1;
  std::size_t keys_ = 0, undated_ = 0;             // in `recent`; of pages without a time
};

// The precision that an instant shows: the largest power of ten of microseconds, a second at most, that it is a multiple of.
Duration grain_of(Instant instant);

}  // namespace sluice::service::taxii
