// Packs that were made by another engine: what is checked all the same, and what is said of the rest.
#include <doctest/doctest.h>

#include "ledger/signature.h"
#include "regimes/built_in.h"
#include "regimes/engine_version.h"
#include "service/evidence.h"

using namespace sluice;
using namespace sluice::service;

namespace {

constexpr std::string_view kWords =
    "places: {EU: [DE]}\nlevels: [county, state]\nevents: {case: [fix.available], provider: [vuln.aware], party: [incident.aware]}\nactions: [notify-authority, publish-vuln]\ncontents: [summary]\n"
    "roles: {vendor: [vendor]}\nrecipients: {public: {}, vendor: {needed: yes}}\n";
constexpr std::string_view kLaw =
    "id: xx\nedition: \"1\"\ntitle: Invented\njurisdiction: DE\nforce: law\nstatus: invented\nscope: {says: everybody}\nrules:\n"
    "  - {id: ban, cite: Art. 1, says: Nobody publishes., modality: must-not, act: {type: [publish-vuln], to: public}, mark: [GEN]}\n";

// A pack about a case in which nothing was done yet and one act is planned, signed by a key of its own.
struct MadePack {
  ledger::LocalSigner key = *ledger::LocalSigner::make("test.example/ledger", ledger::SecretKey::random());
  json::object whole;

  explicit MadePack(json::value engine = regimes::kEngineVersion) {
    regimes::Library library;
    library.words = *regimes::read_vocabulary(kWords, regimes::kVocabularyFile);
    library.add(kLaw, "xx.yaml");
    const auto facts = *parse_json(R"({"as_of": "2026-11-02T08:00Z", "regimes": ["xx"], "parties": [{"id": "v", "role": "vendor", "established": "DE"}], "vulnerability": {"state": "undisclosed"},
      "actions": [{"id": "a", "actor": "v", "type": "publish-vuln", "to": "public", "content": ["summary"], "at": "2026-11-20T08:00Z"}]})");
    const auto scenario = *regimes::read_scenario(facts, library.words);
    const auto answer = regimes::to_json(*regimes::evaluate(scenario, library));
    json::array texts;
    for (const auto& [file, text] : {std::pair(regimes::kVocabularyFile, kWords), {std::string_view("xx.yaml"), kLaw}}) texts.push_back(json::object{{"file", file}, {"sha256", hex(sha256(bytes_of(text)))}, {"text", text}});
    whole = {{"about", json::object{{"as_of", "2026-11-02T08:00:00Z"}, {"case", CaseId::random().text()}, {"id", nullptr}, {"of", "case"}}},
             {"acts", json::array{}},
             {"kind", "evidence-pack"},
             {"knew", json::object{}},
             {"made", json::object{{"at", "2026-11-02T09:00:00Z"}, {"for", nullptr}}},
             {"proofs", json::array{}},
             {"regimes", json::object{{"evaluations", json::array{json::object{{"answer", answer}, {"facts", facts}, {"of", "case"}, {"origins", json::array{}}}}}, {"findings", json::array{}}, {"texts", texts}}},
             {"rulings", json::array{}},
             {"site", SiteId::random().text()},
             {"v", 1},
             {"withheld", json::array{}}};
    if (!engine.is_null()) whole["made"].as_object()["engine"] = std::move(engine);
  }
  json::object& evaluation() { return whole["regimes"].as_object()["evaluations"].as_array()[0].as_object(); }
  json::object& text(std::size_t i) { return whole["regimes"].as_object()["texts"].as_array()[i].as_object(); }
  std::string signed_file() const {
    auto out = whole;
    out["sig"] = base64(*key.sign(bytes_of("sluice/evidence-pack/v1\n" + canonical(whole))));
    return canonical(out) + "\n";
  }
  // "error evidence.answer /regimes/…", one a line.
  std::string found() const {
    std::string out;
    for (const auto& one : check_evidence(signed_file(), key.key())) out += (one.severity == Severity::Error ? "error " : "warning ") + one.rule + " " + one.where + "\n";
    return out;
  }
  std::string message() const {
    const auto all = check_evidence(signed_file(), key.key());
    return all.empty() ? "" : all.back().message;
  }
};

