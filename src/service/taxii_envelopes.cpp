#include "service/taxii_envelopes.h"

#include <algorithm>

#include "base/bind.h"
#include "service/json_cuts.h"

namespace sluice::service::taxii {

namespace {

constexpr std::string_view kPushFormat = "sluice-taxii-push";
constexpr std::string_view kOpen = "{\"objects\":[", kClose = "]}";
constexpr std::string_view kDefinition = "marking-definition--";
constexpr std::size_t kIdLength = kDefinition.size() + 36;

struct JournalHead { std::string format; int v = 1; std::string collection; };
BOOST_DESCRIBE_STRUCT(JournalHead, (), (format, v, collection))
struct JournalLine { std::vector<std::string> acknowledged; };
BOOST_DESCRIBE_STRUCT(JournalLine, (), (acknowledged))

std::unexpected<Error> placed(Error error, const std::string& where) {
  error.where = where + (error.where.empty() || error.where.starts_with('/') ? "" : ", ") + error.where;
  return std::unexpected(std::move(error));
}

Result<void> add_list(std::string_view list, const std::string& where, const AnswerLimits& limits, std::vector<StixObject>& out) {
  const auto pieces = elements_in(list, limits.objects);
  if (!pieces) return placed(pieces.error(), where);
  for (std::size_t i = 0; i < pieces->size(); ++i) {
    auto object = read_object((*pieces)[i], limits);
    if (!object) return placed(object.error(), where + "/" + std::to_string(i));
    out.push_back(*std::move(object));
  }
  return {};
}

// One text: a list, a bundle or envelope (whatever has objects), or an object.
Result<void> add_text(std::string_view text, const AnswerLimits& limits, std::vector<StixObject>& out) {
  if (text.starts_with('[')) return add_list(text, "", limits, out);
  if (!text.starts_with('{')) return fail(ErrorKind::Invalid, "STIX objects are JSON objects: one, a list of them, a bundle, or one a line.");
  TRY(const auto members, members_in(text, 100'000));
  std::string_view list, type;
  for (const auto& member : members) {
    if (member.key == "objects") list = member.text;
    if (member.key == "type") type = member.text;
  }
  if (!list.empty() && (type.empty() || type == "\"bundle\"")) return add_list(list, "/objects", limits, out);
  if (type == "\"bundle\"") return {};             // an empty one (STIX 2.1 §8)
  TRY(auto object, read_object(text, limits));
  out.push_back(std::move(object));
  return {};
}

}  // namespace

Result<std::vector<StixObject>> objects_in(std::string_view text, const AnswerLimits& limits) {
  if (text.size() > limits.bytes) return fail(ErrorKind::TooLarge, "This is larger than the " + std::to_string(limits.bytes) + " bytes that are read.");
  TRY(const auto texts, texts_in(text, limits.objects));
  if (texts.empty()) return fail(ErrorKind::Invalid, "There are no STIX objects in here.");
  std::vector<StixObject> out;
  for (const auto one : texts) {
    auto added = add_text(one, limits, out);
    if (added) continue;
    if (texts.size() == 1) return std::unexpected(added.error());
    const auto line = 1 + std::count(text.data(), one.data(), '\n');
    return placed(added.error(), "line " + std::to_string(line));
  }
  return out;
}

Push::Push(std::vector<StixObject> objects, const std::set<ObjectKey>& acknowledged, PushSettings settings) : objects_(std::move(objects)), settings_(settings), together_(settings.bytes) {
  std::set<ObjectKey> met;
  std::vector<std::size_t> first;                  // P4
  for (std::size_t i = objects_.size(); i > 0; --i) {
    const auto& one = objects_[i - 1];
    const bool is_definition = one.id.starts_with(kDefinition);
    if (is_definition) {
      const auto [at, is_new] = definitions_.emplace(one.id, i - 1);
      if (!is_new && objects_[at->second].version == one.version) at->second = i - 1;
    }
    if (acknowledged.contains(one.key)) ++earlier_;
    else if (met.insert(one.key).second) (is_definition ? first : waiting_).push_back(i - 1);
    else ++earlier_;                               // twice in what was given: once is enough
  }
  waiting_.insert(waiting_.end(), first.begin(), first.end());
}

std::vector<std::size_t> Push::missing_definitions(const Named& named, std::size_t object) const {
  std::vector<std::size_t> out;
  if (definitions_.empty()) return out;
  const auto& of = objects_[object];
  for (auto at = of.text.find(kDefinition); at != of.text.npos; at = of.text.find(kDefinition, at + 1)) {
    const auto id = std::string_view(of.text).substr(at, kIdLength);
    const auto found = definitions_.find(id);
    if (found == definitions_.end() || id == of.id) continue;   // a definition's text has its own id
    if (!named.contains({objects_[found->second].id, objects_[found->second].version}) && std::find(out.begin(), out.end(), found->second) == out.end()) out.push_back(found->second);
  }
  return out;
}

void Push::failed(std::size_t object, std::string message) { failures_.push_back({objects_[object].id, objects_[object].version, std::move(message)}); }

std::optional<Push::Batch> Push::next() {
  Batch out;
  out.body = kOpen;
  Named named;
  while (!waiting_.empty() && out.objects.size() + out.along.size() < settings_.objects) {
    const auto& text = objects_[waiting_.back()].text;
    // P5. A status names an object by id and version.
    if (!named.emplace(objects_[waiting_.back()].id, objects_[waiting_.back()].version).second && !out.objects.empty()) break;
    if (kOpen.size() + text.size() + kClose.size() > settings_.bytes) {
      failed(waiting_.back(), "This object is larger than the " + std::to_string(settings_.bytes) + " bytes that the server takes in one request.");
      waiting_.pop_back();
      continue;
    }
    auto along = missing_definitions(named, waiting_.back());
    std::size_t size = out.body.size() + 1 + text.size() + kClose.size();
    for (const auto i : along) size += objects_[i].text.size() + 1;
    const bool fits = size <= together_ && out.objects.size() + out.along.size() + along.size() < settings_.objects;
    if (!fits && !out.objects.empty()) break;
    if (!fits) along.clear();                      // it goes alone, or not at all
    for (const auto i : along) {
      if (!out.objects.empty() || !out.along.empty()) out.body += ',';
      out.body += objects_[i].text;
      out.along.push_back(i);
      named.emplace(objects_[i].id, objects_[i].version);
    }
    if (!out.objects.empty() || !out.along.empty()) out.body += ',';
    out.body += text;
    out.objects.push_back(waiting_.back());
    waiting_.pop_back();
  }
  if (out.objects.empty()) return std::nullopt;
  out.body += kClose;
  return out;
}

bool Push::too_large(const Batch& batch) {
  if (batch.objects.size() == 1 && batch.along.empty()) return failed(batch.objects[0], "The server says that this object is larger than it takes (413)."), false;
  together_ = batch.body.size() / 2;
  for (auto i = batch.objects.rbegin(); i != batch.objects.rend(); ++i) waiting_.push_back(*i);
  return true;
}

void Push::refused(const Batch& batch, const std::string& why) {
  for (const auto i : batch.objects) failed(i, why);
}

std::vector<ObjectKey> Push::answered(const Batch& batch, const Status& status) {
  enum class End { Unknown, Acknowledged, Failed, Pending };
  std::map<std::size_t, std::pair<End, std::string>> ends;
  // Of a detail: the objects it speaks of. By version where one has it as said, else all of that id (a server makes up a version for what has none).
  const auto meant = [&](const StatusDetail& detail) {
    std::vector<std::size_t> same_id, same_version;
    for (const auto* sent : {&batch.objects, &batch.along})
      for (const auto i : *sent) {
        if (objects_[i].id != detail.id) continue;
        same_id.push_back(i);
        if (objects_[i].version == detail.version) same_version.push_back(i);
      }
    return same_version.empty() ? same_id : same_version;
  };
  const auto mark = [&](const std::vector<StatusDetail>& details, End end) {
    for (const auto& detail : details)
      for (const auto i : meant(detail)) ends[i] = {end, detail.message};
  };
  mark(status.successes, End::Acknowledged);
  mark(status.pendings, End::Pending);
  mark(status.failures, End::Failed);
  const auto count = [&](End end) { return static_cast<std::uint64_t>(std::count_if(ends.begin(), ends.end(), [&](const auto& one) { return one.second.first == end; })); };
  // The lists may be left out (they are optional); then the counts speak, if they leave no doubt.
  const bool counts_all = status.total == batch.objects.size() + batch.along.size();
  const bool all_named = counts_all && count(End::Failed) == status.failure && count(End::Pending) == status.pending;
  std::vector<ObjectKey> out;
  for (const auto i : batch.objects) {
    auto& [end, message] = ends[i];
    if (end == End::Unknown && all_named) end = End::Acknowledged;
    if (end == End::Unknown && !status.complete && status.pending > 0) end = End::Pending;
    switch (end) {
      case End::Acknowledged:
        out.push_back(objects_[i].key);
        ++acknowledged_;
        break;
      case End::Pending: ++pending_; break;
      case End::Failed: failed(i, message.empty() ? "The server refused it and gives no reason." : message); break;
      case End::Unknown: failed(i, "The server's status doesn't say what became of it: " + std::to_string(status.success) + " of " + std::to_string(status.total) + " were taken, " + std::to_string(status.failure) + " failed."); break;
    }
  }
  return out;
}

std::string journal_head(std::string_view collection) { return canonical(to_json(JournalHead{std::string(kPushFormat), 1, std::string(collection)})) + "\n"; }

std::string journal_line(const std::vector<ObjectKey>& acknowledged) {
  JournalLine line;
  for (const auto& key : acknowledged) line.acknowledged.push_back(to_text(key));
  return canonical(to_json(line)) + "\n";
}

Result<PushJournal> read_push_journal(std::string_view text, std::string_view collection) {
  PushJournal out;
  for (std::size_t number = 1; out.whole < text.size(); ++number) {
    const auto where = "line " + std::to_string(number);
    const auto end = text.find('\n', out.whole);
    if (end == text.npos) break;                   // a crash while it was written
    const auto value = parse_json(text.substr(out.whole, end - out.whole), {.bytes = 64 << 20, .depth = 4, .keys = 8, .string = 64 << 10});
    if (!value) return placed(value.error(), where);
    if (number == 1) {
      if (string_at(*value, "format") != kPushFormat) return fail(ErrorKind::Invalid, "This is no journal of a push.", where + "/format");
      const auto head = from_json<JournalHead>(*value);
      if (!head) return placed(head.error(), where);
      if (head->v != 1) return fail(ErrorKind::Invalid, "This journal was written by a later version of Sluice.", where + "/v");
      if (head->collection != collection) return fail(ErrorKind::Conflict, "This journal is of another collection: " + head->collection, where + "/collection");
    } else {
      const auto line = from_json<JournalLine>(*value);
      if (!line) return placed(line.error(), where);
      for (std::size_t i = 0; i < line->acknowledged.size(); ++i) {
        const auto key = parse_object_key(line->acknowledged[i]);
        if (!key) return fail(ErrorKind::Invalid, "This is no key of an object.", where + "/acknowledged/" + std::to_string(i));
        out.acknowledged.insert(*key);
      }
    }
    out.whole = end + 1;
  }
  return out;
}

}  // namespace sluice::service::taxii
