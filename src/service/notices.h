// Incidents' records and notices: what a command needs before it can be decided, the gate's word on a notice, and what a viewer sees of both.
//
// Always holds
//   N1  A draft is composed of what its author may read, on a pool thread, before the Writer sees the command; nothing of anybody else's gets into it.
//   N2  The text of a notice is handed out only after the gate let this very text go to this very body, and the ruling is on record.
//   N3  That the gate refused is on record too: with its rulings, and with a notice that was filed nonetheless.
//   N4  Nothing is invented: a blank stays a blank, and what isn't owed or isn't possible yet says why.
#pragma once

#include "gate/facts.h"
#include "service/cases.h"
#include "store/store.h"

namespace sluice::service {

// What was worked out of the asker's own view, for the Writer to judge by.
struct Preparation {
  std::string of;                            // which text to whom the verdict is about: what was changed meanwhile is asked anew
  std::optional<gate::RegimesVerdict> verdict;  // on a text for everybody
  struct Letter { std::string to; std::optional<gate::RegimesVerdict> verdict; };
  std::vector<Letter> letters;               // of a notice: to each recipient, judged alone
  std::optional<Error> trouble;              // of a notice: why it can't be asked about as it stands
};
Preparation prepare_notice(Services& services, const Asker& asker, CaseId id, cvd::Command& command);
// After the asker's right was asked: the gate, for what is to go out. Its ruling goes on record in this transaction.
Result<void> judge_notice(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Command& command, const Preparation& prepared, cvd::Ask& ask);

// The records of incidents that the view has, each fact with who said it, when, and what it was before; and what may be stated.
Result<json::object> incidents_json(Services& services, const access::Viewer& viewer, const cvd::CaseView& view);
// The viewer's own duties that ask for a notice, as tasks; what nobody owes and is offered; the notices; the texts on an area.
Result<json::object> notices_json(Services& services, const access::Viewer& viewer, const cvd::CaseView& view, Instant now);

// What to file, byte for byte, or what was filed. Conflict where the gate wasn't asked yet.
struct NoticeText { std::string name, text; };
Result<NoticeText> notice_text(const access::Viewer& viewer, const cvd::CaseView& view, cvd::NoticeId id);

}  // namespace sluice::service
