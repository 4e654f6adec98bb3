// Recalls: whoever fetched an object is told when it is called back, and says what became of it there. An object is called back by a version that says `revoked`, by its deletion, by a stricter marking
// that a reader falls behind, and by its sender's own word; redacted copies of it with it.
//
//   told          each organisation that a delivery of it stands for (store/objects.h), but its sender: a notice, found by that organisation alone
//   answered      by a person of it: deleted, kept with a reason, passed on to others. The acknowledgement of that entry is the receipt; a later answer takes the place of an earlier one.
//   shown         to the sender: how many were told and what they answered; by name the members of the collection, if it is one itself, since members know of each other (TLP 2.0: the recipients).
//                 Of other readers the number alone. An administrator of the site sees all names.
//
// Events in the collection's stream, and what each carries:
//   ObjectRecalled     recall, collection, object, kind, reason, told (a number)
//   RecallAnswered     recall, done, reason, passed_on_to
//
// Always holds
//   K3  Who is told had fetched it, so a notice tells nobody that an object exists; who it was sent by is not in it.
//   K4  A notice is made in the transaction that calls the object back.
#pragma once

#include "service/redacted.h"
#include "store/objects.h"
#include "store/recalls.h"

namespace sluice::service {

// ---- for those who put, delete and widen, inside their transaction

// Tells those in `told`, without the sender. The recall's id; "" where none was made. `out`: takes the entry, for who asked for it.
enum class IfNobody { Nothing, Recall };
Result<std::string> call_back(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, store::RecallBody body, const store::Tag& sender, std::vector<store::Fetched> told, IfNobody if_nobody = IfNobody::Nothing, Committed* out = nullptr);

// These copies of an object go, with their relationships, and whoever fetched one is told.
Result<void> drop_copies(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, std::string_view original, std::span<const CopyIds> ids, store::RecallKind kind, const std::string& reason);

// After a deletion: `had`, who had fetched what was there before.
Result<void> tell_deleted(Unit& unit, Services& services, const Asker& asker, const store::CollectionSeen& seen, std::string_view id, const std::vector<store::Fetched>& had);

// ---- commands

struct CallBack { std::string reason; };
BOOST_DESCRIBE_STRUCT(CallBack, (), (reason))
// Takes all versions that the asker's organisation sent from everybody, with all copies. NotFound for what it didn't send. Answer {"id", "told"}.
Work recall_object(Services& services, Asker asker, std::string collection, std::string object, CallBack given);

struct AnswerRecall {
  store::RecallDone done = store::RecallDone::Deleted;
  std::optional<std::string> reason;              // of what was kept
  std::vector<std::string> passed_on_to;          // to whom it had gone on: names, at most 100
};
BOOST_DESCRIBE_STRUCT(AnswerRecall, (), (done, reason, passed_on_to))
Work answer_recall(Services& services, Asker asker, std::string recall, AnswerRecall answer);

// ---- reads

struct RecallShown {
  std::string id, collection, object;
  store::RecallKind kind = store::RecallKind::Recalled;
  std::string reason;
  Instant at, fetched;                            // told, and first fetched by your organisation
  std::optional<Instant> answered;
  std::optional<store::RecallAnswer> answer;
};
BOOST_DESCRIBE_STRUCT(RecallShown, (), (id, collection, object, kind, reason, at, fetched, answered, answer))
RecallShown recall_shown(store::NoticeWithRecall row);
// As it is told by the stream, the long poll and a webhook: the same for all of them.
json::object recall_told(const store::NoticeWithRecall& row);
struct RecallsShown {
  std::vector<RecallShown> items;
  std::optional<store::NoticePlace> next;
};
// Of the viewer's organisation, newest first.
Result<RecallsShown> recalls(Services& services, const access::Viewer& viewer, const std::optional<store::NoticePlace>& after, int most);

// Who has an object, for its sender and an administrator of the site; NotFound for all others, as for what isn't there.
Result<json::object> deliveries_of(Services& services, const Asker& asker, std::string_view collection, std::string_view object);

}  // namespace sluice::service
