// A fixed number of threads behind a bounded queue: where handlers run, so that nothing blocks an I/O thread.
//
// Always holds
//   P1  post() never waits: false means full (or stopping), and the caller answers 503.
//   P2  Jobs start in the order they were accepted. What was accepted runs, also during stop().
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sluice::web::http {

class WorkerPool {
 public:
  using Job = std::move_only_function<void()>;     // must not throw; what it throws all the same is swallowed, and its Respond answers 500

  WorkerPool(std::size_t threads, std::size_t max_queued);
  ~WorkerPool();                                   // stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] bool post(Job job);                // on false, job was destroyed: answer before you give the Respond away, or keep it shared
  [[nodiscard]] bool try_post(Job& job);           // on false, job is untouched
  std::size_t queued() const;
  void stop();                                     // runs what is queued, then joins. Not from a job

 private:
  void work();

  const std::size_t max_queued_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sluice::web::http
