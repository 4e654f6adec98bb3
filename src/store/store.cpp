// Longer than other files because it is one idea: each way to a case looks for the viewer and its standing first, in the same few queries, and nothing of a case is reached otherwise.
#include "store/store.h"

#include <algorithm>

#include "base/bind.h"

namespace sluice::access {
BOOST_DESCRIBE_STRUCT(Standing, (), (is_owner, is_admitted_coordinator, admission, may_read_content, may_see_terms, roles, groups, own_reports, report, is_own_object, is_put_to_viewer,
                                     is_shared_identity, is_last_coordinator, owner_lets_coordinators_settle, is_granted_read, is_granted_write))
}

namespace sluice::store {

namespace {

// Hidden and unknown are the same: no row.
constexpr Sql kStanding{"standing_in_case", "SELECT p.standing, c.version, c.em FROM participant p JOIN case_row c ON c.case_id = p.case_id WHERE p.case_id = $1 AND p.organisation = $2 AND p.reads > 0"};
constexpr Sql kPart{"part_in_case", "SELECT 1 FROM participant WHERE case_id = $1 AND organisation = $2 AND reads > 0"};
// One row whatever the report: beside a report that the organisation may know of, or beside none, stands its own profile. Beside none its part is looked for all the same, in a case that nobody
// has, and the report's case is read from an index that holds it (a range is what makes SQLite take that one): a row of the report fetched besides could be told by its time (EXI-1).
constexpr Sql kReport{"standing_on_report", "SELECT o.profile, p.case_id, p.standing FROM organisation o LEFT JOIN participant p ON p.case_id = COALESCE((SELECT r.case_id FROM report r WHERE r.id >= $1 AND r.id <= $1 LIMIT 1), 'c' || substr($1, 2)) "
                                            "AND p.organisation = $2 AND p.reads > 0 WHERE o.id = $3"};
constexpr Sql kOwnReport{"standing_on_own_report", "SELECT p.standing, r.case_id FROM report r JOIN participant p ON p.case_id = r.case_id WHERE r.id = $1 AND p.organisation = $2 AND p.reads > 0"};
constexpr Sql kCases{"cases_of_organisation",
                     "SELECT c.case_id, c.card, c.em, p.rank, c.opened, p.changed, p.standing FROM participant p JOIN case_row c ON c.case_id = p.case_id "
                     "WHERE p.organisation = $1 AND p.reads > 0 AND (p.rank, p.case_id) > ($2, $3) ORDER BY p.rank, p.case_id LIMIT $4"};
constexpr Sql kAnyCase{"case_behind_glass", "SELECT version FROM case_row WHERE case_id = $1"};
constexpr Sql kStreamsOf{"streams_behind_glass", "SELECT stream, name FROM case_stream WHERE case_id = $1"};
constexpr Sql kDelivered{"delivered_up_to", "SELECT MAX(to_seq) FROM delivery WHERE stream = $1 AND organisation = $2"};
constexpr Sql kDeliveredOfCase{"delivered_of_case", "SELECT s.stream, (SELECT MAX(d.to_seq) FROM delivery d WHERE d.stream = s.stream AND d.organisation = $2) FROM case_stream s WHERE s.case_id = $1"};
constexpr Sql kEntry{"entry_by_id", "SELECT pos, tick, slot, record FROM entry WHERE id = $1"};
constexpr Sql kOrganisation{"organisation", "SELECT id, kind, created, version, profile FROM organisation WHERE id = $1"};
constexpr Sql kOrganisations{"organisations", "SELECT id, kind, created, version, profile FROM organisation ORDER BY id"};

// ACC-5: for whoever works on no case nothing is looked up, so that its organisation's cases cost it what none would (T2).
bool works_on_cases(const access::Viewer& viewer) { return access::knows_case(viewer, {.is_owner = true}); }

std::unexpected<Error> no_case() { return fail(ErrorKind::NotFound, "There is no such case, or you have no access to it."); }

// The stub: what an invited party may see. Folding the org compartment gives terms, end and why; everything of the case's substance is left out.
cvd::CaseFold stub_of(const cvd::CaseFold& fold, OrganisationId organisation) {
  cvd::CaseFold out;
  out.id = fold.id;
  out.owner = fold.owner;
  out.embargo = fold.embargo;
  // What is asked and what holds; of what was before only the last, and only where nothing else is left to say.
  std::copy_if(fold.terms.begin(), fold.terms.end(), std::back_inserter(out.terms), [](const auto& terms) { return terms.state == cvd::Terms::State::Open || terms.state == cvd::Terms::State::Running; });
  if (out.terms.empty() && !fold.terms.empty()) out.terms.push_back(fold.terms.back());
  out.offer = fold.offer;  // to lead the case; stands in its own compartment
  for (auto& terms : out.terms) terms.note.reset(), terms.proposed_by.reset();
  if (const auto* participant = fold.participant(organisation)) out.participants[organisation] = *participant;
  if (const auto* owner = fold.participant(fold.owner)) {
    cvd::Participant shown;
    shown.organisation = fold.owner;
    shown.admission = owner->admission;
    shown.roles = owner->roles;
    out.participants[fold.owner] = shown;
  }
  return out;
}

// Is `shared` closed to it, while it may see the terms: invited, lapsed, declined, or a reporter whom the embargo keeps out of the rest?
bool sees_terms_alone(const access::Viewer& viewer, const access::Standing& standing, const std::vector<access::Compartment>& readable) {
  if (readable.empty()) return true;
  return std::find(readable.begin(), readable.end(), access::Compartment::shared()) == readable.end() && access::authorize(viewer, access::Action::ReadTerms, standing).allowed;
}

// What a reader of its own report or compartment alone sees of the rest: the stub, beside what it reads.
void add_stub(cvd::CaseFold& fold, cvd::CaseFold stub) {
  fold.owner = stub.owner;
  fold.embargo = stub.embargo;
  fold.terms = std::move(stub.terms);
  fold.offer = std::move(stub.offer);
  for (auto& [id, participant] : stub.participants) fold.participants[id] = std::move(participant);
}

Result<std::vector<FirstDelivery>> undelivered(Queries& db, Streams& streams, const Tag& reader, CaseId id, const std::vector<access::Compartment>& compartments, const Streams::Heads& heads) {
  std::map<Tag, std::int64_t> delivered;
  {
    TRY(auto rows, db.query(kDeliveredOfCase, id, reader));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      Tag stream{};
      const auto bytes = rows.bytes(0);
      std::copy_n(bytes.begin(), std::min(bytes.size(), stream.size()), stream.begin());
      delivered[stream] = rows.maybe_i64(1).value_or(0);
    }
  }
  std::vector<FirstDelivery> out;
  for (const auto& compartment : compartments) {
    auto entries = streams.read(db, id, compartment, Streams::Remember::Yes, &heads);
    if (!entries || (*entries)->empty()) continue;
    const auto tag = streams.tag_of(id, compartment);
    const auto found = delivered.find(tag);
    const auto known = found == delivered.end() ? 0 : found->second;
    const auto head = (*entries)->back()->sequence;
    if (known < head) out.push_back({tag, streams.name_of(id, compartment), known + 1, head});
  }
  return out;
}

Result<StandingCell> standing_in(const Rows& row, const Cells& cells, CaseId id, const Tag& reader, int column = 0) {
  TRY(const auto opened, cells.open_json("participant", id.text(), hex(reader), row.bytes(column)));
  return standing_from_cell(opened);
}

// What a stub shows of a stream that its reader doesn't read whole.
std::string stub_state(const cvd::CaseFold& fold) {
  std::string out = fold.owner.text() + to_word(fold.embargo) + (fold.offer ? fold.offer->to.text() + to_text(fold.offer->at) : "");
  for (const auto& one : fold.terms) out += "/" + std::to_string(one.version) + to_word(one.state);
  return out;
}

// Over the visible streams alone: a change in a hidden compartment changes no ETag (EXI-4). `stub`: its state, where there is one.
struct Tags { std::string etag, content; };
Tags tags_of(Queries& db, Store& store, const access::Viewer& viewer, CaseId id, const access::Standing& standing, const std::vector<access::Compartment>& readable, std::string_view stub, Streams::Remember remember,
             const Streams::Heads* heads = nullptr) {
  std::string positions, names;
  for (const auto& compartment : readable) {
    auto entries = store.streams().read(db, id, compartment, remember, heads);
    if (!entries || (*entries)->empty()) continue;
    positions += "/" + std::to_string((*entries)->back()->sequence);
    names += "/" + compartment.text();
  }
  positions += stub;
  positions += canonical(to_json(standing));
  return {hex(store.cells().tag("etag", id.text() + (viewer.person ? viewer.person->text() : "") + positions)), hex(store.cells().tag("content", id.text() + names + positions))};
}

std::vector<access::Compartment> compartments_in(const StandingCell& cell) {
  std::vector<access::Compartment> out;
  for (const auto& text : cell.compartments)
    if (const auto compartment = access::Compartment::parse(text)) out.push_back(*compartment);
  return out;
}

Result<OrganisationRow> organisation_row(Rows& row, const Cells& cells) {
  OrganisationRow out;
  TRY(out.id, row.id<OrganisationId>(0));
  out.kind = static_cast<access::OrganisationKind>(row.i64(1));
  out.created = row.instant(2);
  out.version = row.i64(3);
  TRY(const auto profile, cells.open_json("organisation", out.id.text(), "profile", row.bytes(4)));
  TRY(out.profile, from_json<cvd::OrganisationProfile>(profile));
  return out;
}

}  // namespace

