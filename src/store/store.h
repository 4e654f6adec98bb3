// The one store. What is in it is reached with a viewer: store.as(viewer) loads an object together with what the viewer is in it, asks
// access::authorize, and answers NotFound for what is hidden exactly as for what never was.
//
// Reads come from a pool of connections; the one writing connection belongs to service::Writer.
//
// Always holds
//   T1  No content of a case leaves this room but through as(viewer), or to the Writer, whose decide() needs the whole.
//   T2  For a hidden case and for none the same queries run, find the same number of rows and open the same number of cells.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "access/authorize.h"
#include "cvd/organisation.h"
#include "cvd/standing.h"
#include "ledger/tick.h"
#include "store/cells.h"
#include "store/db.h"
#include "store/run_filters.h"
#include "store/read_marks.h"
#include "store/streams.h"
#include "store/views.h"

namespace sluice::store {

// Entries of a stream that an organisation is about to get for the first time: to be written down before the bytes leave (ACC-13).
struct FirstDelivery {
  Tag stream;
  std::string stream_name;
  std::int64_t from = 0, to = 0;
};

struct CaseSeen {
  CaseSeen(std::shared_ptr<const cvd::CaseView> whole, Tag by) : view(*whole), reader(by), whole_(std::move(whole)) {}
  const cvd::CaseView& view;                    // shared with others who see the same; stays while this does
  std::vector<FirstDelivery> deliveries;
  Tag reader;                                   // the organisation, or the reporter's code

 private:
  std::shared_ptr<const cvd::CaseView> whole_;
};

struct CaseCard {
  CaseId id;
  std::string title;
  cvd::EmbargoState embargo = cvd::EmbargoState::None;
  std::optional<Instant> embargo_until;
  std::int64_t rank = 0;
  Instant opened, changed;
  bool stub_only = false;
  std::optional<std::int64_t> unread = {};      // of the person who looks
};

// What is new in a case to the person who looks: worked out from the streams that it may read, so that nothing hidden moves a count (EXI-4).
struct Unread {
  struct OfThread { ThreadId thread; std::int64_t messages = 0; MessageId first; };
  std::int64_t count = 0;                       // messages and changes; a message once, however often it was changed; never one's own
  std::vector<OfThread> threads;                // in the order of their first unread message
  std::set<MessageId> messages;
  std::optional<EntryId> through;               // the newest entry that was looked at: to mark just that much as read
  Positions seen;                               // the same, stream by stream
  bool moves = false;                           // marking it as read would change something
};

struct EntrySeen {
  StreamEntry entry;
  std::int64_t position = 0;
  std::optional<std::int64_t> tick, slot;
  Bytes record;
};

struct OrganisationRow {
  OrganisationId id;
  access::OrganisationKind kind = access::OrganisationKind::Member;
  Instant created;
  std::int64_t version = 1;
  cvd::OrganisationProfile profile;
};

class Store;
struct Collection;
class CollectionSeen;

class Sight {
 public:
  // A collection of threat objects by its id or its alias (store/collections.h). NotFound where there is none, and where the viewer neither reads nor writes it.
  Result<CollectionSeen> collection(std::string_view id_or_alias) const;
  Result<CollectionSeen> collection(Queries& db, std::string_view id_or_alias) const;   // as it stands on this connection: for a command
  Result<std::vector<CollectionSeen>> collections() const;                              // those that it reads or writes, by id
  // For the site itself (Viewer::system): all of a collection, met by all of its audiences, on behalf of an organisation. NotFound for anybody else.
  Result<CollectionSeen> whole(Queries& db, Collection collection, OrganisationId as) const;
  // The case as this viewer may know it. Invited: the stub (terms, end, why essential) and nothing else. Behind broken glass: all of it.
  // `remember`: No for whoever goes through many cases that nobody may ask for again, so that those which are asked for stay at hand.
  Result<CaseSeen> case_view(CaseId id, Streams::Remember remember = Streams::Remember::Yes) const;
  // By urgency, then id; after `after` (of the page before); no total.
  Result<std::vector<CaseCard>> cases(std::optional<std::pair<std::int64_t, CaseId>> after, int limit) const;
  // A title in a list is content too (ACC-13): what of it is new to the reader is to be written down as delivered. Where that can't be said without saying more, since
  // entries before it are unread, the title is taken off the card: it shows once the case was opened.
  Result<std::vector<FirstDelivery>> titles_shown(std::vector<CaseCard>& cards) const;
  // For a reporter's code or a reporter's organisation: its own report and mailbox alone.
  Result<CaseSeen> mailbox(ReportId id) const;
  // For an account that sent the report, too: what the case's owner reads as well.
  // The ETag of case_view(), as it stands on this connection: for a precondition inside the transaction that depends on it (API-3).
  Result<std::string> case_etag(Queries& db, CaseId id) const;
  // Has this viewer any part in the case? One query and no cell, so that a command can ask before it looks at anything else (T2).
  Result<bool> has_part(Queries& db, CaseId id) const;
  // How many cases this viewer's organisation reads content of: of its own, so it may know.
  Result<std::int64_t> cases_with_content() const;
  // Which they are, by id, each with its version: for what is kept in memory of each. A version moves with what is hidden too, so it is never shown, nor what follows from it.
  Result<std::vector<std::pair<CaseId, std::int64_t>>> versions_with_content() const;
  // Of a stub: nothing. To be asked before the view that is shown, so that what comes between the two stays unread.
  Result<Unread> unread(CaseId id) const;
  // How far the viewer's streams go up to and with this entry; NotFound for one that it can't read. Without: as far as there is anything.
  Result<Positions> positions(CaseId id, std::optional<EntryId> through) const;
  // One entry that the viewer may read, with what a receipt needs.
  Result<EntrySeen> entry(CaseId id, EntryId entry) const;
  // The case as its entries told it up to an instant, in the streams that the viewer may read now; behind broken glass in all of them. Empty for a stub.
  Result<cvd::CaseFold> fold_as_of(CaseId id, Instant as_of) const;
  // All entries that are wanted, in the order of the ledger, in one snapshot. Empty for a stub.
  Result<std::vector<EntrySeen>> entries(CaseId id, const std::function<bool(const StreamEntry&)>& wanted) const;

