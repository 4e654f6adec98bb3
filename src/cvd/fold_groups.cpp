// Large cases: named groups, amended and retracted messages, tracking ids.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

namespace {
Message* message_in(CaseFold& fold, ThreadId thread, MessageId message) {
  auto* found = find_by_id(fold.threads, thread);
  return found == nullptr ? nullptr : find_by_id(found->messages, message);
}
}  // namespace

void fold_one(CaseFold& fold, const GroupFormed& e, const Context& context) {
  auto& group = fold.groups[e.group];
  if (!group.name.empty()) return;  // the members' copy says less than the coordination's
  group.id = e.group;
  group.name = e.name;
  group.order = e.order;
  group.why = e.why;
  group.formed = context.recorded;
}
void fold_one(CaseFold& fold, const GroupChanged& e, const Context&) {
  auto& group = fold.groups[e.group];
  group.id = e.group;
  for (const auto& id : e.added) group.members.insert(id);
  for (const auto& id : e.removed) group.members.erase(id);
}
void fold_one(CaseFold& fold, const GroupJoined& e, const Context&) {
  auto& group = fold.groups[e.group];
  group.id = e.group;
  group.members.insert(e.organisation);
}
void fold_one(CaseFold& fold, const GroupLeft& e, const Context&) {
  if (const auto found = fold.groups.find(e.group); found != fold.groups.end()) found->second.members.erase(e.organisation);
}
void fold_one(CaseFold& fold, const MessageAmended& e, const Context& context) {
  auto* message = message_in(fold, e.thread, e.message);
  if (message == nullptr || message->retracted_why || message->text == e.text) return;
  message->earlier.push_back(std::move(message->text));
  message->text = e.text;
  message->amended_at = context.recorded;
}
void fold_one(CaseFold& fold, const MessageRetracted& e, const Context& context) {
  auto* message = message_in(fold, e.thread, e.message);
  if (message == nullptr || message->retracted_why) return;
  // Gone from every view, with what it said before. The ledger keeps it, and the deliveries say who had it.
  message->earlier.clear();
  message->text.clear();
  message->amended_at = context.recorded;
  message->retracted_why = e.why;
}
void fold_one(CaseFold& fold, const TrackingIdSet& e, const Context& context) {
  if (e.tracking_id.empty()) fold.tracking_ids.erase(e.organisation);
  else fold.tracking_ids[e.organisation] = {e.tracking_id, e.url, context.recorded};
}

}  // namespace sluice::cvd::folds
