#include "service/passwords.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace sluice::service {

namespace {

constexpr std::size_t kMemory = 64u << 20;
constexpr int kAtOnce = 2;
constexpr auto kWait = std::chrono::seconds(5);

// The whole process's: what is kept within bounds is its memory.
class Turns {
 public:
  bool take() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, kWait, [this] { return running_ < kAtOnce; })) return false;
    ++running_;
    ++done_;
    return true;
  }
  void give_back() {
    {
      std::scoped_lock lock(mutex_);
      --running_;
    }
    freed_.notify_one();
  }
  std::uint64_t done() {
    std::scoped_lock lock(mutex_);
    return done_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int running_ = 0;
  std::uint64_t done_ = 0;
};

Turns& turns() {
  static Turns turns;
  return turns;
}

struct Turn {
  bool taken = turns().take();
  Turn() = default;
  Turn(const Turn&) = delete;
  ~Turn() {
    if (taken) turns().give_back();
  }
};

std::unexpected<Error> busy() { return fail(ErrorKind::Unavailable, "Too many people sign in at this moment. Please try again.", {}, {}, "busy"); }

unsigned long long passes(SlowCost cost) { return cost == SlowCost::Password ? 3 : 2; }

// A hash that nothing is known to give, with the parameters of the real ones: what is verified when there is none (S1).
constexpr std::string_view kNobodys[] = {
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

// Bases of common passwords, and sequences people lengthen to reach a minimum. A password is common if it is one of these once digits and signs
// around it are taken away, or several of them in a row.
constexpr auto kCommon = std::to_array<std::string_view>({
    "0123456789", "1234567890", "0987654321", "9876543210", "123456789", "12345678", "1234567", "123456", "12345", "1234", "123", "123123", "123321", "111111", "000000", "222222", "333333",
    "444444", "555555", "666666", "777777", "888888", "999999", "654321", "112233", "121212", "123qwe", "1q2w3e4r5t", "1q2w3e4r", "1q2w3e", "1qaz2wsx", "q1w2e3r4", "zaq12wsx", "abc123", "abcd1234", "a1b2c3",
    "abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abcdef", "abcd", "abc", "qwertyuiop", "qwertyuiopasdfghjklzxcvbnm", "qwerty", "qwertz", "azerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "qazwsxedc", "qazwsx", "qweasdzxc", "qwe", "asd", "zxc", "poiuytrewq", "lkjhgfdsa",
    "password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "pa$$word", "pa$$w0rd", "pass", "passphrase", "passcode", "motdepasse", "contrasena", "contraseña", "wachtwoord", "senha", "parola", "haslo", "mima", "пароль",
    "letmein", "welcome", "willkommen", "admin", "administrator", "root", "user", "guest", "login", "test", "testing", "tester", "default", "changeme", "change", "secret", "geheim", "master", "superman", "batman", "spiderman", "pokemon", "starwars", "football", "baseball", "basketball", "soccer", "hockey", "tennis", "liverpool", "chelsea", "arsenal", "barcelona", "dragon", "monkey", "shadow", "sunshine", "princess", "flower", "butterfly", "summer", "winter", "spring", "autumn", "sommer", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "monday", "friday", "sunday",
    "iloveyou", "ilove", "loveyou", "lovely", "love", "forever", "whatever", "trustno1", "trustnoone", "computer", "internet", "google", "facebook", "microsoft", "windows", "samsung", "apple", "linkedin", "adobe123", "photoshop", "server", "system", "network", "database", "security", "cyber", "hello", "helloworld", "world", "freedom", "hunter", "killer", "pepper", "ginger", "cookie", "chocolate", "cheese", "banana", "orange", "purple", "silver", "golden", "diamond", "matrix", "access", "thunder", "mustang", "ferrari", "mercedes", "corvette", "harley", "yankees", "cowboys", "eagles", "michael", "michelle", "jennifer", "jessica", "jordan", "george", "charlie", "andrew", "thomas", "robert", "daniel", "anthony", "joshua", "ashley", "nicole", "amanda", "matthew", "maggie", "hannah", "samantha", "alexander", "william",
    "correcthorsebatterystaple", "correcthorse", "batterystaple", "fuckyou", "fuck", "sexy", "asshole", "naruto", "minecraft", "fortnite", "whoami", "nothing", "secure", "private", "temp", "temporary", "sluice", "vulnerability", "disclosure", "embargo", "report", "coordinator", "vendor",
});

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Made of nothing but listed words, digits and signs, of which at most eight digits and signs: "Password2024!!", "qwertyqwerty".
bool is_made_of_common(std::string_view text) {
  constexpr std::size_t kNever = 1'000'000;
  std::vector<std::size_t> free(text.size() + 1, kNever);  // fewest loose characters up to here
  free[0] = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (free[at] == kNever) continue;
    if (!is_letter(text[at])) free[at + 1] = std::min(free[at + 1], free[at] + 1);
    for (const auto word : kCommon)
      if (text.substr(at).starts_with(word)) free[at + word.size()] = std::min(free[at + word.size()], free[at]);
  }
  return free[text.size()] <= 8;
}

