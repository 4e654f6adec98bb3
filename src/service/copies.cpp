#include "service/copies.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>

#include "cvd/standing.h"
#include "gate/copy_mark.h"
#include "gate/word_runs.h"
#include "store/deliveries.h"
#include "store/files.h"

namespace sluice::service {

namespace {

constexpr double kNamed = 1e-4;                    // a fit by chance, over every copy that was compared: rarer than that is called a match
constexpr double kSharedEnough = 0.2;              // of the piece's runs of words, for an object to be shown
constexpr std::size_t kMostMatches = 20;
constexpr std::int64_t kMostFile = 4 << 20;

gate::CopySeed seed_of(const store::Cells& cells, CaseId id, std::string_view object, std::string_view text, std::string_view recipient) {
  const auto parts = id.text() + "\n" + std::string(object) + "\n" + hex(sha256(bytes_of(text))) + "\n" + std::string(recipient);
  return hmac_sha256(cells.keys().derived("copies").view(), {bytes_of(parts)});
}

// ---- the document of a case

class Document {
 public:
  Document(const store::Cells& cells, CaseId id, std::string recipient) : cells_(cells), id_(id), recipient_(std::move(recipient)) {}
  void line(std::string_view text) { out_ += text, out_ += '\n'; }
  void heading(int level, std::string_view text) { out_ += "\n" + std::string(static_cast<std::size_t>(level), '#') + " " + one_line(text) + "\n\n"; }
  // Somebody's words: this recipient's copy of them, quoted so that nothing in them is taken for the document's own.
  void words(std::string_view object, std::string_view text) {
    const auto copy = copy_for(cells_, id_, object, text, recipient_);
    for (std::size_t from = 0; from <= copy.size();) {
      const auto end = std::min(copy.find('\n', from), copy.size());
      out_ += ("> " + copy.substr(from, end - from)) + "\n";
      from = end + 1;
    }
    out_ += '\n';
  }
  std::string done() && { return std::move(out_); }
  static std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return out;
  }

