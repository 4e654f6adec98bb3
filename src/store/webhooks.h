// Webhooks: where what a member follows in a collection is sent, how far it was, and what became of the last attempts. Rows in, rows out; when one is sent is service/webhook_sender.h's.
//
// Always holds
//   W1  Whose it is, where it sends, what it picks, its secrets, and what became of attempts are sealed; in clear are a keyed hash of the organisation, its state, its places and times.
//   W2  Each change of a row gives it a number above all others' (`changed`), so that whoever keeps rows in memory sees which are old.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/tlp.h"
#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

// Only ever added to. Suspended: the right that it rests on is gone. Failed: nothing was taken for three days. Gone: the receiver said so (410).
enum class WebhookState { Active, Paused, Suspended, Failed, Gone };
BOOST_DESCRIBE_ENUM(WebhookState, Active, Paused, Suspended, Failed, Gone)

// What it sends of objects: themselves, or only that there are some.
enum class WebhookPayload { Objects, Notice };
BOOST_DESCRIBE_ENUM(WebhookPayload, Objects, Notice)

struct WebhookFilter {
  std::vector<std::string> ids, types;
  std::vector<Tlp> tlp;
  std::vector<std::string> sectors, regions;
  std::optional<int> confidence;
  std::optional<std::string> value;
};
BOOST_DESCRIBE_STRUCT(WebhookFilter, (), (ids, types, tlp, sectors, regions, confidence, value))

struct WebhookSecret {
  std::string text;
  std::optional<Instant> until;                   // of one that was renewed
};
BOOST_DESCRIBE_STRUCT(WebhookSecret, (), (text, until))

struct WebhookBody {
  std::optional<std::string> name;
  std::string url, collection;                    // the collection's id
  OrganisationId organisation;
  PersonId person;
  std::optional<TokenId> token;                   // it was made with, and ends with
  GrantId grant;
  WebhookPayload payload = WebhookPayload::Objects;
  bool recalls = true;
  WebhookFilter filter;
  std::vector<WebhookSecret> secrets;             // the newest first
  Instant created;
};
BOOST_DESCRIBE_STRUCT(WebhookBody, (), (name, url, collection, organisation, person, token, grant, payload, recalls, filter, secrets, created))

enum class WebhookMessage { Objects, Recalls, Test };
BOOST_DESCRIBE_ENUM(WebhookMessage, Objects, Recalls, Test)

// What is under way: written down before the first attempt, so that every later one has the same id and goes no further.
struct WebhookPending {
  std::string id;                                 // a UUID
  WebhookMessage what = WebhookMessage::Objects;
  std::int64_t through = 0;                       // a date of the collection
  int failures = 0;
};
BOOST_DESCRIBE_STRUCT(WebhookPending, (), (id, what, through, failures))

struct WebhookAttempt {
  Instant at;
  std::string message;                            // its id
  WebhookMessage what = WebhookMessage::Objects;
  int count = 0;                                  // objects or recalls in it
  std::optional<int> status;                      // none: no answer came
  std::optional<std::string> why;                 // it wasn't taken
  std::int64_t milliseconds = 0;
};
BOOST_DESCRIBE_STRUCT(WebhookAttempt, (), (at, message, what, count, status, why, milliseconds))

struct WebhookReport {
  std::optional<WebhookPending> pending;
  std::vector<WebhookAttempt> attempts;           // the newest first, a few
  std::optional<std::string> why;                 // it is in its state
  std::optional<Instant> delivered;               // last time
  std::int64_t messages = 0;                      // that were taken
  bool wants_test = false;
};
BOOST_DESCRIBE_STRUCT(WebhookReport, (), (pending, attempts, why, delivered, messages, wants_test))

struct WebhookRow {
  std::string id;                                 // a UUID
  Tag owner{};                                    // the organisation
  WebhookState state = WebhookState::Active;
  std::int64_t changed = 0;
  std::int64_t place = 0, told = 0;               // objects and recalls up to this date are delivered
  std::optional<Instant> due, failing, held;
  WebhookBody body;
  WebhookReport report;
};

Result<void> add_webhook(Tx& tx, const Cells& cells, WebhookRow& row);
Result<void> save_webhook(Tx& tx, const Cells& cells, WebhookRow& row);    // all of it but whose it is
Result<void> remove_webhook(Tx& tx, std::string_view id);
Result<std::optional<WebhookRow>> webhook(Queries& db, const Cells& cells, std::string_view id);
Result<std::optional<WebhookRow>> own_webhook(Queries& db, const Cells& cells, std::string_view id, const Tag& owner);   // another's isn't looked at
Result<std::vector<WebhookRow>> webhooks_of(Queries& db, const Cells& cells, const Tag& owner);   // by id
Result<std::int64_t> count_webhooks(Queries& db, const Tag& owner);

// Those that are active, without opening any: for whoever keeps them in memory.
struct WebhookMark { std::string id; std::int64_t changed = 0; };
Result<std::vector<WebhookMark>> active_webhooks(Queries& db);

}  // namespace sluice::store
