-- Collections of threat objects, their versions as they came, and who meets each of them when.

-- n: a small number for other tables; head: the newest date_added that was given out. card: title, description, alias, audiences and policies, sealed.
CREATE TABLE collection (n {int} PRIMARY KEY, id {text} NOT NULL UNIQUE, alias {blob} UNIQUE, created {int} NOT NULL, head {int} NOT NULL, card {blob} NOT NULL);

-- One part of a collection's readers: all of them, its members, one organisation. name: a keyed hash of collection and part.
CREATE TABLE audience (n {int} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), name {blob} NOT NULL UNIQUE);

-- One version of an object as it came. name: a keyed hash of its id; version_at: nanoseconds since 1970; spec: 2001 for 2.1; hash: SHA-256 of the bytes; content: a keyed hash of id and canonical JSON.
-- body: id, version and bytes, sealed with the collection's key unless the object is marked for anyone; nothing once it was deleted. sender: a keyed hash of the organisation.
CREATE TABLE object_version (n {int} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), name {blob} NOT NULL, version_at {int} NOT NULL, spec {int} NOT NULL, hash {blob} NOT NULL, content {blob} NOT NULL, sender {blob} NOT NULL, sealed {int} NOT NULL, body {blob});

-- This object is met by this audience at this time, which no other posting of the collection has. What filters ask for stands here too. type: a keyed number.
-- is_last, is_first: among the object's versions of this spec in this audience; what other audiences meet changes nothing here.
CREATE TABLE posting (
  collection {int} NOT NULL, audience {int} NOT NULL, date_added {int} NOT NULL,
  object {int} NOT NULL, name {blob} NOT NULL, type {int} NOT NULL, spec {int} NOT NULL, version_at {int} NOT NULL,
  is_last {int} NOT NULL, is_first {int} NOT NULL,
  PRIMARY KEY (collection, audience, date_added)
);
-- One audience at a time, so that a reader costs what it meets.
CREATE INDEX posting_by_name ON posting (collection, name, audience, date_added);
CREATE INDEX posting_by_object ON posting (object);
-- What is asked for with equality comes first and date_added last, so that a page is a range of one index, wherever it begins.
CREATE INDEX posting_by_last ON posting (collection, audience, is_last, date_added);
CREATE INDEX posting_by_first ON posting (collection, audience, is_first, date_added);
CREATE INDEX posting_by_type ON posting (collection, audience, type, date_added);
CREATE INDEX posting_by_type_and_last ON posting (collection, audience, type, is_last, date_added);
CREATE INDEX posting_by_version ON posting (collection, audience, version_at, date_added);

-- The first time that a version of an object reached an organisation.
CREATE TABLE object_delivery (organisation {blob} NOT NULL, object {int} NOT NULL, at {int} NOT NULL, channel {int} NOT NULL, PRIMARY KEY (organisation, object));
CREATE INDEX object_delivery_by_object ON object_delivery (object);

-- Values in objects that can be looked up, by keyed hash.
CREATE TABLE value_tag (tag {blob} NOT NULL, object {int} NOT NULL, PRIMARY KEY (tag, object));

-- What became of an envelope that somebody added; owner: a keyed hash of the person and the organisation acted for.
CREATE TABLE intake_status (id {text} PRIMARY KEY, owner {blob} NOT NULL, expires {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX intake_status_by_expiry ON intake_status (expires);