// A short piece again and again: "aaaaaaaaaaaa", "ab1ab1ab1ab1".
bool is_repetition(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length * 3 <= text.size(); ++length) {
    bool same = true;
    for (std::size_t i = length; i < text.size() && same; ++i) same = text[i] == text[i - length];
    if (same) return true;
  }
  return false;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// With what is the person's own taken out, is too little left?
bool is_made_of(std::string_view password, std::string_view own) {
  if (own.size() < 4) return false;
  std::string rest(password);
  bool found = false;
  for (auto at = rest.find(own); at != rest.npos; at = rest.find(own)) rest.erase(at, own.size()), found = true;
  return found && characters(rest) < 12;
}

}  // namespace

Result<std::string> slow_hash(std::string_view secret, SlowCost cost) {
  const Turn turn;
  if (!turn.taken) return busy();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), secret.data(), secret.size(), passes(cost), kMemory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorKind::Unavailable, "There is not enough memory for this at the moment.", {}, {}, "memory");
  return std::string(out.data());
}

Result<bool> slow_verify(const std::optional<std::string>& stored, std::string_view secret, SlowCost cost) {
  const Turn turn;
  if (!turn.taken) return busy();
  const std::string against(stored ? std::string_view(*stored) : kNobodys[static_cast<int>(cost)]);
  const bool right = crypto_pwhash_str_verify(against.c_str(), secret.data(), secret.size()) == 0;
  return right && stored.has_value();
}

std::uint64_t slow_hashes_done() { return turns().done(); }

Result<void> check_password(std::string_view password, std::string_view name, std::string_view mail) {
  if (password.size() > 1024) return fail(ErrorKind::Invalid, "A password has at most 1024 bytes.", "/password", "AUT-1");
  if (characters(password) < 12) return fail(ErrorKind::Invalid, "A password has at least 12 characters. Several unrelated words are easy to remember.", "/password", "AUT-1");
  const auto plain = in_lower_case(password);
  if (is_made_of_common(plain) || is_repetition(plain)) return fail(ErrorKind::Invalid, "This password is one of the common ones that are tried first. Please choose another.", "/password", "AUT-1");

  std::vector<std::string> own{in_lower_case(mail), in_lower_case(mail.substr(0, mail.find('@'))), in_lower_case(name)};
  std::string word;
  for (const char c : in_lower_case(name) + " ") {
    if (c != ' ') word += c;
    else own.push_back(std::exchange(word, {}));
  }
  for (const auto& part : own)
    if (is_made_of(plain, part)) return fail(ErrorKind::Invalid, "This password is made of your name or mail address. Please choose another.", "/password", "AUT-1");
  return {};
}

}  // namespace sluice::service
