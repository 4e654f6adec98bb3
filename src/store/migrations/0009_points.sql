-- What members say of each other's objects, what each of them gave, and the tables that an alliance votes on.

-- A member's doubt about one object; name: a keyed hash of the object's id. body: who doubts, why, and what a person decided, sealed.
CREATE TABLE doubt (id {text} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), name {blob} NOT NULL, at {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX doubt_by_object ON doubt (collection, name, at);
CREATE INDEX doubt_by_time ON doubt (collection, at);

-- One gift of a member, or one find that was proven to be noise. id: a keyed hash of member, kind and what it counts for, so that it counts once; member: a keyed hash of the organisation.
CREATE TABLE contribution (id {text} PRIMARY KEY, member {blob} NOT NULL, at {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX contribution_by_member ON contribution (member, at);
-- Up to which object what the member sent was gone through.
CREATE TABLE contribution_gathered (member {blob} PRIMARY KEY, object {int} NOT NULL);
CREATE INDEX object_version_by_sender ON object_version (sender, n);

-- A table that was proposed, its votes, and since when it is in force: all sealed. n: in the order of the proposals.
CREATE TABLE alliance_table (n {int} PRIMARY KEY, id {text} NOT NULL UNIQUE, body {blob} NOT NULL);

-- How much an organisation was given today.
CREATE INDEX object_delivery_by_time ON object_delivery (organisation, at);
