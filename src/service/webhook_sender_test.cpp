// What webhooks send, and what is left of it when a receiver, a right or the server fails.
#include "service/webhook_sender.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

#include "service/people.h"
#include "service/recalls.h"
#include "service/sharing_testing.h"
#include "service/tokens.h"
#include "service/webhook_message.h"
#include "store/db_test.h"
#include "store/timers.h"

namespace sluice::service {

namespace {

using namespace std::chrono_literals;

// A receiver that keeps what it was sent, and answers what it is told to.
struct Hooked : SharingForTests {
  struct Got { std::string url, id, timestamp, signature, body; json::value read; };

  explicit Hooked(std::string database = "sqlite::memory:") : SharingForTests(std::move(database)) {}

  std::vector<Got> got;
  std::vector<int> answers;                       // the next ones; then 204. 0: nothing answers
  std::optional<Duration> retry_after;
  std::function<void()> meanwhile;                // while the message is on its way
  std::optional<WebhookSender> sender = {};

  WebhookSender::Post post() {
    return [this](const std::string& url, const std::string& body, std::span<const std::string> headers) -> Result<Fetched> {
      Got one{.url = url, .body = body};
      for (const auto& header : headers)
        for (const auto& [name, into] : {std::pair{"webhook-id: ", &one.id}, {"webhook-timestamp: ", &one.timestamp}, {"webhook-signature: ", &one.signature}})
          if (header.starts_with(name)) *into = header.substr(std::string_view(name).size());
      one.read = for_tests::must(parse_json(body));
      got.push_back(std::move(one));
      if (meanwhile) std::exchange(meanwhile, nullptr)();
      int status = 204;
      if (!answers.empty()) status = answers.front(), answers.erase(answers.begin());
      if (status == 0) return fail(ErrorKind::Unavailable, "Nothing answers there.");
      return Fetched{.status = status, .body = {}, .content_type = {}, .retry_after = retry_after, .addresses = {}};
    };
  }
  void start() {
    sender.reset();
    sender.emplace(site.services, site.doors.viewers, post());
  }
  int look() {
    if (!sender) start();
    int count = 0;
    for (int i = 0; i < 50; ++i) {
      const int now = sender->look();
      count += now;
      if (now == 0) break;
    }
    return count;
  }
  // Its id, and its secret.
  std::pair<std::string, std::string> hook(const Asker& asker, NewWebhook wanted = {}) {
    wanted.url = "https://hooks.member.example/in", wanted.collection = collection;
    const auto made = for_tests::must(site.writer->run(add_webhook(site.services, asker, std::move(wanted))));
    return {std::string(string_at(made.answer, "id")), std::string(string_at(made.answer, "secret"))};
  }
  WebhookShown shown(const Asker& asker, const std::string& id) { return for_tests::must(webhook(site.services, asker.viewer, id)); }
  std::vector<std::string> sent() const {
    std::vector<std::string> out;
    for (const auto& one : got)
      if (const auto* objects = find_at(one.read, "/data/objects"))
        for (const auto& object : objects->as_array()) out.emplace_back(string_at(object, "id"));
    return out;
  }
  void go_on(Duration by) { site.script.set(site.clock.now() + by); }
};

template <class Body>
void hooked_on_each_engine(Body&& body) {
  store::on_each_engine([&](const store::DatabaseUrl& url) {
    Hooked hooked(url.engine() == store::Engine::Postgres ? url.target() : "sqlite::memory:");
    body(hooked);
  });
}

}  // namespace

TEST_CASE("what is added after it was made is sent, signed, once and as it came; what was fetched so is on record") {
  hooked_on_each_engine([](Hooked& s) {
    const auto old = thing_json(0, 0, Tlp::Green), fresh = thing_json(2, 0, Tlp::Green);
    CHECK(s.is_taken(s.askers[0], old));
    const auto [id, secret] = s.hook(s.askers[1]);
    CHECK(s.look() == 0);
    CHECK(s.is_taken(s.askers[0], fresh));
    CHECK(s.look() == 1);
    REQUIRE(s.got.size() == 1);
    CHECK(s.sent() == std::vector{thing_id(2)});
    CHECK(s.got[0].body.find(fresh) != std::string::npos);       // byte for byte
    CHECK(check_webhook_signature(secret, s.got[0].id, s.got[0].timestamp, s.got[0].signature, s.got[0].body, s.site.clock.now()));
    CHECK(s.look() == 0);
    const auto page = s.page(s.askers[1], {});
    REQUIRE(page.objects.size() == 2);
    CHECK_FALSE(page.objects[0].is_delivered);
    CHECK(page.objects[1].is_delivered);
    CHECK(s.shown(s.askers[1], id).messages == 1);
    // The objects endpoint goes on where it stopped.
    CHECK(s.page(s.askers[1], {.after = page.objects[1].date_added}).objects.empty());
  });
}

TEST_CASE("a receiver that doesn't take it gets the same message again, by the schedule, and nothing is lost or doubled") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  s.answers = {500, 0, 302};
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  CHECK(s.look() == 1);
  CHECK(s.is_taken(s.askers[0], thing_json(2, 0, Tlp::Green)));   // comes meanwhile: no part of the message that is under way
  CHECK(s.look() == 0);                            // not yet
  auto shown = s.shown(s.askers[1], id);
  CHECK(shown.failing.has_value());
  CHECK(shown.attempts.front().why == "It answered 500.");
  for (int i = 0; i < 3; ++i) s.go_on(10min), s.look();
  REQUIRE(s.got.size() == 5);
  for (int i = 1; i < 4; ++i) {
    CHECK(s.got[i].id == s.got[0].id);
    CHECK(s.got[i].body == s.got[0].body);
    CHECK(s.got[i].timestamp != s.got[0].timestamp);
  }
  CHECK(s.got[4].id != s.got[0].id);
  CHECK(s.sent() == std::vector{thing_id(0), thing_id(0), thing_id(0), thing_id(0), thing_id(2)});
  shown = s.shown(s.askers[1], id);
  CHECK_FALSE(shown.failing.has_value());
  CHECK(shown.messages == 2);
}

