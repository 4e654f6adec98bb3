// Break-glass (ACC-5): an administrator of the site reads one case for some hours, in an emergency, though administrators see no case.
//
// One administrator asks, with a reason; a second one confirms; then the asker reads the case, in a session, for as long as was asked, and does nothing else in it. The
// case is told: an event in its coordination, for the owner and its coordinators. It ends by itself, and can be ended before. What the asker read stands among the
// deliveries, as for any reader, and in the access log (reading_log.h).
//
// Always holds
//   B1  Asking, confirming and ending answer the same for a case that is there and for one that never was. Only who looks behind the glass learns which it is.
//   B2  Who asks doesn't confirm; where the site asks for no second person (ACC-11), the case is told that one did both.
//   B3  Nobody but the asker reads by it, and the asker no longer than it lasts, nor once the asker is no administrator of the site any more.
#pragma once

#include "service/viewers.h"
#include "store/glasses.h"

namespace sluice::service {

using GlassId = TwoPersonRequestId;

struct BreakGlass {
  CaseId case_;
  std::string reason;
  int hours = 1;                                   // at most 24
};
BOOST_DESCRIBE_STRUCT(BreakGlass, (), (case_, reason, hours))

// Answer {"id", "expires"}: it waits for a second person, for a day; or, where none is asked for, {"id", "until"}.
Work ask_to_break_glass(Services& services, Viewers& viewers, Asker asker, BreakGlass wanted);
Work confirm_glass(Services& services, Viewers& viewers, Asker asker, GlassId id);   // {"id", "until"}
Work close_glass(Services& services, Viewers& viewers, Asker asker, GlassId id);     // refuses one that waits, ends one that is open

struct GlassShown {
  GlassId id;
  CaseId case_;
  std::string reason;
  std::int64_t hours;
  PersonId asked_by;
  Instant asked_at, expires;
  std::string state;                               // "asked", "broken", "refused", "closed", "expired"
  std::optional<PersonId> answered_by;
  std::optional<Instant> answered_at, until, closed_at;
};
BOOST_DESCRIBE_STRUCT(GlassShown, (), (id, case_, reason, hours, asked_by, asked_at, expires, state, answered_by, answered_at, until, closed_at))
Result<std::vector<GlassShown>> glasses(Services& services, const access::Viewer& viewer);   // newest first, for administrators of the site

}  // namespace sluice::service
