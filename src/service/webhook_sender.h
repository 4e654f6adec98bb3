// Sends what webhooks are due: each is a follower of its collection whose place is durable, so whatever breaks, it goes on where it was.
//
// A thread of its own looks which have something to send; what takes time runs on the outbound client's threads. One message goes through four steps, and each can be the last one before a power cut:
//   1  what comes after its place is read, as the objects endpoint would give it to whoever it acts for (or recalls that were told to its organisation since);
//   2  the Writer notes first deliveries, and what is under way: an id, and how far it goes, if what reaches its organisation for the first time still does (D5);
//   3  the right is asked for once more, and the gate; a Pass lets the message out, signed;
//   4  the Writer notes what became of it: taken, and the place moves on; or when to try again (webhook_message.h).
// Between 2 and 4 a restart sends it again, with the same id and going no further: at least once, and a receiver that knows the id has it once.
//
// Always holds
//   D1  Nothing is sent that the objects endpoint would not give at that moment, and nothing by a right that has ended: it is suspended within a second, also where nothing comes.
//   D2  What reaches an organisation for the first time is on record before the bytes leave.
//   D3  Of one webhook one message is under way, so its receiver gets them in order. Those that fail or answer slowly have a part of the threads, one organisation and one host a few: nobody waits for
//       another's receiver. An organisation's last turn is not for a second one that is slow, nor for a host at which it has one under way: its own quick receivers go on beside one that hangs.
//   D4  A message has a bound: 200 objects, 256 KiB unless one object is larger, 100 recalls.
//   D5  What goes out for the first time reached its receiver still when that was put on record: what was called back or marked stricter before isn't in it, and whoever does so later has its receiver told.
//   D6  Whatever breaks on the way, also an error that is thrown: the webhook has its next turn. Thrown while a message goes out, it counts as an attempt that failed.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "service/outbound.h"
#include "service/viewers.h"
#include "service/webhooks.h"
#include "store/collection_stamp.h"
#include "threat/contribution.h"

namespace sluice::service {

class WebhookSender {
 public:
  // Posts, and answers what was answered. One of the outbound client's calls; in tests whatever stands for a receiver.
  using Post = std::function<Result<Fetched>(const std::string& url, const std::string& body, std::span<const std::string> headers)>;

  // In the background, until it is destroyed.
  WebhookSender(Services& services, Viewers& viewers, OutboundSettings outbound);
  // When look() is called, and by `post`: for tests.
  WebhookSender(Services& services, Viewers& viewers, Post post);
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;

  // Whatever is due now, one message each, one after the other. How many were tried.
  int look();
  void wind_down();                               // breaks off what is under way, without counting it as an attempt that failed

 private:
  struct Hook {
    store::WebhookRow row;                        // as it was last read
    std::int64_t collection = 0;                  // its number; 0: not looked up yet
    std::string host;
    std::int64_t looked = INT64_MIN;              // nothing is there up to this head
    std::int64_t place = INT64_MIN;               // how far it was looked, where that is further than what is written down
    Duration not_before{}, saved{}, ended{};
    bool is_busy = false, is_slow = false;
  };
  struct Message {
    store::WebhookPending pending;
    int count = 0;
    std::string body;
    std::vector<store::Delivered> fresh;
  };

  void run();
  void refresh();
  void check_rights();
  std::optional<std::string> next_ready();
  void done(const std::string& id, bool is_slow);
  bool deliver(const std::string& id, const Post& post);
  Result<std::optional<Message>> compose(store::Tx& tx, const store::CollectionSeen& seen, const threat::Allowance& allowance, store::WebhookRow& row, bool& wait);
  Result<bool> begin(const store::WebhookRow& row, const access::Viewer& viewer, const Message& message);
  Result<Result<Fetched>> send(const store::WebhookRow& row, const access::Viewer& viewer, const Message& message, const Post& post);
  void finish(const store::WebhookRow& row, const Message& message, const Result<Fetched>& answer, Instant began, Duration took);
  void suspend(const std::string& id, const std::string& why);
  void trouble(const Error& error);

  Services& services_;
  Viewers& viewers_;
  const bool has_other_nodes_;
  Post post_;
  std::optional<Outbound> outbound_;
  std::optional<ThreatEvents::Handle> handle_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, Hook> hooks_;
  std::map<std::int64_t, std::int64_t> heads_;    // of collections, as the last look found them
  std::size_t busy_ = 0, busy_slow_ = 0;
  struct Share {
    std::size_t all = 0, slow = 0;
  };
  std::map<OrganisationId, Share> busy_of_;
  std::map<std::string, std::size_t> busy_at_;
  std::map<std::pair<OrganisationId, std::string>, std::size_t> busy_there_;   // of one organisation at one host
  std::atomic<bool> stopping_ = false;
  bool posted_ = true;
  Duration refreshed_{}, checked_{};
  bool was_refreshed_ = false;
  std::optional<std::uint64_t> generation_;
  std::thread thread_;
};

}  // namespace sluice::service