TEST_CASE("Retry-After is waited for") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  s.answers = {503}, s.retry_after = 1h;
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  s.look();
  s.go_on(59min);
  CHECK(s.look() == 0);
  s.go_on(2min);
  CHECK(s.look() == 1);
}

TEST_CASE("a server that stops in the middle goes on with the same message") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  if (!s.sender) s.start();
  s.meanwhile = [&] { s.sender->wind_down(); };
  s.answers = {0};
  s.sender->look();
  CHECK_FALSE(s.shown(s.askers[1], id).failing.has_value());   // that was no fault of the receiver's
  s.start();
  CHECK(s.look() == 1);
  REQUIRE(s.got.size() == 2);
  CHECK(s.got[0].id == s.got[1].id);
  CHECK(s.got[0].body == s.got[1].body);
}

TEST_CASE("after three days without success it stops, says so, and when it is resumed everything comes") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  s.answers = std::vector<int>(100, 500);
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  for (int i = 0; i < 80 && s.shown(s.askers[1], id).state == store::WebhookState::Active; ++i) s.look(), s.go_on(1h);
  auto shown = s.shown(s.askers[1], id);
  CHECK(shown.state == store::WebhookState::Failed);
  CHECK(shown.why->find("three days") != std::string::npos);
  const auto tried = s.got.size();
  CHECK(tried > 15);
  CHECK(s.is_taken(s.askers[0], thing_json(2, 0, Tlp::Green)));
  CHECK(s.look() == 0);
  s.answers.clear();
  for_tests::must(s.site.writer->run(resume_webhook(s.site.services, s.askers[1], id)));
  CHECK(s.look() == 2);
  CHECK(s.got[tried].id == s.got[0].id);
  CHECK(s.shown(s.askers[1], id).state == store::WebhookState::Active);
}

TEST_CASE("what is resumed begins anew: its first failure is tried again within seconds") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  s.answers = std::vector<int>(100, 500);
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  for (int i = 0; i < 80 && s.shown(s.askers[1], id).state == store::WebhookState::Active; ++i) s.look(), s.go_on(1h);
  for_tests::must(s.site.writer->run(resume_webhook(s.site.services, s.askers[1], id)));
  CHECK(s.look() == 1);
  const auto shown = s.shown(s.askers[1], id);
  REQUIRE(shown.next_attempt.has_value());
  CHECK(*shown.next_attempt <= s.site.clock.now() + 10s);
}

TEST_CASE("410 ends it at once") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  s.answers = {410};
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  CHECK(s.look() == 1);
  CHECK(s.shown(s.askers[1], id).state == store::WebhookState::Gone);
  s.go_on(100h);
  CHECK(s.look() == 0);
}

