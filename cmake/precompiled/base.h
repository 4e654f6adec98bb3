// Compiled once for the rooms below the store: what most of their files begin with. Files still include what they use themselves, and a build without this
// (SLUICE_PRECOMPILED=OFF, as `./dev lint` has it) says where one does not.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/bind.h"
#include "base/bytes.h"
#include "base/id.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
