-- Postings are found by two indexes less, since taking an object in costs what its trees cost.

-- marks: 1 for the last, 2 for the first of the object's versions of this spec in this audience, 3 for both; it was two columns with an index each.
CREATE TABLE posting_anew (
  collection {int} NOT NULL, audience {int} NOT NULL, date_added {int} NOT NULL,
  object {int} NOT NULL, name {blob} NOT NULL, type {int} NOT NULL, spec {int} NOT NULL, version_at {int} NOT NULL, line {int} NOT NULL, since {int} NOT NULL,
  marks {int} NOT NULL,
  PRIMARY KEY (collection, audience, date_added)
);
INSERT INTO posting_anew (collection, audience, date_added, object, name, type, spec, version_at, line, since, marks)
  SELECT collection, audience, date_added, object, name, type, spec, version_at, line, since, is_last + 2 * is_first FROM posting ORDER BY collection, audience, date_added;
DROP TABLE posting;
ALTER TABLE posting_anew RENAME TO posting;
CREATE INDEX posting_by_name ON posting (collection, name, audience, date_added);
CREATE INDEX posting_by_object ON posting (object);
CREATE INDEX posting_by_marks ON posting (collection, audience, spec, marks, date_added);
CREATE INDEX posting_by_type_and_marks ON posting (collection, audience, type, spec, marks, date_added);
CREATE INDEX posting_by_version ON posting (collection, audience, version_at, date_added);
