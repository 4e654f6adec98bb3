#include "service/search.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "service/readers.h"
#include "store/case_index.h"

namespace sluice::service {

namespace {

// Letters of ASCII alone: other scripts are compared as they are written.
std::string small(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> words_of(std::string_view query) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : small(query) + " ") {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
      word.clear();
    }
  }
  return out;
}

bool has_all(const std::string& small_text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) { return small_text.find(word) != std::string::npos; });
}

struct SearchedText { FoundKind kind; std::string text; std::string thing; std::optional<ThreadId> thread = {}; };

// Everything in a fold that can be found. The same for the index, which folds each compartment by itself, and for a view.
std::vector<SearchedText> texts_of(const cvd::CaseFold& fold) {
  std::vector<SearchedText> out;
  const auto add = [&](FoundKind kind, std::string text, std::string thing, std::optional<ThreadId> thread = {}) {
    if (!text.empty()) out.push_back({kind, std::move(text), std::move(thing), thread});
  };
  add(FoundKind::Case, fold.title, {});
  if (fold.summary) add(FoundKind::Case, *fold.summary, {});
  for (const auto& v : fold.vulnerabilities) add(FoundKind::Vulnerability, (v.identifier ? *v.identifier + " " : std::string()) + v.title, v.id.text());
  for (const auto& p : fold.products) add(FoundKind::Product, p.name + (p.version ? " " + *p.version : "") + (p.purl ? " " + *p.purl : "") + (p.cpe ? " " + *p.cpe : ""), p.id.text());
  for (const auto& [id, tracking] : fold.tracking_ids) add(FoundKind::TrackingId, tracking.tracking_id + (tracking.url ? " " + *tracking.url : ""), {});
  for (const auto& thread : fold.threads) {
    add(FoundKind::Thread, thread.topic, thread.id.text(), thread.id);
    for (const auto& message : thread.messages)
      if (!message.retracted_why) add(FoundKind::Message, message.text, message.id.text(), thread.id);
  }
  for (const auto& report : fold.reports)
    if (report.content) add(FoundKind::Report, report.content->title + " " + report.content->product, report.id.text());
  return out;
}

// Around the first word, cut where characters begin.
std::string around(const std::string& text, const std::string& word) {
  constexpr std::size_t kBefore = 60, kMost = 240;
  const auto is_middle = [&](std::size_t i) { return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; };
  const auto at = small(text).find(word);
  auto from = at == std::string::npos || at <= kBefore ? 0 : at - kBefore;
  while (is_middle(from)) --from;
  auto to = std::min(text.size(), from + kMost);
  while (is_middle(to)) --to;
  return (from > 0 ? "…" : "") + text.substr(from, to - from) + (to < text.size() ? "…" : "");
}

}  // namespace

std::size_t Search::TagHash::operator()(const store::Tag& tag) const {
  std::size_t out = 0;
  std::memcpy(&out, tag.data(), sizeof out);
  return out;
}

