// The offline half of evidence.h: what a pack says is read off its proofs and worked out from its facts once more.
#include <algorithm>
#include <map>
#include <set>

#include "base/bind.h"
#include "ledger/receipt.h"
#include "regimes/built_in.h"
#include "regimes/engine_version.h"
#include "service/evidence.h"

namespace sluice::service {

namespace {

constexpr JsonLimits kPackJson{.bytes = kLargestEvidence, .depth = 64, .keys = 4'000'000, .string = 4u << 20};

// The fields as JSON has them; what each holds is looked at below.
struct PackAbout { Instant as_of; CaseId case_; std::optional<std::string> id; std::string of; std::optional<EntryId> upto; };
BOOST_DESCRIBE_STRUCT(PackAbout, (), (as_of, case_, id, of, upto))
struct PackWire {
  PackAbout about;
  std::vector<json::value> acts;
  std::string kind;
  json::value knew, made;
  std::vector<json::value> proofs;
  json::value regimes;
  std::vector<json::value> rulings;
  std::string sig;
  SiteId site;
  std::uint32_t v = 0;
  std::optional<std::vector<json::value>> weighed;
  std::vector<json::value> withheld;
};
BOOST_DESCRIBE_STRUCT(PackWire, (), (about, acts, kind, knew, made, proofs, regimes, rulings, sig, site, v, weighed, withheld))

struct TextWire { std::string file, sha256, text; };
BOOST_DESCRIBE_STRUCT(TextWire, (), (file, sha256, text))
struct EvaluationWire { json::value answer, facts; std::optional<std::string> of; std::vector<json::value> origins; };  // `of`: older packs have none
BOOST_DESCRIBE_STRUCT(EvaluationWire, (), (answer, facts, of, origins))
struct LawWire { std::vector<EvaluationWire> evaluations; std::vector<json::value> findings; std::vector<TextWire> texts; };
BOOST_DESCRIBE_STRUCT(LawWire, (), (evaluations, findings, texts))

class Check {
 public:
  Check(const json::object& whole, const PackWire& pack, const ledger::VerifyingKey& key) : whole_(whole), pack_(pack), key_(key) {}

  Findings all() {
    signature();
    proofs();
    acts();
    withheld();
    rulings();
    law();
    say_what_was_not_recomputed();
    return std::move(out_);
  }

 private:
  void error(std::string rule, std::string where, std::string message) { out_.push_back({Severity::Error, std::move(rule), std::move(where), std::move(message)}); }

  void signature() {
    auto unsigned_ = whole_;
    unsigned_.erase("sig");
    const auto sig = from_base64(pack_.sig);
    ledger::Signature bytes{};
    if (!sig || sig->size() != bytes.size()) return error("RFC 8032", "/sig", "An Ed25519 signature has 64 bytes.");
    std::copy(sig->begin(), sig->end(), bytes.begin());
    if (!key_.verifies(bytes_of("sluice/evidence-pack/v1\n" + canonical(unsigned_)), bytes)) error("RFC 8032", "/sig", "The signature does not fit: the pack was changed, or another site made it.");
  }

  void proofs() {
    const auto case_streams = pack_.about.case_.text() + "/";
    for (std::size_t i = 0; i < pack_.proofs.size(); ++i) {
      const auto where = "/proofs/" + std::to_string(i);
      for (auto& finding : ledger::verify_receipt(canonical(pack_.proofs[i]) + "\n", key_)) error(finding.rule, where + finding.where, finding.message);
      const auto* value = find_at(pack_.proofs[i], "/entry");
      const auto entry = value == nullptr ? fail(ErrorKind::Invalid, "A proof shows its entry.") : ledger::entry_from(*value);
      if (!entry) {
        error("evidence.proof", where, entry.error().message);
        continue;
      }
      if (!entry->stream.starts_with(case_streams)) error("evidence.case", where + "/entry/stream", "This entry is of another case.");
      if (entry->recorded > pack_.about.as_of) error("evidence.as_of", where + "/entry/recorded", "This was recorded later than the instant that the pack is about.");
      if (!entries_.insert(entry->id).second) error("evidence.proof", where, "This entry is proved twice.");
      if (pack_.about.of == "conduct" && (!entry->org || entry->org->text() != pack_.about.id)) error("evidence.conduct", where + "/entry/org", "This was done by somebody else than the party that the pack is about.");
      if (const auto* tick = find_at(pack_.proofs[i], "/tick/n"); tick != nullptr && tick->is_int64()) ticks_.push_back({entry->id, where, tick->get_int64()});
      for (auto& act : acts_of(*entry)) borne_.push_back(std::move(act));
    }
    cut();
  }

