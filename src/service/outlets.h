// The ways out of a release. Each is a gate::Outlet: nothing becomes public but with a Pass that was judged for this channel and these bytes.
//
// They write in the release's own transaction, so that all of it is public at one instant or none of it.
#pragma once

#include "gate/channel.h"
#include "store/documents.h"

namespace sluice::service {

// A document in a standard format: what is behind /csaf/, /cve/ and /osv/.
struct DocumentEnvelope {
  const store::Document& document;
  gate::ContentHash content;
  gate::Audience audience = gate::Audience::everyone();
};

class DocumentOutlet final : public gate::Outlet<DocumentEnvelope> {
 public:
  DocumentOutlet(std::string_view kind, store::Tx& tx, const store::Cells& cells) : Outlet(channel_of(kind)), tx_(tx), cells_(cells) {}
  static gate::Channel channel_of(std::string_view kind);  // "csaf", "cve", "osv"

 private:
  Result<void> deliver(gate::Pass pass, const DocumentEnvelope& envelope) override;
  store::Tx& tx_;
  const store::Cells& cells_;
};

// The advisory itself: its page, and its line in the lists and feeds that are made of such rows.
struct AdvisoryEnvelope {
  const store::Publication& publication;
  gate::ContentHash content;
  gate::Audience audience = gate::Audience::everyone();
};

class AdvisoryOutlet final : public gate::Outlet<AdvisoryEnvelope> {
 public:
  explicit AdvisoryOutlet(store::Tx& tx) : Outlet(gate::Channel::PublicSite), tx_(tx) {}

 private:
  Result<void> deliver(gate::Pass pass, const AdvisoryEnvelope& envelope) override;
  store::Tx& tx_;
};

}  // namespace sluice::service
