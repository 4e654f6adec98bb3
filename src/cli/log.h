// The log: one JSON object a line on standard error (OBS-1). Other rooms use spdlog's default logger; what they write is put into the same form.
//
// Never in it: content, titles, mail addresses, ids of cases, tokens, codes, keys. The one exception is the first-run code, which is there to be read.
#pragma once

#include <string_view>

#include <boost/json/serialize.hpp>

#include "base/json.h"

namespace sluice::cli {

enum class Level { Info, Warning, Alarm };

void start_log(Level least = Level::Info);
void log(Level level, std::string_view event, json::object fields = {});

}  // namespace sluice::cli
