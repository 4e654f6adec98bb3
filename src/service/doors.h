// The ways in, wired together: what a server needs to know who is calling. One for each process, made beside Services and lent with it.
#pragma once

#include "service/limits.h"
#include "service/people.h"
#include "service/proof_of_work.h"
#include "service/reading_log.h"
#include "service/report_code.h"
#include "service/sign_in.h"
#include "service/tokens.h"
#include "service/viewers.h"

namespace sluice::service {

struct Doors {
  explicit Doors(Services& services)
      : limits(services.clock, services.random),
        viewers(services.site, services.clock, services.store, services.writer),
        sign_in(services.site, services.clock, services.random, services.store),
        mailboxes(services.clock, services.random, services.store, limits),
        proofs(services.clock, services.random, services.cells()),
        first_run(services),
        reading(services) {}

  Limits limits;
  Viewers viewers;
  SignIn sign_in;
  Mailboxes mailboxes;
  Proofs proofs;
  FirstRun first_run;
  ReadingLog reading;
};

}  // namespace sluice::service
