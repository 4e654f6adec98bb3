#include "service/openpgp.h"

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#include <algorithm>

#include "ledger/secret.h"

namespace sluice::service {

namespace {

template <auto destroy>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    destroy(thing);
  }
};
using Ffi = std::unique_ptr<rnp_ffi_st, Freed<rnp_ffi_destroy>>;
using Input = std::unique_ptr<rnp_input_st, Freed<rnp_input_destroy>>;
using Output = std::unique_ptr<rnp_output_st, Freed<rnp_output_destroy>>;
using Key = std::unique_ptr<rnp_key_handle_st, Freed<rnp_key_handle_destroy>>;
using Text = std::unique_ptr<char, Freed<rnp_buffer_destroy>>;
using Generate = std::unique_ptr<rnp_op_generate_st, Freed<rnp_op_generate_destroy>>;
using Sign = std::unique_ptr<rnp_op_sign_st, Freed<rnp_op_sign_destroy>>;
using Verify = std::unique_ptr<rnp_op_verify_st, Freed<rnp_op_verify_destroy>>;

// What fails here is memory, chance or our own call: nothing that a caller could mend.
Result<void> done(rnp_result_t code) {
  if (code == RNP_SUCCESS) return {};
  return fail(ErrorKind::Unavailable, std::string("OpenPGP failed: ") + rnp_result_to_string(code) + ".", {}, {}, "openpgp");
}

// librnp gives by pointer what it made: made<Ffi>(rnp_ffi_create, "GPG", "GPG").
template <class Owner, class Make, class... Args>
Result<Owner> made(Make make, Args... args) {
  typename Owner::pointer raw = nullptr;
  TRY(done(make(&raw, args...)));
  return Owner(raw);
}

// RFC 4880 §3.5: times are whole seconds in four octets, so they end in 2106.
constexpr std::uint32_t kEndOfTime = UINT32_MAX;
std::uint32_t seconds_of(Instant at) { return static_cast<std::uint32_t>(std::clamp<std::int64_t>(at.micros / 1'000'000, 1, kEndOfTime)); }

Result<Input> input_of(ByteView bytes) { return made<Input>(rnp_input_from_memory, bytes.data(), bytes.size(), false); }

Result<ByteView> bytes_in(const Output& output) {
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  TRY(done(rnp_output_memory_get_buf(output.get(), &bytes, &size, false)));
  return ByteView(bytes, size);
}

Result<Bytes> exported(const Key& key, std::uint32_t flags) {
  TRY(const auto output, made<Output>(rnp_output_to_memory, std::size_t{0}));
  TRY(done(rnp_key_export(key.get(), output.get(), flags)));
  TRY(const auto bytes, bytes_in(output));
  return Bytes(bytes.begin(), bytes.end());
}

Result<std::string> fingerprint_of(const Key& key) {
  TRY(const auto text, made<Text>([&](char** out) { return rnp_key_get_fprint(key.get(), out); }));
  return std::string(text.get());
}

// The one key that was loaded, whichever it is.
Result<Key> only_key(const Ffi& ffi) {
  rnp_identifier_iterator_t raw = nullptr;
  TRY(done(rnp_identifier_iterator_create(ffi.get(), &raw, "fingerprint")));
  const std::unique_ptr<rnp_identifier_iterator_st, Freed<rnp_identifier_iterator_destroy>> keys(raw);
  const char* fingerprint = nullptr;
  TRY(done(rnp_identifier_iterator_next(keys.get(), &fingerprint)));
  if (fingerprint == nullptr) return fail(ErrorKind::Invalid, "There is no OpenPGP key in this.", {}, {}, "openpgp");
  return made<Key>([&](rnp_key_handle_t* out) { return rnp_locate_key(ffi.get(), "fingerprint", fingerprint, out); });
}

// The time comes first: librnp judges a key as it is read, and one that the site's clock dated may lie in the machine's future.
Result<Ffi> with_keys(ByteView keys, std::uint32_t flags, std::uint32_t at) {
  TRY(auto ffi, made<Ffi>(rnp_ffi_create, "GPG", "GPG"));
  TRY(done(rnp_set_timestamp(ffi.get(), at)));
  TRY(const auto input, input_of(keys));
  if (rnp_import_keys(ffi.get(), input.get(), flags, nullptr) != RNP_SUCCESS) return fail(ErrorKind::Invalid, "This is no OpenPGP key.", {}, {}, "openpgp");
  return ffi;
}

}  // namespace

struct OpenPgpKey::Loaded {
  Ffi ffi;
  Key key;
  std::uint32_t created = 0;
  std::mutex mutex;  // librnp wants one thread at a time
};

OpenPgpKey::OpenPgpKey(std::unique_ptr<Loaded> loaded, std::string fingerprint, std::string public_key)
    : loaded_(std::move(loaded)), fingerprint_(std::move(fingerprint)), public_key_(std::move(public_key)) {}
OpenPgpKey::OpenPgpKey(OpenPgpKey&&) noexcept = default;
OpenPgpKey::~OpenPgpKey() = default;

