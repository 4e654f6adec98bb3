-- What objects are found by lies in sorted runs (runs.h) instead of trees whose every entry falls on another page.
--
-- What the runs hold can't be made of the tables before by SQL, and no release had collections: collections stay, their objects begin afresh here.
DROP TABLE value_tag;
DROP TABLE network_tag;
DROP TABLE object_ref;
DROP TABLE posting;
DROP TABLE object_version;
DELETE FROM object_delivery;
DELETE FROM bound_id;
DELETE FROM object_origin;
DELETE FROM contribution_gathered;
DELETE FROM widening;

-- One version of an object as it came: see 0007. created_at: its `created` in nanoseconds since 1970, 0 where it has none; revoked: does it say so. ties: of what it is found by, the sort and eight bytes of the keyed hash each, so that it can be found by further readers, or by nobody any more.
CREATE TABLE object_version (
  n {int} PRIMARY KEY, collection {int} NOT NULL, name {blob} NOT NULL, version_at {int} NOT NULL, spec {int} NOT NULL, created_at {int} NOT NULL,
  hash {blob} NOT NULL, content {blob} NOT NULL, creator {blob} NOT NULL, sender {blob} NOT NULL, sealed {int} NOT NULL, revoked {int} NOT NULL, ties {blob} NOT NULL, body {blob} NOT NULL
);
CREATE INDEX object_version_by_sender ON object_version (sender, n);

-- This object is met by this audience at this time: see 0007 and 0018. plain: 1 where the audience has the object in one spec alone, and no version of it twice; then its marks tell all of it.
CREATE TABLE posting (
  collection {int} NOT NULL, audience {int} NOT NULL, date_added {int} NOT NULL,
  object {int} NOT NULL, name {blob} NOT NULL, type {int} NOT NULL, spec {int} NOT NULL, version_at {int} NOT NULL, line {int} NOT NULL, since {int} NOT NULL,
  marks {int} NOT NULL, plain {int} NOT NULL,
  PRIMARY KEY (collection, audience, date_added)
) {clustered};
CREATE INDEX posting_by_object ON posting (object);
CREATE INDEX posting_by_marks ON posting (collection, audience, spec, marks, date_added);
CREATE INDEX posting_by_type_and_marks ON posting (collection, audience, type, spec, marks, date_added);
CREATE INDEX posting_by_version ON posting (collection, audience, version_at, date_added);

-- Objects that were ever posted to several audiences of their collection: one row for each of these, so that whoever reads only one of them finds none of another that it reads.
CREATE TABLE several (collection {int} NOT NULL, name {blob} NOT NULL, audience {int} NOT NULL, PRIMARY KEY (collection, name, audience)) {clustered};

-- A sorted run of entries. part: 0 names, 1 what objects are found by; level: by its size; state: 0 whole, 1 whole and being merged into `output`, 2 in the making, 3 merged and on its way out.
-- mark: drawn by lot, so that nobody takes one run for another; upto: how far one in the making has come.
CREATE TABLE index_run (
  n {int} PRIMARY KEY, collection {int} NOT NULL, part {int} NOT NULL, level {int} NOT NULL, entries {int} NOT NULL, state {int} NOT NULL, output {int} NOT NULL, mark {int} NOT NULL, upto {blob} NOT NULL
);
CREATE INDEX index_run_by_part ON index_run (collection, part);
CREATE TABLE index_page (run {int} NOT NULL, first {blob} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (run, first));
