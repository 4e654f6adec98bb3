// What is new in a case to the person who looks, and how far its streams go: from the streams that it may read alone (EXI-4).
#include <algorithm>

#include "store/store.h"

namespace sluice::store {

namespace {

constexpr Sql kReadCases{"count_cases_read", "SELECT count(*) FROM participant WHERE organisation = $1 AND reads > 0 AND reads = 2"};

constexpr Sql kReadVersions{"versions_of_cases_read", "SELECT p.case_id, c.version FROM participant p JOIN case_row c ON c.case_id = p.case_id WHERE p.organisation = $1 AND p.reads > 0 AND p.reads = 2 ORDER BY p.case_id"};

std::unexpected<Error> no_such_case() { return fail(ErrorKind::NotFound, "There is no such case, or you have no access to it."); }

// The messages that an entry speaks of, with their threads.
std::vector<std::pair<ThreadId, MessageId>> messages_in(const StreamEntry& entry) {
  std::vector<std::pair<ThreadId, MessageId>> out;
  for (const auto& event : entry.events) {
    if (const auto* posted = get_if<cvd::MessagePosted>(&event)) out.emplace_back(posted->thread, posted->message);
    else if (const auto* amended = get_if<cvd::MessageAmended>(&event)) out.emplace_back(amended->thread, amended->message);
    else if (const auto* retracted = get_if<cvd::MessageRetracted>(&event)) out.emplace_back(retracted->thread, retracted->message);
  }
  return out;
}

struct New { std::shared_ptr<const StreamEntry> entry; bool own = false; };

Unread count_of(std::vector<New> fresh) {
  std::sort(fresh.begin(), fresh.end(), [](const New& a, const New& b) { return a.entry->context.position < b.entry->context.position; });
  // One command writes in several streams, in some of them without a name: it is the person's own if any of them says so.
  std::set<RequestId> own;
  for (const auto& one : fresh)
    if (one.own && one.entry->context.request) own.insert(*one.entry->context.request);
  Unread out;
  std::set<RequestId> counted;
  for (const auto& one : fresh) {
    const auto& context = one.entry->context;
    if (one.own || (context.request && own.contains(*context.request))) continue;
    const auto messages = messages_in(*one.entry);
    for (const auto& [thread, message] : messages) {
      if (!out.messages.insert(message).second) continue;
      ++out.count;
      auto of_thread = std::find_if(out.threads.begin(), out.threads.end(), [&](const auto& t) { return t.thread == thread; });
      if (of_thread == out.threads.end()) of_thread = out.threads.insert(out.threads.end(), Unread::OfThread{thread, 0, message});
      ++of_thread->messages;
    }
    if (messages.empty() && (!context.request || counted.insert(*context.request).second)) ++out.count;
  }
  return out;
}

}  // namespace

Result<Unread> Sight::unread(CaseId id) const {
  if (!viewer_.person) return no_such_case();
  // Who looks behind broken glass has no part in the case, and so nothing in it is news to it (ACC-5).
  if (std::find(viewer_.broken_glass.begin(), viewer_.broken_glass.end(), id) != viewer_.broken_glass.end()) return Unread{};
  TRY(auto db, store_.lease());
  TRY(const auto readable, readable_in(*db, id));
  if (readable.empty()) return Unread{};
  TRY(const auto mark, read_mark(*db, store_.cells(), *viewer_.person, id));
  TRY(const auto heads, store_.streams().heads(*db, id));
  std::vector<New> fresh;
  Positions seen;
  std::optional<std::pair<std::int64_t, EntryId>> newest;
  bool moves = false;
  for (const auto& compartment : readable) {
    const auto text = compartment.text();
    const auto found = mark.read.find(text);
    const auto read = found == mark.read.end() ? 0 : found->second;
    const auto head = heads.find(store_.streams().tag_of(id, compartment));
    if (head == heads.end()) continue;
    seen[text] = head->second;
    if (head->second <= read) continue;
    const auto entries = store_.streams().read(*db, id, compartment);
    if (!entries && entries.error().code == "erased") continue;
    if (!entries) return std::unexpected(entries.error());
    moves = true;
    const auto own = mark.own.find(text);
    for (const auto& entry : **entries) {
      if (entry->sequence <= read) continue;
      seen[text] = std::max(seen[text], entry->sequence);
      if (!newest || entry->context.position > newest->first) newest = {entry->context.position, entry->context.entry};
      const bool noted = own != mark.own.end() && std::find(own->second.begin(), own->second.end(), entry->sequence) != own->second.end();
      fresh.push_back({entry, noted || entry->context.actor == viewer_.person});
    }
  }
  auto out = count_of(std::move(fresh));
  if (newest) out.through = newest->second;
  out.seen = std::move(seen);
  out.moves = moves;
  return out;
}

Result<std::int64_t> Sight::cases_with_content() const {
  if (viewer_.kind == access::Viewer::Kind::Reporter || !viewer_.organisation || !access::knows_case(viewer_, {.is_owner = true})) return std::int64_t{0};
  TRY(auto db, store_.lease());
  TRY(const auto count, db->number(kReadCases, *reader()));
  return count.value_or(0);
}

Result<std::vector<std::pair<CaseId, std::int64_t>>> Sight::versions_with_content() const {
  std::vector<std::pair<CaseId, std::int64_t>> out;
  if (viewer_.kind == access::Viewer::Kind::Reporter || !viewer_.organisation || !access::knows_case(viewer_, {.is_owner = true})) return out;
  TRY(auto db, store_.lease());
  TRY(auto rows, db->query(kReadVersions, *reader()));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    TRY(const auto id, rows.id<CaseId>(0));
    out.emplace_back(id, rows.i64(1));
  }
  return out;
}

Result<Positions> Sight::positions(CaseId id, std::optional<EntryId> through) const {
  if (!through) {
    TRY(auto now, unread(id));
    return std::move(now.seen);
  }
  TRY(auto db, store_.lease());
  TRY(const auto readable, readable_in(*db, id));
  std::vector<std::pair<std::string, std::shared_ptr<const StreamEntries>>> streams;
  std::optional<std::int64_t> until;
  for (const auto& compartment : readable) {
    auto entries = store_.streams().read(*db, id, compartment);
    if (!entries && entries.error().code == "erased") continue;
    if (!entries) return std::unexpected(entries.error());
    for (const auto& entry : **entries)
      if (entry->context.entry == *through) until = entry->context.position;
    streams.emplace_back(compartment.text(), *std::move(entries));
  }
  if (!until) return fail(ErrorKind::NotFound, "There is no such entry, or you have no access to it.", "/through");
  Positions out;
  for (const auto& [text, entries] : streams)
    for (const auto& entry : *entries)
      if (entry->context.position <= *until) out[text] = std::max(out[text], entry->sequence);
  return out;
}

}  // namespace sluice::store