Result<Bytes> OpenPgpKey::make_secret(const std::string& user_id, Instant created) {
  TRY(const auto ffi, made<Ffi>(rnp_ffi_create, "GPG", "GPG"));
  TRY(done(rnp_set_timestamp(ffi.get(), seconds_of(created))));
  TRY(const auto making, made<Generate>(rnp_op_generate_create, ffi.get(), "EDDSA"));  // Ed25519, the one curve of this algorithm
  TRY(done(rnp_op_generate_set_userid(making.get(), user_id.c_str())));
  TRY(done(rnp_op_generate_add_usage(making.get(), "sign")));
  TRY(done(rnp_op_generate_set_expiration(making.get(), 0)));  // never: an advisory is read for longer than any date we could set
  TRY(done(rnp_op_generate_execute(making.get())));
  TRY(const auto key, made<Key>([&](rnp_key_handle_t* out) { return rnp_op_generate_get_key(making.get(), out); }));
  return exported(key, RNP_KEY_EXPORT_SECRET);
}

Result<OpenPgpKey> OpenPgpKey::from(Opened<Bytes> secret) {
  Bytes bytes = std::move(secret).reveal();
  const ledger::Wiped wipe(bytes);
  auto loaded = std::make_unique<Loaded>();
  TRY(loaded->ffi, with_keys(bytes, RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_SECRET_KEYS, kEndOfTime));
  TRY(loaded->key, only_key(loaded->ffi));
  TRY(done(rnp_key_get_creation(loaded->key.get(), &loaded->created)));
  TRY(const auto armoured, exported(loaded->key, RNP_KEY_EXPORT_PUBLIC | RNP_KEY_EXPORT_ARMORED));
  TRY(auto fingerprint, fingerprint_of(loaded->key));
  return OpenPgpKey(std::move(loaded), std::move(fingerprint), std::string(text_of(armoured)));
}

Result<std::string> OpenPgpKey::sign(std::string_view document, Instant at) const {
  const auto seconds = std::max(seconds_of(at), loaded_->created);
  std::string signature;
  {
    const std::scoped_lock lock(loaded_->mutex);
    TRY(done(rnp_set_timestamp(loaded_->ffi.get(), seconds)));
    TRY(const auto input, input_of(bytes_of(document)));
    TRY(const auto output, made<Output>(rnp_output_to_memory, std::size_t{0}));
    TRY(const auto signing, made<Sign>(rnp_op_sign_detached_create, loaded_->ffi.get(), input.get(), output.get()));
    TRY(done(rnp_op_sign_set_armor(signing.get(), true)));
    TRY(done(rnp_op_sign_set_hash(signing.get(), "SHA512")));
    TRY(done(rnp_op_sign_set_creation_time(signing.get(), seconds)));
    TRY(done(rnp_op_sign_add_signature(signing.get(), loaded_->key.get(), nullptr)));
    TRY(done(rnp_op_sign_execute(signing.get())));
    TRY(const auto bytes, bytes_in(output));
    signature = text_of(bytes);
  }
  if (!verify(public_key_, document, signature, Instant{seconds * std::int64_t{1'000'000}}))
    return fail(ErrorKind::Unavailable, "A signature was made that doesn't hold.", {}, {}, "openpgp");
  return signature;
}

Result<void> verify(std::string_view public_key, std::string_view document, std::string_view signature, Instant at) {
  TRY(const auto ffi, with_keys(bytes_of(public_key), RNP_LOAD_SAVE_PUBLIC_KEYS, seconds_of(at)));
  TRY(const auto signed_input, input_of(bytes_of(document)));
  TRY(const auto signature_input, input_of(bytes_of(signature)));
  TRY(const auto verifying, made<Verify>(rnp_op_verify_detached_create, ffi.get(), signed_input.get(), signature_input.get()));
  // Success of the whole is not enough: librnp lets a signature of the future pass there.
  rnp_op_verify_signature_t one = nullptr;
  const bool holds = rnp_op_verify_execute(verifying.get()) == RNP_SUCCESS && rnp_op_verify_get_signature_at(verifying.get(), 0, &one) == RNP_SUCCESS &&
                     rnp_op_verify_signature_get_status(one) == RNP_SUCCESS;
  if (!holds) return fail(ErrorKind::Invalid, "This is no signature of this document by this key.");
  return {};
}

std::string user_id_of(std::string_view organisation, std::string_view origin) {
  constexpr std::size_t kMost = 127;  // librnp's
  const auto clean = [](std::string_view text) {
    std::string out(text);
    std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '(' || c == ')'; });
    return out;
  };
  const auto tail = " (" + clean(origin).substr(0, 80) + ")";
  auto name = clean(organisation);
  if (name.size() > kMost - tail.size()) {
    name.resize(kMost - tail.size());
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xc0) == 0x80) name.pop_back();  // never half a character
    if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xc0) name.pop_back();
  }
  return name + tail;
}

}  // namespace sluice::service
