#include "service/case_threats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <span>

#include "service/cases.h"
#include "service/regimes.h"
#include "service/site_log.h"
#include "service/threat_ties.h"

namespace sluice::service {

namespace {

constexpr std::int64_t kPage = 500;
constexpr JsonLimits kOne{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};

// What can touch a case or speak of what does; of observables, those that the case's own objects have values of are asked for besides.
const std::vector<std::string> kSpeaking{"attack-pattern", "campaign", "indicator", "infrastructure", "intrusion-set", "malware", "observed-data", "relationship", "report", "sighting", "software", "threat-actor", "tool", "vulnerability"};
const std::vector<std::string> kObservables{"autonomous-system", "directory", "domain-name", "email-addr", "file", "ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "url", "windows-registry-key", "x509-certificate"};

// One thing that a case is known by, and how what has it is found.
struct LookedUp {
  std::string name;                               // of the case and the thing
  std::vector<threat::Value> values;
  std::string reference;                          // an id that others name
};
std::vector<LookedUp> looked_up_by(const KeysOfCases& keys) {
  std::vector<LookedUp> out;
  for (const auto& key : keys) {
    const auto add = [&](std::string_view sort, const std::string& text, std::vector<threat::Value> values, std::string reference = {}) {
      out.push_back({key->id.text() + "/" + std::string(sort) + "/" + text, std::move(values), std::move(reference)});
    };
    for (const auto& v : key->vulnerabilities)
      if (v.cve) add("cve", *v.cve, {{"vulnerability", *v.cve}, {"cve", *v.cve}});
    for (const auto& product : key->products) add("product", product, {{"product", product}});
    for (const auto& [id, cves] : key->prepared) add("object", id, {}, id);
    for (const auto& value : key->values) add("value " + value.kind, value.text, {value});
  }
  return out;
}

constexpr store::RefKind kSpeaksOf[] = {store::kSightingOfRef, store::kTargetRef, store::kOtherRef};   // as said_of_world() takes them

std::string evidence_of(const threat::SaidOfWorld& said) {
  std::string out = "Shared in a collection: " + (said.words.empty() ? "an object" : said.words) + ".";
  if (said.confidence) out += " Its sender's confidence: " + std::to_string(*said.confidence) + " of 100.";
  return out;
}

}  // namespace

CaseThreats::CaseThreats(Services& services, Runs runs) : services_(services) {
  handle_ = services_.bus.listen([this](const Change& change) {
    if (!change.case_id) return;
    const std::scoped_lock lock(mutex_);
    case_moved_ = true;                           // looked at within kLook: many changes are one round
  });
  if (runs == Runs::InBackground) thread_ = std::thread([this] { run(); });
}

CaseThreats::~CaseThreats() {
  services_.bus.stop(handle_);
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void CaseThreats::run() {
  // Behind everybody who waits for an answer.
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kLook, [this] { return stopping_; });
      if (stopping_) return;
    }
    (void)look();                                 // what went wrong is tried again at the next look: no place was moved on
  }
}

Result<std::vector<CaseThreats::Reader>> CaseThreats::readers() {
  std::vector<Reader> out;
  TRY(const auto rows, organisations_of(services_));
  for (const auto& [id, row] : *rows) {
    TRY(auto keys, services_.case_keys->of(services_, id, row.kind));
    std::erase_if(keys, [](const auto& key) { return !key->coordinates || !key->is_open || key->vulnerabilities.empty(); });
    if (!keys.empty()) out.push_back({id, row.kind, std::move(keys)});
  }
  return out;
}

Result<int> CaseThreats::look() {
  const std::scoped_lock round_lock(round_);
  bool case_moved = false;
  {
    const std::scoped_lock lock(mutex_);
    case_moved = std::exchange(case_moved_, false);
  }
  std::map<std::int64_t, std::int64_t> heads;
  std::int64_t lists = 0;
  const auto again = [this] {
    const std::scoped_lock lock(mutex_);
    case_moved_ = true;
  };
  {
    auto db = services_.store.lease();
    if (!db) return again(), std::unexpected(db.error());
    auto read = store::collection_heads(**db);
    auto mark = store::known_exploited_mark(**db);
    if (!read || !mark) return again(), std::unexpected(!read ? read.error() : mark.error());
    heads = *std::move(read), lists = *mark;
  }
  if (!case_moved && heads == heads_ && lists == lists_) return 0;
  const auto round = [&]() -> Result<int> {
    int count = 0;
    TRY(const auto all, readers());
    for (const auto& reader : all) {
      TRY(const auto of_lists, look_at_lists(reader));
      count += of_lists;
      TRY(const auto collections, services_.store.as(anyone_of(reader.organisation, reader.kind)).collections());
      for (const auto& seen : collections) {
        if (!seen.can_read()) continue;
        const auto head = heads.find(seen.collection().n);
        if (head == heads.end()) continue;
        TRY(const auto of_look_up, look_up(reader, seen, head->second));
        count += of_look_up;
        TRY(const auto of_collection, look_through(reader, seen, head->second));
        count += of_collection;
      }
    }
    return count;
  };
  auto done = round();
  if (!done) return again(), done;
  heads_ = std::move(heads), lists_ = lists;
  return done;
}