json::value to_cell(const StandingCell& cell) { return json::object{{"standing", to_json(cell.standing)}, {"compartments", to_json(cell.compartments)}}; }

Result<StandingCell> standing_from_cell(const json::value& value) {
  StandingCell out;
  TRY(out.standing, from_json<access::Standing>(value.at("standing")));
  TRY(out.compartments, from_json<std::vector<std::string>>(value.at("compartments")));
  return out;
}

std::int64_t code_of(access::OrganisationKind kind) { return static_cast<std::int64_t>(kind); }
std::int64_t code_of(access::SiteRole role) { return static_cast<std::int64_t>(role); }

Result<std::unique_ptr<Store>> Store::open(const DatabaseUrl& url, const ledger::KeyRing& keys, SiteId site, int readers) {
  std::unique_ptr<Store> store(new Store(url, keys, site));
  TRY(store->pool_, ReadPool::open(url, readers));
  return store;
}

Tag Store::tag_of(OrganisationId id) const {
  constexpr std::size_t kMost = 100'000;
  const std::scoped_lock lock(tags_mutex_);
  if (const auto found = tags_.find(id); found != tags_.end()) return found->second;
  if (tags_.size() >= kMost) tags_.clear();
  return tags_[id] = cells_.tag("organisation", id.text());
}

