// Telephone numbers, birth dates and identity numbers in a text, for content_signs.h. They are found by their written form, with words beside them where the form alone says too little.
//
// Names of persons are not looked for: what tells a name from any other word is knowledge of people and languages, and each guess would be wrong often enough to be ignored.
//
// Always holds
//   P1  `at` is looked at once, and at most some dozens of letters around it: all of a text takes time linear in its length.
//   P2  `lower` is the text with ASCII letters made small, byte for byte as long.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::gate {

// The length of the number that begins here, 0 where none does. International (ITU-T E.164: "+" or "00", an assigned country code, 15 digits at most), North American as it is
// written ("(212) 736-5000"), or any after a word such as "Tel." or 电话. Numbers kept for fiction (555-01xx) are nobody's.
std::size_t telephone_number_at(std::string_view text, std::string_view lower, std::size_t at);

// The length of the date that begins here, where a word beside it says that somebody was born then: "DOB: 1980-05-03", "born on 3 May 1980", "geb. 3.5.1980", "1980年5月3日出生".
std::size_t birth_date_at(std::string_view text, std::string_view lower, std::size_t at);

// The length of the number of a person in a state's register that begins here: China's, which has a birth date and checks itself (GB 11643-1999), and that of the United States' social
// security after a word for it. Others say too little by their form.
std::size_t identity_number_at(std::string_view text, std::string_view lower, std::size_t at);

}  // namespace sluice::gate
