#include "service/peer_intake.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "base/utf8.h"
#include "service/case_keys.h"
#include "service/peer_loop.h"
#include "service/peers.h"
#include "service/pseudonym_sending.h"
#include "service/threat_intake.h"
#include "service/viewers.h"
#include "store/objects.h"
#include "threat/marking.h"

namespace sluice::service {

namespace {

constexpr JsonLimits kPeerObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
constexpr std::size_t kTogether = 1000, kTogetherBytes = 8 << 20;     // of one envelope that is made of a page
constexpr std::size_t kReasons = 30, kIncidents = 20, kLongestWhy = 300;
constexpr int kMostTries = 20;
constexpr std::size_t kMostDefinitions = 200;     // that a page refers to and an earlier one brought

void count_why(std::vector<store::Counted>& in, std::string why) {
  const auto known = std::find_if(in.begin(), in.end(), [&](const store::Counted& one) { return one.why == why; });
  if (known != in.end()) ++known->count;
  else if (in.size() < kReasons) in.push_back({std::move(why), 1});
  else ++in.back().count, in.back().why = "Other reasons.";
}

void remember_incident(std::vector<store::PeerIncident>& in, Instant at, std::string_view object, std::string_view version, std::string_view why) {
  in.insert(in.begin(), {at, std::string(cut_utf8(object, 300)), std::string(cut_utf8(version, 60)), std::string(why)});
  if (in.size() > kIncidents) in.pop_back();
}

// Without where it stands in the object, so that the same mistake of many objects is one reason.
std::string reason_of(std::string_view message) {
  if (const auto at = message.rfind(" (/"); at != message.npos)
    if (const auto comma = message.find(", ", at); comma != message.npos) return std::string(message.substr(0, at)) + " (" + std::string(message.substr(comma + 2));
  return std::string(message);
}

void each_marking(const json::object& object, const std::function<void(std::string_view)>& found) {
  if (const auto* refs = object.if_contains("object_marking_refs"); refs && refs->is_array())
    for (const auto& one : refs->get_array())
      if (one.is_string()) found(one.get_string());
  if (const auto* parts = object.if_contains("granular_markings"); parts && parts->is_array())
    for (const auto& one : parts->get_array())
      if (one.is_object())
        if (const auto ref = string_at(one, "marking_ref"); !ref.empty()) found(ref);
}

class PeerPage {
 public:
  PeerPage(Services& services, const store::PeerRow& peer, store::PeerHealth& health, const std::function<void(Duration)>& wait) : services_(services), peer_(peer), health_(health), wait_(wait) {}

  Result<std::vector<store::NewOrigin>> take(const taxii::Walk::Page& page, const std::vector<std::size_t>& fresh) {
    TRY(asker_.viewer, viewer_of_peer(services_, peer_.card));
    origin_.added_from = page.first, origin_.added_until = page.last;
    now_ = services_.clock.now();
    for (const auto& finding : page.envelope.refused) count_refused(health_, now_, finding.where, "", "It can't be read. " + finding.message);
    {
      TRY(auto db, services_.store.lease());
      const auto seen = services_.store.as(asker_.viewer).collection(*db, peer_.card.into);
      if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
      if (!seen || !seen->can_write()) return fail(ErrorKind::Forbidden, "The peer's organisation doesn't write the collection that its objects go to.");
      seen_ = *seen;
      TRY(collections_, store::all_collections(*db, services_.cells()));
      TRY(const auto all, store::peers(*db, services_.cells()));
      for (const auto& one : all) peers_.push_back(services_.store.tag_of(one.card.organisation));
      organisation_ = services_.store.tag_of(peer_.card.organisation);
      TRY(look_at(*db, page.envelope, fresh));
    }
    TRY(put());
    return std::move(origins_);
  }

 private:
  struct Wanted { const taxii::StixObject* object; Hash content; };

