-- By what a reader's cases were looked for in a collection already, each once: what is new is looked up by value and by reference, and nothing is gone through again.
-- reader: a keyed hash of the organisation; key: a keyed hash of the case and what it is known by.
CREATE TABLE case_threat_key (reader {blob} NOT NULL, collection {int} NOT NULL, key {blob} NOT NULL, PRIMARY KEY (reader, collection, key));
