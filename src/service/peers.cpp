#include "service/peers.h"

#include <algorithm>

#include "base/fine_time.h"
#include "service/collections.h"
#include "service/peer_loop.h"
#include "service/peer_schedule.h"
#include "service/site_log.h"
#include "service/standing_reads.h"
#include "service/taxii_client.h"
#include "service/viewers.h"
#include "store/people.h"
#include "store/standing.h"

namespace sluice::service {

namespace {

constexpr Duration kUsualInterval = std::chrono::minutes(15);
constexpr std::size_t kMostTypes = 100;

Result<void> needs_site_admin(const access::Viewer& viewer) {
  TRY(access::require(viewer, access::Action::ManageSite, {}));
  return {};
}

std::unexpected<Error> no_peer() { return fail(ErrorKind::NotFound, "There is no such peer."); }

Result<store::PeerRow> peer_to_change(Services& services, Unit& unit, const Asker& asker, std::string_view id) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(needs_site_admin(asker.viewer));
  TRY(auto row, store::peer(unit.writing().tx(), services.cells(), id));
  if (!row || row->state == store::PeerState::Removed) return no_peer();
  return *std::move(row);
}

Result<Committed> peer_changed(Unit& unit, const Asker& asker, std::string_view action, std::string_view type, const std::string& id) {
  return write_site_entry(unit, asker, {action, id, {{"type", type}, {"v", 1}, {"peer", id}}}, {{"id", id}});
}

Result<std::string> credentials_of(const AddPeer& wanted) {
  if (wanted.token && wanted.basic) return fail(ErrorKind::Invalid, "Give a token, or a user and password, not both.", "/token");
  const auto& secret = wanted.token ? wanted.token : wanted.basic;
  if (!secret) return std::string();
  const std::string where = wanted.token ? "/token" : "/basic";
  if (secret->empty() || secret->size() > 4000 || std::any_of(secret->begin(), secret->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return fail(ErrorKind::Invalid, "A credential is one line of at most 4,000 bytes.", where);
  if (wanted.token) return "Bearer " + *secret;
  if (secret->find(':') == secret->npos) return fail(ErrorKind::Invalid, "For HTTP Basic this is USER:PASSWORD.", where);
  return "Basic " + base64(bytes_of(*secret));
}

Result<void> check_wanted(const AddPeer& wanted) {
  if (wanted.name.empty() || wanted.name.size() > 200) return fail(ErrorKind::Invalid, "Give it a name of 1 to 200 bytes.", "/name");
  if (wanted.collection.empty() || wanted.collection.size() > 500) return fail(ErrorKind::Invalid, "Name the peer's collection by its id, its alias or its title.", "/collection");
  if (wanted.types.size() > kMostTypes) return fail(ErrorKind::Invalid, "These are more types than there are.", "/types");
  for (std::size_t i = 0; i < wanted.types.size(); ++i) {
    const auto& type = wanted.types[i];
    const bool is_type = type.size() >= 3 && type.size() <= 250 && std::all_of(type.begin(), type.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (!is_type) return fail(ErrorKind::Invalid, "This is no type of STIX.", "/types/" + std::to_string(i), "STIX 2.1 §2.1");
  }
  const auto interval = wanted.interval.value_or(kUsualInterval);
  if (interval < kShortestInterval || interval > kLongestInterval) return fail(ErrorKind::Invalid, "A peer is asked once a second at most, and once a week at least.", "/interval");
  return {};
}

std::string health_word(const store::PeerRow& row, Instant now) {
  if (row.state == store::PeerState::Paused) return "paused";
  if (row.health.failures_in_row > 0) return "failing";
  if (!row.health.last_success) return "new";
  // Two rounds were missed.
  return now - *row.health.last_success > 3 * row.card.interval + std::chrono::minutes(5) ? "behind" : "well";
}

Duration whole_seconds(Duration length) { return std::max(Duration(0), length - length % std::chrono::seconds(1)); }

}  // namespace

PeerShown shown_peer(const store::PeerRow& row, Instant now) {
  const auto& card = row.card;
  const auto& health = row.health;
  PeerShown out{.id = row.id, .name = card.name, .url = card.url, .collection = card.collection, .has_credentials = card.authorization.has_value(), .state = row.state, .health = health_word(row, now), .into = card.into,
                .organisation = card.organisation, .person = card.person, .up_to = card.up_to, .types = card.types, .added_after = card.added_after, .interval = card.interval, .added = card.added};
  if (row.state == store::PeerState::Active && row.held_until <= now) out.next_pull = row.due;
  if (health.reached && health.reached_at) out.lag = whole_seconds(*health.reached_at - *health.reached);
  if (health.last_success) out.silent_for = whole_seconds(now - *health.last_success);
  out.last_attempt = health.last_attempt, out.last_success = health.last_success, out.last_error_at = health.last_error_at, out.last_error = health.last_error;
  out.failures_in_row = health.failures_in_row, out.pulls = health.pulls, out.pages = health.pages, out.taken = health.taken, out.known = health.known, out.refused = health.refused, out.loops = health.loops;
  out.may_have_lost = health.may_have_lost;
  out.refused_for = health.refused_for, out.loops_by = health.loops_by, out.last_refused = health.last_refused, out.last_loops = health.last_loops;
  return out;
}

Result<std::vector<PeerShown>> list_peers(Services& services, const access::Viewer& viewer) {
  TRY(needs_site_admin(viewer));
  TRY(auto db, services.store.lease());
  TRY(const auto rows, store::peers(*db, services.cells()));
  std::vector<PeerShown> out;
  for (const auto& row : rows) out.push_back(shown_peer(row, services.clock.now()));
  std::sort(out.begin(), out.end(), [](const PeerShown& a, const PeerShown& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
  return out;
}

Result<PeerShown> show_peer(Services& services, const access::Viewer& viewer, std::string_view id) {
  TRY(needs_site_admin(viewer));
  TRY(auto db, services.store.lease());
  TRY(const auto row, store::peer(*db, services.cells(), id));
  if (!row || row->state == store::PeerState::Removed) return no_peer();
  return shown_peer(*row, services.clock.now());
}

Work add_peer(Services& services, Asker asker, AddPeer wanted) {
  return [&services, asker = std::move(asker), wanted = std::move(wanted)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(needs_site_admin(asker.viewer));
    TRY(check_wanted(wanted));
    auto url = taxii::read_peer_url(wanted.url, false);
    if (!url) return fail(ErrorKind::Invalid, url.error().message, "/url");
    TRY(auto authorization, credentials_of(wanted));
    auto& tx = unit.writing().tx();
    const auto viewer = viewer_for(services.site, tx, wanted.person, wanted.organisation);
    if (!viewer) {
      if (viewer.error().kind != ErrorKind::Forbidden) return std::unexpected(viewer.error());
      return fail(ErrorKind::Invalid, viewer.error().message, "/person");
    }
    const auto seen = services.store.as(*viewer).collection(tx, wanted.into);
    if (!seen || !seen->can_write()) return fail(ErrorKind::Invalid, "The organisation writes no collection of this id or alias.", "/into");
    TRY(const auto all, store::peers(tx, services.cells()));
    if (all.size() >= kMostPeers) return fail(ErrorKind::Conflict, "There are as many peers as are kept.", {}, {}, "too-many-peers");
    if (std::any_of(all.begin(), all.end(), [&](const store::PeerRow& one) { return one.card.name == wanted.name; })) return fail(ErrorKind::Conflict, "Another peer has this name.", "/name", {}, "name-taken");
    if (std::any_of(all.begin(), all.end(), [&](const store::PeerRow& one) { return one.card.url == *url && one.card.collection == wanted.collection && one.card.into == seen->collection().id; }))
      return fail(ErrorKind::Conflict, "This collection is read into that one already.", "/collection", {}, "peer-known");
    store::PeerRow row{.id = random_uuid(services.random), .state = store::PeerState::Active, .due = unit.now(), .held_until = {}, .holder = {}, .card = {}, .health = {}};
    row.card = {.name = wanted.name, .url = *std::move(url), .collection = wanted.collection, .authorization = authorization.empty() ? std::nullopt : std::optional(std::move(authorization)), .into = seen->collection().id,
                .organisation = wanted.organisation, .person = wanted.person, .up_to = wanted.up_to.value_or(Tlp::AmberStrict), .types = wanted.types, .added_after = wanted.added_after,
                .interval = wanted.interval.value_or(kUsualInterval), .added = unit.now(), .added_by = asker.viewer.person};
    TRY(store::add_peer(tx, services.store, row));
    json::object event{{"type", "PeerAdded"}, {"v", 1}, {"peer", row.id}, {"organisation", row.card.organisation.text()}, {"person", row.card.person.text()}, {"collection", row.card.into}};
    return write_site_entry(unit, asker, {"peer.add", row.id, std::move(event)}, {{"id", row.id}});
  };
}

Work pause_peer(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(auto row, peer_to_change(services, unit, asker, id));
    if (row.state == store::PeerState::Paused) return fail(ErrorKind::Conflict, "It is paused already.", {}, {}, "paused");
    row.state = store::PeerState::Paused, row.held_until = {}, row.holder = {};
    TRY(store::change_peer(unit.writing().tx(), services.cells(), row));
    return peer_changed(unit, asker, "peer.pause", "PeerPaused", id);
  };
}

Work resume_peer(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(auto row, peer_to_change(services, unit, asker, id));
    if (row.state == store::PeerState::Active) return fail(ErrorKind::Conflict, "It isn't paused.", {}, {}, "not-paused");
    row.state = store::PeerState::Active, row.due = unit.now(), row.held_until = {}, row.holder = {};
    TRY(store::change_peer(unit.writing().tx(), services.cells(), row));
    return peer_changed(unit, asker, "peer.resume", "PeerResumed", id);
  };
}

Work pull_peer(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(auto row, peer_to_change(services, unit, asker, id));
    if (row.state != store::PeerState::Active) return fail(ErrorKind::Conflict, "It is paused.", {}, {}, "paused");
    row.due = unit.now();                         // also while it is being asked: then once more
    TRY(store::change_peer(unit.writing().tx(), services.cells(), row));
    return peer_changed(unit, asker, "peer.pull", "PeerPullAsked", id);
  };
}

Work remove_peer(Services& services, Asker asker, std::string id) {
  return [&services, asker = std::move(asker), id = std::move(id)](Unit& unit) -> Result<Committed> {
    TRY(auto row, peer_to_change(services, unit, asker, id));
    row.state = store::PeerState::Removed, row.held_until = {}, row.holder = {}, row.card.authorization.reset();
    TRY(store::change_peer(unit.writing().tx(), services.cells(), row));
    TRY(store::forget_progress(unit.writing().tx(), services.cells(), id));
    return peer_changed(unit, asker, "peer.remove", "PeerRemoved", id);
  };
}

// ---- origins

Result<json::object> object_origins(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id) {
  TRY(const auto known, services.store.as(viewer).collection(collection));
  if (!known.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  TRY(const auto allowance, allowance_for(services, viewer, known));
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto seen, services.store.as(viewer).collection(tx, collection));
  store::ObjectsWanted wanted{.ids = {std::string(id)}, .types = {}, .versions = {.all = true, .specs = {2000, 2001}}, .most = 100};
  TRY(const auto page, page_under(services, tx, allowance, seen, std::move(wanted), store::Parts::Labels, {}));
  if (page.objects.empty()) return no_object();
  const bool runs_the_site = access::authorize(viewer, access::Action::ManageSite, {}).allowed;
  json::array items;
  for (const auto& one : page.objects) {
    TRY(const auto origins, store::origins_of(tx, services.cells(), one.object));
    for (const auto& origin : origins) {
      json::object item{{"version", one.version}, {"at", to_text(origin.at)}};
      if (origin.body.added_from) item["added_from"] = six_digits(*origin.body.added_from);
      if (origin.body.added_until) item["added_until"] = six_digits(*origin.body.added_until);
      item["sites"] = origin.body.marks.size();
      TRY(const auto row, store::peer(tx, services.cells(), origin.peer));
      if (row && (runs_the_site || viewer.organisation == row->card.organisation)) item["peer"] = row->card.name;
      items.push_back(std::move(item));
    }
  }
  return json::object{{"items", std::move(items)}};
}

// ---- marks

std::string own_mark(const store::Cells& cells, std::string_view id) { return hex(cells.tag("passed object", id)).substr(0, kMarkLetters); }

Result<std::vector<std::vector<std::string>>> marks_of(Services& services, std::span<const store::PostedObject> objects) {
  std::vector<std::vector<std::string>> out;
  out.reserve(objects.size());
  TRY(auto db, services.store.lease());
  for (const auto& one : objects) {
    auto& marks = out.emplace_back();
    TRY(const auto origins, store::origins_of(*db, services.cells(), one.object));
    const auto add = [&marks](const std::string& mark) {
      if (std::find(marks.begin(), marks.end(), mark) == marks.end()) marks.push_back(mark);
    };
    for (const auto& origin : origins)            // by whatever way it came
      for (const auto& mark : origin.body.marks) add(mark);
    add(own_mark(services.cells(), one.id));
  }
  return out;
}

}  // namespace sluice::service
