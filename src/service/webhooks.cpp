#include "service/webhooks.h"

#include <algorithm>

#include "access/caller.h"
#include "base/fine_time.h"
#include "gate/judge.h"
#include "service/outbound.h"
#include "service/site_log.h"
#include "service/viewers.h"
#include "service/webhook_message.h"
#include "store/collection_stamp.h"

namespace sluice::service {

namespace {

constexpr int kWebhookGrant = 3;
constexpr std::size_t kMostWebhookFilters = 100, kMostWebhookUrl = 2'000;

std::unexpected<Error> no_webhook() { return fail(ErrorKind::NotFound, "There is no such webhook, or it isn't yours."); }

bool may_handle_webhook(const access::Viewer& viewer, const store::WebhookRow& row) { return viewer.person == row.body.person || viewer.role == access::SiteRole::Admin; }

// Y2
Result<store::WebhookRow> webhook_of(Services& services, store::Queries& db, const access::Viewer& viewer, std::string_view id) {
  if (!viewer.organisation) return no_webhook();
  TRY(auto row, store::own_webhook(db, services.cells(), id, services.store.tag_of(*viewer.organisation)));
  if (!row || !may_handle_webhook(viewer, *row)) return no_webhook();
  return *std::move(row);
}

bool is_filter_word(std::string_view text) {
  return !text.empty() && text.size() <= 300 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'; });
}

Result<void> check_words_of(const std::vector<std::string>& words, const std::string& where) {
  if (words.size() > kMostWebhookFilters) return fail(ErrorKind::Invalid, "At most 100 are named.", where);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (!is_filter_word(words[i])) return fail(ErrorKind::Invalid, "Such a word has letters, digits, '-', '_' and '.' alone.", where + "/" + std::to_string(i));
  return {};
}

template <class T>
std::vector<T> sorted_once(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<std::string> in_small_letters(std::vector<std::string> words) {
  for (auto& word : words)
    for (auto& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return sorted_once(std::move(words));
}

Result<void> check_name_of(const std::optional<std::string>& name) {
  if (!name) return {};
  if (name->empty() || name->size() > 200) return fail(ErrorKind::Invalid, "A name has at most 200 bytes, and at least one.", "/name");
  for (const char c : *name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return fail(ErrorKind::Invalid, "A name has no control characters.", "/name");
  return {};
}

// Y3
Result<void> grant_webhook(Unit& unit, Services& services, const Asker& asker, const store::WebhookRow& row) {
  gate::Disclosure disclosure;
  disclosure.content.object = "collection:" + row.body.collection;
  disclosure.content.hash = gate::hash_of_content(bytes_of(row.body.collection));
  disclosure.content.marking = Tlp::Green;            // what a label allows of each object was asked when it was posted
  disclosure.audience = gate::Audience::of(row.body.organisation);
  disclosure.channel = gate::Channel::Webhook;
  disclosure.at = unit.now();
  disclosure.actor = asker.viewer.person;
  disclosure.basis = {.kind = gate::BasisKind::Grant, .grant = row.body.grant};
  gate::Facts facts;
  facts.now = unit.now();
  facts.audience.is_community = true;
  facts.grants.push_back({.id = row.body.grant, .open = true, .object = disclosure.content.object});
  facts.two_person = services.settings.two_person;
  const auto judged = gate::judge(disclosure, facts, RulingId::random(services.random));
  if (!judged.ruling.allows()) return fail(ErrorKind::Conflict, "The gate doesn't let this collection be sent so.", {}, "gate", "gate-denies");
  const auto object = services.cells().tag("webhook", row.id);
  TRY(unit.writing().record_ruling(judged.ruling.id, unit.now(), static_cast<int>(judged.ruling.outcome), object, json::object{{"disclosure", to_json(disclosure)}, {"ruling", to_json(judged.ruling)}}));
  return unit.writing().open_grant(row.body.grant, row.owner, object, kWebhookGrant, judged.ruling.id, unit.now());
}

Result<Committed> webhook_entry(Unit& unit, const Asker& asker, const store::WebhookRow& row, std::string_view action, std::string_view type, json::object answer) {
  return write_site_entry(unit, asker, {action, row.id, {{"type", type}, {"v", 1}, {"webhook", row.id}}}, std::move(answer));
}

WebhookShown shown_webhook(store::WebhookRow row, Instant now) {
  WebhookShown out{.id = row.id, .name = std::move(row.body.name), .url = std::move(row.body.url), .collection = std::move(row.body.collection), .person = row.body.person, .token = row.body.token, .payload = row.body.payload,
                   .recalls = row.body.recalls, .filter = std::move(row.body.filter), .state = row.state, .why = std::move(row.report.why), .created = row.body.created, .through = six_digits(Instant{row.place}),
                   .messages = row.report.messages, .delivered = row.report.delivered, .failing = row.failing, .attempts = std::move(row.report.attempts)};
  if (row.state == store::WebhookState::Active && row.failing) out.next_attempt = row.due, out.gives_up = *row.failing + kGivesUpAfter;
  for (const auto& secret : row.body.secrets)
    if (secret.until && *secret.until > now) out.old_secret_until = secret.until;
  return out;
}

}  // namespace

Result<WebhookPick> read_webhook_filter(const store::WebhookFilter& filter) {
  WebhookPick out;
  TRY(check_words_of(filter.ids, "/filter/ids"));
  for (std::size_t i = 0; i < filter.ids.size(); ++i)
    if (filter.ids[i].find("--") == std::string::npos) return fail(ErrorKind::Invalid, "An id of an object looks like indicator--2dda25c8-933c-4944-9185-ba707ff863c0.", "/filter/ids/" + std::to_string(i));
  TRY(check_words_of(filter.types, "/filter/types"));
  TRY(check_words_of(filter.sectors, "/filter/sectors"));
  TRY(check_words_of(filter.regions, "/filter/regions"));
  if (filter.confidence && (*filter.confidence < 0 || *filter.confidence > 100)) return fail(ErrorKind::Invalid, "The least confidence is a whole number from 0 to 100.", "/filter/confidence");
  out.wanted.ids = sorted_once(filter.ids), out.wanted.types = sorted_once(filter.types);
  out.wanted.versions.last = true;
  out.content.labels = sorted_once(filter.tlp);
  out.content.sectors = in_small_letters(filter.sectors), out.content.regions = in_small_letters(filter.regions);
  out.content.confidence = filter.confidence;
  if (filter.value) {
    if (filter.value->empty() || filter.value->size() > 4'096) return fail(ErrorKind::Invalid, "Name one value, of at most 4,096 bytes.", "/filter/value");
    out.content.values = value_readings(*filter.value);
    if (out.content.values.empty()) return fail(ErrorKind::Invalid, "This is no value that objects are looked up by: an address, a name, a URL, a hash, a CVE id.", "/filter/value");
  }
  return out;
}

Result<access::Viewer> viewer_of_webhook(Services& services, store::Queries& db, const store::WebhookBody& body) {
  const auto now = services.clock.now();
  auto viewer = viewer_for(services.site, db, body.person, body.organisation);
  if (!viewer && viewer.error().kind != ErrorKind::Forbidden) return viewer;
  if (!viewer) return fail(ErrorKind::Forbidden, "The person who made it doesn't act for this organisation any more.");
  if (body.token) {
    TRY(const auto token, store::token_by_id(db, *body.token));
    if (!token || token->revoked_at || token->expires <= now) return fail(ErrorKind::Forbidden, "The token that it was made with is revoked or has ended.");
    viewer->kind = access::Viewer::Kind::Machine;
    viewer->scopes = token->scopes;
    viewer->token = token->id;
  }
  if (!access::admit(*viewer, access::Caller::Member, access::Scope::CollectionRead, access::StepUp::No, now)) return fail(ErrorKind::Forbidden, "It may not read collections any more.");
  return viewer;
}

Result<store::CollectionSeen> followed_by_webhook(Services& services, store::Queries& db, const access::Viewer& viewer, const store::WebhookBody& body) {
  auto seen = services.store.as(viewer).collection(db, body.collection);
  if (!seen && seen.error().kind != ErrorKind::NotFound) return seen;
  if (!seen || !seen->can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection any more.");
  return seen;
}

Work add_webhook(Services& services, Asker asker, NewWebhook wanted) {
  return [&services, asker = std::move(asker), wanted = std::move(wanted)](Unit& unit) mutable -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    if (!asker.viewer.organisation || !asker.viewer.person) return fail(ErrorKind::Forbidden, "A person or a token of a member adds a webhook.");
    TRY(const auto seen, services.store.as(asker.viewer).collection(tx, wanted.collection));
    if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
    TRY(check_name_of(wanted.name));
    if (wanted.url.size() > kMostWebhookUrl) return fail(ErrorKind::Invalid, "A URL has at most 2,000 bytes here.", "/url");
    if (const auto fits = check_outbound_url(wanted.url); !fits) return fail(ErrorKind::Invalid, fits.error().message, "/url", "OUT-1");
    auto filter = wanted.filter.value_or(store::WebhookFilter{});
    TRY(read_webhook_filter(filter));
    const auto owner = services.store.tag_of(*asker.viewer.organisation);
    TRY(const auto count, store::count_webhooks(tx, owner));
    if (count >= kMostWebhooks) return fail(ErrorKind::Conflict, "An organisation has at most 20 webhooks. Remove one first.", {}, {}, "too-many-webhooks");
    TRY(const auto stamp, store::stamp_of(tx, seen.collection().n));
    const auto head = stamp ? stamp->head : 0;

    store::WebhookRow row{.id = random_uuid(services.random), .owner = owner};
    row.place = row.told = wanted.since ? wanted.since->micros : head;
    row.body = {.name = std::move(wanted.name), .url = std::move(wanted.url), .collection = seen.collection().id, .organisation = *asker.viewer.organisation, .person = *asker.viewer.person, .token = asker.viewer.token,
                .grant = GrantId::random(services.random), .payload = wanted.payload.value_or(store::WebhookPayload::Objects), .recalls = wanted.recalls.value_or(true), .filter = std::move(filter),
                .secrets = {{new_webhook_secret(services.random), {}}}, .created = unit.now()};
    TRY(store::add_webhook(tx, services.cells(), row));
    TRY(grant_webhook(unit, services, asker, row));
    json::object event{{"type", "WebhookAdded"}, {"v", 1}, {"webhook", row.id}, {"collection", row.body.collection}, {"organisation", row.body.organisation.text()}, {"person", row.body.person.text()}, {"grant", row.body.grant.text()}};
    return write_site_entry(unit, asker, {"webhook.add", row.id, std::move(event)}, {{"id", row.id}, {"secret", row.body.secrets.front().text}});
  };
}

Work pause_webhook(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(auto row, webhook_of(services, unit.writing().tx(), asker.viewer, id));
    if (row.state != store::WebhookState::Active) return fail(ErrorKind::Conflict, "This webhook doesn't run now.", {}, {}, "webhook-stopped");
    row.state = store::WebhookState::Paused;
    TRY(store::save_webhook(unit.writing().tx(), services.cells(), row));
    return webhook_entry(unit, asker, row, "webhook.pause", "WebhookPaused", {{"id", row.id}});
  };
}

Work resume_webhook(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(auto row, webhook_of(services, tx, asker.viewer, id));
    if (row.state == store::WebhookState::Active) return fail(ErrorKind::Conflict, "This webhook runs.", {}, {}, "webhook-runs");
    const auto viewer = viewer_of_webhook(services, tx, row.body);
    if (!viewer) return fail(ErrorKind::Conflict, viewer.error().message + " Make a new one.", {}, {}, "webhook-without-right");
    const auto seen = followed_by_webhook(services, tx, *viewer, row.body);
    if (!seen) return fail(ErrorKind::Conflict, seen.error().message, {}, {}, "webhook-without-right");
    row.state = store::WebhookState::Active;
    row.due.reset(), row.failing.reset(), row.held.reset(), row.report.why.reset();
    if (row.report.pending) row.report.pending->failures = 0;
    TRY(store::save_webhook(tx, services.cells(), row));
    return webhook_entry(unit, asker, row, "webhook.resume", "WebhookResumed", {{"id", row.id}});
  };
}

Work renew_webhook_secret(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(auto row, webhook_of(services, unit.writing().tx(), asker.viewer, id));
    // Whoever holds a token reads what the token may, and signs for nothing else.
    if (asker.viewer.kind == access::Viewer::Kind::Machine && row.body.token != asker.viewer.token) return fail(ErrorKind::Forbidden, "A token renews the secrets of the webhooks that it made, and of no others.", {}, "AUT-7");
    auto& secrets = row.body.secrets;
    secrets.resize(std::min<std::size_t>(secrets.size(), 1));
    const auto until = unit.now() + kSecretOverlap;
    if (!secrets.empty()) secrets.front().until = until;
    secrets.insert(secrets.begin(), {new_webhook_secret(services.random), {}});
    TRY(store::save_webhook(unit.writing().tx(), services.cells(), row));
    return webhook_entry(unit, asker, row, "webhook.secret", "WebhookSecretRenewed", {{"id", row.id}, {"secret", secrets.front().text}, {"old_until", to_text(until)}});
  };
}

Work test_webhook(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(auto row, webhook_of(services, unit.writing().tx(), asker.viewer, id));
    if (row.state != store::WebhookState::Active) return fail(ErrorKind::Conflict, "This webhook doesn't run now. Resume it first.", {}, {}, "webhook-stopped");
    row.report.wants_test = true;
    row.due.reset();                               // what waits for its next attempt is tried with it
    TRY(store::save_webhook(unit.writing().tx(), services.cells(), row));
    Committed out;
    out.answer = {{"id", row.id}};
    return out;
  };
}

Work remove_webhook(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(auto row, webhook_of(services, unit.writing().tx(), asker.viewer, id));
    TRY(store::remove_webhook(unit.writing().tx(), row.id));
    TRY(unit.writing().close_grants(row.owner, services.cells().tag("webhook", row.id), unit.now()));
    return webhook_entry(unit, asker, row, "webhook.remove", "WebhookRemoved", {{"id", row.id}});
  };
}

