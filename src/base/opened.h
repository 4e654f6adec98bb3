// Content that was decrypted. It has no formatter and no conversion to a string, so it can't end up in a log, an error or an answer by accident:
// whoever wants what is inside says reveal(), and those places are few and found by grep.
#pragma once

#include <utility>

namespace sluice {

template <class T>
class Opened {
 public:
  explicit Opened(T value) : value_(std::move(value)) {}
  const T& reveal() const& { return value_; }
  T reveal() && { return std::move(value_); }

 private:
  T value_;
};

}  // namespace sluice
