-- The first schema. Times are whole microseconds since 1970 UTC; ids are text; tags are 16-byte keyed hashes; "sealed" cells hold sealed records (docs/formats/sealed-record.md).

CREATE TABLE setting (name {text} PRIMARY KEY, value {text} NOT NULL);

-- One row; chain: the keyed hash over all entries so far. Every writing transaction begins by locking it (PostgreSQL), so positions have no gaps and stand in the order of commits.
CREATE TABLE ledger_head (id {int} PRIMARY KEY, pos {int} NOT NULL, tick {int} NOT NULL, wall {int} NOT NULL, boottime {int} NOT NULL, boot_id {text} NOT NULL, chain {blob});
INSERT INTO ledger_head (id, pos, tick, wall, boottime, boot_id) VALUES (1, 0, -1, 0, 0, '');

CREATE TABLE entry (
  pos {int} PRIMARY KEY,
  id {text} NOT NULL UNIQUE,
  stream {blob} NOT NULL,
  stream_seq {int} NOT NULL,
  tick {int},
  slot {int},
  recorded {int} NOT NULL,
  commitment {blob} NOT NULL,
  seal {blob} NOT NULL,
  record {blob} NOT NULL,
  UNIQUE (stream, stream_seq)
);
CREATE INDEX entry_by_tick ON entry (tick);

CREATE TABLE tick (n {int} PRIMARY KEY, t {int} NOT NULL, root {blob} NOT NULL);
CREATE TABLE checkpoint (size {int} PRIMARY KEY, note {text} NOT NULL, placed_outside_at {int});
CREATE TABLE compartment_key (stream {blob} NOT NULL, version {int} NOT NULL, key_id {blob} NOT NULL, epoch {int} NOT NULL, wrapped {blob}, erased_at {int}, PRIMARY KEY (stream, version));

-- em: the embargo's state; rank: the order of queues, small is urgent; version: raised by each command on the case.
CREATE TABLE case_row (case_id {text} PRIMARY KEY, owner {blob} NOT NULL, em {int} NOT NULL, rank {int} NOT NULL, version {int} NOT NULL, opened {int} NOT NULL, changed {int} NOT NULL, card {blob} NOT NULL);
CREATE TABLE case_stream (case_id {text} NOT NULL REFERENCES case_row (case_id), stream {blob} NOT NULL, head {int} NOT NULL, name {blob} NOT NULL, PRIMARY KEY (case_id, stream));
-- reads: 0 nothing, 1 the stub, 2 content. What the organisation is in the case stands sealed in `standing`.
CREATE TABLE participant (case_id {text} NOT NULL REFERENCES case_row (case_id), organisation {blob} NOT NULL, reads {int} NOT NULL, rank {int} NOT NULL, changed {int} NOT NULL, standing {blob} NOT NULL, PRIMARY KEY (case_id, organisation));
CREATE INDEX participant_by_organisation ON participant (organisation, reads, rank, case_id);
CREATE TABLE timer (due {int} NOT NULL, case_id {text} NOT NULL PRIMARY KEY);
CREATE INDEX timer_by_due ON timer (due);
CREATE TABLE alias (tag {blob} PRIMARY KEY, case_id {text} NOT NULL);

CREATE TABLE organisation (id {text} PRIMARY KEY, kind {int} NOT NULL, created {int} NOT NULL, version {int} NOT NULL, profile {blob} NOT NULL);
CREATE TABLE person (id {text} PRIMARY KEY, mail_tag {blob} NOT NULL UNIQUE, created {int} NOT NULL, profile {blob} NOT NULL, password {blob});
CREATE TABLE affiliation (person {text} NOT NULL REFERENCES person (id), organisation {text} NOT NULL REFERENCES organisation (id), role {int} NOT NULL, state {int} NOT NULL, PRIMARY KEY (person, organisation));
CREATE TABLE session (hash {blob} PRIMARY KEY, id {text} NOT NULL, person {text} NOT NULL, organisation {text} NOT NULL, created {int} NOT NULL, last_used {int} NOT NULL, expires {int} NOT NULL, stepped_up_at {int});
CREATE INDEX session_by_person ON session (person);
CREATE TABLE token (hash {blob} PRIMARY KEY, id {text} NOT NULL UNIQUE, person {text} NOT NULL, organisation {text} NOT NULL, scopes {int} NOT NULL, created {int} NOT NULL, expires {int} NOT NULL, high_until {int} NOT NULL, last_used {int}, revoked_at {int});
CREATE INDEX token_by_person ON token (person);

