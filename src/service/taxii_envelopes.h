// What is sent to a TAXII 2.1 collection: objects in envelopes that fit, and of each what became of it. Pure.
//
// Always holds
//   P1  An object counts as acknowledged only where the server's status leaves no doubt of it; what was acknowledged is never sent again.
//   P2  Sending again is harmless: the same object in the same version is no error (TAXII 2.1 §5.5). So whatever is in doubt is sent again.
//   P3  Each object ends as one of: acknowledged, failed (with the server's words), or open (not sent, or its status still pending).
//   P4  Definitions of markings go first, and along with whatever is marked by them, where they were given: a server may read a label only by a definition that it was sent with it, and withhold the object
//       from everybody else where it can't (ours does so where somebody else sent that definition first).
//   P5  Two contents of one version never go in one envelope, since its status couldn't say which of them was taken.
#pragma once

#include <map>
#include <set>

#include "service/taxii_answer.h"

namespace sluice::service::taxii {

// The objects of a bundle, an envelope, a list, JSON Lines or one object, as they stand in the text. Errors are placed: "/objects/3/id", "line 7".
Result<std::vector<StixObject>> objects_in(std::string_view text, const AnswerLimits& limits);

struct PushSettings {
  std::size_t objects = 1000;                      // of an envelope, with what goes along
  std::uint64_t bytes = 8 << 20;                   // of its body; at most the API root's max_content_length
};

class Push {
 public:
  struct Batch {
    std::vector<std::size_t> objects;              // accounted for by its answer
    std::vector<std::size_t> along;                // definitions that its objects are marked by, sent once more (P4)
    std::string body;
  };
  struct Failure { std::string id, version, message; };

  // `acknowledged`: by an earlier run.
  Push(std::vector<StixObject> objects, const std::set<ObjectKey>& acknowledged, PushSettings settings);

  std::optional<Batch> next();                     // nothing: nothing waits any more
  // Its status is known: complete, or still pending when the wait was over. Gives the objects that it acknowledges.
  std::vector<ObjectKey> answered(const Batch& batch, const Status& status);
  // 413: what was in it comes again in smaller envelopes; one object alone has failed. False in that case.
  bool too_large(const Batch& batch);
  // The whole envelope was refused (422 and the like).
  void refused(const Batch& batch, const std::string& why);

  const std::vector<Failure>& failures() const { return failures_; }
  std::size_t size() const { return objects_.size(); }
  std::size_t acknowledged() const { return acknowledged_; }
  std::size_t earlier() const { return earlier_; }
  std::size_t pending() const { return pending_; }

 private:
  void failed(std::size_t object, std::string message);
  using Named = std::set<std::pair<std::string_view, std::string_view>>;   // ids and versions that an envelope has
  // Definitions that this object names and the envelope hasn't yet.
  std::vector<std::size_t> missing_definitions(const Named& named, std::size_t object) const;

  std::vector<StixObject> objects_;
  std::map<std::string, std::size_t, std::less<>> definitions_;   // of markings, by id: the last version that was given, in the first content of it, which the server takes
  PushSettings settings_;
  std::uint64_t together_;                         // bytes of several objects in one envelope; less after a 413. One alone may be as large as settings say
  std::vector<std::size_t> waiting_;               // from the back
  std::vector<Failure> failures_;
  std::size_t acknowledged_ = 0, earlier_ = 0, pending_ = 0;
};

// The journal of a push: a first line that says what it is of, then a line an envelope. Only ever added to, so that a crash can cost its last line at most.
std::string journal_head(std::string_view collection);
std::string journal_line(const std::vector<ObjectKey>& acknowledged);
struct PushJournal { std::set<ObjectKey> acknowledged; std::size_t whole = 0; };   // whole: bytes up to the end of the last whole line
Result<PushJournal> read_push_journal(std::string_view text, std::string_view collection);

}  // namespace sluice::service::taxii
