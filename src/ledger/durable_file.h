// Small secret files, written so that a crash leaves the old or the new one, and removed so that little is left to find.
#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace sluice::ledger {

enum class Existing { Refuse, Replace };

// Temporary file (0600), fsync, rename or link, fsync of the folder.
Result<void> write_durably(const std::filesystem::path& path, ByteView bytes, Existing existing);

// Refuses what the group or others may read, write or run, what is no regular file, and what is larger than `most`.
Result<Bytes> read_owner_only(const std::filesystem::path& path, std::size_t most);

// Rename to *.gone, overwrite, fsync, unlink, fsync of the folder; NotFound if there is neither. After a crash, called again, it finishes. What a copying file system or a flash disk kept of it below is out of reach: hence sealed content.
Result<void> destroy_durably(const std::filesystem::path& path, Random& random);

}  // namespace sluice::ledger
