#include "cli/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/time.h"

namespace sluice::cli {

namespace {

// {"at":…,"level":…, then either the object a message is, or "message"}. Written whole, so lines of several threads don't mix.
class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch()).count();
    const std::string_view text(message.payload.data(), message.payload.size());
    const std::string level(message.level == spdlog::level::warn   ? "warning"
                            : message.level >= spdlog::level::err  ? "alarm"
                            : message.level == spdlog::level::info ? "info"
                                                                   : "debug");
    std::string line = R"({"at":")" + to_text(Instant{micros}) + R"(","level":")" + level + R"(",)";
    if (text.size() > 2 && text.front() == '{' && text.back() == '}') line.append(text.substr(1));
    else line += R"("message":)" + json::serialize(json::string(text)) + "}";
    line += '\n';
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonLines>(); }
};

spdlog::level::level_enum level_of(Level level) { return level == Level::Info ? spdlog::level::info : level == Level::Warning ? spdlog::level::warn : spdlog::level::err; }

}  // namespace

void start_log(Level least) {
  auto logger = std::make_shared<spdlog::logger>("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::make_unique<JsonLines>());
  logger->set_level(level_of(least));
  spdlog::set_default_logger(std::move(logger));
}

void log(Level level, std::string_view event, json::object fields) {
  json::object out{{"event", event}};
  for (auto& field : fields) out[field.key()] = std::move(field.value());
  spdlog::default_logger_raw()->log(level_of(level), "{}", json::serialize(out));
}

}  // namespace sluice::cli
