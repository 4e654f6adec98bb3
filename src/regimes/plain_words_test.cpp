#include <doctest/doctest.h>

#include "regimes/built_in.h"
#include "regimes/plain_words.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Vocabulary& said_words() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return kLibrary->words;
}

}  // namespace

TEST_CASE("whom a rule names is said with its place and level; what the vocabulary doesn't say stands as it is") {
  struct Row { const char* given; Level how; const char* said; };
  for (const auto& [given, how, said] : {Row{"nis2-csirt|nis2-authority", Level::OrAbove, "the CSIRT under NIS 2; or the competent authority under NIS 2"},
                                         {"csirt-coordinator+enisa", Level::OrAbove, "the coordinator CSIRT and ENISA"},
                                         {"supervisory-authority:DE", Level::Exactly, "the data protection supervisory authority of Germany"},
                                         {"public-security-organ:CN-ZJ@prefecture", Level::OrAbove, "the public security organ of CN-ZJ (China), prefecture or above"},
                                         {"public-security-organ:CN-ZJ@county", Level::Exactly, "the public security organ of CN-ZJ (China), county"},
                                         {"miit-platform", Level::Exactly, "MIIT's platform"},
                                         {"town-crier:XX", Level::Exactly, "town-crier of XX"},
                                         {"not a recipient!", Level::Exactly, "not a recipient!"}}) {
    CAPTURE(given);
    CHECK(plain_recipients(said_words(), given, how) == said);
  }
}

TEST_CASE("facts, reasons and what is asked are said in words, and instants with them") {
  struct Row { const char* given; const char* said; };
  for (const auto& [given, said] : {Row{"party.established is CN, DE", "where the party is established: China, Germany"}, {"party.provides is yes", "the party provides the product: yes"},
                                    {"action.content has poc", "the content: proof of concept"}, {"vuln.public has not happened", "publication of the flaw has not happened"},
                                    {"fix.available at 2021-12-14T17:00Z", "availability of a remedy or mitigation to users at 14 December 2021, 17:00 UTC"},
                                    {"when vuln.aware@o_1 was", "when the provider's learning of the flaw (o_1) was"}, {"outside the circle", "Somebody who is told is outside the circle that this keeps"},
                                    {"set aside by cn-x-2021/art9-1", "set aside by cn-x-2021/art9-1"}, {"own.word is strange", "own.word is strange"}, {"", ""}}) {
    CAPTURE(given);
    CHECK(plain_text(said_words(), given) == said);
  }
  CHECK(plain_reason(said_words(), "Nobody is told. [until fix.available]") == "Nobody is told. Until availability of a remedy or mitigation to users.");
  CHECK(plain_reason(said_words(), "Nobody is told [here") == "Nobody is told [here");
}

TEST_CASE("a fact is said by its place in a case, and a word of the vocabulary has such a place where it is the same in every case") {
  struct Row { const char* given; const char* said; };
  for (const auto& [given, said] : {Row{"/product/support", "the product's support"}, {"/events/vuln.public", "publication of the flaw"}, {"/events/vuln.aware@o_1", "the provider's learning of the flaw (o_1)"},
                                    {"/parties/o_1/established", "where the party is established (o_1)"}, {"/product/colour", "/product/colour"}, {"/a/b/c/d", "/a/b/c/d"}, {"/", "/"}, {"product.market", "where the product is sold"}}) {
    CAPTURE(given);
    CHECK(plain_fact(said_words(), given) == said);
  }
  CHECK(pointer_of_fact(said_words(), "product.support") == "/product/support");
  CHECK(pointer_of_fact(said_words(), "vuln.public") == "/events/vuln.public");
  CHECK(pointer_of_fact(said_words(), "incident.aware").empty());   // each party's own
  CHECK(pointer_of_fact(said_words(), "party.flags").empty());
  CHECK(pointer_of_fact(said_words(), "enisa").empty());
}

TEST_CASE("every word that rules and cases share and that looks like a machine's is said") {   // or a page shows it raw
  const auto& words = said_words();
  const auto check = [&](const auto& list) {
    for (const auto& one : list)
      if (one.find_first_of("-_.:") != std::string::npos) CHECK_MESSAGE(words.says.contains(one), one);
  };
  check(words.actions), check(words.contents);
  for (const auto& [name, whose] : words.events) CHECK_MESSAGE(words.says.contains(name), name);
  for (const auto& [name, kind] : words.recipients)
    if (name.find('-') != std::string::npos || kind.authority) CHECK_MESSAGE(words.says.contains(name), name);
  for (const auto& [group, members] : words.places)
    for (const auto& one : members) CHECK_MESSAGE(words.says.contains(one), one);
}
