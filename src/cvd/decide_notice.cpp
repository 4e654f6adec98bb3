// Notices to authorities and others outside, and texts on a region or sector: drafted, let go by the gate, filed by a person, kept with what came back.
//
// What is in a draft was composed by the service (Known::notice), since it asks a form that is data; whether it may go out was asked of the gate (Known::ruling).
#include <algorithm>

#include "cvd/content.h"
#include "cvd/decide.h"
#include "cvd/happened.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

access::Compartment compartment_of_record(const CaseFold& fold, OrganisationId organisation);  // decide_incident.cpp
Result<void> is_prepared(const Prepared& prepared);

namespace {

constexpr std::size_t kMostNotices = 500;    // of one organisation in a case
constexpr std::size_t kMostNoticeVersions = 200;
constexpr std::size_t kMostText = 64 << 10;
constexpr std::size_t kMostReceipt = 20'000;

// Another organisation's is as if it weren't there.
Result<const Notice*> own_notice(const CaseFold& fold, NoticeId id, const Ask& ask) {
  const auto found = std::find_if(fold.notices.begin(), fold.notices.end(), [&](const Notice& one) { return one.id == id && one.organisation == ask.actor.organisation; });
  if (found == fold.notices.end()) return fail(ErrorKind::NotFound, "There is no such notice in this case.", "/notice");
  return &*found;
}

Result<const Notice*> unfiled(const CaseFold& fold, NoticeId id, const Ask& ask) {
  TRY(const auto* notice, own_notice(fold, id, ask));
  if (notice->filed) return fail(ErrorKind::Conflict, "This notice was filed and stays as it is. What corrects it is a notice of its own that supplements it.", "/notice");
  if (notice->dropped_why) return fail(ErrorKind::Conflict, "This draft was dropped.", "/notice");
  return notice;
}

Result<void> newest(std::size_t versions, int asked) {
  if (asked < 1 || static_cast<std::size_t>(asked) > versions) return fail(ErrorKind::NotFound, "There is no such version of it.", "/version");
  if (static_cast<std::size_t>(asked) != versions) return fail(ErrorKind::Conflict, "There is a newer version of it.", "/version");
  return {};
}

// The gate's first leave for these very bytes to this body, in whole seconds, as people give instants.
std::optional<Instant> let_go_at(const Notice& notice, const NoticeDrafted& version) {
  std::optional<Instant> out;
  for (const auto& one : notice.cleared)
    if (one.what.version == version.version && one.what.hash == version.hash && one.what.to == version.to && (!out || one.at < *out)) out = one.at;
  if (out) out->micros -= (out->micros % 1'000'000 + 1'000'000) % 1'000'000;
  return out;
}

// ": the nature of the breach; likely consequences", as the form asks.
std::string blanks_of(const NoticeDrafted& version) {
  std::string out;
  for (const auto& id : version.blanks) {
    const auto* field = version.fields.is_object() ? version.fields.get_object().if_contains(id) : nullptr;
    const auto asks = field == nullptr ? std::string_view() : string_at(*field, "asks");
    out += (out.empty() ? ": " : "; ") + (asks.empty() ? id : std::string(asks));
  }
  return out;
}

Result<void> fits_receipt(const CaseFold& fold, const std::optional<std::string>& reference, const std::optional<std::string>& receipt, const std::optional<FileId>& file, const Ask& ask) {
  if (reference) TRY(text_fits(*reference, 500, "/reference"));
  if (receipt) TRY(text_fits(*receipt, kMostReceipt, "/receipt"));
  if (!file) return {};
  const auto where = compartment_of_record(fold, ask.actor.organisation);
  const bool is_there = std::any_of(fold.files.begin(), fold.files.end(), [&](const File& one) { return one.id == *file && (one.audience == where || one.audience == own(ask.actor.organisation)); });
  if (!is_there) return fail(ErrorKind::Invalid, "There is no such file among those of your organisation in this case. Add it there first.", "/file");
  return {};
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const DraftNotice& c, const Ask& ask) {
  TRY(is_prepared(c.prepared));
  if (!c.prepared.notice) return fail(ErrorKind::Invalid, "There is no such form.", "/form");
  const auto& made = *c.prepared.notice;
  TRY(text_fits(made.to, 400, "/to"));
  TRY(text_fits(made.text, kMostText, "/fields"));
  if (c.stage) TRY(text_fits(*c.stage, 40, "/stage"));
  NoticeId id;
  int version = 1;
  auto supplements = c.supplements;
  if (c.notice) {
    TRY(const auto* notice, unfiled(fold, *c.notice, ask));
    if (notice->versions.size() >= kMostNoticeVersions) return fail(ErrorKind::Conflict, "This draft has as many versions as it can have.", "/notice");
    if (supplements && supplements != notice->supplements) return fail(ErrorKind::Invalid, "What a notice supplements is said with its first version.", "/supplements");
    if (const auto& last = notice->versions.back().what; last.text == made.text && last.to == made.to && last.stage == c.stage && last.form == c.form && last.act == made.act && last.fields == made.fields && (!c.classes || *c.classes == classes_of_notice(fold, notice->id, last.version)))
      return fail(ErrorKind::Conflict, "This is what the draft says already.", "/fields");
    id = notice->id, version = static_cast<int>(notice->versions.size()) + 1, supplements = notice->supplements;
  } else {
    const auto own_ones = std::count_if(fold.notices.begin(), fold.notices.end(), [&](const Notice& one) { return one.organisation == ask.actor.organisation; });
    if (static_cast<std::size_t>(own_ones) >= kMostNotices) return fail(ErrorKind::Conflict, "There are as many notices in this case as it can hold.");
    if (supplements) {
      TRY(const auto* first, own_notice(fold, *supplements, ask));
      if (!first->filed) return fail(ErrorKind::Conflict, "Only what was filed can be supplemented. Change the draft instead.", "/supplements");
    }
    id = NoticeId::random(ask.random);
  }
  const auto where = compartment_of_record(fold, ask.actor.organisation);
  Changes out{{where, NoticeDrafted{id, version, ask.actor.organisation, c.form, made.act, made.to, c.stage, supplements, made.fields, made.blanks, made.text, sha256(bytes_of(made.text))}}};
  TRY(add_classes(out, where, "notice:" + id.text() + "/" + std::to_string(version), c.classes));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const DropNotice& c, const Ask& ask) {
  TRY(const auto* notice, unfiled(fold, c.notice, ask));
  TRY(reason_fits(c.why, 4'000, "/why"));
  return Changes{{compartment_of_record(fold, ask.actor.organisation), NoticeDropped{notice->id, ask.actor.organisation, c.why}}};
}

Result<Changes> decide_one(const CaseFold& fold, const ClearNotice& c, const Ask& ask) {
  TRY(const auto* notice, unfiled(fold, c.notice, ask));
  TRY(newest(notice->versions.size(), c.version));
  if (!ask.known.ruling) return fail(ErrorKind::Conflict, "The gate was not asked.");
  const auto& version = notice->versions.back().what;
  return Changes{{compartment_of_record(fold, ask.actor.organisation), NoticeCleared{notice->id, c.version, ask.actor.organisation, version.to, version.hash, *ask.known.ruling, c.decision}}};
}

Result<Changes> decide_one(const CaseFold& fold, const FileNotice& c, const Ask& ask) {
  TRY(const auto* notice, unfiled(fold, c.notice, ask));
  TRY(newest(notice->versions.size(), c.version));
  TRY(is_prepared(c.prepared));
  TRY(text_fits(c.how, 2'000, "/how"));
  if (c.text) TRY(text_fits(*c.text, kMostText, "/text"));
  if (c.unasked) TRY(reason_fits(*c.unasked, 4'000, "/unasked"));
  if (c.blanks_left_why) TRY(reason_fits(*c.blanks_left_why, 4'000, "/blanks_left_why"));
  TRY(fits_receipt(fold, c.reference, c.receipt, c.file, ask));
  const auto at = c.at.value_or(ask.occurred);
  if (at > ask.now) return fail(ErrorKind::Invalid, "It can't have been filed after now.", "/at");
  TRY(is_meant(at, "/at"));
  const auto& version = notice->versions.back().what;
  const auto to = c.to.value_or(version.to);
  TRY(text_fits(to, 400, "/to"));
  const auto text = c.text.value_or(version.text);
  // What happened is kept, whether or not the gate had been asked; but not in silence.
  const bool is_as_drafted = text == version.text && to == version.to;  // the gate was asked of nothing else
  const auto let_go = is_as_drafted ? let_go_at(*notice, version) : std::nullopt;
  const bool was_let_go = let_go && at >= *let_go;
  if (let_go && !was_let_go && !c.unasked) return fail(ErrorKind::Conflict, "The gate let this text go at " + to_text(*let_go) + ", after the instant that you give. If it had gone out by then, say why the gate wasn't asked first.", "/unasked", "gate");
  if (!was_let_go && !c.unasked) return fail(ErrorKind::Conflict, "The gate hasn't let this text go to this body. Ask it first; if it has gone out already, say why the gate wasn't asked.", "/unasked", "gate");
  const bool has_blanks = text.find(kBlankMark) != std::string::npos;
  if (has_blanks && !c.blanks_left_why) return fail(ErrorKind::Conflict, "This text still has blanks" + blanks_of(version) + ". Fill them in, as the draft's next version, or say why they are left.", "/blanks_left_why", "blanks");
  return Changes{{compartment_of_record(fold, ask.actor.organisation),
                  NoticeFiled{notice->id, c.version, ask.actor.organisation, to, text, sha256(bytes_of(text)), at, c.how, c.reference, c.receipt, c.file, was_let_go ? std::nullopt : c.unasked, has_blanks ? c.blanks_left_why : std::nullopt, is_as_drafted && !was_let_go ? ask.known.ruling : std::nullopt}}};
}

Result<Changes> decide_one(const CaseFold& fold, const AddNoticeReceipt& c, const Ask& ask) {
  TRY(const auto* notice, own_notice(fold, c.notice, ask));
  if (!notice->filed) return fail(ErrorKind::Conflict, "A receipt comes for what was filed. Record the filing first.", "/notice");
  if (!c.reference && !c.receipt && !c.file) return fail(ErrorKind::Invalid, "Give the reference, the receipt's words, or a file.", "/reference");
  if (notice->receipts.size() >= 100) return fail(ErrorKind::Conflict, "This notice has as many receipts as it can have.", "/notice");
  TRY(fits_receipt(fold, c.reference, c.receipt, c.file, ask));
  return Changes{{compartment_of_record(fold, ask.actor.organisation), NoticeReceiptAdded{notice->id, ask.actor.organisation, c.reference, c.receipt, c.file}}};
}

namespace {

Result<const AreaReport*> own_area_report(const CaseFold& fold, AreaReportId id, const Ask& ask) {
  const auto found = std::find_if(fold.area_reports.begin(), fold.area_reports.end(), [&](const AreaReport& one) { return one.id == id && one.organisation == ask.actor.organisation; });
  if (found == fold.area_reports.end()) return fail(ErrorKind::NotFound, "There is no such report in this case.", "/area");
  if (found->published) return fail(ErrorKind::Conflict, "This report was published and stays as it is.", "/area");
  return &*found;
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const DraftAreaReport& c, const Ask& ask) {
  TRY(text_fits(c.title, 300, "/title"));
  TRY(text_fits(c.text, kMostText, "/text"));
  TRY(is_prepared(c.prepared));
  const auto regions = c.regions.value_or(std::vector<std::string>{});
  if (regions.empty() && !c.sector) return fail(ErrorKind::Invalid, "Say which region or which sector it is about.", "/regions");
  if (regions.size() > 50) return fail(ErrorKind::Invalid, "Name 50 regions at most.", "/regions");
  for (std::size_t i = 0; i < regions.size(); ++i) TRY(text_fits(regions[i], 40, "/regions/" + std::to_string(i)));
  if (c.sector) TRY(text_fits(*c.sector, 80, "/sector"));
  const auto classes = c.classes.value_or(std::vector<std::string>{});
  if (classes.size() > 30) return fail(ErrorKind::Invalid, "Name 30 classes at most.", "/classes");
  for (std::size_t i = 0; i < classes.size(); ++i) TRY(text_fits(classes[i], 60, "/classes/" + std::to_string(i)));
  AreaReportId id;
  int version = 1;
  if (c.area) {
    TRY(const auto* report, own_area_report(fold, *c.area, ask));
    if (report->versions.size() >= kMostNoticeVersions) return fail(ErrorKind::Conflict, "This report has as many versions as it can have.", "/area");
    id = report->id, version = static_cast<int>(report->versions.size()) + 1;
  } else {
    if (fold.area_reports.size() >= kMostNotices) return fail(ErrorKind::Conflict, "There are as many reports in this case as it can hold.");
    id = AreaReportId::random(ask.random);
  }
  return Changes{{compartment_of_record(fold, ask.actor.organisation),
                  AreaReportDrafted{id, version, ask.actor.organisation, c.title, c.text, regions, c.sector, c.public_data.value_or(false), classes, sha256(bytes_of(c.title + "\n" + c.text))}}};
}

Result<Changes> decide_one(const CaseFold& fold, const PublishAreaReport& c, const Ask& ask) {
  TRY(const auto* report, own_area_report(fold, c.area, ask));
  TRY(newest(report->versions.size(), c.version));
  TRY(text_fits(c.where, 2'000, "/where"));
  const auto at = c.at.value_or(ask.occurred);
  if (at > ask.now) return fail(ErrorKind::Invalid, "It can't have been published after now.", "/at");
  TRY(is_meant(at, "/at"));
  if (!ask.known.ruling) return fail(ErrorKind::Conflict, "The gate was not asked.");
  return Changes{{compartment_of_record(fold, ask.actor.organisation), AreaReportPublished{report->id, c.version, ask.actor.organisation, report->versions.back().what.hash, c.where, at, *ask.known.ruling}}};
}

}  // namespace sluice::cvd::rules