Result<int> CaseThreats::look_through(const Reader& reader, const store::CollectionSeen& seen, std::int64_t head) {
  const auto tag = services_.store.tag_of(reader.organisation);
  std::optional<std::int64_t> place;
  {
    TRY(auto db, services_.store.lease());
    TRY(place, store::threat_place(*db, tag, seen.collection().n));
  }
  const auto from = place.value_or(head);
  if (from >= head) return 0;
  store::ObjectsWanted wanted{.types = kSpeaking, .versions = {.all = true, .specs = {2000, 2001}}, .after = from, .most = kPage};
  if (std::any_of(reader.keys.begin(), reader.keys.end(), [](const auto& key) { return !key->values.empty(); })) wanted.types.insert(wanted.types.end(), kObservables.begin(), kObservables.end());
  int count = 0;
  for (;;) {
    store::ObjectPage page;
    {
      TRY(auto db, services_.store.lease());
      TRY(page, store::page_of(services_.store, *db, seen, wanted, store::Parts::Whole));
    }
    TRY(const auto taken, consider(reader, seen, page.objects));
    count += taken;
    const auto upto = page.more && !page.objects.empty() ? page.objects.back().date_added : head;
    const auto moved = services_.writer.run([&](Unit& unit) -> Result<Committed> {
      TRY(store::set_threat_place(unit.writing().tx(), tag, seen.collection().n, upto));
      return Committed{};
    });
    if (!moved) return std::unexpected(moved.error());
    if (!page.more || page.objects.empty()) return count;
    wanted.after = upto;
    const std::scoped_lock lock(mutex_);
    if (stopping_) return count;
  }
}

Result<int> CaseThreats::look_up(const Reader& reader, const store::CollectionSeen& seen, std::int64_t head) {
  const auto tag = services_.store.tag_of(reader.organisation);
  const auto n = seen.collection().n;
  auto known = looked_for_.find({reader.organisation, n});
  std::optional<std::int64_t> place;
  {
    TRY(auto db, services_.store.lease());
    if (known == looked_for_.end()) {
      TRY(auto read, store::looked_for(*db, tag, n));
      known = looked_for_.emplace(std::pair{reader.organisation, n}, std::move(read)).first;
    }
    TRY(place, store::threat_place(*db, tag, n));
  }
  int count = 0;
  std::vector<store::Tag> fresh;
  for (const auto& wanted : looked_up_by(reader.keys)) {
    const auto name = store::threat_key_name(services_.cells(), wanted.name);
    if (known->second.contains(name)) continue;
    std::vector<store::PostingKey> keys;
    {
      TRY(auto db, services_.store.lease());
      for (const auto& value : wanted.values) {
        TRY(const auto found, store::postings_with(*db, seen, value_name(services_.cells(), value), kMostFound));
        for (const auto& one : found.found) keys.push_back({one.audience, one.date_added});
      }
      if (!wanted.reference.empty())
        for (const auto kind : kSpeaksOf) {
          TRY(const auto found, store::postings_naming(*db, services_.cells(), seen, wanted.reference, kind, kMostFound));
          for (const auto& one : found.found) keys.push_back({one.audience, one.date_added});
        }
    }
    TRY(const auto objects, objects_of(seen, keys));
    TRY(const auto taken, consider(reader, seen, objects));
    count += taken;
    fresh.push_back(name);
    const std::scoped_lock lock(mutex_);
    if (stopping_) break;                         // what wasn't looked for is looked for after the next start
  }
  if (fresh.empty() && place) return count;
  const auto kept = services_.writer.run([&](Unit& unit) -> Result<Committed> {
    TRY(store::note_looked_for(unit.writing().tx(), tag, n, fresh));
    if (!place) TRY(store::set_threat_place(unit.writing().tx(), tag, n, head));
    return Committed{};
  });
  if (!kept) return std::unexpected(kept.error());
  known->second.insert(fresh.begin(), fresh.end());
  return count;
}