Result<void> stop_webhook(Unit& unit, store::WebhookRow& row, store::WebhookState state, std::string why, Services& services) {
  row.state = state;
  row.report.why = why;
  row.due.reset(), row.held.reset();
  TRY(store::save_webhook(unit.writing().tx(), services.cells(), row));
  const Asker machine{access::Viewer::system(), {}, {}, {}};
  TRY(write_site_entry(unit, machine, {"webhook.stop", row.id, {{"type", "WebhookStopped"}, {"v", 1}, {"webhook", row.id}, {"state", to_word(state)}, {"why", std::move(why)}}}, {}));
  return {};
}

Result<std::vector<WebhookShown>> webhooks(Services& services, const access::Viewer& viewer) {
  std::vector<WebhookShown> out;
  if (!viewer.organisation) return out;
  TRY(auto db, services.store.lease());
  TRY(auto rows, store::webhooks_of(*db, services.cells(), services.store.tag_of(*viewer.organisation)));
  const auto now = services.clock.now();
  for (auto& row : rows)
    if (may_handle_webhook(viewer, row)) out.push_back(shown_webhook(std::move(row), now));
  return out;
}

Result<WebhookShown> webhook(Services& services, const access::Viewer& viewer, std::string_view id) {
  TRY(auto db, services.store.lease());
  TRY(auto row, webhook_of(services, *db, viewer, id));
  return shown_webhook(std::move(row), services.clock.now());
}

}  // namespace sluice::service