TEST_CASE("D1: with the right that it rests on it ends: a token's with the token, anybody's with the affiliation; also where nothing comes") {
  Hooked s;
  const auto made = for_tests::must(s.site.writer->run(issue_token(s.site.services, s.askers[1], {.person = *s.askers[1].viewer.person, .organisation = s.second, .scopes = {access::Scope::CollectionRead}})));
  const Asker token{.viewer = for_tests::must(s.site.doors.viewers.of_token(string_at(made.answer, "token")))};
  const auto [of_token, first_secret] = s.hook(token);
  const auto [of_person, second_secret] = s.hook(s.askers[1]);
  const auto [of_guest, third_secret] = s.hook(s.askers[2]);
  CHECK(s.look() == 0);
  for_tests::must(s.site.writer->run(revoke_token(s.site.services, s.site.doors.viewers, s.askers[1], *TokenId::parse(string_at(made.answer, "id")))));
  CHECK(s.look() == 0);
  CHECK(s.shown(s.askers[1], of_token).state == store::WebhookState::Suspended);
  CHECK(s.shown(s.askers[1], of_person).state == store::WebhookState::Active);
  CHECK_FALSE(s.site.writer->run(resume_webhook(s.site.services, s.askers[1], of_token)));   // its token doesn't come back

  // What comes now reaches those alone that are left.
  for_tests::must(s.site.writer->run(change_affiliation(s.site.services, s.site.doors.viewers, SiteForTests::system(), *s.askers[2].viewer.person, s.guest, store::AffiliationState::Suspended)));
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  CHECK(s.look() == 1);
  REQUIRE(s.got.size() == 1);
  CHECK(string_at(s.got[0].read.at("data"), "webhook") == of_person);
}

TEST_CASE("it gives what its reader meets and nothing else: markings, filters") {
  Hooked s;
  const auto guest = s.hook(s.askers[2]).first;
  const auto picky = s.hook(s.askers[1], {.filter = store::WebhookFilter{.types = {"campaign"}}}).first;
  const auto thin = s.hook(s.askers[1], {.payload = store::WebhookPayload::Notice, .filter = store::WebhookFilter{.types = {"tool"}}}).first;
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::AmberStrict)));
  CHECK(s.is_taken(s.askers[0], thing_json(1, 0, Tlp::AmberStrict)));
  CHECK(s.is_taken(s.askers[0], thing_json(2, 0, Tlp::Green)));
  s.look();
  std::map<std::string, std::vector<std::string>> by_hook;
  for (const auto& one : s.got) {
    auto& ids = by_hook[std::string(string_at(one.read.at("data"), "webhook"))];
    if (const auto* objects = find_at(one.read, "/data/objects"))
      for (const auto& object : objects->as_array()) ids.emplace_back(string_at(object, "id"));
    else CHECK(one.body.find("--") == std::string::npos);         // a notice names nothing
  }
  CHECK(by_hook[guest] == std::vector{thing_id(2)});
  CHECK(by_hook[picky] == std::vector{thing_id(1)});
  CHECK(by_hook.contains(thin));
  CHECK(by_hook[thin].empty());
}

TEST_CASE("a recall is told to whom it was sent, before what comes after it, and can be left out") {
  Hooked s;
  const auto told = s.hook(s.askers[1]).first;
  const auto untold = s.hook(s.askers[2], {.recalls = false}).first;
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  CHECK(s.look() == 2);
  const auto recall = for_tests::must(s.site.writer->run(recall_object(s.site.services, s.askers[0], s.collection, thing_id(0), {"A false positive"})));
  CHECK(s.is_taken(s.askers[0], thing_json(2, 0, Tlp::Green)));
  s.got.clear();
  s.look();
  std::vector<std::string> types;
  for (const auto& one : s.got) types.push_back(std::string(string_at(one.read.at("data"), "webhook") == told ? "told " : "untold ") + std::string(string_at(one.read, "type")));
  std::sort(types.begin(), types.end());
  CHECK(types == std::vector<std::string>{"told threat.objects", "told threat.recalls", "untold threat.objects"});
  for (const auto& one : s.got)
    if (string_at(one.read, "type") == "threat.recalls") {
      const auto& items = one.read.at("data").at("recalls").as_array();
      REQUIRE(items.size() == 1);
      CHECK(string_at(items[0], "id") == string_at(recall.answer, "id"));
      CHECK(string_at(items[0], "kind") == "recalled");
    }
  CHECK(s.look() == 0);
}

