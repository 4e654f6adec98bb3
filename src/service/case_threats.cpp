#include "service/case_threats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "service/cases.h"
#include "service/regimes.h"
#include "service/site_log.h"
#include "store/objects.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostWaiting = 5'000;
constexpr std::int64_t kPage = 500;
constexpr JsonLimits kOne{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};

// What can touch a case or speak of what does; of observables, those that the case's own objects have values of are asked for besides.
const std::vector<std::string> kSpeaking{"attack-pattern", "campaign", "indicator", "infrastructure", "intrusion-set", "malware", "observed-data", "relationship", "report", "sighting", "software", "threat-actor", "tool", "vulnerability"};
const std::vector<std::string> kObservables{"autonomous-system", "directory", "domain-name", "email-addr", "file", "ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "url", "windows-registry-key", "x509-certificate"};

std::set<std::string> names_of(const KeysOfCases& keys) {
  std::set<std::string> out;
  for (const auto& key : keys) {
    for (const auto& v : key->vulnerabilities)
      if (v.cve) out.insert(key->id.text() + " " + *v.cve);
    for (const auto& product : key->products) out.insert(key->id.text() + " " + product);
    for (const auto& [id, cves] : key->prepared) out.insert(key->id.text() + " " + id);
  }
  return out;
}

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
      auto names = names_of(reader.keys);
      const auto before = known_by_.find(reader.organisation);
      // After a start nothing is known to have been looked for, but the places say how far it had come.
      const bool looks_back = before != known_by_.end() && !std::includes(before->second.begin(), before->second.end(), names.begin(), names.end());
      TRY(const auto collections, services_.store.as(anyone_of(reader.organisation, reader.kind)).collections());
      for (const auto& seen : collections) {
        if (!seen.can_read()) continue;
        const auto head = heads.find(seen.collection().n);
        if (head == heads.end()) continue;
        if (looks_back) {
          const auto back = (services_.clock.now() - kLooksBack).micros;
          const auto moved = services_.writer.run([this, &reader, n = seen.collection().n, back](Unit& unit) -> Result<Committed> {
            const auto tag = services_.store.tag_of(reader.organisation);
            TRY(const auto place, store::threat_place(unit.writing().tx(), tag, n));
            if (place && *place > back) TRY(store::set_threat_place(unit.writing().tx(), tag, n, back));
            return Committed{};
          });
          if (!moved) return std::unexpected(moved.error());
        }
        TRY(const auto of_collection, look_through(reader, seen, head->second));
        count += of_collection;
      }
      known_by_[reader.organisation] = std::move(names);
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
  const auto from = place.value_or((services_.clock.now() - kLooksBack).micros);
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
    struct Met { threat::SaidOfWorld said; std::vector<Touched> touched; };
    std::vector<Met> met;
    for (const auto& one : page.objects) {
      const auto value = parse_json(one.bytes, kOne);
      if (!value || !value->is_object()) continue;
      auto said = threat::said_of_world(value->get_object());
      if (!said) continue;
      said->version = one.version;
      auto touched = touched_by(reader.keys, *said, value->get_object());
      met.push_back({*std::move(said), std::move(touched)});
    }
    // What touches a case by itself first, so that what speaks of it finds it, in whatever order they came.
    for (const auto& one : met) {
      std::vector<store::CaseTouch> touches;
      for (const auto& touched : one.touched) touches.push_back({touched.key->id, touched.vulnerability, to_word(touched.touch)});
      if (touches.empty()) continue;
      auto names = one.said.passes_on;
      names.push_back(one.said.id);
      const auto kept = services_.writer.run([&](Unit& unit) -> Result<Committed> {
        for (const auto& name : names) TRY(store::add_touches(unit.writing().tx(), services_.cells(), reader.organisation, name, touches));
        return Committed{};
      });
      if (!kept) return std::unexpected(kept.error());
    }
    for (const auto& one : met) {
      std::vector<store::CaseTouch> touches;
      for (const auto& touched : one.touched) {
        // The case's own object by itself is no news to the case; what somebody says of it is.
        if (touched.key->prepared.contains(one.said.id)) continue;
        touches.push_back({touched.key->id, touched.vulnerability, to_word(touched.touch)});
      }
      for (const auto& about : one.said.about) {
        std::vector<store::CaseTouch> of_it;
        {
          TRY(auto db, services_.store.lease());
          TRY(of_it, store::touches_of(*db, services_.cells(), reader.organisation, about));
        }
        touches.insert(touches.end(), of_it.begin(), of_it.end());
        if (of_it.empty() && one.said.sign && waiting_count_ < kMostWaiting) waiting_[{reader.organisation, about}].push_back({one.said, seen.collection().id}), ++waiting_count_;
      }
      if (!touches.empty()) {
        TRY(const auto taken, take(reader, seen, one.said, touches));
        count += taken;
        // Those that came before it and spoke of it.
        if (const auto found = waiting_.find({reader.organisation, one.said.id}); found != waiting_.end()) {
          const auto list = std::move(found->second);
          waiting_.erase(found);
          waiting_count_ -= list.size();
          for (const auto& waited : list)
            if (waited.collection == seen.collection().id) {
              TRY(const auto late, take(reader, seen, waited.said, touches));
              count += late;
            }
        }
      }
    }
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