CREATE INDEX case_stream_by_stream ON case_stream (stream);
CREATE TABLE report (id {text} PRIMARY KEY, case_id {text} NOT NULL REFERENCES case_row (case_id), code_tag {blob} UNIQUE, code_hash {blob}, received {int} NOT NULL);

CREATE TABLE ruling (id {text} PRIMARY KEY, t {int} NOT NULL, outcome {int} NOT NULL, object {blob}, body {blob} NOT NULL);
CREATE INDEX ruling_by_object ON ruling (object);
CREATE TABLE access_grant (id {text} PRIMARY KEY, subject {blob} NOT NULL, object {blob} NOT NULL, kind {int} NOT NULL, ruling {text} NOT NULL, opened_at {int} NOT NULL, closed_at {int});
CREATE INDEX grant_by_object ON access_grant (object, subject);
-- One row a first delivery: entries from_seq..to_seq of a stream reached an organisation at this time. head: what delivery_head says.
CREATE TABLE delivery (stream {blob} NOT NULL, organisation {blob} NOT NULL, from_seq {int} NOT NULL, to_seq {int} NOT NULL, at {int} NOT NULL, channel {int} NOT NULL, ruling {text}, detail {blob} NOT NULL, PRIMARY KEY (stream, organisation, from_seq));
CREATE INDEX delivery_by_organisation ON delivery (organisation, at);
CREATE TABLE outbox (id {text} PRIMARY KEY, due {int} NOT NULL, channel {int} NOT NULL, tries {int} NOT NULL, order_key {blob} NOT NULL, state {int} NOT NULL, envelope {blob} NOT NULL);
CREATE INDEX outbox_by_due ON outbox (state, due);

CREATE TABLE file (id {text} PRIMARY KEY, size_class {int} NOT NULL, stream {blob} NOT NULL, created {int} NOT NULL, chunks {int} NOT NULL);
CREATE TABLE file_chunk (file {text} NOT NULL REFERENCES file (id), n {int} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (file, n));

-- Documents of a release: sealed until it fires, clear from then on (they are published). signature, sha256, sha512: the files beside a CSAF document, sealed with it until then.
CREATE TABLE document (hash {blob} PRIMARY KEY, case_id {text} NOT NULL, advisory {text} NOT NULL, version {int} NOT NULL, kind {text} NOT NULL, public {int} NOT NULL, name {text}, body {blob} NOT NULL, signature {text}, sha256 {text}, sha512 {text});
CREATE INDEX document_by_advisory ON document (advisory, version);
CREATE TABLE publication (advisory {text} NOT NULL, version {int} NOT NULL, tracking {text} NOT NULL, title {text} NOT NULL, summary {text} NOT NULL, first_released {int} NOT NULL, released {int} NOT NULL, document {text} NOT NULL, csaf {text} NOT NULL, PRIMARY KEY (advisory, version));
CREATE INDEX publication_by_time ON publication (released);
CREATE INDEX publication_by_tracking ON publication (tracking);
CREATE INDEX publication_by_csaf ON publication (csaf);

CREATE TABLE idempotency (viewer {blob} NOT NULL, key_tag {blob} NOT NULL, expires {int} NOT NULL, body_hash {blob} NOT NULL, answer {blob} NOT NULL, PRIMARY KEY (viewer, key_tag));
CREATE INDEX idempotency_by_expiry ON idempotency (expires);
