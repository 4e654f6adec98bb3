// A value that is exactly one of many kinds of struct: an event, a command. Immutable once made, cheap to copy, like the facts it stands for.
//
// Looks like std::variant (holds_alternative, get_if, visit), and isn't one: a variant of a hundred structs has the compiler make thousands of functions
// for each file that moves one, a quarter of a minute a file. Here a file pays for the kinds that it names.
//
// Always holds
//   O1  Such a value is never empty, also after it was moved from.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace sluice {

template <class... Ts>
class OneOf {
 public:
  template <class T>
  static constexpr bool is_kind = (std::is_same_v<T, Ts> || ...);

  OneOf() : OneOf(First{}) {}
  template <class T>
    requires(is_kind<std::remove_cvref_t<T>>)
  OneOf(T&& value) : kind_(kind_of<std::remove_cvref_t<T>>()), value_(kept(std::forward<T>(value))) {}
  OneOf(const OneOf&) = default;
  OneOf& operator=(const OneOf&) = default;  // no move: a shared value is as good, and leaves none empty (O1)

  std::size_t index() const { return kind_; }

  template <class T>
  static constexpr std::size_t kind_of() {
    constexpr bool same[] = {std::is_same_v<T, Ts>...};
    std::size_t at = 0;
    while (!same[at]) ++at;
    return at;
  }
  template <class T>
    requires(is_kind<T>)
  const T* if_kind() const {
    return kind_ == kind_of<T>() ? static_cast<const T*>(value_.get()) : nullptr;
  }
  template <class F>
  decltype(auto) visit(F&& f) const {
    using R = std::invoke_result_t<F&&, const First&>;
    using Call = R (*)(F&&, const void*);
    static constexpr std::array<Call, sizeof...(Ts)> calls{[](F&& call, const void* value) -> R { return std::forward<F>(call)(*static_cast<const Ts*>(value)); }...};
    return calls[kind_](std::forward<F>(f), value_.get());
  }

 private:
  // One type of shared value for all kinds, which make_shared would give one each of: half of what a file of a hundred kinds cost.
  template <class T>
  static std::shared_ptr<const void> kept(T&& value) {
    using Kind = std::remove_cvref_t<T>;
    return std::shared_ptr<const void>(static_cast<const void*>(new Kind(std::forward<T>(value))), static_cast<void (*)(const void*)>([](const void* one) { delete static_cast<const Kind*>(one); }));
  }

  template <class T, class...>
  struct FirstOf { using type = T; };
  using First = typename FirstOf<Ts...>::type;
  std::size_t kind_;
  std::shared_ptr<const void> value_;
};

template <class T, class... Ts>
bool holds_alternative(const OneOf<Ts...>& one) { return one.index() == OneOf<Ts...>::template kind_of<T>(); }
template <class T, class... Ts>
const T* get_if(const OneOf<Ts...>* one) { return one->template if_kind<T>(); }
template <class T, class... Ts>
const T& get(const OneOf<Ts...>& one) { return *one.template if_kind<T>(); }  // it must be one
template <class F, class... Ts>
decltype(auto) visit(F&& f, const OneOf<Ts...>& one) { return one.visit(std::forward<F>(f)); }

}  // namespace sluice
