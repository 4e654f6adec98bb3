// What a writer gives back: the document, and what the format had no place for.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace sluice::formats {

struct Loss {
  std::string where;  // JSON Pointer into the advisory
  std::string what;   // for a person: what a reader of the document won't learn, or not as data
};
using Losses = std::vector<Loss>;

struct Written {
  boost::json::value document;
  Losses losses;
};

// The same value with the keys of every object in order (CSAF 2.0 §6.2.13).
boost::json::value sorted(const boost::json::value& value);

// The same items, each once, in the order of their first appearance: what the schemas call uniqueItems.
boost::json::array once_each(const boost::json::array& items);

// A list of strings, each once.
boost::json::array list_of(const std::vector<std::string>& items);

}  // namespace sluice::formats