TEST_CASE("what was deleted before the next attempt isn't sent, and what comes after it is") {
  Hooked s;
  const auto id = s.hook(s.askers[1], {.recalls = false}).first;
  s.answers = {500};
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  s.look();
  CHECK(s.remove(s.askers[0], thing_id(0), {.all = true}) == 1);
  CHECK(s.is_taken(s.askers[0], thing_json(2, 0, Tlp::Green)));
  s.got.clear();
  s.go_on(1h);
  s.look();                                        // ends what was under way
  s.look();
  CHECK(s.sent() == std::vector{thing_id(2)});
}

TEST_CASE("D5: what was marked stricter after a page was read is met by its reader no more, though it is still posted to others") {
  hooked_on_each_engine([](Hooked& s) {
    CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
    const auto page = s.page(s.askers[1], {});
    REQUIRE(page.objects.size() == 1);
    const std::vector<std::int64_t> objects{page.objects[0].object};
    const auto still_met = [&](const Asker& asker) {
      const auto seen = s.seen(asker);
      auto db = for_tests::must(s.site.store->lease());
      return store::check_still_met(*db, seen, objects);
    };
    CHECK(still_met(s.askers[1]));
    CHECK(s.is_taken(s.askers[0], thing_json(0, 1, Tlp::Red)));
    const auto now = still_met(s.askers[1]);
    REQUIRE_FALSE(now);
    CHECK(now.error().kind == ErrorKind::Unavailable);
    CHECK(still_met(s.askers[0]));
    auto db = for_tests::must(s.site.store->lease());
    CHECK(store::check_still_posted(*db, objects));
  });
}

TEST_CASE("D6: an error that is thrown on the way out is an attempt that failed, and the same message goes out by the schedule") {
  Hooked s;
  const auto id = s.hook(s.askers[1]).first;
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  s.meanwhile = [] { throw std::runtime_error("a library's"); };
  CHECK(s.look() == 1);
  REQUIRE(s.got.size() == 1);
  const auto shown = s.shown(s.askers[1], id);
  REQUIRE(shown.next_attempt.has_value());
  CHECK(*shown.next_attempt > s.site.clock.now());
  CHECK(s.look() == 0);                            // not before
  s.go_on(10s);
  CHECK(s.look() == 1);
  REQUIRE(s.got.size() == 2);
  CHECK(s.got[1].id == s.got[0].id);
  CHECK(s.got[1].body == s.got[0].body);
  CHECK(s.shown(s.askers[1], id).messages == 1);
}

TEST_CASE("D6: where each attempt throws, it ends after three days as for any receiver that takes nothing") {
  Hooked s;
  const auto id = s.hook(s.askers[1]).first;
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  for (int i = 0; i < 80 && s.shown(s.askers[1], id).state == store::WebhookState::Active; ++i) {
    s.meanwhile = [] { throw std::runtime_error("a library's"); };
    s.look(), s.go_on(1h);
  }
  CHECK(s.shown(s.askers[1], id).state == store::WebhookState::Failed);
  CHECK(s.got.size() < 80);
}

TEST_CASE("a webhook whose grant was closed sends nothing: the gate is asked of what is granted now") {
  Hooked s;
  const auto id = s.hook(s.askers[1]).first;
  for_tests::must(s.site.writer->run([&](Unit& unit) -> Result<Committed> {
    TRY(unit.writing().close_grants(s.site.services.store.tag_of(*s.askers[1].viewer.organisation), s.site.services.cells().tag("webhook", id), unit.now()));
    return Committed{};
  }));
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
  s.look();
  CHECK(s.got.empty());
}

TEST_CASE("S1: for a day after it was renewed both secrets sign; then the new one alone") {
  Hooked s;
  const auto [id, old] = s.hook(s.askers[1]);
  const auto renewed = for_tests::must(s.site.writer->run(renew_webhook_secret(s.site.services, s.askers[1], id)));
  const std::string fresh(string_at(renewed.answer, "secret"));
  const auto fits = [&](const std::string& secret) { return check_webhook_signature(secret, s.got.back().id, s.got.back().timestamp, s.got.back().signature, s.got.back().body, s.site.clock.now()).has_value(); };
  for_tests::must(s.site.writer->run(test_webhook(s.site.services, s.askers[1], id)));
  CHECK(s.look() == 1);
  CHECK(string_at(s.got.back().read, "type") == "webhook.test");
  CHECK((fits(old) && fits(fresh)));
  s.go_on(25h);
  for_tests::must(s.site.writer->run(test_webhook(s.site.services, s.askers[1], id)));
  CHECK(s.look() == 1);
  CHECK((!fits(old) && fits(fresh)));
}

