// Reads one JSON value after another, each into the memory of the one before: for whoever goes over many small ones and keeps none, as the objects of an envelope.
//
//   JsonReader reader(kOneObject);
//   for (const auto text : texts) { TRY(const auto* value, reader.read(text)); … }
//
// As strict as parse_json (json.h), with its errors. For one thread at a time.
//
// Always holds
//   J3  What read() gave is good until the next read(), and gone after it. What is to stay is copied: a copy has memory of its own, what is moved out of it has not.
#pragma once

#include <memory>

#include "base/json.h"

namespace sluice {

class JsonReader {
 public:
  explicit JsonReader(const JsonLimits& limits = {});
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  Result<const json::value*> read(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice
