// What a text looks as if it contained: likely exploit code, keys and passwords, addresses of networks, data of persons. A hint to its author, who names its classes.
//
// Of persons: mail addresses, numbers of cards, accounts and registers of a state, telephone numbers, birth dates (content_signs_persons.h says which). Names of persons are not looked for.
//
//   signs_in(text) -> {line, offset, what, class}
//
// Always holds
//   C1  A sign says where, and never repeats the secret that it found.
//   C2  Nothing is decided by a sign: the gate decides on classes, and those are a person's word.
//   C3  Work is linear in the text's length, and at most kMostSigns are given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bind.h"

namespace sluice::gate {

inline constexpr std::size_t kMostSigns = 100;

struct Sign {
  std::string kind;          // "exploit-code", "credential", "network-address", "personal-data"
  std::string proposes;      // a class of content
  std::int64_t line = 1;     // from 1
  std::int64_t offset = 0;   // in bytes from the start of the text
  std::int64_t length = 0;
  std::string what;          // for a person: "a private key begins here"
  bool operator==(const Sign&) const = default;
};
BOOST_DESCRIBE_STRUCT(Sign, (), (kind, proposes, line, offset, length, what))

std::vector<Sign> signs_in(std::string_view text);

}  // namespace sluice::gate