  // Of a decision the pack ends with it, by the order of the ledger: what was written later isn't in, not even of the same second. Within a tick the order is the site's word.
  void cut() {
    if (!pack_.about.upto) return;
    const auto last = std::find_if(ticks_.begin(), ticks_.end(), [&](const Tick& one) { return one.entry == *pack_.about.upto; });
    if (last == ticks_.end()) return error("evidence.upto", "/about/upto", "The entry that the pack ends with isn't among the proofs.");
    for (const auto& one : ticks_)
      if (one.tick > last->tick) error("evidence.upto", one.where + "/tick", "This was recorded later than what the pack ends with.");
  }

  // P2
  void acts() {
    if (pack_.acts == borne_) return;
    std::size_t i = 0;
    while (i < pack_.acts.size() && i < borne_.size() && pack_.acts[i] == borne_[i]) ++i;
    error("evidence.act", "/acts/" + std::to_string(i), i < pack_.acts.size() ? "This act is not what the proofs bear out." : "The proofs bear out an act that is not told here.");
  }

  void withheld() {
    for (std::size_t i = 0; i < pack_.withheld.size(); ++i)
      if (const auto id = EntryId::parse(string_at(pack_.withheld[i], "entry")); !id || entries_.contains(*id)) error("evidence.withheld", "/withheld/" + std::to_string(i), "This is either no entry or one that the pack opens.");
  }

  void rulings() {
    bool found = pack_.about.of != "ruling";
    for (std::size_t i = 0; i < pack_.rulings.size(); ++i) {
      const auto* ruling = find_at(pack_.rulings[i], "/ruling/id");
      found = found || (ruling != nullptr && ruling->is_string() && pack_.about.id == std::string(ruling->get_string()));
    }
    if (!found) error("evidence.about", "/rulings", "The ruling that the pack is about isn't in it.");
    if (pack_.about.of != "decision") return;
    for (const auto& act : borne_)
      if (const auto* decision = find_at(act, "/event/decision"); decision != nullptr && decision->is_string() && pack_.about.id == std::string(decision->get_string())) return;
    error("evidence.about", "/acts", "The decision that the pack is about isn't among its acts.");
  }

  // The number of the engine that gave the answers: none of a pack that was made before engines had one. Another one may read rules and cases otherwise (regimes/engine_version.h).
  void engine() {
    const auto* number = find_at(pack_.made, "/engine");
    if (number == nullptr) return;
    if (!number->is_int64() || number->get_int64() < 1 || number->get_int64() > 1'000'000) return error("evidence.engine", "/made/engine", "An engine's version is a whole number from 1 on.");
    engine_ = static_cast<int>(number->get_int64());
  }
  bool is_of_this_engine() const { return engine_ == regimes::kEngineVersion; }

  // What this engine makes otherwise of what an engine of another version answered says nothing against the answer. Of the same version it does.
  void differs(std::string rule, std::string where, std::string message) {
    if (is_of_this_engine()) return error(std::move(rule), std::move(where), std::move(message));
    if (!not_recomputed_) not_recomputed_ = std::move(where);
  }

  void say_what_was_not_recomputed() {
    if (!not_recomputed_) return;
    const auto made_by = engine_ ? "engine " + std::to_string(*engine_) : std::string("an engine without a version, older than engine 1");
    out_.push_back({Severity::Warning, "evidence.engine", *not_recomputed_,
                    "Made by " + made_by + ", this is engine " + std::to_string(regimes::kEngineVersion) + ": " + (is_valid(out_) ? "the signature and the log proofs hold, " : "") +
                        "verdicts were not recomputed. " + (engine_ ? "A program with that engine recomputes them." : "The program that made the pack recomputes them.")});
  }

  // P3
  void law() {
    engine();
    if (pack_.regimes.is_null()) return;
    const auto read = from_json<LawWire>(pack_.regimes);
    if (!read) return error("evidence.regimes", "/regimes" + read.error().where, read.error().message);
    // Whatever engine: texts are what their hashes say, and facts are of the time.
    for (std::size_t i = 0; i < read->texts.size(); ++i)
      if (hex(sha256(bytes_of(read->texts[i].text))) != read->texts[i].sha256) error("evidence.text", "/regimes/texts/" + std::to_string(i) + "/sha256", "This is not the hash of the text.");
    for (std::size_t i = 0; i < read->evaluations.size(); ++i) {
      const auto where = "/regimes/evaluations/" + std::to_string(i) + "/facts/as_of";
      const auto asked = regimes::parse_second(string_at(read->evaluations[i].facts, "as_of"));
      if (!asked) error("evidence.facts", where, asked.error().message);
      else if (Instant{*asked * 1'000'000} > pack_.about.as_of) error("evidence.as_of", where, "This was asked as of a later instant than the pack is about.");
    }
    if (const auto library = library_of(*read)) answers(*read, *library);
  }

