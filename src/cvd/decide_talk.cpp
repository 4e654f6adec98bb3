// Talk and files: each in one compartment, named by whoever writes, so that who will see it is plain before it is said.
#include "cvd/talk.h"

#include "cvd/content.h"

namespace sluice::cvd::rules {

namespace {
// Where the actor may write. The participant's own compartment and `shared` always; coordination for owner and coordinators, who also reach each participant's.
Result<access::Compartment> audience_of(const CaseFold& fold, const std::string& text, const Ask& ask) {
  const auto compartment = access::Compartment::parse(text);
  if (!compartment) return fail(ErrorKind::Invalid, "Say who will see this: shared, coordination, org:<id>, group:<id>, or report:<id>.", "/audience");
  const auto* participant = fold.participant(ask.actor.organisation);
  const bool coordinates = ask.actor.organisation == fold.owner || (participant != nullptr && participant->admission == Admission::Confirmed && participant->roles.contains(Role::Coordinator));
  using enum access::Compartment::Kind;
  switch (compartment->kind) {
    case Shared: return *compartment;
    case Coordination:
      if (coordinates) return *compartment;
      break;
    case Organisation:
      if (*compartment->organisation == ask.actor.organisation || (coordinates && fold.participant(*compartment->organisation) != nullptr)) return *compartment;
      break;
    case Report:  // its reporter, and who received it
      if (fold.report(*compartment->report) != nullptr && (ask.actor.report == compartment->report || fold.report(*compartment->report)->reporter == ask.actor.organisation || coordinates)) return *compartment;
      break;
    case Group:  // its members, and the coordination
      if (const auto group = fold.groups.find(*compartment->group); group != fold.groups.end() && (coordinates || group->second.members.contains(ask.actor.organisation))) return *compartment;
      break;
  }
  return fail(ErrorKind::Invalid, "You can't write to this audience.", "/audience");
}

// A report code may be anybody's, so what is left with one is bounded, whoever added it.
Result<void> report_has_room(const CaseFold& fold, const access::Compartment& report, std::int64_t size) {
  constexpr std::int64_t kMostFiles = 20, kMostBytes = 200 << 20;
  std::int64_t files = 0, bytes = size;
  for (const auto& file : fold.files)
    if (file.audience == report) ++files, bytes += file.size;
  if (files >= kMostFiles || bytes > kMostBytes) return fail(ErrorKind::Conflict, "A report takes 20 files and 200 MiB. Say in the mailbox what else there is.", "/files", {}, "report-full");
  return {};
}
}  // namespace

Result<void> may_write_in(const CaseFold& fold, const Thread* thread, const Ask& ask) {
  if (thread == nullptr || !audience_of(fold, thread->audience.text(), ask)) return fail(ErrorKind::NotFound, "There is no such thread.");
  return {};
}

Result<Changes> decide_one(const CaseFold& fold, const OpenThread& c, const Ask& ask) {
  TRY(const auto audience, audience_of(fold, c.audience, ask));
  TRY(text_fits(c.topic, 300, "/topic"));
  const auto thread = ThreadId::random(ask.random);
  Changes out{{audience, ThreadOpened{thread, c.topic}}};
  if (c.text) {
    TRY(text_fits(*c.text, 100'000, "/text"));
    const auto message = MessageId::random(ask.random);
    out.push_back({audience, MessagePosted{thread, message, *c.text}});
    TRY(add_classes(out, audience, "message:" + message.text(), c.classes));
  } else if (c.classes) {
    return fail(ErrorKind::Invalid, "Classes are those of the first message.", "/classes");
  }
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const PostMessage& c, const Ask& ask) {
  const auto* thread = fold.thread(c.thread);
  TRY(may_write_in(fold, thread, ask));
  TRY(text_fits(c.text, 100'000, "/text"));
  const auto message = MessageId::random(ask.random);
  Changes out{{thread->audience, MessagePosted{c.thread, message, c.text}}};
  TRY(add_classes(out, thread->audience, "message:" + message.text(), c.classes));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const AddFile& c, const Ask& ask) {
  TRY(const auto audience, audience_of(fold, c.audience, ask));
  TRY(text_fits(c.name, 255, "/name"));
  if (ask.actor.reporter) TRY(report_has_room(fold, audience, c.size));
  Changes out{{audience, FileAdded{c.file, c.name, c.size, c.hash, c.media_type}}};
  TRY(add_classes(out, audience, "file:" + c.file.text(), c.classes));
  return out;
}

}  // namespace sluice::cvd::rules
