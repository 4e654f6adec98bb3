// `sluice cvss score`: vectors in, scores out, a line each (contracts §4).
#include <algorithm>
#include <cstdio>

#include "cli/console.h"
#include "cli/verb.h"
#include "score/cvss_metrics.h"

namespace sluice::cli {

namespace {

// Written by hand, since a score has one decimal, always: 10.0.
std::string decimal(int tenths) { return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10); }
int tenths(double score) { return static_cast<int>(score * 10 + 0.5); }

struct Scored {
  std::string line;
  bool valid = true;
};

std::string in_json(std::string_view text) { return json::serialize(json::string(text)); }

std::string word(cvss::Rating rating) {
  auto out = std::string(cvss::to_text(rating));
  for (std::size_t i = 1; i < out.size(); ++i) out[i] = static_cast<char>(out[i] - 'A' + 'a');
  return out;
}

bool stands_in(std::string_view vector, std::initializer_list<std::string_view> metrics) {
  return std::any_of(metrics.begin(), metrics.end(), [&](std::string_view metric) {
    for (auto at = vector.find(metric); at != vector.npos; at = vector.find(metric, at + 1))
      if ((at == 0 || vector[at - 1] == '/' || vector[at - 1] == '(') && vector.substr(at + metric.size()).starts_with(':')) return true;
    return false;
  });
}

Scored answer(std::string_view text) {
  const auto score = cvss::score(text);
  const auto vector = cvss::read_vector(text);
  if (!score || !vector) {
    const auto& error = score ? vector.error() : score.error();
    return {"{\"vector\":" + in_json(text) + ",\"error\":" + in_json(error.message) + ",\"where\":" + in_json(error.where) + "}", false};
  }
  std::string out = "{\"vector\":" + in_json(text) + ",\"version\":" + in_json(cvss::to_text(score->version)) + ",\"score\":" + decimal(tenths(score->overall));
  out += ",\"severity\":" + in_json(word(score->rating));
  if (score->version == cvss::Version::V4_0) return {out + ",\"macrovector\":" + in_json(cvss::macrovector(text)) + ",\"nomenclature\":" + in_json(cvss::nomenclature(text)) + "}"};
  const bool old = score->version == cvss::Version::V2_0;
  const auto all = old ? cvss::score2(*vector) : cvss::score3(*vector);
  out += ",\"base\":" + decimal(all.base) + ",\"temporal\":" + decimal(all.temporal);
  const bool has_environment = !old || stands_in(text, {"CDP", "TD", "CR", "IR", "AR"});
  return {out + ",\"environmental\":" + (has_environment ? decimal(all.environmental) : "null") + "}"};
}

// A line is a JSON string, an object with "vector", or the vector itself.
std::string vector_of(const std::string& line) {
  if (!line.starts_with('"') && !line.starts_with('{')) return line;
  const auto value = parse_json(line);
  if (!value) return line;
  return std::string(value->is_string() ? std::string_view(value->get_string()) : string_at(*value, "vector"));
}

Result<int> score(const Arguments& a) {
  bool valid = true;
  const auto take = [&](const std::string& vector) {
    const auto one = answer(vector);
    valid = valid && one.valid;
    if (a.json()) return print(one.line);
    const auto score = cvss::score(vector);
    print(score ? decimal(tenths(score->overall)) + "  " + word(score->rating) + "  " + vector : "-  " + score.error().message + " (" + score.error().where + ")  " + vector);
  };
  for (const auto& given : a.all("VECTOR")) {
    if (given != "-") {
      take(given);
      continue;
    }
    TRY(const auto text, read_input("-"));
    for (std::size_t from = 0; from < text.size();) {
      const auto end = std::min(text.find('\n', from), text.size());
      auto line = text.substr(from, end - from);
      from = end + 1;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (!line.empty()) take(vector_of(line));
    }
  }
  return valid ? 0 : 1;
}

// clang-format off
const Verb kScoreVerbs[] = {
    {"cvss", "score", "Score CVSS vectors: 2.0, 3.0, 3.1, 4.0. With `-`: JSON Lines from standard input.", "sluice cvss score CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H\nsluice cvss score - --json < vectors.jsonl",
     {{"VECTOR", "", Takes::Files, "a vector, or - for standard input"}, {"--json", "", Takes::Switch, "an object a line: vector, version, score, severity, base, temporal, environmental"}}, score},
};
// clang-format on

}  // namespace

std::span<const Verb> score_verbs() { return kScoreVerbs; }

}  // namespace sluice::cli
