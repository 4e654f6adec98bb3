// How often somebody may do a thing (WEB-9): a bucket for each (operation, who), refilled with time. Who = address prefix, token or person.
//
// Never depends on an object that is asked for, so a refusal tells nothing of what is there. Called by the router before the handler.
#pragma once

#include "access/viewer.h"
#include "service/hourly.h"

namespace sluice::service {

enum class Operation { Read, Write, Pull, Push, Search, LookUp, Export, Upload, SignIn, FirstRun, ReportCode, PublicRead, PublicReport, ProvenReport, PublicUpload };
BOOST_DESCRIBE_ENUM(Operation, Read, Write, Pull, Push, Search, LookUp, Export, Upload, SignIn, FirstRun, ReportCode, PublicRead, PublicReport, ProvenReport, PublicUpload)

struct Rate {
  int burst = 0;                                    // a full bucket
  Duration refill{};                                // one more each
};
Rate rate_of(Operation operation);

struct Allowed {
  int retry_after = 0;                              // whole seconds to wait; 0: go ahead
  explicit operator bool() const { return retry_after == 0; }
};

class Limits {
 public:
  Limits(const Clock& clock, Random& random) : buckets_(clock, random) {}

  Allowed allow(Operation operation, std::string_view peer);              // by the address's prefix
  Allowed allow(Operation operation, const access::Viewer& viewer);       // by token, else by person; nobody and the system itself: always
  void give_back(Operation operation, std::string_view peer);             // it turned out not to count (a right code)

 private:
  struct Bucket { double used = 0; Duration at{}; };
  Allowed take(Operation operation, std::string_view who, double how_much);
  Hourly<Bucket> buckets_;
};

// TooMany, with the seconds to wait in its text; retry_after() reads them back for the Retry-After header (0: it isn't such an error).
std::unexpected<Error> too_many(int seconds);
int retry_after(const Error& error);

}  // namespace sluice::service
