// Space on the disk that is kept for the ledger: a file without content, given up when the disk is full, so that ticks go on being written and signed (REL-3).
//
// Used by the server alone: cli/serve.cpp gives it up when the Writer says "full", and makes it anew, and lets commands in again, when there is room.
// Only where the database is a file; PostgreSQL's disk is not ours. From any thread.
#pragma once

#include <filesystem>
#include <mutex>

#include "base/result.h"

namespace sluice::service {

class Reserve {
 public:
  static constexpr std::uint64_t kSize = 16 << 20;  // some thousands of ticks, with the deliveries of that time

  // `folder`: where the database's file is.
  explicit Reserve(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<void> take();                             // makes it as large as it should be; "full" if there is no room
  bool give();                                     // false if it was given before
  bool is_room() const;                            // for the reserve, and as much again for what people do

 private:
  std::filesystem::path file() const { return folder_ / "reserve"; }
  std::filesystem::path folder_;
  std::mutex mutex_;
};

}  // namespace sluice::service