TEST_CASE("a token renews the secrets of what it made, and of nothing else") {
  Hooked s;
  const auto made = for_tests::must(s.site.writer->run(issue_token(s.site.services, s.askers[1], {.person = *s.askers[1].viewer.person, .organisation = s.second, .scopes = {access::Scope::CollectionRead}})));
  const Asker token{.viewer = for_tests::must(s.site.doors.viewers.of_token(string_at(made.answer, "token")))};
  const auto of_token = s.hook(token).first, of_person = s.hook(s.askers[1]).first;
  CHECK(s.site.writer->run(renew_webhook_secret(s.site.services, token, of_token)));
  const auto refused = s.site.writer->run(renew_webhook_secret(s.site.services, token, of_person));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "AUT-7");
  CHECK(s.site.writer->run(renew_webhook_secret(s.site.services, s.askers[1], of_token)));
}

TEST_CASE("an organisation has at most 20 webhooks") {
  Hooked s;
  std::string last;
  for (int i = 0; i < 20; ++i) last = s.hook(s.askers[1]).first;
  const auto made = [&](const Asker& asker) { return s.site.writer->run(add_webhook(s.site.services, asker, {.url = "https://hooks.member.example/in", .collection = s.collection})); };
  const auto refused = made(s.askers[1]);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "too-many-webhooks");
  CHECK(made(s.askers[2]));
  for_tests::must(s.site.writer->run(remove_webhook(s.site.services, s.askers[1], last)));
  CHECK(made(s.askers[1]));
}

TEST_CASE("with a webhook its grant ends") {
  Hooked s;
  const auto id = s.hook(s.askers[1]).first;
  const auto is_granted = [&] {
    auto db = for_tests::must(s.site.store->lease());
    return for_tests::must(store::ruling_of_grant(*db, s.site.store->tag_of(s.second), s.site.store->cells().tag("webhook", id))).has_value();
  };
  CHECK(is_granted());
  for_tests::must(s.site.writer->run(remove_webhook(s.site.services, s.askers[1], id)));
  CHECK_FALSE(is_granted());
}

TEST_CASE("Y2: to another organisation, and to another person of one's own, it isn't there; no list or page has a secret") {
  Hooked s;
  const auto [id, secret] = s.hook(s.askers[1]);
  const auto other = s.site.asker(s.site.person(s.second, "Bea", "bea@second.example"), s.second);
  const auto admin = s.site.asker(s.site.person(s.second, "Ada", "ada@second.example", access::SiteRole::Admin), s.second);
  for (const Asker* who : std::initializer_list<const Asker*>{&s.askers[0], &other}) {
    const auto hidden = webhook(s.site.services, who->viewer, id), none = webhook(s.site.services, who->viewer, "2dda25c8-933c-4944-9185-ba707ff863c0");
    REQUIRE_FALSE(hidden);
    REQUIRE_FALSE(none);
    CHECK(hidden.error().message == none.error().message);
    CHECK(for_tests::must(webhooks(s.site.services, who->viewer)).empty());
    CHECK_FALSE(s.site.writer->run(remove_webhook(s.site.services, *who, id)));
  }
  CHECK(for_tests::must(webhooks(s.site.services, admin.viewer)).size() == 1);
  CHECK(canonical(to_json(s.shown(s.askers[1], id))).find(secret.substr(6)) == std::string::npos);
  for_tests::must(s.site.writer->run(remove_webhook(s.site.services, admin, id)));
  CHECK(for_tests::must(webhooks(s.site.services, admin.viewer)).empty());
}

TEST_CASE("what can't be a receiver's address is refused, with the place") {
  Hooked s;
  for (const auto* url : {"http://hooks.member.example/", "https://127.0.0.1/", "https://localhost/", "https://a:b@hooks.member.example/", "https://hooks.member.example:8443/", "ftp://hooks.member.example/", "nothing"}) {
    CAPTURE(url);
    const auto made = s.site.writer->run(add_webhook(s.site.services, s.askers[1], {.url = url, .collection = s.collection}));
    REQUIRE_FALSE(made);
    CHECK(made.error().where == "/url");
  }
}

}  // namespace sluice::service
