// Webhooks, as work for the Writer: who follows a collection by being told, where, and of what. What is sent, and when, is webhook_sender.h's.
//
// A webhook belongs to a person's affiliation, or to the token that it was made with, and reads what that may read. Its place is a date of its collection, as TAXII's cursor is: what comes after it is sent, so
// nothing is lost however long it was paused, and whoever asks the objects endpoint with added_after=`through` goes on where it stopped.
//
// Events on the stream "site", and what each carries:
//   WebhookAdded       webhook, collection, organisation, person, grant        WebhookRemoved   webhook
//   WebhookPaused      webhook        WebhookResumed   webhook        WebhookSecretRenewed   webhook
//   WebhookStopped     webhook, state (suspended, failed, gone), why
// Where it sends is in none of them.
//
// Always holds
//   Y1  A secret is in the answer to who made or renewed it, that once, and in nothing else that leaves but as a signature.
//   Y2  A webhook is its organisation's: to all others it isn't there. Of its organisation, its own person and an administrator handle it.
//   Y3  It is given by the gate as a standing right: one Ruling and one grant, in the transaction that makes it; the gate is asked again for each message.
#pragma once

#include "service/collections.h"
#include "service/threat_filter.h"
#include "store/objects.h"
#include "store/webhooks.h"

namespace sluice::service {

inline constexpr std::int64_t kMostWebhooks = 20;  // of one organisation

struct NewWebhook {
  std::string url, collection;                      // https, with a name of the public DNS; id or alias
  std::optional<std::string> name = {};
  std::optional<store::WebhookPayload> payload = {};   // else objects
  std::optional<bool> recalls = {};                 // else told
  std::optional<store::WebhookFilter> filter = {};
  std::optional<Instant> since = {};                // else from now on
};
BOOST_DESCRIBE_STRUCT(NewWebhook, (), (url, collection, name, payload, recalls, filter, since))

// Answer {"id", "secret"}.
Work add_webhook(Services& services, Asker asker, NewWebhook wanted);
Work pause_webhook(Services& services, Asker asker, std::string id);
// From wherever it stopped. Conflict where the right that it rests on isn't there.
Work resume_webhook(Services& services, Asker asker, std::string id);
// Answer {"id", "secret", "old_until"}: until when the one before holds too.
Work renew_webhook_secret(Services& services, Asker asker, std::string id);
Work test_webhook(Services& services, Asker asker, std::string id);       // a message of its own, as soon as what is under way is through
Work remove_webhook(Services& services, Asker asker, std::string id);

struct WebhookShown {
  std::string id;
  std::optional<std::string> name;
  std::string url, collection;
  PersonId person;
  std::optional<TokenId> token;                     // it was made with, and ends with
  store::WebhookPayload payload = store::WebhookPayload::Objects;
  bool recalls = true;
  store::WebhookFilter filter;
  store::WebhookState state = store::WebhookState::Active;
  std::optional<std::string> why;                   // it is in its state
  Instant created;
  std::string through;                              // six digits of a second: what was added up to then is delivered
  std::int64_t messages = 0;                        // that were taken
  std::optional<Instant> delivered, failing, next_attempt, gives_up;
  std::optional<Instant> old_secret_until;
  std::vector<store::WebhookAttempt> attempts;      // the newest first
};
BOOST_DESCRIBE_STRUCT(WebhookShown, (), (id, name, url, collection, person, token, payload, recalls, filter, state, why, created, through, messages, delivered, failing, next_attempt, gives_up, old_secret_until, attempts))
Result<std::vector<WebhookShown>> webhooks(Services& services, const access::Viewer& viewer);
Result<WebhookShown> webhook(Services& services, const access::Viewer& viewer, std::string_view id);

// ---- for the sender

// The right that it rests on, as it is now: its person acts for its organisation, its token holds, both may read a collection at all. The error's message says in words what is missing.
Result<access::Viewer> viewer_of_webhook(Services& services, store::Queries& db, const store::WebhookBody& body);
// The collection as that viewer reads it.
Result<store::CollectionSeen> followed_by_webhook(Services& services, store::Queries& db, const access::Viewer& viewer, const store::WebhookBody& body);

struct WebhookPick {
  store::ObjectsWanted wanted;
  ContentFilter content;
};
Result<WebhookPick> read_webhook_filter(const store::WebhookFilter& filter);   // Invalid, with the place

// One entry: it stops, and why.
Result<void> stop_webhook(Unit& unit, store::WebhookRow& row, store::WebhookState state, std::string why, Services& services);

}  // namespace sluice::service