 private:
  const store::Cells& cells_;
  CaseId id_;
  std::string recipient_, out_;
};

// ---- tracing

// A text of a case, each version of it, with the place in its stream that deliveries speak of.
struct Text {
  std::string object, words;
  access::Compartment compartment;
  std::int64_t sequence = 0;
  Instant at;
  std::optional<OrganisationId> by;
  bool same_bytes = false;                         // a file, found by its hash: its words weren't looked at
};

struct TextsOf {
  std::vector<Text>& out;
  const store::StreamEntry& entry;
  std::vector<cvd::FileAdded>& files;
  void add(std::string object, const std::string& words) { out.push_back({std::move(object), words, entry.context.compartment, entry.sequence, entry.context.recorded, entry.context.organisation}); }
  void operator()(const cvd::CaseDescribed& e) { if (e.summary) add("summary", *e.summary); }
  void operator()(const cvd::ReportReceived& e) { add("report:" + e.report.text(), e.content.description); }
  void operator()(const cvd::MailboxMessage& e) { add("message:" + e.message.text(), e.text); }
  void operator()(const cvd::MessagePosted& e) { add("message:" + e.message.text(), e.text); }
  void operator()(const cvd::MessageAmended& e) { add("message:" + e.message.text(), e.text); }
  void operator()(const cvd::VulnerabilityAdded& e) { add("vulnerability:" + e.vulnerability.text(), e.description); }
  void operator()(const cvd::VulnerabilityDescribed& e) { add("vulnerability:" + e.vulnerability.text(), e.description); }
  void operator()(const cvd::StatementApproved& e) { add("statement:" + e.organisation.text(), e.text); }
  void operator()(const cvd::AdvisoryDrafted& e) { add("advisory:" + e.advisory.text(), json::serialize(e.document)); }
  void operator()(const cvd::FileAdded& e) { files.push_back(e); }
  void operator()(const auto&) {}
};

using Holders = std::map<std::string, std::pair<Instant, std::string>>;  // by id: since when, and how

void hold(Holders& holders, const std::string& who, Instant since, std::string how) {
  const auto [at, fresh] = holders.emplace(who, std::pair{since, how});
  if (!fresh && since < at->second.first) at->second = {since, std::move(how)};
}

struct CopyFit { gate::Fit fit; std::string who; double odds = 1; };
struct Match {
  double shared = 0;
  CaseId id;
  Text text;
  Holders holders;
  gate::MarksRead read;
  std::vector<CopyFit> fits;                       // of every copy that could have been given out
};

json::object name_of(Services& services, store::Db& db, const std::string& id) {
  json::object out{{"id", id}};
  if (const auto organisation_id = OrganisationId::parse(id)) {
    if (auto row = store::organisation(db, services.cells(), *organisation_id); row && *row) out["name"] = (*row)->profile.name;
  } else {
    out["name"] = "a reporter without an account";
  }
  return out;
}

// Who could have had this text by then: its author, whom its entry was delivered to, and whom a copy went to.
Result<Holders> holders_of(Services& services, store::Db& db, CaseId id, const Text& text, const cvd::CaseFold& fold, Instant by_then) {
  Holders out;
  if (text.at <= by_then) {
    if (text.by) hold(out, text.by->text(), text.at, "author");
    else if (text.compartment.report && fold.report(*text.compartment.report) != nullptr && fold.report(*text.compartment.report)->anonymous) hold(out, text.compartment.report->text(), text.at, "author");
  }
  TRY(const auto read, store::deliveries_of(db, services.cells(), services.store.streams().tag_of(id, text.compartment), by_then));
  for (const auto& delivery : read)
    if (delivery.upto >= text.sequence) hold(out, delivery.to, std::max(delivery.at, text.at), "read");
  TRY(const auto copies, store::deliveries_of(db, services.cells(), copy_tag(services.cells(), id, text.object), by_then));
  for (const auto& delivery : copies) hold(out, delivery.to, delivery.at, "copy");
  return out;
}

// How well the piece fits each copy of the text, of all who ever had a part in the case.
void read_marks(Services& services, const cvd::CaseFold& fold, std::string_view piece, Match& match) {
  match.read = gate::read_marks(match.text.words, piece);
  const auto add = [&](std::string who) {
    const auto fit = gate::fit(match.read, seed_of(services.cells(), match.id, match.text.object, match.text.words, who));
    match.fits.push_back({fit, std::move(who), fit.odds_by_chance});
  };
  for (const auto& [id, participant] : fold.participants) add(id.text());
  for (const auto& report : fold.reports)
    if (report.anonymous) add(report.id.text());
  std::stable_sort(match.fits.begin(), match.fits.end(), [](const CopyFit& a, const CopyFit& b) { return a.odds < b.odds; });
}

// Many copies are compared at once, and one of them may fit by chance: each fit's odds are of that, over all that were compared.
void weigh_together(std::vector<Match>& matches) {
  std::size_t compared = 0;
  for (const auto& match : matches) compared += match.fits.size();
  for (auto& match : matches)
    for (auto& fit : match.fits) fit.odds = std::min(1.0, fit.odds * static_cast<double>(compared));
}

Result<void> trace_case(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, const Trace& wanted, std::uint64_t key, const gate::WordRuns& piece, Instant by_then, std::vector<Match>& out) {
  const auto& fold = seen.view.fold;
  TRY(auto db, services.store.lease());
  for (const auto& compartment : access::readable_compartments(viewer, seen.view.standing, cvd::compartments_of(fold))) {
    auto entries = services.store.streams().read(*db, fold.id, compartment);
    if (!entries) continue;                          // erased: its content is gone, for a trace too
    std::vector<Text> texts;
    for (const auto& entry : **entries) {
      std::vector<cvd::FileAdded> files;
      TextsOf read{texts, *entry, files};
      for (const auto& event : entry->events) visit(read, event);
      for (const auto& file : files) {
        if (wanted.hash == file.hash) {
          read.add("file:" + file.file.text(), "");
          texts.back().same_bytes = true;
          continue;
        }
        if (file.size > kMostFile || piece.empty()) continue;
        auto bytes = store::read_file(*db, services.store, fold.id, compartment, file.file);
        if (!bytes) continue;
        read.add("file:" + file.file.text(), std::string(text_of(*bytes)));
      }
    }
    for (auto& text : texts) {
      const double shared = text.same_bytes ? 1 : gate::shared_part(piece, gate::runs_of(text.words, key));
      if (shared < kSharedEnough) continue;
      Match match{shared, fold.id, std::move(text), {}, {}, {}};
      TRY(match.holders, holders_of(services, *db, fold.id, match.text, fold, by_then));
      if (!match.text.same_bytes) read_marks(services, fold, wanted.piece, match);
      out.push_back(std::move(match));
    }
  }
  return {};
}

json::object match_json(Services& services, store::Db& db, const Match& match) {
  json::array holders;
  for (const auto& [who, how] : match.holders) holders.push_back(json::object{{"organisation", name_of(services, db, who)}, {"since", to_text(how.first)}, {"how", how.second}});
  json::array fits;
  for (const auto& [fit, who, odds] : match.fits) {
    if (odds > 0.05 || fits.size() == 10) break;
    fits.push_back(json::object{{"organisation", name_of(services, db, who)}, {"matched", fit.matched}, {"of", fit.of}, {"odds_by_chance", odds}, {"named", odds <= kNamed}});
  }
  json::object marks{{"read", static_cast<int>(match.read.bits.size())}, {"evened_out", match.read.evened_out}, {"fits", std::move(fits)}};
  json::object out{{"case", match.id.text()}, {"object", match.text.object}, {"compartment", match.text.compartment.text()}, {"version", match.text.sequence}, {"since", to_text(match.text.at)}, {"shared", match.shared}, {"marks", std::move(marks)}, {"holders", std::move(holders)}};
  if (match.text.same_bytes) out["same_bytes"] = true;
  return out;
}

}  // namespace

