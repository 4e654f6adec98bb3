// Files of a case: sealed in chunks under the key of their compartment. Order and number of the chunks are bound, so none can be moved, left out or added.
#pragma once

#include "store/writing.h"

namespace sluice::store {

Result<void> write_file(Writing& writing, CaseId id, const access::Compartment& compartment, FileId file, ByteView body);
// What it is and who may have it was settled before: the caller saw the file in the viewer's own view.
Result<Bytes> read_file(Queries& db, Store& store, CaseId id, const access::Compartment& compartment, FileId file);

}  // namespace sluice::store
