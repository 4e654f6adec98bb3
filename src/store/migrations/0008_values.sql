-- What objects are about and what they name, found by keyed hash: one row for each audience that meets the object, so that a question costs what its reader meets.
-- place: the object's number times 65536, and a number among its rows: what belongs to an object is a range of the table itself.

-- tag: of a value in its one spelling. Nothing was ever written to the table of this name before.
DROP TABLE value_tag;
CREATE TABLE value_tag (place {int} PRIMARY KEY, tag {blob} NOT NULL, audience {int} NOT NULL, object {int} NOT NULL);
CREATE INDEX value_tag_by_value ON value_tag (tag, audience, object);

-- The network of a fixed size that an address lies in: a hash can't be asked for a range.
CREATE TABLE network_tag (place {int} PRIMARY KEY, tag {blob} NOT NULL, audience {int} NOT NULL, object {int} NOT NULL);
CREATE INDEX network_tag_by_network ON network_tag (tag, audience, object);

-- target: a keyed hash of the id of the object that is named, whether it is there or not; kind: 1 source_ref, 2 target_ref, 3 sighting_of_ref, 4 created_by_ref, 5 what it is derived from, 6 any other.
CREATE TABLE object_ref (place {int} PRIMARY KEY, target {blob} NOT NULL, kind {int} NOT NULL, audience {int} NOT NULL, object {int} NOT NULL);
CREATE INDEX object_ref_by_target ON object_ref (target, kind, audience, object);
