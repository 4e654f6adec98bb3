#include "gate/copy_mark.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <random>

using namespace sluice;
using namespace sluice::gate;

namespace {

CopySeed seed_of(int n) { return sha256(bytes_of("seed " + std::to_string(n))); }

// Prose from one number: sentences with commas, apostrophes and dashes, some paragraphs broken into lines.
std::string prose(unsigned from, int sentences) {
  std::mt19937 chance(from);
  const auto below = [&](int n) { return static_cast<int>(chance() % static_cast<unsigned>(n)); };
  static constexpr const char* kWords[] = {"parser", "buffer", "name", "length", "vendor", "patch", "attacker", "sends", "long", "overflows", "the", "it", "then", "memory", "server", "crashes", "exploit",
                                           "doesn't", "isn't", "vendor's", "module", "older", "release", "header", "value", "écrit", "naïve", "checked", "never", "field", "reads", "behind", "copy", "with"};
  std::string out;
  for (int s = 0; s < sentences; ++s) {
    for (int w = 0, n = 6 + below(10); w < n; ++w) {
      std::string word = kWords[below(34)] + std::string(below(3) == 0 ? std::to_string(below(40)) + "th" : "");
      if (w == 0) word = "The " + word;
      out += (w == 0 ? "" : below(9) == 0 ? ", " : below(25) == 0 ? " - " : " ") + word;
    }
    out += below(8) == 0 ? ".\n" : ". ";
  }
  return out + "End of it.\n";
}

std::string rewrapped(const std::string& text) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    if (c == ' ' && column > 60) out += '\n', column = 0;
    else out += c, column = c == '\n' ? 0 : column + 1;
  }
  return out;
}
std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

TEST_CASE("M1: a copy says what the text says, and evened out it is the text again") {
  CHECK(rc::check("any prose", [](unsigned from, int who) {
    const auto text = prose(from, 40);
    const auto copy = marked(text, seed_of(who));
    RC_ASSERT(unmarked(copy) == unmarked(text));
    RC_ASSERT(unmarked(text) == text);                     // prose() takes every choice as it is by default
    RC_ASSERT(copy == marked(text, seed_of(who)));         // M2
  }));
  CHECK(rc::check("any bytes", [](const std::string& text, int who) { RC_ASSERT(unmarked(marked(text, seed_of(who))) == unmarked(text)); }));
}

TEST_CASE("any half of a long text tells whose copy it was, rewrapped and in small letters too") {
  CHECK(rc::check("halves", [](unsigned from, unsigned at) {
    const auto text = prose(from, 150);
    constexpr int kRecipients = 60;
    const int who = static_cast<int>(from % kRecipients);
    const auto copy = marked(text, seed_of(who));
    const auto piece = copy.substr(at % (copy.size() / 2), copy.size() / 2);
    for (const auto& leaked : {piece, lower(piece), rewrapped(piece)}) {
      const auto read = read_marks(text, leaked);
      RC_ASSERT(read.known_words * 10 > read.words * 9);
      const auto own = fit(read, seed_of(who));
      RC_ASSERT(own.of >= 40);
      RC_ASSERT(own.matched == own.of);
      RC_ASSERT(own.odds_by_chance * kRecipients < 1e-9);
      for (int other = 0; other < kRecipients; ++other)
        if (other != who) RC_ASSERT(fit(read, seed_of(other)).matched < own.matched);
    }
  }));
}

TEST_CASE("a program that evens out one kind of choice leaves the others to read, and who evens out all of them leaves nothing") {
  const auto text = prose(7, 150);
  const auto copy = marked(text, seed_of(1));
  std::string single;
  for (const char c : copy)
    if (c != ' ' || !single.ends_with(' ')) single += c;
  const auto read = read_marks(text, single);
  CHECK(read.evened_out > 0);
  CHECK(fit(read, seed_of(1)).matched == static_cast<int>(read.bits.size()));
  CHECK(fit(read, seed_of(1)).odds_by_chance < 1e-6);
  const auto nothing = read_marks(text, unmarked(copy));
  CHECK(nothing.bits.empty());
  CHECK(nothing.known_words == nothing.words);
  CHECK(fit(nothing, seed_of(1)).odds_by_chance == 1);
}

TEST_CASE("a copy that was retyped in part still fits its recipient best, with the odds said as they are") {
  const auto text = prose(11, 150);
  auto copy = marked(text, seed_of(3));
  const auto third = copy.size() / 3;
  copy = copy.substr(0, 2 * third) + unmarked(copy.substr(2 * third));
  const auto read = read_marks(text, copy);
  const auto own = fit(read, seed_of(3));
  CHECK(own.matched < own.of);
  CHECK(own.odds_by_chance < 1e-9);
  int close = 0;
  for (int other = 100; other < 1'100; ++other) close += fit(read, seed_of(other)).odds_by_chance < 0.01;
  CHECK(close < 40);                                       // about one in a hundred by chance (M4)
}

TEST_CASE("two words fit a stranger's copy as often as not, and the odds say so") {
  const auto read = read_marks("It fails, then it stops there today.", "it fails, then it stops");
  REQUIRE(read.bits.size() == 1);
  const auto one = fit(read, seed_of(1));
  CHECK((one.matched == 1 ? one.odds_by_chance == doctest::Approx(0.5) : one.odds_by_chance == 1));
}

TEST_CASE("M3: code, tables, hashes and signed text stay byte for byte") {
  const struct { const char* name; std::string text; } rows[] = {
      {"a fence", "```\nif the name is long, then the parser doesn't stop. Then it fails, too.\n```\n"},
      {"an indented block", "    run the parser, then wait for it. Then it doesn't stop, too.\n"},
      {"inline code", "`run the parser, then wait for it. Then it doesn't stop`\n"},
      {"a table", "| the parser | fails, then stops | it doesn't say. Why not |\n"},
      {"an assignment", "name = the long value, then the other one. It doesn't matter\n"},
      {"a hash", "The file is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c, then there is more. It doesn't end\n"},
      {"signed", "-----BEGIN PGP SIGNED MESSAGE-----\n\nWe think, then we write. It doesn't matter what, or how.\n"},
      {"a few words", "Yes, it does.\n"},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    for (int who = 0; who < 8; ++who) CHECK(marked(row.text, seed_of(who)) == row.text);
  }
  CHECK(can_be_marked("notes.TXT", "words"));
  CHECK(can_be_marked("README.md", "words"));
  for (const auto* name : {"poc.py", "data.csv", "data.json", "page.html", "SHA256SUMS", "notes.txt.asc", "notes"}) CHECK_FALSE(can_be_marked(name, "words"));
  CHECK(vouches_for("notes.txt.asc", "notes.txt"));
  CHECK(vouches_for("notes.txt.sha256", "notes.txt"));
  for (const auto* other : {"notes.txt", "notes.asc", "other.txt.asc", "notes.txt.asc.txt", "my notes.txt.asc"}) CHECK_FALSE(vouches_for(other, "notes.txt"));
  CHECK_FALSE(can_be_marked("notes.txt", std::string_view("wo\0rds", 6)));
  CHECK_FALSE(can_be_marked("notes.txt", "w\xFFrds"));
}

TEST_CASE("a text that has nothing to do with it shows nothing") {
  const auto read = read_marks(prose(1, 60), "Entirely other words, which nobody in that case has ever read or written. They don't stand there.");
  CHECK(read.known_words == 0);
  CHECK(read.bits.empty());
  CHECK(read_marks("", "").bits.empty());
  CHECK(read_marks(prose(1, 5), "").words == 0);
}