Result<std::vector<store::PostedObject>> CaseThreats::objects_of(const store::CollectionSeen& seen, const std::vector<store::PostingKey>& keys) {
  constexpr std::size_t kAtOnce = 100;
  std::vector<store::PostedObject> out;
  TRY(auto db, services_.store.lease());
  for (std::size_t from = 0; from < keys.size(); from += kAtOnce) {
    const std::span some(keys.data() + from, std::min(kAtOnce, keys.size() - from));
    TRY(auto page, store::objects_at(services_.store, *db, seen, some, store::Parts::Whole));
    if (page.more) {                              // too many bytes for one page: one by one
      page.objects.clear();
      for (const auto& key : some) {
        TRY(auto one, store::objects_at(services_.store, *db, seen, std::span(&key, 1), store::Parts::Whole));
        std::move(one.objects.begin(), one.objects.end(), std::back_inserter(page.objects));
      }
    }
    std::move(page.objects.begin(), page.objects.end(), std::back_inserter(out));
  }
  return out;
}

Result<std::vector<std::string>> CaseThreats::keep(const Reader& reader, const std::vector<std::string>& names, const std::vector<store::CaseTouch>& touches) {
  std::vector<std::string> out;
  if (names.empty() || touches.empty()) return out;
  const auto kept = services_.writer.run([&](Unit& unit) -> Result<Committed> {
    out.clear();
    for (const auto& name : names) {
      TRY(const bool grew, store::add_touches(unit.writing().tx(), services_.cells(), reader.organisation, name, touches));
      if (grew) out.push_back(name);
    }
    return Committed{};
  });
  if (!kept) return std::unexpected(kept.error());
  return out;
}

Result<int> CaseThreats::consider(const Reader& reader, const store::CollectionSeen& seen, const std::vector<store::PostedObject>& objects) {
  struct Met { threat::SaidOfWorld said; std::vector<Touched> touched; };
  std::vector<Met> met;
  for (const auto& one : objects) {
    const auto value = parse_json(one.bytes, kOne);
    if (!value || !value->is_object()) continue;
    auto said = threat::said_of_world(value->get_object());
    if (!said) continue;
    said->version = one.version;
    auto touched = touched_by(reader.keys, *said, value->get_object());
    met.push_back({*std::move(said), std::move(touched)});
  }
  // What touches a case by itself first, so that what speaks of it finds it, in whatever order they came.
  std::vector<std::string> grew;
  const auto take_grown = [&](std::vector<std::string> more) { std::move(more.begin(), more.end(), std::back_inserter(grew)); };
  for (const auto& one : met) {
    std::vector<store::CaseTouch> touches;
    for (const auto& touched : one.touched) touches.push_back({touched.key->id, touched.vulnerability, to_word(touched.touch)});
    auto names = one.said.passes_on;
    names.push_back(one.said.id);
    TRY(auto more, keep(reader, names, touches));
    take_grown(std::move(more));
  }
  int count = 0;
  for (const auto& one : met) {
    std::vector<store::CaseTouch> touches, of_others;
    for (const auto& touched : one.touched) {
      // The case's own object by itself is no news to the case; what somebody says of it is.
      if (touched.key->prepared.contains(one.said.id)) continue;
      touches.push_back({touched.key->id, touched.vulnerability, to_word(touched.touch)});
    }
    for (const auto& about : one.said.about) {
      TRY(auto db, services_.store.lease());
      TRY(const auto of_it, store::touches_of(*db, services_.cells(), reader.organisation, about));
      of_others.insert(of_others.end(), of_it.begin(), of_it.end());
    }
    TRY(auto more, keep(reader, one.said.passes_on, of_others));
    take_grown(std::move(more));
    touches.insert(touches.end(), of_others.begin(), of_others.end());
    if (touches.empty()) continue;
    TRY(const auto taken, take(reader, seen, one.said, touches));
    count += taken;
  }
  TRY(const auto late, follow(reader, seen, std::move(grew)));
  return count + late;
}

Result<int> CaseThreats::follow(const Reader& reader, const store::CollectionSeen& seen, std::vector<std::string> touched) {
  int count = 0;
  std::set<std::string> followed;
  while (!touched.empty() && followed.size() < kMostFollowed) {
    const auto name = std::move(touched.back());
    touched.pop_back();
    if (!followed.insert(name).second) continue;
    std::vector<store::PostingKey> keys;
    std::vector<store::CaseTouch> touches;
    {
      TRY(auto db, services_.store.lease());
      TRY(touches, store::touches_of(*db, services_.cells(), reader.organisation, name));
      for (const auto kind : kSpeaksOf) {
        TRY(const auto found, store::postings_naming(*db, services_.cells(), seen, name, kind, kMostFound));
        for (const auto& one : found.found) keys.push_back({one.audience, one.date_added});
      }
    }
    TRY(const auto objects, objects_of(seen, keys));
    for (const auto& one : objects) {
      const auto value = parse_json(one.bytes, kOne);
      if (!value || !value->is_object()) continue;
      auto said = threat::said_of_world(value->get_object());
      if (!said || std::find(said->about.begin(), said->about.end(), name) == said->about.end()) continue;
      said->version = one.version;
      TRY(auto more, keep(reader, said->passes_on, touches));
      std::move(more.begin(), more.end(), std::back_inserter(touched));
      TRY(const auto taken, take(reader, seen, *said, touches));
      count += taken;
    }
  }
  return count;
}

