// The code that opens an anonymous reporter's mailbox: 20 base32 digits, 100 random bits, as "k7f2-x9qm-3vbd-w8ha-n5tc" (AUT-8).
//
// The first two groups find the report's row by a keyed tag; the whole is checked with a slow hash. There is no reset. No address is kept: tries are counted
// in memory by a keyed hash of the address prefix.
//
// Always holds
//   M1  An unknown code, an ill-formed one and a wrong one cost the same and are answered alike (EXI-8).
//   M2  After the code was given once, a sealed cookie stands for it for an hour, so that the slow hash isn't paid at each click.
#pragma once

#include "service/limits.h"
#include "store/people.h"

namespace sluice::service {

std::string new_report_code(Random& random);
// As people type it: any case, blanks or none, o for 0, i and l for 1. Nothing if it can't be one. -> "k7f2x9qm3vbdw8hant5c"
std::optional<std::string> report_code_digits(std::string_view text);

// For intake: what table `report` keeps. Slow (an Argon2id); on a pool thread, before the Work is made.
struct CodeColumns {
  store::Tag tag{};                                 // code_tag
  std::string hash;                                 // code_hash
};
Result<CodeColumns> code_columns(const store::Cells& cells, std::string_view code);

class Mailboxes {
 public:
  Mailboxes(const Clock& clock, Random& random, store::Store& store, Limits& limits) : clock_(clock), random_(random), store_(store), limits_(limits) {}

  // Unauthenticated whatever is wrong with it; TooMany (limits.h) after too many tries from one address prefix.
  Result<ReportId> open_mailbox(std::string_view code, std::string_view peer);

  std::string cookie(ReportId id);
  Result<ReportId> report_of_cookie(std::string_view text);
  // A Viewer for store.as(): the one report and nothing else.
  Result<access::Viewer> viewer_of_cookie(std::string_view text);

 private:
  const Clock& clock_;
  Random& random_;
  store::Store& store_;
  Limits& limits_;
};

}  // namespace sluice::service