  Result<void> look_at(store::Db& db, const taxii::Envelope& envelope, const std::vector<std::size_t>& fresh) {
    std::vector<std::pair<const taxii::StixObject*, json::object>> read;
    for (const auto& one : envelope.objects)      // of the whole page: what is fresh may refer to what came before
      if (one.type == "marking-definition")
        if (auto value = parse_json(one.text, kPeerObject); value && value->is_object()) definitions_.emplace(one.id, std::move(value->get_object()));
    for (const auto i : fresh) {
      const auto& one = envelope.objects[i];
      auto value = parse_json(one.text, kPeerObject);
      if (!value || !value->is_object()) {
        count_refused(health_, now_, one.id, one.version, value ? "This is not an object." : value.error().message);
        continue;
      }
      read.emplace_back(&one, std::move(value->get_object()));
    }
    TRY(know_definitions(db, read));
    for (const auto& [object, value] : read) TRY(look_at_one(db, *object, value));
    return {};
  }

  // A definition counts only with the envelope that refers to it (threat_intake.h, E5), and a peer sends it once: what an earlier page of this peer brought goes along.
  Result<void> know_definitions(store::Db& db, const std::vector<std::pair<const taxii::StixObject*, json::object>>& read) {
    std::set<std::string, std::less<>> missing;
    for (const auto& [object, value] : read)
      each_marking(value, [&](std::string_view id) {
        if (!threat::well_known_marking(id) && !definitions_.contains(id) && missing.size() < kMostDefinitions) missing.emplace(id);
      });
    if (missing.empty() || !seen_->can_read()) return {};
    store::ObjectsWanted wanted{.ids = {missing.begin(), missing.end()}, .types = {}, .versions = {.all = true, .specs = {2000, 2001}}, .most = static_cast<std::int64_t>(kMostDefinitions)};
    TRY(const auto page, store::page_of(services_.store, db, *seen_, wanted, store::Parts::Whole));
    for (const auto& one : page.objects) {
      TRY(const auto origins, store::origins_of(db, services_.cells(), one.object));
      if (std::none_of(origins.begin(), origins.end(), [&](const store::Origin& origin) { return origin.peer == peer_.id; })) continue;
      auto value = parse_json(one.bytes, kPeerObject);
      if (!value || !value->is_object()) continue;
      definitions_.emplace(one.id, std::move(value->get_object()));
      along_.push_back(one.bytes);
    }
    return {};
  }

  Result<void> look_at_one(store::Db& db, const taxii::StixObject& object, const json::object& value) {
    if (object.type == "marking-definition" && threat::well_known_marking(object.id)) {
      ++health_.known;                            // everybody has it, and it is nobody's
      return {};
    }
    const auto content = sha256(bytes_of(canonical(json::value(value))));
    Arriving arriving{.has_own_mark = false, .hops = object.passed.size(), .has_random_id = has_random_uuid(object.id), .was_called_back = false};
    arriving.has_own_mark = std::find(object.passed.begin(), object.passed.end(), own_mark(services_.cells(), object.id)) != object.passed.end();
    std::vector<HeldCopy> held;
    std::optional<std::int64_t> row;              // to which the origin is noted
    bool is_deleted = false;
    for (const auto& collection : collections_) {
      TRY(const auto copies, store::copies_here(db, services_.cells(), collection, object.id, content, organisation_, peers_));
      for (const auto& one : copies) {
        const bool is_of_peer = std::find(one.origins.begin(), one.origins.end(), peer_.id) != one.origins.end();
        const bool in_target = collection.id == peer_.card.into;
        HeldCopy copy{.same_content = one.same_content, .from_this_peer = is_of_peer || one.sender == organisation_, .from_another_peer = !one.origins.empty() && !is_of_peer, .given_to_this_peer = one.was_given,
                      .given_to_a_peer = one.was_given_to_any, .in_target = in_target};
        if (one.same_content && in_target && !is_of_peer && (one.sender == organisation_ || copy.from_another_peer)) row = one.object;
        held.push_back(copy);
      }
      if (copies.empty() && arriving.has_random_id) {
        TRY(const bool gone, store::was_deleted_here(db, services_.cells(), collection, object.id, organisation_));
        is_deleted = is_deleted || gone;
      }
    }
    arriving.was_called_back = is_deleted && held.empty();
    const auto arrival = arrival_of(arriving, held);
    switch (arrival) {
      case Arrival::New: return want(object, value, content);
      case Arrival::TakenBefore:
      case Arrival::KnownFromAnother:
        ++health_.known;
        if (row) note_origin(*row, object);
        return {};
      case Arrival::CameBack:
      case Arrival::CameRound: {
        auto why = why_not_taken(arrival);
        ++health_.loops;
        remember_incident(health_.last_loops, now_, object.id, object.version, why);
        count_why(health_.loops_by, std::move(why));
        return {};
      }
      case Arrival::Changed:
      case Arrival::CalledBack:
      case Arrival::TooFar: count_refused(health_, now_, object.id, object.version, why_not_taken(arrival)); return {};
    }
    return {};
  }