Result<CaseSeen> Sight::case_view(CaseId id, Streams::Remember remember) const {
  if (viewer_.kind == access::Viewer::Kind::Reporter || !viewer_.organisation) return no_case();
  const bool is_opened = is_behind_glass(id);
  if (!is_opened && !works_on_cases(viewer_)) return no_case();
  TRY(auto db, store_.lease());
  const auto reader = store_.tag_of(*viewer_.organisation);
  if (is_opened) return view_behind_glass(*db, id, reader);
  std::shared_ptr<const cvd::CaseView> kept;
  {
    TRY(const auto row, db->one(kStanding, id, reader));
    if (!row) return no_case();
    kept = store_.views().find(Views::name(id, viewer_), row->i64(1));
  }
  if (!kept) return fresh_view(*db, id, reader, remember);
  if (!access::authorize(viewer_, access::Action::SeeCase, kept->standing).allowed) return no_case();
  return CaseSeen(std::move(kept), reader);
}

bool Sight::is_behind_glass(CaseId id) const { return std::find(viewer_.broken_glass.begin(), viewer_.broken_glass.end(), id) != viewer_.broken_glass.end(); }

namespace {
access::Standing standing_behind_glass() {
  access::Standing out;
  out.is_behind_glass = out.may_read_content = out.may_see_terms = true;
  return out;
}
}  // namespace

