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

// Does one of the texts have all of the words?
bool one_has_all(std::string_view texts, const std::vector<std::string>& words) {
  const auto first = texts.find(words.front());
  if (first == std::string_view::npos) return false;
  for (auto at = first == 0 ? 0 : texts.rfind('\0', first) == std::string_view::npos ? 0 : texts.rfind('\0', first) + 1; at < texts.size();) {
    const auto text = texts.substr(at, texts.find('\0', at) - at);
    if (std::all_of(words.begin(), words.end(), [&](const std::string& word) { return text.find(word) != std::string_view::npos; })) return true;
    at += text.size() + 1;
  }
  return false;
}

constexpr std::uint32_t three_of(unsigned char a, unsigned char b, unsigned char c) { return static_cast<std::uint32_t>(a) << 16 | static_cast<std::uint32_t>(b) << 8 | c; }

// Those that begin with two letters of one text: its end counts as a third, so that words of two letters are found there too.
std::vector<std::uint32_t> threes_in(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i + 2 < text.size(); ++i)
    if (text[i] != '\0' && text[i + 1] != '\0') out.push_back(three_of(static_cast<unsigned char>(text[i]), static_cast<unsigned char>(text[i + 1]), static_cast<unsigned char>(text[i + 2])));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
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
  std::vector<std::string> names;                // beside out.parts
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
    Part part;
    if (compartment.organisation) part.of = services_.store.tag_of(*compartment.organisation);
    for (const auto& one : texts_of(fold)) {
      auto text = small(one.text);
      std::replace(text.begin(), text.end(), '\0', ' ');
      part.text += text;
      part.text += '\0';
    }
    part.threes = threes_in(part.text);
    out.bytes += part.text.size() + part.threes.size() * sizeof(Three) + 64;
    names.push_back(compartment.text());
    out.parts.push_back(std::move(part));
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
      if (!out.parts[i].text.empty() && readable.contains(names[i])) parts.push_back(static_cast<std::uint16_t>(i));
    out.bytes += 64 + parts.size() * 2;
    for (const auto i : parts) out.bytes += out.parts[i].threes.size() * 6 * (out.parts[i].of == reader ? 2 : 1);  // in its lists
    out.readers.emplace_back(reader, std::move(parts));
  }
  std::sort(out.readers.begin(), out.readers.end());
  return out;
}

void Search::gather(CaseId id) {
  auto made = read(id);
  replace(id, made ? std::optional(*std::move(made)) : std::nullopt);
}

const Search::Readable* Search::Indexed::readable(const store::Tag& reader) const {
  const auto found = std::lower_bound(readers.begin(), readers.end(), reader, [](const Readable& row, const store::Tag& tag) { return row.first < tag; });
  return found == readers.end() || found->first != reader ? nullptr : &*found;
}

std::vector<Search::Three> Search::Indexed::threes(const store::Tag& reader, bool own_part_alone) const {
  std::vector<Three> out;
  const auto* row = readable(reader);
  if (row == nullptr) return out;
  for (const auto part : row->second) {
    if (own_part_alone && parts[part].of != reader) continue;
    std::vector<Three> both;
    std::set_union(out.begin(), out.end(), parts[part].threes.begin(), parts[part].threes.end(), std::back_inserter(both));
    out = std::move(both);
  }
  return out;
}

