// All fuzz targets in one program, for where no libFuzzer is: each is given its corpus, and then mutations of it by a seeded chance, for some thousand runs or
// some seconds. Short, but in every test run and under the sanitizers; `./dev fuzz` goes deeper.
//
//   fuzz_all [NAME…]            SLUICE_FUZZ_RUNS (10000), SLUICE_FUZZ_SECONDS (2) each, SLUICE_SEED repeats
//   fuzz_all NAME FILE          one input: what a failure printed
//
// A target that finds something aborts. What it was given is then written to fuzz-NAME-crash in the working directory.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#define X(name) extern "C" int fuzz_##name(const std::uint8_t*, std::size_t);
#include "fuzz_targets.inc"
#undef X
// Of the sanitizers, where they are: they end the process without a signal.
extern "C" void __attribute__((weak)) __sanitizer_set_death_callback(void (*)());

namespace {

using Input = std::vector<std::uint8_t>;
struct Target {
  const char* name;
  int (*run)(const std::uint8_t*, std::size_t);
};
const Target kTargets[] = {
#define X(name) {#name, fuzz_##name},
#include "fuzz_targets.inc"
#undef X
};

const Target* running = nullptr;
Input given;
unsigned seed = 0;

// Calls nothing that a signal handler may not, but snprintf on its own buffer.
void tell() {
  if (running == nullptr) return;
  char text[256];
  std::snprintf(text, sizeof text, "fuzz-%s-crash", running->name);
  const int fd = ::open(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd >= 0) (void)!::write(fd, given.data(), given.size()), ::close(fd);
  const int n = std::snprintf(text, sizeof text, "\nfuzz_all: %s failed; its input of %zu bytes is in fuzz-%s-crash (SLUICE_SEED=%u)\n", running->name, given.size(), running->name, seed);
  (void)!::write(STDERR_FILENO, text, static_cast<std::size_t>(n));
  running = nullptr;
}
void on_signal(int signal) {
  tell();
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

Input read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Input(std::istreambuf_iterator<char>(in), {});
}

unsigned long setting(const char* name, unsigned long otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

void run(const Target& target, Input input) {
  given = std::move(input);
  running = &target;
  // A copy of its very size: reading one byte beyond it is then seen by the sanitizer.
  const std::vector<std::uint8_t> exact(given.begin(), given.end());
  target.run(exact.data(), exact.size());
  running = nullptr;
}

class Mutator {
 public:
  Mutator(std::vector<Input> corpus, unsigned from) : corpus_(std::move(corpus)), chance_(from) {
    if (corpus_.empty()) corpus_.push_back({});
  }
  Input next() {
    Input out = corpus_[below(corpus_.size())];
    for (auto n = 1 + below(4); n > 0; --n) mutate(out);
    if (out.size() > kLongest) out.resize(kLongest);
    return out;
  }

 private:
  static constexpr std::size_t kLongest = 64 << 10;
  std::size_t below(std::size_t n) { return n == 0 ? 0 : chance_() % n; }
  void mutate(Input& out) {
    static constexpr const char* kWords[] = {"", "0", "-1", "9223372036854775808", "1e999", "\"", "\\", "\\ud800", "\r\n", "\r\n\r\n", "\n", "\0\0\0\0", "%00", "%FF", "%2e%2e", "..", "/", "\xef\xbb\xbf", "\xe2\x80\xae", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                              "[[[[[[[[", "]]]]]]]]", "{\"a\":", "null", "true", ",", ":", "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n", "0\r\n\r\n", "ffffffffffffffff\r\n", "T23:59:60Z", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "P", "W", "&", "=", "+"};
    const auto at = below(out.size() + 1);
    switch (below(9)) {
      case 0: if (!out.empty()) out[below(out.size())] ^= static_cast<std::uint8_t>(1u << below(8)); break;
      case 1: if (!out.empty()) out[below(out.size())] = static_cast<std::uint8_t>(chance_()); break;
      case 2: out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(chance_())); break;
      case 3: {  // a piece goes
        const auto n = std::min(out.size() - at, below(16) + 1);
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(at + n));
        break;
      }
      case 4: {  // a piece stands twice
        const auto n = std::min(out.size() - at, below(64) + 1);
        const Input piece(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(at + n));
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(below(out.size() + 1)), piece.begin(), piece.end());
        break;
      }
      case 5: {  // a piece of another
        const auto& other = corpus_[below(corpus_.size())];
        const auto from = below(other.size() + 1);
        const auto n = std::min(other.size() - from, below(64) + 1);
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), other.begin() + static_cast<std::ptrdiff_t>(from), other.begin() + static_cast<std::ptrdiff_t>(from + n));
        break;
      }
      case 6: {
        const std::string_view word = kWords[below(std::size(kWords))];
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), word.begin(), word.end());
        break;
      }
      case 7: out.resize(at); break;
      default: {  // a word in the place of as many bytes
        const std::string_view word = kWords[below(std::size(kWords))];
        std::copy_n(word.begin(), std::min(word.size(), out.size() - at), out.begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
  }

  std::vector<Input> corpus_;
  std::mt19937 chance_;
};

}  // namespace

int main(int argc, char** argv) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE}) ::signal(signal, on_signal);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(tell);
  seed = static_cast<unsigned>(setting("SLUICE_SEED", std::random_device()() % 1'000'000'000));
  const auto runs = setting("SLUICE_FUZZ_RUNS", 10'000);
  const auto seconds = std::chrono::seconds(setting("SLUICE_FUZZ_SECONDS", 2));
  std::vector<std::string> names(argv + 1, argv + argc);
  const auto find = [](const std::string& name) {
    return std::find_if(std::begin(kTargets), std::end(kTargets), [&](const Target& target) { return name == target.name; });
  };
  if (names.size() == 2 && find(names[0]) != std::end(kTargets) && find(names[1]) == std::end(kTargets)) {
    run(*find(names[0]), read(names[1]));
    std::printf("%s: nothing found\n", names[0].c_str());
    return 0;
  }
  for (const auto& name : names)
    if (find(name) == std::end(kTargets)) return std::fprintf(stderr, "fuzz_all: there is no target %s\n", name.c_str()), 2;
  std::printf("SLUICE_SEED=%u\n", seed);
  int wrong = 0;
  for (const auto& target : kTargets) {
    if (!names.empty() && std::find(names.begin(), names.end(), target.name) == names.end()) continue;
    std::map<std::string, Input> corpus;  // in one order everywhere
    std::error_code none;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(SLUICE_SOURCE_DIR) / "fuzz/corpus" / target.name, none)) corpus[file.path().filename()] = read(file.path());
    if (corpus.empty()) std::fprintf(stderr, "fuzz_all: %s has no corpus\n", target.name), ++wrong;
    std::vector<Input> inputs;
    for (auto& [name, input] : corpus) inputs.push_back(input), run(target, input);
    run(target, {});
    Mutator mutator(std::move(inputs), seed);
    const auto began = std::chrono::steady_clock::now();
    unsigned long done = 0;
    while (done < runs && std::chrono::steady_clock::now() - began < seconds) run(target, mutator.next()), ++done;
    std::printf("%-16s %3zu in its corpus, %8lu runs\n", target.name, corpus.size(), done);
    std::fflush(stdout);
  }
  return wrong == 0 ? 0 : 1;
}