Result<std::vector<access::Compartment>> Sight::readable_behind_glass(Queries& db, CaseId id) const {
  std::vector<access::Compartment> all;
  {
    TRY(auto rows, db.query(kStreamsOf, id));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      TRY(const auto name, store_.cells().open("case_stream", id.text(), hex(rows.bytes(0)), rows.bytes(1)));
      if (const auto compartment = access::Compartment::parse(name)) all.push_back(*compartment);
    }
  }
  const auto standing = standing_behind_glass();
  if (!access::authorize(viewer_, access::Action::SeeCase, standing).allowed) return no_case();
  return access::readable_compartments(viewer_, standing, all);
}

// ACC-5: all of the case, and what is new of it to the site's own organisation is written down as delivered, as for any reader. Not kept: it isn't asked often.
Result<CaseSeen> Sight::view_behind_glass(Db& db, CaseId id, const Tag& reader) const {
  TRY(auto tx, db.begin(Mode::Read));
  TRY(const auto version, tx.number(kAnyCase, id));
  if (!version) return no_case();
  auto view = std::make_shared<cvd::CaseView>();
  view->standing = standing_behind_glass();
  TRY(const auto readable, readable_behind_glass(tx, id));
  TRY(const auto heads, store_.streams().heads(tx, id));
  TRY(view->fold, store_.streams().fold(tx, id, readable, Streams::Remember::Yes, &heads));
  cvd::withhold_contact(view->fold, view->standing, viewer_.organisation);
  auto tags = tags_of(tx, store_, viewer_, id, view->standing, readable, {}, Streams::Remember::Yes, &heads);
  view->etag = std::move(tags.etag), view->content = std::move(tags.content);
  TRY(auto deliveries, undelivered(tx, store_.streams(), reader, id, readable, heads));
  CaseSeen seen(std::move(view), reader);
  seen.deliveries = std::move(deliveries);
  return seen;
}

// In one snapshot: rights and content of the same moment.
Result<CaseSeen> Sight::fresh_view(Db& db, CaseId id, const Tag& reader, Streams::Remember remember) const {
  TRY(auto tx, db.begin(Mode::Read));
  StandingCell cell;
  std::int64_t version = 0;
  {
    TRY(const auto row, tx.one(kStanding, id, reader));
    if (!row) return no_case();
    version = row->i64(1);
    TRY(cell, standing_in(*row, store_.cells(), id, reader));
  }
  if (!access::authorize(viewer_, access::Action::SeeCase, cell.standing).allowed) return no_case();

  TRY(const auto heads, store_.streams().heads(tx, id));
  auto view = std::make_shared<cvd::CaseView>();
  view->standing = cell.standing;
  auto readable = access::readable_compartments(viewer_, cell.standing, compartments_in(cell));
  const bool stub = sees_terms_alone(viewer_, cell.standing, readable);
  const auto own = access::Compartment::of(*viewer_.organisation);
  if (!readable.empty()) {
    TRY(view->fold, store_.streams().fold(tx, id, readable, remember, &heads));
    cvd::withhold_contact(view->fold, cell.standing, viewer_.organisation);
  }
  if (stub) {
    // Its terms stand in `shared`, which this viewer doesn't read otherwise.
    TRY(const auto fold, store_.streams().fold(tx, id, {access::Compartment::shared(), own}, remember, &heads));
    auto shown = stub_of(fold, *viewer_.organisation);
    if (readable.empty()) view->fold = std::move(shown);
    else add_stub(view->fold, std::move(shown));
  }
  auto tags = tags_of(tx, store_, viewer_, id, cell.standing, readable, stub ? stub_state(view->fold) : std::string(), remember, &heads);
  view->etag = std::move(tags.etag), view->content = std::move(tags.content);
  TRY(auto deliveries, undelivered(tx, store_.streams(), reader, id, readable.empty() ? std::vector{own} : readable, heads));
  if (deliveries.empty() && remember == Streams::Remember::Yes) store_.views().keep(Views::name(id, viewer_), version, view, 1 + view->fold.timeline.size());
  CaseSeen seen(std::move(view), reader);
  seen.deliveries = std::move(deliveries);
  return seen;
}

