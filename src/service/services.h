// All that a handler, a page, a command of the CLI can reach: wired once, by hand (cli/serve.cpp), and lent.
#pragma once

#include <memory>

#include "ledger/merkle.h"
#include "service/bus.h"
#include "service/case_keys.h"
#include "service/clock.h"
#include "service/denials.h"
#include "service/memory_budget.h"
#include "service/site.h"
#include "service/threat_events.h"
#include "service/writer.h"
#include "store/directory.h"

namespace sluice::service {

struct Settings {
  bool two_person = true;                          // ACC-11; off is for a site of one, and stands in the ledger
  bool intake_limits = true;                       // rate limit and proof of work on the public form
  int reading_alarm = 50;                          // different cases that a coordinator or administrator reads in an hour before it is an alarm (ACC-12)
  Duration tick = std::chrono::seconds(60);
  std::string public_url = "http://127.0.0.1";     // in links, security.txt, provider metadata
};

class Packs;
class Standings;
std::shared_ptr<Standings> no_standings_yet();      // standing_reads.h

struct Services {
  const OpenSite& site;
  Clock& clock;
  Random& random;
  store::Store& store;
  Writer& writer;
  Bus& bus;
  Settings settings;
  ScriptedClock* script = nullptr;                 // demo sites only
  std::shared_ptr<store::Directory> directory = std::make_shared<store::Directory>();
  std::shared_ptr<ledger::Log> log_of_ticks = std::make_shared<ledger::Log>();  // on the Writer's thread alone (ticker.cpp)
  std::shared_ptr<Denials> denials = std::make_shared<Denials>();               // on the Writer's thread alone (denials.h)
  std::shared_ptr<Standings> standings = no_standings_yet();                    // what members may read by what they gave (standing_reads.h)
  std::shared_ptr<CaseKeys> case_keys = std::make_shared<CaseKeys>();           // by what cases are known in threat objects
  std::shared_ptr<ThreatEvents> threat_events = std::make_shared<ThreatEvents>();
  std::shared_ptr<const Packs> packs = nullptr;    // laws and standards (packs.h), read when it starts; none: no judge of regimes

  // Of TAXII, in bytes: envelopes that were read and not yet answered, and pages whose reader has not had them whole. One organisation gets a part of it, so that it stands in nobody's way.
  std::shared_ptr<MemoryBudget> envelopes = std::make_shared<MemoryBudget>(512 << 20, 256 << 20);
  std::shared_ptr<MemoryBudget> pages = std::make_shared<MemoryBudget>(512 << 20, 128 << 20);

  const store::Cells& cells() const { return store.cells(); }
};

// Who asks, and how the request is to be remembered.
struct Asker {
  access::Viewer viewer;
  std::optional<RequestId> request;
  std::optional<Instant> occurred;                 // claimed; demo replays and imports
  std::optional<SessionId> session;
  std::optional<std::string> pseudonym = {};       // under which it sends to a collection (pseudonym_sending.h); none: by name
};

}  // namespace sluice::service