  Result<void> want(const taxii::StixObject& object, const json::object& value, const Hash& content) {
    threat::MarkingPolicy policy;
    policy.unmarked = from_word<Tlp>(seen_->collection().unmarked).value_or(Tlp::AmberStrict);
    const auto markings = threat::markings_of(value, [this](std::string_view id) -> const json::object* {
      const auto found = definitions_.find(id);
      return found == definitions_.end() ? nullptr : &found->second;
    }, policy);
    const auto tlp = strictest(markings.tlp, markings.strictest_part);
    if (tlp > peer_.card.up_to) {
      count_refused(health_, now_, object.id, object.version, "It is marked " + to_text(tlp) + ", and of this peer no more than " + to_text(peer_.card.up_to) + " is taken.");
      return {};
    }
    wanted_.push_back({&object, content});
    return {};
  }

  static store::NewOrigin origin_of(const store::OriginBody& page, std::int64_t row, std::vector<std::string> marks) {
    auto body = page;
    body.marks = std::move(marks);
    return {row, std::move(body)};
  }
  void note_origin(std::int64_t row, const taxii::StixObject& object) { origins_.push_back(origin_of(origin_, row, object.passed)); }

  // I6. It outlives this page: the Writer may come to a slice after the round ended.
  NoteAdded noting(std::size_t from, std::size_t to) const {
    std::map<Hash, std::vector<std::string>> marks;
    for (auto i = from; i < to; ++i) marks.emplace(wanted_[i].content, wanted_[i].object->passed);
    return [&services = services_, peer = peer_.id, page = origin_, marks = std::move(marks)](Unit& unit, std::span<const AddedObject> added) -> Result<void> {
      std::vector<store::NewOrigin> origins;
      for (const auto& one : added)
        if (const auto known = marks.find(one.object->content); known != marks.end()) origins.push_back(origin_of(page, one.row, known->second));
      return store::note_origins(unit.writing().tx(), services.cells(), peer, unit.now(), origins);
    };
  }

  Result<void> put() {
    for (std::size_t from = 0; from < wanted_.size();) {
      std::string body = "{\"objects\":[";
      for (const auto& one : along_) body.append(body.back() == '[' ? "" : ",").append(one);
      // Definitions of the page first count for all of its envelopes.
      auto to = from;
      for (; to < wanted_.size() && to < from + kTogether; ++to) {
        const auto& text = wanted_[to].object->text;
        if (to > from && body.size() + text.size() > kTogetherBytes) break;
        body.append(body.back() == '[' ? "" : ",").append(text);
      }
      if (to < wanted_.size())                    // what is cut off keeps its definitions
        for (auto i = from; i < to; ++i)
          if (wanted_[i].object->type == "marking-definition") along_.push_back(wanted_[i].object->text);
      TRY(put_envelope(body + "]}", from, to));
      from = to;
    }
    return {};
  }