 private:
  friend class Store;
  Sight(Store& store, const access::Viewer& viewer) : store_(store), viewer_(viewer) {}
  Result<CollectionSeen> seen_as(Queries& db, Collection collection) const;
  Result<CaseSeen> fresh_view(Db& db, CaseId id, const Tag& reader, Streams::Remember remember) const;
  Result<std::vector<access::Compartment>> readable_in(Queries& db, CaseId id) const;  // none: a stub; NotFound without a part in the case
  Result<CaseSeen> view_behind_glass(Db& db, CaseId id, const Tag& reader) const;
  bool is_behind_glass(CaseId id) const;
  Result<std::vector<access::Compartment>> readable_behind_glass(Queries& db, CaseId id) const;  // NotFound where there is no such case
  std::optional<Tag> reader() const;              // the organisation, or the reporter's code
  Store& store_;
  access::Viewer viewer_;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const DatabaseUrl& url, const ledger::KeyRing& keys, SiteId site, int readers);

  Sight as(const access::Viewer& viewer) { return Sight(*this, viewer); }

  const Cells& cells() const { return cells_; }
  Streams& streams() { return streams_; }
  Views& views() { return views_; }
  RunFilters& run_filters() { return run_filters_; }
  Result<ReadPool::Lease> lease() { return pool_->lease(); }
  const DatabaseUrl& url() const { return url_; }
  const ledger::LedgerKeys& ledger_keys() const { return ledger_keys_; }

  Tag tag_of(OrganisationId id) const;                   // remembered: a case with many parties asks for many at each command
  Tag tag_of(ReportId id) const { return cells_.tag("reader", id.text()); }

 private:
  Store(DatabaseUrl url, const ledger::KeyRing& keys, SiteId site) : url_(std::move(url)), cells_(keys, site), streams_(cells_), ledger_keys_(keys.ledger_keys()) {}
  DatabaseUrl url_;
  Cells cells_;
  Streams streams_;
  Views views_;
  RunFilters run_filters_;
  ledger::LedgerKeys ledger_keys_;
  std::unique_ptr<ReadPool> pool_;
  mutable std::mutex tags_mutex_;
  mutable std::unordered_map<OrganisationId, Tag> tags_;
};

// What a participant row says of the organisation in the case: written by the Writer, read by Sight.
struct StandingCell {
  access::Standing standing;
  std::vector<std::string> compartments;        // of the case, that this organisation could come to read at all
  bool operator==(const StandingCell&) const = default;
};
json::value to_cell(const StandingCell& cell);
Result<StandingCell> standing_from_cell(const json::value& value);

// How the DB words map to the kinds; only ever added to.
std::int64_t code_of(access::OrganisationKind kind);
std::int64_t code_of(access::SiteRole role);

// Organisations: what any signed-in caller may look up. Small enough to be read whole.
Result<std::optional<OrganisationRow>> organisation(Queries& db, const Cells& cells, OrganisationId id);
Result<std::vector<OrganisationRow>> organisations(Queries& db, const Cells& cells);

}  // namespace sluice::store
