// Longer than other files because it is one idea: what is kept of legal clocks is only known to hold where it is filled, followed and read by one set of rules.
#include "service/legal_clocks.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <ranges>
#include <system_error>

#include "store/case_index.h"

namespace sluice::service {

using namespace std::chrono_literals;

namespace {

constexpr Duration kHoldsAtMost = 2h;             // conditions that count days from an instant move by no date that is written anywhere
constexpr Duration kAskedWithin = 24h;            // whom nobody of asks for a day, is forgotten
constexpr auto kReaderWorks = 1s;                 // at most, beside what it is asked for
constexpr std::size_t kNotAsked = 200, kLooksAgain = 64, kWorthAThread = 200;
constexpr auto kLook = 5s, kLookAtAll = 60s;      // how often the thread looks what time has moved; what else it may have missed

constexpr std::int64_t kNoInstant = std::numeric_limits<std::int64_t>::max();

// As a DutyPlace, but nothing is copied.
std::tuple<std::int64_t, const CaseId&, const std::string&, const std::string&> place_of(const LegalDuty& duty) { return {duty.stands_at ? duty.stands_at->micros : kNoInstant, duty.id, duty.rule, duty.on}; }

// Open for this organisation: it hasn't closed it, and it was merged into no other.
bool is_open(const cvd::CaseFold& fold, OrganisationId own) {
  const auto* self = fold.participant(own);
  return !fold.is_merged_away() && (self == nullptr || self->report != cvd::ReportState::Closed);
}

// As kept, with what the clock has done to it since.
std::string state_at(const LegalDuty& duty, Instant now) { return duty.state == "open" && duty.due_at && now >= *duty.due_at + 1s ? "missed" : duty.state; }

std::size_t size_of(const OwnWord* word) { return word == nullptr ? 0 : sizeof *word + 2 * (canonical(word->rests_on).size() + canonical(word->without).size()); }
std::size_t size_of(const LegalDuty& d) { return sizeof d + size_of(d.own_word.get()) + d.rule.size() + d.citation.size() + d.force.size() + d.on.size() + d.to.size() + d.due.size() + d.why.size(); }

}  // namespace

LegalClocks::LegalClocks(Services& services, std::size_t most_bytes, std::size_t at_once) : services_(services), most_bytes_(most_bytes), at_once_(at_once) {
  const auto date = [&](const std::optional<regimes::Second>& at) { if (at) dates_.push_back({*at * 1'000'000}); };
  if (services_.packs)
    for (const auto& [id, pack] : services_.packs->library().packs) {
      date(pack.from), date(pack.until);
      for (const auto& edition : pack.editions) date(edition.from), date(edition.until);
      for (const auto& rule : pack.rules) {
        date(rule.plain.from), date(rule.plain.until_date);
        for (const auto& [reading, choice, body] : rule.in_reading) date(body.from), date(body.until_date);
      }
    }
  std::sort(dates_.begin(), dates_.end());
  handle_ = services_.bus.listen([this](const Change& change) {
    if (!change.case_id || !anybody_) return;
    const std::scoped_lock lock(mutex_);
    if (!waiting_.insert(*change.case_id).second) return;
    changed_.push_back(*change.case_id);
    wake_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

LegalClocks::~LegalClocks() {
  services_.bus.stop(handle_);
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

LegalClocks::Eyes LegalClocks::eyes_of(const access::Viewer& viewer) { return {*viewer.organisation, viewer.organisation_kind, viewer.role, viewer.is_of_site, viewer.is_instance_admin}; }

// The same organisation and role without what one session or token has besides: rights of its own, a case that was opened for it in an emergency.
access::Viewer LegalClocks::as_eyes(const access::Viewer& viewer) {
  return {.kind = access::Viewer::Kind::Person, .person = viewer.person, .organisation = viewer.organisation, .organisation_kind = viewer.organisation_kind, .role = viewer.role, .is_of_site = viewer.is_of_site,
          .is_instance_admin = viewer.is_instance_admin};
}

bool LegalClocks::Made::holds(Instant now, const store::Directory::Rows& rows) const {
  if (now < as_of || now >= until) return false;  // a scripted clock also goes back
  return std::all_of(profiles.begin(), profiles.end(), [&](const auto& one) {
    const auto row = rows.find(one.first);
    return (row == rows.end() ? 0 : row->second.version) == one.second;
  });
}

// ---- working out one case

Result<LegalClocks::Made> LegalClocks::make(const access::Viewer& viewer, const store::CaseSeen& seen, Instant now, const store::Directory::Rows& rows) {
  ++worked_out_;
  const auto& fold = seen.view.fold;
  Made out;
  out.content = seen.view.content;
  out.as_of = now;
  out.until = now + kHoldsAtMost;
  if (is_open(fold, *viewer.organisation)) {
    auto found = duties_of_view(services_, viewer, seen, now, kHoldsAtMost);
    if (!found && found.error().kind == ErrorKind::Unavailable) return std::unexpected(std::move(found).error());
    // Whose role may not ask the gate in this case is told of no duty in it.
    if (found) {
      out.is_whole = found->is_whole;
      out.until = found->until;
      for (const auto& id : found->organisations) {
        const auto row = rows.find(id);
        out.profiles.emplace_back(id, row == rows.end() ? 0 : row->second.version);
      }
      for (const auto& duty : found->items) {
        LegalDuty one;
        one.id = fold.id;
        one.state = string_at(duty, "state");
        one.force = string_at(duty, "force");
        if (const auto read = regimes::parse_second(string_at(duty, "due_at"))) one.due_at = Instant{*read * 1'000'000};
        const auto* without = duty.as_object().if_contains("without");
        const auto otherwise = without == nullptr ? std::string_view() : string_at(*without, "state");
        const bool is_stopped = otherwise == "open" || otherwise == "missed";  // by the debtor's own word, or moved by it
        if ((one.force != "law" && one.force != "policy") || (one.state != "open" && one.state != "missed" && !(one.state == "waiting" && one.due_at) && !(is_stopped && (one.state == "waiting" || one.state == "not-triggered")))) continue;
        one.stands_at = one.due_at;
        if (is_stopped && !one.stands_at)
          if (const auto read = regimes::parse_second(string_at(*without, "due_at"))) one.stands_at = Instant{*read * 1'000'000};
        if (without != nullptr) {
          auto stands = without->as_object();
          stands.erase("due_at");                  // which `stands_at` is
          one.own_word = std::make_shared<const OwnWord>(OwnWord{duty.at("rests_on").as_array(), std::move(stands)});
        }
        one.rule = string_at(duty, "rule");
        one.citation = string_at(duty, "citation");
        one.on = string_at(duty, "on");
        one.to = string_at(duty, "to");
        one.due = string_at(duty, "due");
        one.why = string_at(duty, "why");
        const auto* verified = duty.as_object().if_contains("verified");
        one.verified = verified == nullptr || !verified->is_bool() || verified->get_bool();
        out.duties.push_back(std::move(one));
      }
    }
  }
  if (const auto next = std::upper_bound(dates_.begin(), dates_.end(), now); next != dates_.end()) out.until = std::min(out.until, *next);
  out.bytes = sizeof(Made) + 128 + out.profiles.size() * sizeof(out.profiles[0]);
  for (const auto& duty : out.duties) out.bytes += size_of(duty);
  return out;
}

// The case as it is now: what was kept of it, where that still holds. Of one that these eyes don't see, nothing.
Result<std::shared_ptr<const LegalClocks::Made>> LegalClocks::look(const access::Viewer& viewer, CaseId id, const std::shared_ptr<const Made>& before, Instant now, const store::Directory::Rows& rows) {
  const auto seen = services_.store.as(viewer).case_view(id, store::Streams::Remember::No);
  if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
  Made made;
  if (seen) {
    if (before && before->content == seen->view.content && before->holds(now, rows)) return before;
    TRY(made, make(viewer, *seen, now, rows));
  } else {
    made.as_of = now, made.until = now + kHoldsAtMost, made.bytes = sizeof(Made) + 128;
  }
  return std::make_shared<const Made>(std::move(made));
}

// ---- what is kept

void LegalClocks::ask_for(const Eyes& eyes, const access::Viewer& viewer) {
  bool is_new = false;
  {
    const std::unique_lock lock(lists_mutex_);
    auto& list = lists_[eyes];
    is_new = !list.viewer.organisation;
    list.viewer = as_eyes(viewer);
    list.reader = services_.store.tag_of(*viewer.organisation);
    list.asked = services_.clock.monotonic();
  }
  anybody_ = true;
  if (!is_new) return;
  const std::scoped_lock lock(mutex_);
  somebody_asked_ = true;
  wake_.notify_one();
}

void LegalClocks::forget_list(std::map<Eyes, List>::iterator list) {
  bytes_ -= list->second.bytes;
  lists_.erase(list);
}

// False where there is no room, or nobody asks any more.
bool LegalClocks::keep(const Eyes& eyes, CaseId id, Kept kept) {
  const std::unique_lock lock(lists_mutex_);
  auto list = lists_.find(eyes);
  if (list == lists_.end()) return false;
  auto& place = list->second.cases[id];
  const auto before = place.made ? place.made->bytes : 0;
  while (bytes_ - before + kept.made->bytes > most_bytes_) {
    auto oldest = lists_.end();
    for (auto one = lists_.begin(); one != lists_.end(); ++one)
      if (one != list && (oldest == lists_.end() || one->second.asked < oldest->second.asked)) oldest = one;
    if (oldest != lists_.end() && oldest->second.asked < list->second.asked) {
      forget_list(oldest);
      continue;
    }
    list->second.bytes -= before, bytes_ -= before;
    list->second.cases.erase(id);
    return false;
  }
  list->second.bytes += kept.made->bytes - before;
  bytes_ += kept.made->bytes - before;
  place = std::move(kept);
  return true;
}

void LegalClocks::drop(const Eyes& eyes, CaseId id) {
  const std::unique_lock lock(lists_mutex_);
  const auto list = lists_.find(eyes);
  if (list == lists_.end()) return;
  const auto found = list->second.cases.find(id);
  if (found == list->second.cases.end()) return;
  list->second.bytes -= found->second.made->bytes, bytes_ -= found->second.made->bytes;
  list->second.cases.erase(found);
}

// ---- the thread

void LegalClocks::run() {
  // Behind everybody who waits for an answer.
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
  auto looked = std::chrono::steady_clock::now(), looked_at_all = looked;
  for (;;) {
    bool everything = false;
    {
      std::unique_lock lock(mutex_);
      const auto is_due = [this] { return stopping_ || somebody_asked_ || !changed_.empty(); };
      rests_ = true;
      if (anybody_) wake_.wait_for(lock, kLook, is_due);
      else wake_.wait(lock, is_due);
      rests_ = false;
      if (stopping_) return;
      everything = std::exchange(somebody_asked_, false);
    }
    follow_changes();
    const auto now = std::chrono::steady_clock::now();
    everything = everything || now - looked_at_all >= kLookAtAll;
    if (!everything && now - looked < kLook) continue;
    looked = now;
    if (everything) looked_at_all = now;
    sweep(everything);
  }
}

bool LegalClocks::is_settled() const {
  const std::scoped_lock lock(mutex_);
  return rests_ && !somebody_asked_ && changed_.empty();
}

void LegalClocks::follow_changes() {
  for (;;) {
    CaseId id;
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_ || changed_.empty()) return;
      id = changed_.front();
      changed_.pop_front();
      waiting_.erase(id);
    }
    const auto readers = [&]() -> Result<store::ContentReaders> {
      TRY(auto db, services_.store.lease());
      return store::content_readers(*db, id);
    }();
    if (!readers) continue;  // away for a moment: the next look at everything finds it
    std::vector<std::tuple<Eyes, access::Viewer, bool>> lists;
    {
      const std::shared_lock lock(lists_mutex_);
      for (const auto& [eyes, list] : lists_) {
        const bool reads = std::find(readers->readers.begin(), readers->readers.end(), list.reader) != readers->readers.end();
        if (reads || list.cases.contains(id)) lists.emplace_back(eyes, list.viewer, reads);
      }
    }
    for (const auto& [eyes, viewer, reads] : lists) {
      if (reads) refresh(eyes, viewer, id, readers->version);
      else drop(eyes, id);
    }
  }
}

// Whether it may go on with this list.
bool LegalClocks::refresh(const Eyes& eyes, const access::Viewer& viewer, CaseId id, std::int64_t version) {
  std::shared_ptr<const Made> before;
  bool is_newest = false;
  {
    const std::shared_lock lock(lists_mutex_);
    const auto list = lists_.find(eyes);
    if (list == lists_.end()) return false;
    if (const auto found = list->second.cases.find(id); found != list->second.cases.end()) before = found->second.made, is_newest = found->second.version == version;
  }
  // Profiles as they are by now: among many cases one may have changed since the first.
  const auto rows = organisations_of(services_);
  if (!rows) return false;
  const auto now = services_.clock.now();
  if (is_newest && before->holds(now, **rows)) return true;  // a reader was here first
  auto made = look(viewer, id, before, now, **rows);
  return made && keep(eyes, id, {version, *std::move(made)});
}

// What time or a profile has moved; with `everything`, also what isn't kept yet, and what a change was missed of.
void LegalClocks::sweep(bool everything) {
  const auto rows = organisations_of(services_);
  if (!rows) return;
  std::vector<std::pair<Eyes, access::Viewer>> lists;
  {
    const std::unique_lock lock(lists_mutex_);
    for (auto list = lists_.begin(); list != lists_.end();) {
      const auto one = list++;
      if (services_.clock.monotonic() - one->second.asked > kAskedWithin) forget_list(one);
      else lists.emplace_back(one->first, one->second.viewer);
    }
    anybody_ = !lists_.empty();
  }
  for (const auto& [eyes, viewer] : lists) {
    Versions versions, stale;
    std::vector<CaseId> gone;
    if (everything) {
      auto read = services_.store.as(viewer).versions_with_content();
      if (!read) return;
      versions = *std::move(read);
    }
    {
      const auto now = services_.clock.now();
      const std::shared_lock lock(lists_mutex_);
      const auto list = lists_.find(eyes);
      if (list == lists_.end()) continue;
      const auto& cases = list->second.cases;
      for (const auto& [id, version] : versions)
        if (const auto found = cases.find(id); found == cases.end() || found->second.version != version) stale.emplace_back(id, version);
      for (const auto& [id, kept] : cases) {
        const auto here = std::lower_bound(versions.begin(), versions.end(), id, [](const auto& one, const CaseId& other) { return one.first < other; });
        if (everything && (here == versions.end() || here->first != id)) gone.push_back(id);
        else if (!kept.made->holds(now, **rows)) stale.emplace_back(id, everything ? here->second : kept.version);
      }
    }
    for (const auto& id : gone) drop(eyes, id);  // what is nobody's to see any more needn't lie here
    // Many at once, as after a profile changed, by two threads; this one goes on following changes meanwhile.
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> goes_on = true;
    const auto work = [&](bool follows) {
      for (std::size_t i = next++; goes_on && i < stale.size(); i = next++) {
        if (follows) follow_changes();
        {
          const std::scoped_lock lock(mutex_);
          if (stopping_) goes_on = false;
        }
        if (!goes_on || !refresh(eyes, viewer, stale[i].first, stale[i].second)) goes_on = false;
      }
    };
    {
      std::jthread other;
      try {
        if (stale.size() >= kWorthAThread) other = std::jthread([&] { work(false); });
      } catch (const std::system_error&) {
        // The machine has no thread to spare: alone it takes longer.
      }
      work(true);
    }
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
    }
  }
}

// ---- reading

Result<LegalDuties> LegalClocks::duties(const access::Viewer& viewer, const DutiesAsked& asked) {
  LegalDuties out;
  out.as_of = services_.clock.now();
  out.complete = true;
  // Who works on no case has none, and what it takes to say so tells of no case (ACC-5).
  if (!viewer.is_signed_in() || !viewer.organisation || !access::knows_case(viewer, {.is_owner = true})) return out;
  if (!services_.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  const auto now = out.as_of;
  const auto eyes = eyes_of(viewer);
  const auto seer = as_eyes(viewer);
  const auto sight = services_.store.as(viewer);
  TRY(const auto versions, sight.versions_with_content());
  TRY(const auto rows, organisations_of(services_));
  ask_for(eyes, viewer);

  std::map<CaseId, std::shared_ptr<const Made>> known;
  Versions missing, moved;
  {
    const std::shared_lock lock(lists_mutex_);
    const auto list = lists_.find(eyes);
    for (const auto& [id, version] : versions) {
      const auto* kept = list == lists_.end() ? nullptr : [&] { const auto found = list->second.cases.find(id); return found == list->second.cases.end() ? nullptr : &found->second; }();
      if (kept != nullptr) known.emplace_hint(known.end(), id, kept->made);
      if (kept == nullptr || !kept->made->holds(now, *rows)) missing.emplace_back(id, version);
      else if (kept->version != version) moved.emplace_back(id, version);
    }
  }
  // A few of what is missing, then of what may have changed, which has a measure of its own: hidden changes are among it (L2). The thread does the rest, within seconds; it begins at the other end.
  bool is_rest = false;
  for (const auto* list : {&missing, &moved}) {
    std::size_t worked = 0;
    const auto began = std::chrono::steady_clock::now();
    for (const auto& [id, version] : std::views::reverse(*list)) {
      if (worked == at_once_ || std::chrono::steady_clock::now() - began > kReaderWorks) break;
      ++worked;
      auto& place = known[id];
      TRY(place, look(seer, id, place, now, *rows));
      (void)keep(eyes, id, {version, place});
    }
    is_rest = is_rest || worked < list->size();
  }
  out.of = static_cast<std::int64_t>(versions.size());
  for (const auto& [id, made] : known) {
    if (made->holds(now, *rows)) ++out.clocked;
    if (!made->is_whole && out.not_asked.size() < kNotAsked) out.not_asked.push_back(id);
  }
  out.complete = out.clocked >= out.of;
  if (is_rest) {
    const std::scoped_lock lock(mutex_);
    somebody_asked_ = true;
    wake_.notify_one();
  }

  const auto own = viewer.organisation->text();
  const auto is_wanted = [&](const LegalDuty& duty) {
    if (!asked.of_all && duty.on != own) return false;
    const auto state = state_at(duty, now);
    return asked.states.empty() ? state != "not-triggered" : asked.states.contains(state);
  };
  std::vector<const LegalDuty*> wanted;
  for (const auto& [id, made] : known)
    for (const auto& duty : made->duties)
      if (is_wanted(duty) && (!asked.after || place_of(duty) > *asked.after)) wanted.push_back(&duty);
  std::sort(wanted.begin(), wanted.end(), [](const auto* a, const auto* b) { return place_of(*a) < place_of(*b); });

  // Each case that is shown is looked at as this viewer may know it now (L1).
  struct Shown { std::shared_ptr<const Made> made; std::string title; std::vector<store::FirstDelivery> deliveries; };
  std::map<CaseId, Shown> shown;
  std::size_t looks = 0;
  const auto began = std::chrono::steady_clock::now();
  const LegalDuty* before = nullptr;
  for (const auto* duty : wanted) {
    if (out.items.size() == asked.most) {
      out.next = place_of(out.items.back());
      break;
    }
    auto found = shown.find(duty->id);
    if (found == shown.end()) {
      Shown one;
      if (auto seen = sight.case_view(duty->id)) {
        one.made = known.at(duty->id);
        if (one.made->content != seen->view.content || !one.made->holds(now, *rows)) {
          if (looks == kLooksAgain || std::chrono::steady_clock::now() - began > kReaderWorks) {  // all at once have changed: this page ends here, and goes on later
            out.complete = false;
            out.next = before == nullptr ? std::nullopt : std::optional(place_of(*before));
            break;
          }
          ++looks;
          auto made = look(seer, duty->id, nullptr, now, *rows);
          one.made = made && (*made)->content == seen->view.content ? *std::move(made) : nullptr;  // moved once more: it is on the next answer
        }
        one.title = seen->view.fold.title;
        one.deliveries = std::move(seen->deliveries);
      }
      found = shown.emplace(duty->id, std::move(one)).first;
    }
    before = duty;
    if (!found->second.made) continue;
    for (const auto& now_there : found->second.made->duties) {
      if (place_of(now_there) != place_of(*duty) || !is_wanted(now_there)) continue;
      auto item = now_there;
      item.title = found->second.title;
      if (const auto* rule = services_.packs->rule(item.rule)) item.says = rule->says;
      item.state = state_at(item, now);
      const auto party = OrganisationId::parse(item.on);
      const auto row = party ? rows->find(*party) : rows->end();
      item.on_name = row == rows->end() ? "an anonymous reporter" : row->second.profile.name;
      out.items.push_back(std::move(item));
      auto& first = found->second.deliveries;
      out.deliveries.insert(out.deliveries.end(), first.begin(), first.end());
      if (std::find(out.shown.begin(), out.shown.end(), duty->id) == out.shown.end()) out.shown.push_back(duty->id);
      first.clear();
      break;
    }
  }
  return out;
}

std::optional<LegalDuty> LegalClocks::next_known(const access::Viewer& viewer, const store::CaseSeen& seen) const {
  if (!anybody_ || !viewer.is_signed_in() || !viewer.organisation) return std::nullopt;
  const auto now = services_.clock.now();
  std::shared_ptr<const Made> made;
  {
    const std::shared_lock lock(lists_mutex_);
    const auto list = lists_.find(eyes_of(viewer));
    if (list == lists_.end()) return std::nullopt;
    const auto found = list->second.cases.find(seen.view.fold.id);
    if (found == list->second.cases.end()) return std::nullopt;
    made = found->second.made;
  }
  if (made->content != seen.view.content || now < made->as_of || now >= made->until) return std::nullopt;
  const auto own = viewer.organisation->text();
  const LegalDuty* next = nullptr;
  for (const auto& duty : made->duties)
    if (duty.on == own && duty.due_at && (next == nullptr || place_of(duty) < place_of(*next))) next = &duty;
  return next == nullptr ? std::nullopt : std::optional(*next);
}

}  // namespace sluice::service
