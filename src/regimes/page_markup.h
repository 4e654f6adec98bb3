// The words that the printed evaluation is written in: base/markup.h, under the names that page*.cpp use.
#pragma once

#include "base/markup.h"

namespace sluice::regimes::page {

using markup::Attributes;
using markup::el;
using markup::escaped;
using markup::Html;
using markup::sheet;

}  // namespace sluice::regimes::page
