// What a collection holds under one id: all of its postings, of whomever and for whomever, and the marks that indexes find the last and the first of them by. For whoever writes.
//
// Always holds
//   G1  A posting is marked as the last, or the first, by the versions of its spec in its audience alone; what other audiences meet changes nothing of it. The same holds of `plain`: where it is marked so, marks
//       tell which of the object's versions this audience's readers want.
//   G2  What is posted to several audiences has a row for each in `several`, so that a reader asks of those that it reads, and of no other.
#pragma once

#include "store/collections.h"
#include "store/writing.h"

namespace sluice::store {

struct HeldRow {
  std::int64_t date_added = 0, audience = 0, version_at = 0, object = 0, line = 0, since = 0;
  std::int64_t created_at = 0;                    // nanoseconds since 1970; 0: none
  int spec = 0;
  bool is_last = false, is_first = false;
  bool is_plain = false;                          // in its audience all are of one spec and one line, and none is there twice
  bool is_revoked = false;
  bool is_new = false, is_marked_anew = false;    // it has no row yet; its row says otherwise
  Tag content{}, sender{}, creator{};
};

// By date.
Result<std::vector<HeldRow>> held_postings(Queries& db, const Collection& collection, const Tag& name);

// The same for who puts one after another: asks only of names that may be held (run_filters.h). Good until something is put.
class HeldNames {
 public:
  static Result<HeldNames> of(Writing& writing, const Collection& collection);
  Result<std::vector<HeldRow>> postings(const Tag& name) const;

 private:
  HeldNames(Tx& tx, const Collection& collection, const KeyFilter& names) : tx_(&tx), collection_(&collection), names_(&names) {}
  Tx* tx_;
  const Collection* collection_;
  const KeyFilter* names_;
};

// Tells is_last and is_first anew from all postings of an object.
void mark(std::vector<HeldRow>& all);
// Writes them where rows say otherwise, and that it is posted to several audiences where it is (G2).
Result<void> write_marks(Tx& tx, const Collection& collection, const Tag& name, std::span<const HeldRow> all);

// Of audiences that lost their last posting of it, the rows in `several`: one that is there says that this audience meets it now.
Result<void> forget_several(Tx& tx, const Collection& collection, const Tag& name, std::span<const HeldRow> before, std::span<const HeldRow> after);

// The two as one number, as the column has them: a page of last versions is those of two numbers.
constexpr std::int64_t marks_of(bool is_last, bool is_first) { return (is_last ? 1 : 0) + (is_first ? 2 : 0); }
constexpr bool is_last_of(std::int64_t marks) { return (marks & 1) != 0; }
constexpr bool is_first_of(std::int64_t marks) { return (marks & 2) != 0; }

}  // namespace sluice::store
