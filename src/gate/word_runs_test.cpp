#include <doctest/doctest.h>

#include "gate/word_runs.h"

namespace sluice::gate {
namespace {

constexpr std::uint64_t kRunsKey = 0x5eed;
double part_of(std::string_view piece, std::string_view text) { return shared_part(runs_of(piece, kRunsKey), runs_of(text, kRunsKey)); }

TEST_CASE("R1, R2: a piece is found again in its text, whatever was done to what stands between the words") {
  struct Row { const char* name; const char* text; const char* piece; };
  constexpr Row kRows[] = {
      {"broken lines and capitals", "The parser copies a long name into a buffer.", "THE PARSER\r\n> copies a  long\nname into a buffer"},
      {"no-break spaces and dashes", "It reads - and trusts - what the packet says.", "It reads \xE2\x80\x93 and\xC2\xA0trusts \xE2\x80\x93 what the packet says"},
      {"what has no width, even inside a word", "The parser copies a long name.", "The par\xE2\x80\x8Bser co\xC2\xADpies a long\xEF\xBB\xBF name."},
      {"accents as one character or as two", "Der Schl\xC3\xBCssel geh\xC3\xB6rt in jedes Ger\xC3\xA4t hinein", "Der Schlu\xCC\x88ssel geho\xCC\x88rt in jedes Gera\xCC\x88t hinein"},
      {"Latin-1", "Der Schl\xC3\xBCssel geh\xC3\xB6rt in jedes Ger\xC3\xA4t hinein", "Der Schl\xFCssel geh\xF6rt in jedes Ger\xE4t hinein"},
      {"Cyrillic", "Уязвимость позволяет выполнить код на удалённом сервере", "УЯЗВИМОСТЬ ПОЗВОЛЯЕТ\nВЫПОЛНИТЬ КОД на удалённом сервере"},
      {"Ukrainian", "Через ґвалт цей їжак читає чужі листи", "ЧЕРЕЗ ҐВАЛТ ЦЕЙ ЇЖАК ЧИТАЄ ЧУЖІ ЛИСТИ"},
      {"Cyrillic accents as two characters", "Злой ёж читает мой файл", "Злои\xCC\x86 е\xCC\x88ж читает мои\xCC\x86 файл"},
      {"Vietnamese as one character or as two", "Lỗ hổng cho phép thực thi mã", "Lo\xCC\x82\xCC\x83 hô\xCC\x89ng CHO PHÉP THỰC THI MÃ"},
      {"Romanian capitals", "Această funcție citește peste sfârșit", "ACEASTĂ FUNCȚIE CITEȘTE PESTE SFÂRȘIT"},
      {"Greek with its accents", "Ο κώδικας τρέχει στον εξυπηρετητή μας", "Ο ΚΏΔΙΚΑΣ ΤΡΕΧΕΙ ΣΤΟΝ ΕΞΥΠΗΡΕΤΗΤΉ ΜΑΣ"},
      {"Greek", "Ο κωδικος τρεχει στον εξυπηρετητη μας", "Ο ΚΩΔΙΚΟΣ ΤΡΕΧΕΙ ΣΤΟΝ ΕΞΥΠΗΡΕΤΗΤΗ ΜΑΣ"},
      {"Chinese, cut and broken", "攻击者可以通过构造的请求远程执行任意代码，影响所有版本。", "构造的请求远\n程执行任意代码,影响"},
      {"Japanese", "長い名前を受け取るとバッファがあふれ、任意のコードが実行される。", "バッファがあふれ任意のコードが"},
      {"Thai", "ผู้โจมตีสามารถรันโค้ดจากระยะไกลได้", "สามารถรันโค้ดจากระยะ"},
      {"Korean has spaces", "공격자는 원격에서 임의의 코드를 실행할 수 있다", "원격에서  임의의 코드를\n실행할 수"},
      {"half-width kana, and marks apart", "バッファがあふれ任意の", "ﾊﾞｯﾌｧか\xE3\x82\x99あふれ任意の"},
      {"Korean as parts", "원격에서 임의의 코드를 실행할 수 있다", "\xE1\x84\x8B\xE1\x85\xAF\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xA7\xE1\x86\xA8에서 임의의 코드를 실행할"},
      {"ligatures", "A \xEF\xAC\x81" "le of the o\xEF\xAC\x83" "ce", "a file of the office"},
      {"full width", "Send name1 with five thousand letters to it", "Ｓｅｎｄ ｎａｍｅ１ with five thousand letters"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(part_of(row.piece, row.text) == doctest::Approx(1));
  }
}

TEST_CASE("other words are not found, in any script, and too few words are no run") {
  CHECK(part_of("The weather will be fine in all parts of the country", "The parser copies a long name into a buffer.") == 0);
  CHECK(part_of("今天全国各地天气晴朗适合出行", "攻击者可以通过构造的请求远程执行任意代码，影响所有版本。") == 0);
  CHECK(runs_of("only three words", kRunsKey).empty());
  CHECK(runs_of("", kRunsKey).empty());
  CHECK(runs_of("。、…— — —", kRunsKey).empty());
  CHECK(runs_of("攻击者可", kRunsKey).size() == 1);
}

TEST_CASE("runs are of their key: another's tell nothing") {
  const auto text = "The parser copies a long name into a buffer.";
  CHECK(shared_part(runs_of(text, 1), runs_of(text, 2)) == 0);
}

}  // namespace
}  // namespace sluice::gate
