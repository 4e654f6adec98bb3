// Compiled once for the rooms from the store upwards (see base.h): a case, the store and the gate stand in nearly all of their files.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base.h"
#include "cvd/case.h"
#include "cvd/commands.h"
#include "gate/channel.h"
#include "gate/judge.h"
#include "regimes/evaluate.h"
#include "store/store.h"
