#include "web/taxii/stream_query.h"

#include <doctest/doctest.h>

#include <vector>

namespace sluice::web::taxii {

TEST_CASE("events are for who names them") {
  CHECK(accepts_events("text/event-stream"));
  CHECK(accepts_events("application/json, Text/Event-Stream;q=0.5"));
  CHECK(!accepts_events("*/*"));
  CHECK(!accepts_events("text/*"));
  CHECK(!accepts_events("text/event-stream;q=0"));
  CHECK(!accepts_events(""));
}

TEST_CASE("a wait is whole seconds up to a minute") {
  using Named = std::vector<std::pair<std::string, std::string>>;
  CHECK(read_wait(Named{}).value() == Duration::zero());
  CHECK(read_wait(Named{{"wait", "0"}}).value() == Duration::zero());
  CHECK(read_wait(Named{{"wait", "60"}}).value() == kLongestWait);
  for (const auto* bad : {"", "61", "-1", "1.5", "1s", " 1", "99999999999999999999"}) {
    const auto read = read_wait(Named{{"wait", bad}});
    CHECK_MESSAGE(!read, bad);
    if (!read) CHECK(read.error().where == "wait");
  }
  CHECK(!read_wait(Named{{"wait", "1"}, {"wait", "1"}}));
}

}  // namespace sluice::web::taxii
