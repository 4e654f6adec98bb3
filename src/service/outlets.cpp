#include "service/outlets.h"

namespace sluice::service {

gate::Channel DocumentOutlet::channel_of(std::string_view kind) {
  if (kind == "csaf") return gate::Channel::CsafProvider;
  return kind == "cve" ? gate::Channel::CveService : gate::Channel::OsvFeed;
}

Result<void> DocumentOutlet::deliver(gate::Pass, const DocumentEnvelope& envelope) { return store::make_public(tx_, cells_, envelope.document); }

Result<void> AdvisoryOutlet::deliver(gate::Pass, const AdvisoryEnvelope& envelope) { return store::put_publication(tx_, envelope.publication); }

}  // namespace sluice::service