Result<std::string> Sight::case_etag(Queries& db, CaseId id) const {
  if (viewer_.kind == access::Viewer::Kind::Reporter || !viewer_.organisation || !works_on_cases(viewer_)) return no_case();
  StandingCell cell;
  {
    TRY(auto row, db.one(kStanding, id, *reader()));
    if (!row) return no_case();
    TRY(cell, standing_in(*row, store_.cells(), id, *reader()));
  }
  if (!access::authorize(viewer_, access::Action::SeeCase, cell.standing).allowed) return no_case();
  const auto readable = access::readable_compartments(viewer_, cell.standing, compartments_in(cell));
  std::string stub;
  if (sees_terms_alone(viewer_, cell.standing, readable)) {
    TRY(const auto fold, store_.streams().fold(db, id, {access::Compartment::shared(), access::Compartment::of(*viewer_.organisation)}, Streams::Remember::No));
    stub = stub_state(stub_of(fold, *viewer_.organisation));
  }
  return tags_of(db, store_, viewer_, id, cell.standing, readable, stub, Streams::Remember::No).etag;
}

std::optional<Tag> Sight::reader() const {
  if (viewer_.kind == access::Viewer::Kind::Reporter) return store_.tag_of(*viewer_.report);
  return viewer_.organisation ? std::optional(store_.tag_of(*viewer_.organisation)) : std::nullopt;
}

Result<bool> Sight::has_part(Queries& db, CaseId id) const {
  const auto who = reader();
  if (!who || !works_on_cases(viewer_)) return false;
  TRY(const auto row, db.one(kPart, id, *who));
  return row.has_value();
}

Result<CaseSeen> Sight::mailbox(ReportId id) const {
  const auto no_report = [] { return fail(ErrorKind::NotFound, "There is no such report."); };
  // A code opens its own report: another one is not even looked for. Whoever works on no case has none.
  if (viewer_.report ? viewer_.report != id : !viewer_.organisation || !works_on_cases(viewer_)) return no_report();
  TRY(auto db, store_.lease());
  TRY(auto tx, db->begin(Mode::Read));
  CaseId case_id;
  const auto who = *reader();
  StandingCell cell;
  if (viewer_.report) {
    TRY(const auto row, tx.one(kOwnReport, id, who));
    if (!row) return no_report();
    TRY(case_id, row->id<CaseId>(1));
    TRY(cell, standing_in(*row, store_.cells(), case_id, who));
  } else {
    TRY(const auto row, tx.one(kReport, id, who, *viewer_.organisation));
    if (!row) return no_report();
    if (row->is_null(2)) {
      // A cell is opened all the same: to a participant of the case, a report that it doesn't read costs what none does (T2).
      TRY(const auto instead, store_.cells().open_json("organisation", viewer_.organisation->text(), "profile", row->bytes(0)));
      return no_report();
    }
    TRY(case_id, row->id<CaseId>(1));
    TRY(cell, standing_in(*row, store_.cells(), case_id, who, 2));
  }
  const auto compartment = access::Compartment::of(id);
  cell.standing.report = id;
  if (!access::may_read(viewer_, cell.standing, compartment) || !access::authorize(viewer_, access::Action::ReadReport, cell.standing).allowed) return no_report();
  const auto entries = store_.streams().read(tx, case_id, compartment);
  if (!entries && entries.error().code == "erased") return no_report();
  if (!entries) return std::unexpected(entries.error());
  auto view = std::make_shared<cvd::CaseView>();
  TRY(view->fold, store_.streams().fold(tx, case_id, {compartment}));
  cvd::withhold_contact(view->fold, cell.standing, viewer_.organisation);
  view->fold.id = case_id;
  view->standing = cell.standing;
  view->etag = hex(store_.cells().tag("etag", id.text() + "/" + std::to_string((*entries)->empty() ? 0 : (*entries)->back()->sequence)));
  CaseSeen seen(std::move(view), who);
  TRY(const auto heads, store_.streams().heads(tx, case_id));
  TRY(seen.deliveries, undelivered(tx, store_.streams(), who, case_id, {compartment}, heads));
  return seen;
}