store::Tag copy_tag(const store::Cells& cells, CaseId id, std::string_view object) { return cells.tag("copy", id.text() + "/" + std::string(object)); }

std::string copy_for(const store::Cells& cells, CaseId id, std::string_view object, std::string_view text, std::string_view recipient) {
  return gate::marked(text, seed_of(cells, id, object, text, recipient));
}

Result<std::optional<store::FirstDelivery>> copy_delivery(Services& services, CaseId id, std::string_view object, std::int64_t version, std::string_view recipient) {
  const auto tag = copy_tag(services.cells(), id, object);
  TRY(auto db, services.store.lease());
  TRY(const auto known, store::deliveries_of(*db, services.cells(), tag, services.clock.now()));
  std::int64_t upto = 0;
  for (const auto& delivery : known)
    if (delivery.to == recipient) upto = std::max(upto, delivery.upto);
  if (upto >= version) return std::optional<store::FirstDelivery>{};
  return std::optional(store::FirstDelivery{tag, id.text() + "/" + std::string(object), upto + 1, version});
}

Result<Exported> export_case(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen) {
  const auto& fold = seen.view.fold;
  const auto recipient = viewer.organisation ? viewer.organisation->text() : std::string();
  TRY(auto db, services.store.lease());
  const auto name = [&](std::optional<OrganisationId> id) -> std::string {
    if (!id) return "somebody";
    if (!cvd::may_know_of(fold, seen.view.standing, viewer.organisation, *id)) return "another participant";
    const auto named = name_of(services, *db, id->text());
    return Document::one_line(string_at(named, "name"));
  };
  Document out(services.cells(), fold.id, recipient);
  out.heading(1, fold.title.empty() ? "A case" : fold.title);
  out.line("Case " + fold.id.text() + ", exported " + to_text(services.clock.now()) + " for " + name(viewer.organisation) + ".");
  out.line("Copies differ by recipient, in spaces and signs and never in words: a part of this one tells whose it was.");
  out.heading(2, "Embargo");
  out.line(to_word(fold.embargo));
  for (const auto& terms : fold.terms) out.line("- version " + std::to_string(terms.version) + ", " + to_word(terms.state) + ", until " + to_text(terms.until));
  if (fold.summary) {
    out.heading(2, "Summary");
    out.words("summary", *fold.summary);
  }
  for (const auto& report : fold.reports) {
    if (!report.content) continue;
    out.heading(2, "Report " + report.id.text() + ": " + report.content->title);
    out.line("Received " + to_text(report.received) + ".\n");
    out.words("report:" + report.id.text(), report.content->description);
    for (const auto& message : report.mailbox) {
      out.line(to_text(message.at) + (message.from_reporter ? ", the reporter:" : ", the receiver:") + "\n");
      out.words("message:" + message.id.text(), message.text);
    }
  }
  for (const auto& vulnerability : fold.vulnerabilities) {
    out.heading(2, "Vulnerability: " + vulnerability.title);
    if (vulnerability.identifier) out.line("Identifier " + Document::one_line(*vulnerability.identifier) + ".\n");
    out.words("vulnerability:" + vulnerability.id.text(), vulnerability.description);
    for (const auto& [letter, fact] : vulnerability.facts) out.line("- " + std::string(1, cvd::character(letter)) + " since " + to_text(fact.occurred));
  }
  for (const auto& thread : fold.threads) {
    out.heading(2, "Thread: " + thread.topic);
    for (const auto& message : thread.messages) {
      if (message.retracted_why) continue;
      out.line(to_text(message.at) + ", " + name(message.by) + ":\n");
      out.words("message:" + message.id.text(), message.text);
    }
  }
  for (const auto& [id, participant] : fold.participants)
    if (participant.statement && cvd::may_know_of(fold, seen.view.standing, viewer.organisation, id)) {
      out.heading(2, "Statement of " + name(id));
      out.words("statement:" + id.text(), *participant.statement);
    }
  if (!fold.files.empty()) out.heading(2, "Files");
  for (const auto& file : fold.files) out.line("- " + Document::one_line(file.name) + ", " + std::to_string(file.size) + " bytes, SHA-256 " + hex(file.hash));
  Exported done{std::move(out).done(), seen.deliveries};
  TRY(auto copy, copy_delivery(services, fold.id, "export", static_cast<std::int64_t>(fold.timeline.size()), recipient));
  if (copy) done.deliveries.push_back(std::move(*copy));
  return done;
}