// Called by the one thread that changes the index: what changes is worked out beside those who search, and put in place before one of them.
void Search::replace(CaseId id, std::optional<Indexed> with) {
  struct Step { store::Tag reader; bool own_part; bool leaves, stays; std::vector<Three> gone, come; };
  std::shared_ptr<const Indexed> before, after;
  if (with) after = std::make_shared<const Indexed>(*std::move(with));
  if (const auto old = index_.find(id); old != index_.end()) before = old->second;
  std::set<store::Tag> readers;
  for (const auto* one : {before.get(), after.get()})
    if (one != nullptr)
      for (const auto& row : one->readers) readers.insert(row.first);
  std::vector<Step> steps;
  for (const auto& reader : readers)
    for (const bool own_part : {false, true}) {
      const auto was = before ? before->threes(reader, own_part) : std::vector<Three>(), is = after ? after->threes(reader, own_part) : std::vector<Three>();
      Step step{reader, own_part, before && before->readable(reader) != nullptr, after && after->readable(reader) != nullptr, {}, {}};
      std::set_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(step.gone));
      std::set_difference(is.begin(), is.end(), was.begin(), was.end(), std::back_inserter(step.come));
      if (step.leaves != step.stays || !step.gone.empty() || !step.come.empty()) steps.push_back(std::move(step));
    }
  const std::unique_lock lock(index_mutex_);
  for (const auto& step : steps) {
    auto& lists = lists_[step.reader];
    auto& list = step.own_part ? lists.own_part : lists.all;
    auto known = list.numbers.find(id);
    if (known == list.numbers.end()) {
      if (!step.stays) continue;
      known = list.numbers.emplace(id, static_cast<std::uint32_t>(list.cases.size())).first;
      list.cases.push_back(id);
    }
    const auto number = known->second;
    for (const auto three : step.gone) {
      const auto row = list.where.find(three);
      if (row == list.where.end()) continue;
      const auto at = std::lower_bound(row->second.begin(), row->second.end(), number);
      if (at != row->second.end() && *at == number) row->second.erase(at);
      if (row->second.empty()) list.where.erase(row);
    }
    for (const auto three : step.come) {
      auto& row = list.where[three];
      row.insert(std::lower_bound(row.begin(), row.end(), number), number);
    }
    if (!step.stays) list.numbers.erase(known);
  }
  if (before) bytes_ -= before->bytes, index_.erase(id);
  if (after) bytes_ += after->bytes, index_.emplace(id, std::move(after));
}

// Cases that have a text with all of the words, as far as the index knows. Called with the lock held.
std::vector<CaseId> Search::candidates(const store::Tag& reader, bool own_part_alone, const std::vector<std::string>& words, FoundAll& out) const {
  constexpr std::size_t kEnough = 1'000;
  std::vector<CaseId> found;
  const auto lists = lists_.find(reader);
  if (lists == lists_.end()) return found;
  const auto& list = own_part_alone ? lists->second.own_part : lists->second.all;
  std::vector<const std::vector<std::uint32_t>*> rows;
  std::vector<std::uint32_t> together;           // where all words are of two letters: all rows that begin with the first
  for (const auto& word : words)
    for (std::size_t i = 0; i + 2 < word.size(); ++i) {
      ++out.looked_at;
      const auto row = list.where.find(three_of(static_cast<unsigned char>(word[i]), static_cast<unsigned char>(word[i + 1]), static_cast<unsigned char>(word[i + 2])));
      if (row == list.where.end()) return found;
      rows.push_back(&row->second);
    }
  if (rows.empty()) {
    const auto& word = *std::find_if(words.begin(), words.end(), [](const std::string& one) { return one.size() == 2; });
    const auto from = three_of(static_cast<unsigned char>(word[0]), static_cast<unsigned char>(word[1]), 0);
    for (auto row = list.where.lower_bound(from); row != list.where.end() && row->first <= (from | 0xFF); ++row) together.insert(together.end(), row->second.begin(), row->second.end());
    std::sort(together.begin(), together.end());
    together.erase(std::unique(together.begin(), together.end()), together.end());
    out.looked_at += static_cast<std::int64_t>(together.size());
    rows.push_back(&together);
  }
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->size() < b->size(); });
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const auto number : *rows.front()) {
    ++out.looked_at;
    if (!std::all_of(rows.begin() + 1, rows.end(), [&](const auto* row) { return std::binary_search(row->begin(), row->end(), number); })) continue;
    const auto& indexed = *index_.at(list.cases[number]);
    const auto* readable = indexed.readable(reader);
    if (readable == nullptr) continue;
    const bool has = std::any_of(readable->second.begin(), readable->second.end(), [&](std::uint16_t part) {
      if (own_part_alone && indexed.parts[part].of != reader) return false;
      ++out.looked_at;
      return one_has_all(indexed.parts[part].text, words);
    });
    if (has) found.push_back(list.cases[number]);
    if (found.size() >= kEnough) break;          // more than are shown: which of them, is as good as any
  }
  return found;
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
  const bool own_part_alone = viewer.role == access::SiteRole::Counsel;
  std::vector<CaseId> candidates;
  {
    const std::shared_lock lock(index_mutex_);
    if (const auto lists = lists_.find(reader); lists != lists_.end()) out.indexed = static_cast<std::int64_t>(lists->second.all.numbers.size());
    candidates = this->candidates(reader, own_part_alone, words, out);
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
