#include "web/taxii/media_type.h"

#include <doctest/doctest.h>

namespace sluice::web::taxii {

TEST_CASE("any range that names TAXII is accepted, however it is written") {
  for (const auto* accept : {"application/taxii+json;version=2.1", "application/taxii+json", "application/taxii+json; version=2.1", "application/taxii+json ; version = \"2.1\"", "APPLICATION/TAXII+JSON;VERSION=2.1",
                             "application/taxii+json;version=2.1,application/stix+json;version=2.1", "application/stix+json;version=2.1, application/taxii+json;version=2.1", "text/html, application/taxii+json;q=0.1",
                             "application/taxii+json;version=2.0, application/taxii+json;version=2.1", "*/*", "application/*", "text/html,*/*;q=0.8", "application/taxii+json;charset=utf-8", "application/taxii+json;version=2.1;q=1.0",
                             "application/taxii+json;;version=2.1", "application/taxii+json;version=2.1;", ", application/taxii+json", "text/html;a=\"x,y\", application/taxii+json", "rubbish, application/taxii+json",
                             "application/taxii+json;version=2.1;q=0.001", "a b c, application/taxii+json", "application/taxii+json;version=2.0;q=0, */*"})
    CHECK_MESSAGE(accepts_taxii(accept), accept);
}

TEST_CASE("what names something else alone is not") {
  for (const auto* accept : {"", "text/html", "application/json", "application/stix+json;version=2.1", "application/taxii+json;version=2.0", "application/taxii+json;version=2.2", "application/taxii+json;version=21",
                             "application/taxii+json;q=0", "*/*;q=0", "application/taxii+json;version=2.1;q=0.000, */*", "application/vnd.oasis.taxii+json; version=2.0", "taxii+json", "application/", "/taxii+json", ",,,",
                             "application/taxii+json;version=\"2.1", "application/taxii+json;version", "application/taxii+jsonx"})
    CHECK_MESSAGE(!accepts_taxii(accept), accept);
}

TEST_CASE("what is sent must be TAXII, and one type alone") {
  for (const auto* type : {"application/taxii+json;version=2.1", "application/taxii+json", "application/TAXII+json; Version=\"2.1\"", "application/taxii+json; charset=utf-8"}) CHECK_MESSAGE(is_taxii(type), type);
  for (const auto* type : {"", "application/json", "application/stix+json", "application/taxii+json;version=2.0", "*/*", "application/*", "application/taxii+json, application/taxii+json", "text/plain"}) CHECK_MESSAGE(!is_taxii(type), type);
}

TEST_CASE("quality is read in thousandths, and a bad one spoils its range alone") {
  CHECK(media_ranges("a/b;q=0.5") == std::vector<MediaRange>{{"a", "b", {}, 500}});
  CHECK(media_ranges("a/b;x=\"1\\\"2\";q=1") == std::vector<MediaRange>{{"a", "b", {{"x", "1\"2"}}, 1000}});
  for (const auto* bad : {"a/b;q=2", "a/b;q=1.5", "a/b;q=x", "a/b;q=0.1234", "a/b;q=", "a/b;q=-1"}) CHECK_MESSAGE(media_ranges(bad).empty(), bad);
  CHECK(media_ranges("a/b;q=2, c/d").size() == 1);
}

}  // namespace sluice::web::taxii
