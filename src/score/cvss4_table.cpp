// Made by make_cvss4_table.py; don't edit. The values of the CVSS 4.0 MacroVectors, in tenths.
//
// Source: numbers of the CVSS v4.0 specification (FIRST.Org, Inc.), as in FIRSTdotorg/cvss-v4-calculator (BSD-2-Clause).
#include <cstdint>

#include "score/cvss_metrics.h"

namespace sluice::cvss {

namespace {
constexpr std::int8_t kNone = -1;  // EQ3 2 with EQ6 0 can't occur

// A row an (EQ1, EQ2, EQ3); in it EQ4 0…2, EQ5 0…2, EQ6 0…1.
constexpr std::int8_t kTenths[18][18] = {
    {100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68},  // 000
    {98, 95, 95, 92, 90, 84, 93, 92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48},  // 001
    {kNone, 92, kNone, 82, kNone, 72, kNone, 79, kNone, 69, kNone, 50, kNone, 69, kNone, 55, kNone, 27},  // 002
    {99, 97, 95, 92, 92, 85, 95, 91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53},  // 010
    {95, 93, 92, 85, 85, 73, 92, 82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30},  // 011
    {kNone, 86, kNone, 75, kNone, 52, kNone, 71, kNone, 52, kNone, 29, kNone, 63, kNone, 29, kNone, 17},  // 012
    {98, 95, 94, 87, 91, 81, 94, 89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49},  // 100
    {94, 89, 88, 77, 76, 67, 86, 76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25},  // 101
    {kNone, 83, kNone, 70, kNone, 54, kNone, 65, kNone, 58, kNone, 26, kNone, 53, kNone, 21, kNone, 13},  // 102
    {95, 90, 88, 76, 76, 70, 90, 77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30},  // 110
    {89, 78, 76, 67, 62, 58, 74, 59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16},  // 111
    {kNone, 71, kNone, 59, kNone, 30, kNone, 58, kNone, 26, kNone, 15, kNone, 23, kNone, 13, kNone, 6},  // 112
    {93, 87, 86, 72, 75, 58, 86, 74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22},  // 200
    {85, 75, 74, 55, 62, 51, 72, 57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8},  // 201
    {kNone, 64, kNone, 51, kNone, 20, kNone, 47, kNone, 21, kNone, 11, kNone, 24, kNone, 9, kNone, 4},  // 202
    {88, 75, 73, 53, 60, 50, 73, 55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11},  // 210
    {75, 55, 58, 45, 40, 21, 61, 51, 48, 18, 20, 9, 46, 18, 17, 7, 8, 2},  // 211
    {kNone, 53, kNone, 24, kNone, 14, kNone, 24, kNone, 12, kNone, 5, kNone, 10, kNone, 3, kNone, 1},  // 212
};
}  // namespace

int macrovector_tenths(const std::array<int, 6>& eq) { return kTenths[(eq[0] * 2 + eq[1]) * 3 + eq[2]][(eq[3] * 3 + eq[4]) * 2 + eq[5]]; }

}  // namespace sluice::cvss