Result<std::vector<CaseCard>> Sight::cases(std::optional<std::pair<std::int64_t, CaseId>> after, int limit) const {
  std::vector<CaseCard> out;
  if (!viewer_.organisation || !works_on_cases(viewer_)) return out;
  const auto reader = store_.tag_of(*viewer_.organisation);
  TRY(auto db, store_.lease());
  TRY(auto rows, db->query(kCases, reader, after ? after->first : std::int64_t{-1}, after ? after->second.text() : std::string(), limit));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    CaseCard card;
    TRY(card.id, rows.id<CaseId>(0));
    TRY(const auto cell, standing_in(rows, store_.cells(), card.id, reader, 6));
    if (!access::authorize(viewer_, access::Action::SeeCase, cell.standing).allowed) continue;
    card.embargo = static_cast<cvd::EmbargoState>(rows.i64(2));
    card.rank = rows.i64(3);
    card.opened = rows.instant(4);
    card.changed = rows.instant(5);
    card.stub_only = !access::may_read(viewer_, cell.standing, access::Compartment::shared());
    if (!card.stub_only) {
      TRY(const auto content, store_.cells().open_json("case_row", card.id.text(), "card", rows.bytes(1)));
      card.title = std::string(string_at(content, "title"));
      if (const auto until = parse_instant(string_at(content, "embargo_until"))) card.embargo_until = *until;
    }
    out.push_back(std::move(card));
  }
  return out;
}

Result<std::vector<FirstDelivery>> Sight::titles_shown(std::vector<CaseCard>& cards) const {
  std::vector<FirstDelivery> out;
  const auto who = reader();
  if (!who) return out;
  TRY(auto db, store_.lease());
  for (auto& card : cards) {
    if (card.stub_only) continue;
    const auto shared = access::Compartment::shared();
    const auto tag = store_.streams().tag_of(card.id, shared);
    TRY(const auto known, db->number(kDelivered, tag, *who));
    TRY(const auto entries, store_.streams().read(*db, card.id, shared));
    std::int64_t named = 0;
    for (const auto& entry : *entries)
      for (const auto& event : entry->events)
        if (holds_alternative<cvd::CaseOpened>(event) || holds_alternative<cvd::CaseDescribed>(event)) named = entry->sequence;
    const auto read = known.value_or(0);
    if (named == read + 1) out.push_back({tag, store_.streams().name_of(card.id, shared), named, named});
    else if (named > read) card.title.clear();
  }
  return out;
}

Result<std::vector<access::Compartment>> Sight::readable_in(Queries& db, CaseId id) const {
  if (viewer_.kind == access::Viewer::Kind::Reporter || !viewer_.organisation) return no_case();
  StandingCell cell;
  {
    TRY(const auto row, db.one(kStanding, id, *reader()));
    if (!row) return no_case();
    TRY(cell, standing_in(*row, store_.cells(), id, *reader()));
  }
  if (!access::authorize(viewer_, access::Action::SeeCase, cell.standing).allowed) return no_case();
  return access::readable_compartments(viewer_, cell.standing, compartments_in(cell));
}

Result<cvd::CaseFold> Sight::fold_as_of(CaseId id, Instant as_of) const {
  TRY(auto db, store_.lease());
  TRY(auto tx, db->begin(Mode::Read));
  if (viewer_.organisation && is_behind_glass(id)) {
    TRY(const auto version, tx.number(kAnyCase, id));
    if (!version) return no_case();
    TRY(const auto readable, readable_behind_glass(tx, id));
    TRY(auto fold, store_.streams().fold(tx, id, readable, Streams::Remember::Yes, nullptr, as_of));
    cvd::withhold_contact(fold, standing_behind_glass(), viewer_.organisation);
    return fold;
  }
  TRY(const auto compartments, readable_in(tx, id));
  TRY(auto fold, store_.streams().fold(tx, id, compartments, Streams::Remember::Yes, nullptr, as_of));
  StandingCell cell;
  {
    TRY(auto row, tx.one(kStanding, id, *reader()));
    if (!row) return no_case();
    TRY(cell, standing_in(*row, store_.cells(), id, *reader()));
  }
  cvd::withhold_contact(fold, cell.standing, viewer_.organisation);
  return fold;
}

