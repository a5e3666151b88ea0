#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace esx2esxi {

/// Calls `work(i)` for each i below `count` on `jobs` threads (0: as many as there are cores). The first exception
/// stops the rest and is thrown on.
template <class Work>
void parallel_for(std::size_t count, unsigned jobs, Work work) {
  if (jobs == 0) jobs = std::max(1U, std::thread::hardware_concurrency());
  jobs = static_cast<unsigned>(std::min<std::size_t>(jobs, count));
  if (jobs <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  {
    std::vector<std::jthread> threads;
    for (unsigned k = 0; k < jobs; ++k)
      threads.emplace_back([&] {
        for (std::size_t i = next++; i < count; i = next++) {
          try {
            work(i);
          } catch (...) {
            const std::lock_guard lock(guard);
            if (!failure) failure = std::current_exception();
            next = count;
          }
        }
      });
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace esx2esxi
