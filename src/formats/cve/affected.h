// affected[] of a CVE record, for write.cpp alone.
#pragma once

#include <boost/json/array.hpp>

#include "formats/cve/write.h"

namespace sluice::formats::cve {

json::array affected(const advisory::Advisory& advisory, const advisory::Vulnerability& vulnerability, RecordVersion version, const std::string& where, Losses& losses);

}  // namespace sluice::formats::cve