Result<std::vector<EntrySeen>> Sight::entries(CaseId id, const std::function<bool(const StreamEntry&)>& wanted) const {
  TRY(auto db, store_.lease());
  TRY(auto tx, db->begin(Mode::Read));
  TRY(const auto compartments, readable_in(tx, id));
  std::vector<EntrySeen> out;
  for (const auto& compartment : compartments) {
    const auto entries = store_.streams().read(tx, id, compartment);
    if (!entries && entries.error().code == "erased") continue;
    if (!entries) return std::unexpected(entries.error());
    for (const auto& entry : **entries) {
      if (!wanted(*entry)) continue;
      TRY(auto row, tx.one(kEntry, entry->context.entry));
      if (!row) continue;
      out.push_back({*entry, row->i64(0), row->maybe_i64(1), row->maybe_i64(2), row->copy(3)});
    }
  }
  std::sort(out.begin(), out.end(), [](const EntrySeen& a, const EntrySeen& b) { return a.position < b.position; });
  return out;
}

Result<EntrySeen> Sight::entry(CaseId id, EntryId entry_id) const {
  // Loaded with the viewer: only an entry of a stream that the viewer reads can be found.
  const auto search = [&](const std::vector<access::Compartment>& compartments) -> Result<EntrySeen> {
    TRY(auto db, store_.lease());
    for (const auto& compartment : compartments) {
      auto entries = store_.streams().read(*db, id, compartment);
      if (!entries) continue;
      for (const auto& entry : **entries)
        if (entry->context.entry == entry_id) {
          EntrySeen out{.entry = *entry};
          TRY(auto row, db->one(kEntry, entry_id));
          if (!row) break;
          out.position = row->i64(0);
          out.tick = row->maybe_i64(1);
          out.slot = row->maybe_i64(2);
          out.record = row->copy(3);
          return out;
        }
    }
    return fail(ErrorKind::NotFound, "There is no such entry, or you have no access to it.");
  };
  if (viewer_.kind == access::Viewer::Kind::Reporter) return search({access::Compartment::of(*viewer_.report)});
  if (!viewer_.organisation || !works_on_cases(viewer_)) return no_case();
  const auto reader = store_.tag_of(*viewer_.organisation);
  StandingCell cell;
  {
    TRY(auto db, store_.lease());
    TRY(auto row, db->one(kStanding, id, reader));
    if (!row) return fail(ErrorKind::NotFound, "There is no such entry, or you have no access to it.");
    TRY(cell, standing_in(*row, store_.cells(), id, reader));
  }
  TRY(auto found, search(access::readable_compartments(viewer_, cell.standing, compartments_in(cell))));
  // An entry is proved whole, so the one that says how to reach a reporter is for those who may know that.
  const auto& place = found.entry.context.compartment;
  if (place.kind == access::Compartment::Kind::Report && found.entry.entry.action == "report.submit") {
    TRY(auto db, store_.lease());
    TRY(const auto fold, store_.streams().fold(*db, id, {place}));
    if (const auto* report = fold.report(*place.report); report != nullptr && cvd::contact_is_withheld(*report, cell.standing, viewer_.organisation))
      return fail(ErrorKind::Forbidden, "This entry says how to reach the reporter, which stays with whom the reporter chose.");
  }
  return found;
}

Result<std::optional<OrganisationRow>> organisation(Queries& db, const Cells& cells, OrganisationId id) {
  TRY(auto row, db.one(kOrganisation, id));
  if (!row) return std::optional<OrganisationRow>{};
  TRY(auto out, organisation_row(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<OrganisationRow>> organisations(Queries& db, const Cells& cells) {
  std::vector<OrganisationRow> out;
  TRY(auto rows, db.query(kOrganisations));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    TRY(auto row, organisation_row(rows, cells));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace sluice::store
