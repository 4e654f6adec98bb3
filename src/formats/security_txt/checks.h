// What a security.txt must say, a function a clause of RFC 9116; shared by the two files of this folder.
#pragma once

#include "formats/security_txt/read.h"

namespace sluice::formats::security_txt {

// Findings, counted: hostile text can't make more of them than the limit allows, and that some were left out is the last one.
class Found {
 public:
  Found(Findings& into, std::size_t most) : into_(into), most_(most) {}
  void add(Severity severity, std::string_view clause, int line, std::string message);

 private:
  Findings& into_;
  std::size_t most_;
};

void check_fields(const File& file, Found& found);
std::vector<std::string> words_of_list(std::string_view list);  // "en, de" -> en de

}  // namespace sluice::formats::security_txt