Search::Search(Services& services, std::size_t most_bytes) : services_(services), most_bytes_(most_bytes) {
  handle_ = services_.bus.listen([this](const Change& change) {
    if (!change.case_id) return;
    const std::scoped_lock lock(mutex_);
    if (!waiting_.insert(*change.case_id).second) return;
    changed_.push_back(*change.case_id);
    wake_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

Search::~Search() {
  services_.bus.stop(handle_);
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Search::run() {
  // Behind everybody who waits for an answer.
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
  std::vector<CaseId> all;
  bool listed = false;
  std::size_t next = 0;
  for (;;) {
    std::optional<CaseId> id;
    {
      std::unique_lock lock(mutex_);
      if (listed && next >= all.size()) wake_.wait(lock, [this] { return stopping_ || !changed_.empty(); });
      if (stopping_) return;
      if (!changed_.empty()) {
        id = changed_.front();
        changed_.pop_front();
        waiting_.erase(*id);
      }
    }
    if (id) {
      gather(*id);
      continue;
    }
    if (!listed) {
      auto db = services_.store.lease();
      auto found = db ? store::cases_newest_first(**db) : Result<std::vector<CaseId>>(std::unexpected(db.error()));
      if (!found) {  // a database that is away for a moment
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
        continue;
      }
      all = *std::move(found);
      listed = true;
      filled_ = all.empty();
      continue;
    }
    bool known = false, full = false;
    {
      const std::shared_lock lock(index_mutex_);
      known = index_.contains(all[next]);
      full = bytes_ >= most_bytes_;
    }
    if (full) next = all.size();  // older ones are not searched, and find() says so
    else if (const auto one = all[next++]; !known) gather(one);
    if (next >= all.size()) {
      filled_ = true;
      all = {};
      next = 0;
    }
  }
}

Result<Search::Indexed> Search::read(CaseId id) const {
  TRY(auto db, services_.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto compartments, store::parts_of_case(tx, services_.cells(), id));
  Indexed out;
  std::vector<std::shared_ptr<const store::StreamEntries>> streams;
  std::vector<const store::StreamEntry*> entries;
  for (const auto& compartment : compartments) {
    auto stream = services_.store.streams().read(tx, id, compartment, store::Streams::Remember::No);
    if (!stream && stream.error().code == "erased") continue;
    if (!stream) return std::unexpected(stream.error());
    cvd::CaseFold fold;
    fold.id = id;
    for (const auto& entry : **stream) {
      for (const auto& event : entry->events) cvd::apply(fold, event, entry->context);
      entries.push_back(entry.get());
    }
    streams.push_back(*std::move(stream));
    std::string text;
    for (const auto& one : texts_of(fold)) text += small(one.text) + "\n";
    out.bytes += text.size() + 64;
    out.parts.push_back(compartment.text());
    out.texts.push_back(std::move(text));
  }
  // Who may read what follows from the whole case, as for its rows.
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->context.position < b->context.position; });
  cvd::CaseFold whole;
  whole.id = id;
  for (const auto* entry : entries)
    for (const auto& event : entry->events) cvd::apply(whole, event, entry->context);
  for (const auto& [reader, row] : readers_of(services_.store, whole, 0)) {
    if (row.reads != 2) continue;
    const std::set<std::string> readable(row.standing.compartments.begin(), row.standing.compartments.end());
    std::vector<std::uint16_t> parts;
    for (std::size_t i = 0; i < out.parts.size() && i < 65'535; ++i)
      if (!out.texts[i].empty() && readable.contains(out.parts[i])) parts.push_back(static_cast<std::uint16_t>(i));
    out.bytes += 64 + parts.size() * 2;
    out.readers.emplace_back(reader, std::move(parts));
  }
  std::sort(out.readers.begin(), out.readers.end());
  return out;
}

void Search::gather(CaseId id) {
  auto made = read(id);
  replace(id, made ? std::optional(*std::move(made)) : std::nullopt);
}

void Search::replace(CaseId id, std::optional<Indexed> with) {
  const std::unique_lock lock(index_mutex_);
  if (const auto old = index_.find(id); old != index_.end()) {
    bytes_ -= old->second->bytes;
    for (const auto& [reader, parts] : old->second->readers)
      if (const auto cases = by_reader_.find(reader); cases != by_reader_.end()) cases->second.erase(id);
    index_.erase(old);
  }
  if (!with) return;
  bytes_ += with->bytes;
  for (const auto& [reader, parts] : with->readers) by_reader_[reader].insert(id);
  index_.emplace(id, std::make_shared<const Indexed>(*std::move(with)));
}

Result<FoundAll> Search::find(const access::Viewer& viewer, std::string_view query, std::size_t most) const {
  if (query.size() > 200) return fail(ErrorKind::Invalid, "Search for at most 200 bytes.", "q");
  const auto words = words_of(query);
  if (words.size() > 10) return fail(ErrorKind::Invalid, "Search for at most ten words.", "q");
  std::size_t longest = 0;
  for (const auto& word : words) longest = std::max(longest, word.size());
  if (longest < 2) return fail(ErrorKind::Invalid, "Search for a word of two characters or more.", "q");
  FoundAll out;
  // Who works on no case has nothing to be searched, and what it takes to say so tells of no case (ACC-5).
  out.complete = true;
  if (!viewer.is_signed_in() || !viewer.organisation || !access::knows_case(viewer, {.is_owner = true})) return out;
  const auto reader = services_.store.tag_of(*viewer.organisation);
  const auto sight = services_.store.as(viewer);

  // Counsel reads its organisation's own part and no other.
  const auto own_alone = viewer.role == access::SiteRole::Counsel ? std::optional(access::Compartment::of(*viewer.organisation).text()) : std::nullopt;
  std::vector<CaseId> candidates;
  {
    const std::shared_lock lock(index_mutex_);
    const auto own = by_reader_.find(reader);
    if (own != by_reader_.end()) {
      out.indexed = static_cast<std::int64_t>(own->second.size());
      for (const auto& id : own->second) {
        const auto& indexed = *index_.at(id);
        const auto found = std::lower_bound(indexed.readers.begin(), indexed.readers.end(), reader, [](const auto& row, const store::Tag& tag) { return row.first < tag; });
        if (found == indexed.readers.end() || found->first != reader) continue;
        if (std::any_of(found->second.begin(), found->second.end(), [&](std::uint16_t part) { return (!own_alone || indexed.parts[part] == *own_alone) && has_all(indexed.texts[part], words); })) candidates.push_back(id);
      }
    }
  }
  TRY(out.of, sight.cases_with_content());
  out.complete = filled_ && out.indexed >= out.of;
  out.indexed = std::min(out.indexed, out.of);
  std::sort(candidates.begin(), candidates.end());
  for (const auto& id : candidates) {
    if (out.items.size() >= most) break;
    auto seen = sight.case_view(id);
    if (!seen) continue;  // left since
    const auto before = out.items.size();
    for (const auto& text : texts_of(seen->view.fold)) {
      if (out.items.size() >= most) break;
      if (has_all(small(text.text), words)) out.items.push_back({id, text.kind, around(text.text, words.front()), seen->view.fold.title, text.thing, text.thread});
    }
    // What is shown of a case for the first time is written down as its page would write it.
    if (out.items.size() > before) out.deliveries.insert(out.deliveries.end(), seen->deliveries.begin(), seen->deliveries.end());
  }
  return out;
}

}  // namespace sluice::service