  Result<void> put_envelope(const std::string& body, std::size_t from, std::size_t to) {
    std::shared_ptr<Intake> intake;
    for (int tries = 1; !intake; ++tries) {
      auto prepared = prepare_intake(services_, asker_, peer_.card.into, body, {}, FromPeer{noting(from, to)});
      if (prepared) intake = *std::move(prepared);
      else if (prepared.error().code != "busy" || tries == kMostTries) return std::unexpected(prepared.error());
      else wait_(std::chrono::milliseconds(500));
    }
    const auto promise = std::make_shared<std::promise<Result<std::string>>>();
    auto future = promise->get_future();
    put_intake(services_, std::move(intake), [promise](Result<std::string> status) { promise->set_value(std::move(status)); });
    const auto put = future.get();
    if (!put && put.error().code == "one-hand") return fail(ErrorKind::Unavailable, "The page could not be put at this moment.");   // I5
    TRY(const auto text, put);
    TRY(const auto status, taxii::read_status(text));
    std::set<std::pair<std::string_view, std::string_view>> failed;
    std::set<std::string_view> failed_ids;        // what has no version is told with the time of the request
    for (const auto& one : status.failures) {
      failed.emplace(one.id, one.version), failed_ids.insert(one.id);
      if (one.message == kHeldBack || one.message.find(kTellsOfOtherNames) != std::string::npos) ++health_.known;   // I4, I5
      else count_refused(health_, now_, one.id, one.version, reason_of(one.message));
    }
    TRY(auto db, services_.store.lease());
    std::int64_t noted = 0;
    for (auto i = from; i < to; ++i) {
      const auto& [object, content] = wanted_[i];
      if (object->version.empty() ? failed_ids.contains(object->id) : failed.contains({object->id, object->version})) continue;
      TRY(const auto copies, store::copies_here(*db, services_.cells(), seen_->collection(), object->id, content, organisation_, {}));
      const auto mine = std::find_if(copies.begin(), copies.end(), [&](const store::CopyHere& one) { return one.same_content && one.sender == organisation_; });
      if (mine == copies.end()) {
        ++health_.known;                          // a member of this site sent it as well
        continue;
      }
      ++noted;
      if (std::find(mine->origins.begin(), mine->origins.end(), peer_.id) == mine->origins.end()) note_origin(mine->object, *object);   // it was there before
    }
    health_.taken += noted;
    return {};
  }

  Services& services_;
  const store::PeerRow& peer_;
  store::PeerHealth& health_;
  const std::function<void(Duration)>& wait_;
  Asker asker_;
  Instant now_;
  store::OriginBody origin_;
  std::optional<store::CollectionSeen> seen_;
  std::vector<store::Collection> collections_;
  std::vector<store::Tag> peers_;
  store::Tag organisation_{};
  std::map<std::string, json::object, std::less<>> definitions_;
  std::vector<std::string> along_;
  std::vector<Wanted> wanted_;
  std::vector<store::NewOrigin> origins_;
};

}  // namespace

void count_refused(store::PeerHealth& health, Instant at, std::string_view object, std::string_view version, std::string why) {
  why = std::string(cut_utf8(why, kLongestWhy));
  ++health.refused;
  remember_incident(health.last_refused, at, object, version, why);
  count_why(health.refused_for, std::move(why));
}

Result<access::Viewer> viewer_of_peer(Services& services, const store::PeerCard& card) {
  auto viewer = viewer_for(services, card.person, card.organisation);
  if (!viewer) {
    if (viewer.error().kind != ErrorKind::Forbidden) return std::unexpected(viewer.error());
    return fail(ErrorKind::Forbidden, "The person who answers for this peer doesn't act for its organisation any more.");
  }
  viewer->kind = access::Viewer::Kind::Machine;   // I2
  viewer->scopes = {access::Scope::CollectionRead, access::Scope::CollectionWrite};
  viewer->is_instance_admin = false;
  return viewer;
}

Result<std::vector<store::NewOrigin>> take_page_of_peer(Services& services, const store::PeerRow& peer, const taxii::Walk::Page& page, const std::vector<std::size_t>& fresh, store::PeerHealth& health,
                                                        const std::function<void(Duration)>& wait) {
  return PeerPage(services, peer, health, wait).take(page, fresh);
}

}  // namespace sluice::service
