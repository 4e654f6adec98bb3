-- Whose an object's id is, who may know of a collection at all, and no hash of sealed bytes that could be guessed.
--
-- No release had collections, and what is sealed in their cells and cards can't be made anew by SQL: collections and objects begin afresh here.
DROP TABLE posting;
DROP TABLE object_version;
DELETE FROM object_delivery;
DELETE FROM value_tag;
DELETE FROM intake_status;
DELETE FROM audience;
DELETE FROM collection;

-- Who reads (1) or writes (2) a collection, so that a lookup and a list touch nothing of those that stay hidden. organisation: a keyed hash of the organisation, or of "any that is signed in".
-- What is sealed on the collection's card decides; this table only says whose card may be opened.
CREATE TABLE collection_reader (organisation {blob} NOT NULL, collection {int} NOT NULL REFERENCES collection (n), rights {int} NOT NULL, PRIMARY KEY (organisation, collection));

-- One version of an object as it came. name: a keyed hash of its id; version_at: nanoseconds since 1970; spec: 2001 for 2.1; hash: a keyed hash of the SHA-256 of the bytes; content: a keyed hash of
-- id and canonical JSON; creator: a keyed hash of id and created_by_ref. body: id, version, SHA-256 and bytes, sealed with the collection's key unless the object is marked for anyone; without id, version and bytes
-- once it was deleted. sender: a keyed hash of the organisation.
CREATE TABLE object_version (
  n {int} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), name {blob} NOT NULL, version_at {int} NOT NULL, spec {int} NOT NULL,
  hash {blob} NOT NULL, content {blob} NOT NULL, creator {blob} NOT NULL, sender {blob} NOT NULL, sealed {int} NOT NULL, body {blob} NOT NULL
);

-- This object is met by this audience at this time, which no other posting of the collection has. What filters ask for stands here too. type: a keyed number.
-- line: whose versions of the object these are (lines.h), as a keyed number; since: when that line began in this audience.
-- is_last, is_first: among the object's versions of this spec in this audience; what other audiences meet changes nothing here.
CREATE TABLE posting (
  collection {int} NOT NULL, audience {int} NOT NULL, date_added {int} NOT NULL,
  object {int} NOT NULL, name {blob} NOT NULL, type {int} NOT NULL, spec {int} NOT NULL, version_at {int} NOT NULL, line {int} NOT NULL, since {int} NOT NULL,
  is_last {int} NOT NULL, is_first {int} NOT NULL,
  PRIMARY KEY (collection, audience, date_added)
);
-- One audience at a time, so that a reader costs what it meets.
CREATE INDEX posting_by_name ON posting (collection, name, audience, date_added);
CREATE INDEX posting_by_object ON posting (object);
-- What is asked for with equality comes first and date_added last, so that a page is a range of one index, or of two, wherever it begins.
CREATE INDEX posting_by_last ON posting (collection, audience, spec, is_last, date_added);
CREATE INDEX posting_by_first ON posting (collection, audience, spec, is_first, date_added);
CREATE INDEX posting_by_type_and_last ON posting (collection, audience, type, spec, is_last, date_added);
CREATE INDEX posting_by_type_and_first ON posting (collection, audience, type, spec, is_first, date_added);
CREATE INDEX posting_by_version ON posting (collection, audience, version_at, date_added);

-- Whose an id stays in an audience though all its versions there were deleted.
CREATE TABLE bound_id (collection {int} NOT NULL, name {blob} NOT NULL, audience {int} NOT NULL, line {int} NOT NULL, since {int} NOT NULL, PRIMARY KEY (collection, name, audience));