constexpr std::string_view kAnswer = "/regimes/evaluations/0/answer";

}  // namespace

TEST_CASE("P3: an answer that another engine gave and this one gives as well is recomputed, and nothing is said") {
  CHECK(MadePack().found() == "");
  CHECK(MadePack(regimes::kEngineVersion + 1).found() == "");
  CHECK(MadePack(nullptr).found() == "");
}

TEST_CASE("P3: an answer that this engine gives otherwise is an error of its own version, and a warning of another") {
  MadePack pack;
  pack.evaluation()["answer"].as_object()["outcomes"].as_object()["a"] = "allow";
  CHECK(pack.found() == "error evidence.answer " + std::string(kAnswer) + "\n");
  pack.whole["made"].as_object()["engine"] = 7;
  CHECK(pack.found() == "warning evidence.engine " + std::string(kAnswer) + "\n");
  CHECK(pack.message() == "Made by engine 7, this is engine " + std::to_string(regimes::kEngineVersion) + ": the signature and the log proofs hold, verdicts were not recomputed. A program with that engine recomputes them.");
  pack.whole["made"].as_object().erase("engine");
  CHECK(pack.found() == "warning evidence.engine " + std::string(kAnswer) + "\n");
  CHECK(pack.message().starts_with("Made by an engine without a version, older than engine 1, this is engine "));
}

TEST_CASE("P3: what this engine can't read of another's packs and cases is a warning, once") {
  MadePack pack(7);
  pack.text(1)["text"] = std::string(kLaw) + "    surprise: yes\n";
  pack.text(1)["sha256"] = hex(sha256(bytes_of(std::string(kLaw) + "    surprise: yes\n")));
  CHECK(pack.found() == "warning evidence.engine /regimes/texts\n");
  pack.whole["made"].as_object()["engine"] = regimes::kEngineVersion;
  CHECK(pack.found() == "error evidence.text /regimes/texts\n");
  MadePack other(7);
  other.evaluation()["facts"].as_object()["parties"] = "none";
  CHECK(other.found() == "warning evidence.engine /regimes/evaluations/0/facts/parties\n");
}

TEST_CASE("whatever engine made it, hashes of texts, the time of facts and the signature are checked in full") {
  for (const auto& engine : {json::value(regimes::kEngineVersion), json::value(7), json::value(nullptr)}) {
    CAPTURE(canonical(engine));
    MadePack text(engine);
    text.text(1)["text"] = std::string(kLaw) + "# changed\n";
    CHECK(text.found() == "error evidence.text /regimes/texts/1/sha256\n");
    MadePack later(engine);
    later.evaluation()["facts"].as_object()["as_of"] = "2026-11-02T08:01Z";
    CHECK(later.found().starts_with("error evidence.as_of /regimes/evaluations/0/facts/as_of\n"));
    MadePack act(engine);
    act.whole["acts"].as_array().push_back(json::object{{"kind", "decide"}});
    CHECK(act.found() == "error evidence.act /acts/0\n");
    MadePack changed(engine);
    auto file = changed.signed_file();
    file.replace(file.find("2026-11-02T09:00:00Z"), 20, "2026-11-02T09:00:01Z");
    const auto all = check_evidence(file, changed.key.key());
    REQUIRE(all.size() == 1);
    CHECK(all[0].where == "/sig");
  }
}

TEST_CASE("a warning doesn't call the proofs sound where something else is wrong, and a version is a number") {
  MadePack pack(7);
  pack.evaluation()["answer"].as_object()["outcomes"].as_object()["a"] = "allow";
  pack.whole["acts"].as_array().push_back(json::object{{"kind", "decide"}});
  CHECK(pack.found() == "error evidence.act /acts/0\nwarning evidence.engine " + std::string(kAnswer) + "\n");
  CHECK(pack.message().find("hold") == std::string::npos);
  for (const auto& wrong : {json::value("7"), json::value(0), json::value(-1), json::value(1.5)}) CHECK(MadePack(wrong).found() == "error evidence.engine /made/engine\n");
}