  std::optional<regimes::Library> library_of(const LawWire& law) {
    regimes::Library out;
    for (const bool words : {true, false})
      for (std::size_t i = 0; i < law.texts.size(); ++i) {
        const auto& one = law.texts[i];
        if ((one.file == regimes::kVocabularyFile) != words) continue;
        if (!words) {
          out.add(one.text, one.file);
          continue;
        }
        auto vocabulary = regimes::read_vocabulary(one.text, one.file);
        if (!vocabulary) return differs("evidence.text", "/regimes/texts/" + std::to_string(i), vocabulary.error().message), std::nullopt;
        out.words = *std::move(vocabulary);
      }
    for (const auto& finding : out.findings)
      if (finding.severity == Severity::Error) return differs("evidence.text", "/regimes/texts", finding.where + ": " + finding.message), std::nullopt;
    return out;
  }

  void answers(const LawWire& law, const regimes::Library& library) {
    for (std::size_t i = 0; i < law.evaluations.size(); ++i) {
      const auto& one = law.evaluations[i];
      const auto where = "/regimes/evaluations/" + std::to_string(i);
      const auto scenario = regimes::read_scenario(one.facts, library.words);
      if (!scenario) {
        differs("evidence.facts", where + "/facts" + scenario.error().where, scenario.error().message);
        continue;
      }
      const auto answer = regimes::evaluate(*scenario, library);
      if (!answer) differs("evidence.answer", where, answer.error().message);
      else if (canonical(regimes::to_json(*answer)) != canonical(one.answer)) differs("evidence.answer", where + "/answer", "The answer doesn't follow: from these facts and texts the engine of that version works out another.");
    }
  }

  const json::object& whole_;
  const PackWire& pack_;
  const ledger::VerifyingKey& key_;
  Findings out_;
  struct Tick { EntryId entry; std::string where; std::int64_t tick; };
  std::set<EntryId> entries_;
  std::vector<Tick> ticks_;
  std::vector<json::value> borne_;
  std::optional<int> engine_;
  std::optional<std::string> not_recomputed_;
};

Result<std::pair<json::value, PackWire>> read(std::string_view file) {
  if (file.size() > kLargestEvidence) return fail(ErrorKind::TooLarge, "A pack has 64 MiB at most.");
  if (!file.ends_with('\n')) return fail(ErrorKind::Malformed, "The file must end in a line feed.");
  TRY(auto value, parse_json(file.substr(0, file.size() - 1), kPackJson));
  TRY(auto wire, from_json<PackWire>(value));
  if (wire.kind != "evidence-pack" || wire.v != 1) return fail(ErrorKind::Invalid, "This is no evidence pack of a version that this program knows.", "/v");
  if (wire.about.of != "case" && wire.about.of != "decision" && wire.about.of != "ruling" && wire.about.of != "conduct") return fail(ErrorKind::Invalid, "A pack is about a case, a decision, a ruling or a party's conduct.", "/about/of");
  if (canonical(value) + "\n" != file) return fail(ErrorKind::Invalid, "The file is not written in its one canonical form, so it was changed.", {}, "RFC 8785");
  return std::pair(std::move(value), std::move(wire));
}

}  // namespace

Findings check_evidence(std::string_view file_bytes, const ledger::VerifyingKey& key) {
  const auto pack = read(file_bytes);
  if (!pack) return {{Severity::Error, pack.error().rule.empty() ? "evidence" : pack.error().rule, pack.error().where, pack.error().message}};
  return Check(pack->first.get_object(), pack->second, key).all();
}

std::string what_it_shows(std::string_view file_bytes) {
  const auto read_back = read(file_bytes);
  if (!read_back) return "";
  const auto& pack = read_back->second;
  std::map<std::string, int, std::less<>> kinds;
  for (const auto& act : pack.acts) ++kinds[std::string(string_at(act, "kind"))];
  std::string counted;
  for (const auto& [kind, count] : kinds) counted += (counted.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  const auto subject = pack.about.of == "case" ? std::string("the case") : pack.about.of == "conduct" ? "the conduct of " + pack.about.id.value_or("") : pack.about.of + " " + pack.about.id.value_or("");
  return "case " + pack.about.case_.text() + ", " + subject + ", as of " + to_text(pack.about.as_of) + ": " + std::to_string(pack.acts.size()) + " acts (" + counted + "), " + std::to_string(pack.proofs.size()) +
         " proofs, " + std::to_string(pack.rulings.size()) + " rulings, " + std::to_string(pack.withheld.size()) + " entries not opened";
}

}  // namespace sluice::service