// Does every organisation that reads the coordination meet this version in the collection?
Result<bool> CaseThreats::all_meet(const CaseKey& key, std::string_view collection, const threat::SaidOfWorld& said) {
  TRY(const auto rows, organisations_of(services_));
  for (const auto& id : key.coordinators) {
    const auto row = rows->find(id);
    if (row == rows->end()) return false;
    TRY(auto db, services_.store.lease());
    const auto seen = services_.store.as(anyone_of(id, row->second.kind)).collection(*db, collection);
    if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
    if (!seen || !seen->can_read()) return false;
    TRY(const auto page, store::page_of(services_.store, *db, *seen, {.ids = {said.id}, .versions = {.all = true, .specs = {2000, 2001}}, .most = 1000}, store::Parts::Labels));
    if (std::none_of(page.objects.begin(), page.objects.end(), [&](const auto& one) { return one.version == said.version; })) return false;
  }
  return true;
}

Result<int> CaseThreats::take(const Reader& reader, const store::CollectionSeen& seen, const threat::SaidOfWorld& said, const std::vector<store::CaseTouch>& touches) {
  if (!said.sign) return 0;
  const auto fact = *said.sign == threat::WorldSign::Attack ? cvd::Letter::A : cvd::Letter::X;
  int count = 0;
  for (const auto& touch : touches) {
    const auto key = std::find_if(reader.keys.begin(), reader.keys.end(), [&](const auto& one) { return one->id == touch.case_id; });
    if (key == reader.keys.end()) continue;       // it doesn't lead that case any more
    TRY(const bool may, all_meet(**key, seen.collection().id, said));
    if (!may) continue;
    cvd::ClaimSourced source{{}, cvd::ClaimSourceKind::ThreatObject, said.id, said.version, seen.collection().id, from_word<cvd::Touch>(touch.touch).value_or(cvd::Touch::Identifier), said.confidence, evidence_of(said),
                             said.occurred.value_or(services_.clock.now())};
    const auto done = services_.writer.run(case_command(services_, {access::Viewer::system(), {}, {}, {}}, touch.case_id, cvd::ProposeFact{touch.vulnerability, fact, std::move(source)}));
    if (done) ++count;
    else if (done.error().kind == ErrorKind::Unavailable) return std::unexpected(done.error());
  }
  return count;
}

Result<int> CaseThreats::look_at_lists(const Reader& reader) {
  int count = 0;
  for (const auto& key : reader.keys)
    for (const auto& v : key->vulnerabilities) {
      if (!v.cve || v.is_attacked) continue;
      std::vector<store::KnownExploited> lists;
      {
        TRY(auto db, services_.store.lease());
        TRY(lists, store::lists_with(*db, *v.cve));
      }
      for (const auto& list : lists) {
        cvd::ClaimSourced source{{}, cvd::ClaimSourceKind::KnownExploitedList, list.list, list.version, {}, cvd::Touch::Identifier, {}, *v.cve + " is on the list " + list.list + (list.since ? ", since " + to_text(*list.since).substr(0, 10) : "") + ".",
                                 list.since.value_or(services_.clock.now())};
        const auto done = services_.writer.run(case_command(services_, {access::Viewer::system(), {}, {}, {}}, key->id, cvd::ProposeFact{v.id, cvd::Letter::A, std::move(source)}));
        if (done) ++count;
        else if (done.error().kind == ErrorKind::Unavailable) return std::unexpected(done.error());
      }
    }
  return count;
}

Work import_exploited_list(Services&, Asker asker, ExploitedList list) {
  return [asker = std::move(asker), list = std::move(list)](Unit& unit) -> Result<Committed> {
    if (asker.viewer.kind != access::Viewer::Kind::System) TRY(access::require(asker.viewer, access::Action::ManageSite, {}));
    if (list.name.empty() || list.name.size() > 100) return fail(ErrorKind::Invalid, "A list has a name of at most 100 bytes.", "/name");
    std::string all;
    for (const auto& one : list.entries) all += one.cve + "\n";
    TRY(store::put_known_exploited(unit.writing().tx(), list.entries, unit.now()));
    return write_site_entry(unit, asker, {"threats.import", list.name, {{"type", "ExploitedListImported"}, {"v", 1}, {"list", list.name}, {"version", list.version}, {"count", list.entries.size()}, {"entries", hex(sha256(bytes_of(all)))}}},
                            {{"entries", list.entries.size()}});
  };
}

}  // namespace sluice::service
