// Erasing a compartment. What folds need of it is written down in `coordination` in the same command (KEY-7); that its key goes is the service's to do.
#include "cvd/decide.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

Result<Changes> decide_one(const CaseFold& fold, const EraseCompartment& c, const Ask&) {
  using enum access::Compartment::Kind;
  TRY(reason_fits(c.why, 4'000, "/why"));
  const auto compartment = access::Compartment::parse(c.compartment);
  // Without `shared` and `coordination` a case tells nothing.
  if (!compartment || (compartment->kind != Report && compartment->kind != Organisation && compartment->kind != Group)) return fail(ErrorKind::Invalid, "Only a report's, a participant's or a group's compartment can be erased: \"report:r_…\", \"org:o_…\" or \"group:k_…\".", "/compartment");
  if (fold.erased.contains(compartment->text())) return fail(ErrorKind::Conflict, "This compartment is erased already.", "/compartment");
  CompartmentErased event{.compartment = compartment->text(), .why = c.why};
  if (compartment->kind == Report) {
    if (fold.report(*compartment->report) == nullptr) return fail(ErrorKind::NotFound, "There is no such report in this case.", "/compartment");
    event.report_id = compartment->report;
  } else if (compartment->kind == Group) {  // who is in it stands in coordination and with each member
    if (!fold.groups.contains(*compartment->group)) return fail(ErrorKind::NotFound, "There is no such group in this case.", "/compartment");
  } else {
    const auto* participant = fold.participant(*compartment->organisation);
    if (participant == nullptr) return fail(ErrorKind::NotFound, "There is no such participant in this case.", "/compartment");
    event.organisation = compartment->organisation;
    event.report = participant->report;
  }
  return Changes{{coordination(), std::move(event)}};
}

}  // namespace sluice::cvd::rules