Result<json::object> trace(Services& services, const access::Viewer& viewer, const Trace& wanted) {
  std::uint64_t key = 0;
  std::uint8_t chance[8];
  services.random.fill(chance);
  for (const auto byte : chance) key = key << 8 | byte;
  const auto sight = services.store.as(viewer);
  std::optional<store::CaseSeen> one;   // EXI-2: the case before what is asked of it
  if (wanted.case_) {
    TRY(auto seen, sight.case_view(*wanted.case_));
    TRY(access::require(viewer, access::Action::HandleLeak, seen.view.standing));
    one.emplace(std::move(seen));
  }
  auto piece = gate::runs_of(wanted.piece, key);
  if (piece.size() < 5) {
    if (!wanted.hash) return fail(ErrorKind::Invalid, "This is too little to go by: at least eight words of it are needed, or eight signs of a script without spaces.", "/piece");
    piece.clear();
  }
  const auto now = services.clock.now();
  const auto by_then = wanted.seen.value_or(now);
  if (by_then > now) return fail(ErrorKind::Invalid, "It can't have been seen after now.", "/seen");

  std::vector<Match> matches;
  int looked_at = 0;
  const auto look = [&](const store::CaseSeen& seen) -> Result<void> {
    ++looked_at;
    return trace_case(services, viewer, seen, wanted, key, piece, by_then, matches);
  };
  if (one) {
    TRY(look(*one));
  } else {
    std::optional<std::pair<std::int64_t, CaseId>> after;
    for (;;) {
      TRY(const auto cards, sight.cases(after, 200));
      for (const auto& card : cards) {
        const auto seen = sight.case_view(card.id);
        if (seen && access::authorize(viewer, access::Action::HandleLeak, seen->view.standing).allowed) TRY(look(*seen));
      }
      if (cards.size() < 200) break;
      after = std::pair{cards.back().rank, cards.back().id};
    }
  }
  weigh_together(matches);
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.shared > b.shared; });
  if (matches.size() > kMostMatches) matches.resize(kMostMatches);

  // Marks name somebody; else whoever had the text that it is nearest to.
  std::map<std::string, std::string> narrowed;
  bool by_marks = false;
  for (const auto& match : matches)
    for (const auto& fit : match.fits)
      if (fit.odds <= kNamed) by_marks = true, narrowed[fit.who] = "marks";
  if (!by_marks)
    for (const auto& match : matches)
      if (match.shared >= matches.front().shared - 0.1)
        for (const auto& [who, how] : match.holders) narrowed.emplace(who, how.second);
  TRY(auto db, services.store.lease());
  json::array shown, who;
  for (const auto& match : matches) shown.push_back(match_json(services, *db, match));
  for (const auto& [id, how] : narrowed) who.push_back(name_of(services, *db, id));
  return json::object{{"cases", looked_at}, {"seen", to_text(by_then)}, {"by", by_marks ? "marks" : narrowed.empty() ? "nothing" : "deliveries"}, {"narrowed_to", std::move(who)}, {"matches", std::move(shown)}};
}

}  // namespace sluice::service
