// The live side of collections: who listens to a collection's objects, by server-sent events or by waiting for a page, is given each page that the objects endpoint would give, once
// it is there. Ours, beside TAXII 2.1: docs/howto/taxii-client.md has the form.
//
// There is one mechanism, reading on from a cursor. That something was posted says only who should look now; a listener that is behind, since it came late or reads slowly, looks again
// as soon as it has written what it had. Listeners of one collection with the same filters and audiences who stand at the same place share one page: it is read once and
// lies in memory once.
//
// Always holds
//   L1  The cursor of an event is a `next` of the objects endpoint with the same filters, and the other way round: what comes after it is the same on both.
//   L2  Who may read is asked for each page: the session, token or certificate, the scope, the collection, and the audiences, these in the snapshot of the page itself. A right that ended closes
//       the stream within a second, also where nothing comes.
//   L3  What reaches an organisation for the first time is on record before the bytes leave.
//   L4  A listener has at most one page under way, so one that reads slowly costs that page and holds up nobody. Idle, it costs no thread, no connection to the database, no buffer.
//   L5  Pages are shared only between readers whom the same audiences, as they are in that snapshot, let meet the same objects.
//   L7  Who fetched an object that was called back since is told of it as soon as it listens: recalls have dates in the order of their collection (store/recalls.h, K5), so the one
//       cursor is good for them too. They come before the objects of their page, whatever the filters: what was fetched may have come another way.
//   L6  Whom its standing narrows (service/standing_reads.h) doesn't listen: pages ask it object by object, and are its own.
#pragma once

#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "service/viewers.h"
#include "store/collection_stamp.h"
#include "web/taxii/query.h"
#include "web/app.h"

namespace sluice::web::taxii {

class Streams {
 public:
  Streams(service::Services& services, service::Viewers& viewers);
  ~Streams();                                     // after the server that its streams are served by
  Streams(const Streams&) = delete;

  // Who listens, and to what.
  struct Listener {
    service::Credential credential;               // to ask again by
    Query query;
    std::int64_t after = INT64_MIN;               // where it begins
    std::int64_t told = INT64_MIN;                // until when recalls were told
  };
  Result<std::shared_ptr<http::EventStream>> listen(const access::Viewer& viewer, const store::CollectionSeen& seen, Listener listener);
  // One page as soon as there is one, or none after `wait`; with the cursor to go on with either way.
  void wait(const access::Viewer& viewer, const store::CollectionSeen& seen, Listener listener, Duration wait, Give give);

  void wind_down();                               // ends all of them in good order, and takes no more: before the server is stopped
  std::size_t listeners() const;
  std::uint64_t pages_read() const { return pages_read_; }   // from the store so far: tests compare counted work

 private:
  // What is asked for: shared by all who ask the same.
  struct Question {
    std::string collection;                       // its id
    std::int64_t number = 0;
    Query query;                                  // without a place
    store::ObjectsWanted wanted;
    std::string text;                             // tells it from others
  };
  struct Page {
    std::vector<std::int64_t> objects;            // their numbers
    std::string items;                            // the objects, with commas between them
    http::EventStream::Frame event;               // "event: …\ndata: …\n", made when somebody needs it
    std::int64_t first = 0, last = 0, through = 0;  // dates: of the first and last object, and how far it goes
    bool more = false;
    Duration made{};
    std::set<store::Tag> on_record;               // organisations whose first delivery of it is written down
  };
  using PagePtr = std::shared_ptr<Page>;
  // Recalls that one organisation is told of.
  struct Told {
    std::vector<std::string> items;               // JSON, oldest first
    std::int64_t through = 0;
    bool more = false;
  };
  using ToldPtr = std::shared_ptr<const Told>;
  // Readers who meet the same: one question, one set of audiences.
  struct Group {
    explicit Group(store::CollectionSeen s) : seen(std::move(s)) {}
    store::CollectionSeen seen;                   // of one of them
    Hash rights{};
    std::shared_ptr<const Question> question;
    std::map<std::int64_t, PagePtr> pages;        // by where they begin; of the last moment
  };
  enum class State {
    Idle,                                         // has all there is
    Ready,                                        // in a queue
    Busy,                                         // with one of the two threads, or with the Writer
    Full,                                         // there is more, and it has not written what it has
    Gone,
  };
  struct Reader {
    access::Viewer viewer;
    store::Tag organisation{};
    service::Credential credential;
    Instant until{};
    std::optional<std::uint64_t> generation;      // of Viewers, when it was looked up
    Duration looked_up{};
    std::shared_ptr<const Question> question;
    std::shared_ptr<Group> group;                 // as of its last page
    std::optional<std::int64_t> began_after;      // stands in its cursors
    std::int64_t after = INT64_MIN, told = INT64_MIN;
    std::shared_ptr<http::EventStream> stream;    // or it waits for one page:
    std::unique_ptr<Give> give;
    Duration answer_by{};
    State state = State::Idle;
    bool again = false;                           // something was posted while it was busy
    bool is_live = false;                         // had all there was when it last looked
    std::list<std::shared_ptr<Reader>>::iterator place;
  };
  using ReaderPtr = std::shared_ptr<Reader>;
  using Readers = std::vector<ReaderPtr>;
  struct Given { ReaderPtr reader; PagePtr page; ToldPtr told; };
  struct Delivery {
    std::vector<Given> all;
    std::vector<std::pair<store::Tag, PagePtr>> to_record;
    std::size_t rows = 0;
    bool is_recorded = false;
  };
  enum Lane { kLive, kBehind };                   // whoever has all there was isn't held up by those who catch up

  Result<ReaderPtr> admit(const access::Viewer& viewer, const store::CollectionSeen& seen, Listener listener);
  void begin(const ReaderPtr& reader);
  void work(Lane lane);
  void gather_woken();                            // with the lock
  void turn(const Readers& readers, Lane lane);
  void turn_in(std::int64_t collection, const Readers& readers, Lane lane);
  bool is_still_in(Reader& reader);
  Result<void> regroup(store::Tx& tx, Reader& reader, const Hash& rights);
  Result<PagePtr> page_of(store::Tx& tx, Group& group, std::int64_t after, std::int64_t head);
  void record(Delivery delivery, Lane lane);
  void hand_over(Delivery delivery);
  void settle(const ReaderPtr& reader, bool more);
  void queue(const ReaderPtr& reader, Lane lane);  // with the lock
  void end(const ReaderPtr& reader, const Error& why);
  void answer(Reader& reader, Result<Response> response);
  std::string cursor_of(const Reader& reader);
  Response nothing_yet(const Reader& reader);
  void sweep();
  void forget_pages();

  service::Services& services_;
  service::Viewers& viewers_;
  service::ThreatEvents::Handle handle_;
  const Duration look_up_again_;
  std::atomic<std::uint64_t> pages_read_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_[2], recorded_all_;
  std::list<ReaderPtr> readers_;
  std::deque<ReaderPtr> ready_[2];
  std::deque<Delivery> recorded_[2];
  std::map<std::int64_t, std::set<std::int64_t>> posted_;   // collections that were posted something since the last look, and to which audiences; none: any
  std::map<std::string, std::weak_ptr<const Question>> questions_;
  std::map<std::string, std::weak_ptr<Group>> groups_;
  std::map<std::int64_t, store::CollectionStamp> stamps_;   // as the last sweep met them
  std::size_t recording_ = 0;                     // deliveries that the Writer has
  bool stopping_ = false, winding_down_ = false;
  Duration looked_{}, swept_{};                   // the live thread's alone
  std::thread threads_[2];
};

}  // namespace sluice::web::taxii
