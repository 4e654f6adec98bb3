#include "regimes/footing.h"

#include <doctest/doctest.h>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& footing_library() {
  static const auto kAll = *built_in_library();
  return kAll;
}

}  // namespace

TEST_CASE("an answer says its editions, the unverified rules it names anywhere, and that it is no advice") {
  const auto& packs = footing_library();
  const auto out = with_footing({{"changes", json::array{json::object{{"of", "cn-rmsv-2021/art9-1 + cn-rmsv-2021/art7-2"}}}}}, packs, {"iso-29147-2018"}, parse_second("2026-11-01T00:00Z").value());
  CHECK(out.at("unverified") == json::value(json::array{"cn-rmsv-2021/art9-1"}));
  CHECK(out.at("editions").at("cn-rmsv-2021").at("edition") == json::value(packs.packs.at("cn-rmsv-2021").edition));
  CHECK(out.at("editions").at("iso-29147-2018").as_object().contains("speaks"));
  CHECK(out.at("note") == json::value(kNotAdvice));
  CHECK(with_footing({{"note", "own"}}, packs, {}, {}).at("note") == json::value("own"));
}

TEST_CASE("the same stands in one line for a reader, with what took a withdrawn edition's place") {
  const auto& packs = footing_library();
  const auto line = footing(packs, {"iso-27035-2016", "cn-rmsv-2021"}, parse_second("2026-11-01T00:00Z").value(), json::array{"cn-rmsv-2021/art9-1"});
  CHECK(line.find("cn-rmsv-2021 (") != std::string::npos);
  CHECK(line.find("withdrawn, now ") != std::string::npos);
  CHECK(line.find("Not checked against the text: cn-rmsv-2021/art9-1. ") != std::string::npos);
  CHECK(line.ends_with(kNotAdvice));
  CHECK(footing(packs, {}, {}) == kNotAdvice);
}
