-- Texts that are written over a collection: aggregate reports, statements, comments; who stands behind them; and named groups that can be their author.

-- What it is, whose, what was let go of it and to whom, sealed. author: a keyed hash of the organisation or group.
CREATE TABLE threat_report (id {text} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), author {blob} NOT NULL, changed {int} NOT NULL, body {blob} NOT NULL);
-- A version never changes. body: its words, its figures and how they were gathered, sealed.
CREATE TABLE threat_report_version (report {text} NOT NULL REFERENCES threat_report (id), version {int} NOT NULL, at {int} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (report, version));
-- Who reads which version. reader: a keyed hash of an organisation, a group, a collection's members, all its readers, or everybody; version 0: all of them.
CREATE TABLE threat_report_reader (report {text} NOT NULL REFERENCES threat_report (id), reader {blob} NOT NULL, version {int} NOT NULL, at {int} NOT NULL, PRIMARY KEY (report, reader, version));
CREATE INDEX threat_report_reader_by_reader ON threat_report_reader (reader, at, report);
-- An organisation's own act on one version. body: who, when, in what words, the hash of what it endorsed, and whether it was taken back, sealed.
CREATE TABLE threat_report_endorsement (report {text} NOT NULL REFERENCES threat_report (id), version {int} NOT NULL, organisation {blob} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (report, version, organisation));
-- The first time that a version reached an organisation.
CREATE TABLE threat_report_delivery (report {text} NOT NULL REFERENCES threat_report (id), version {int} NOT NULL, organisation {blob} NOT NULL, at {int} NOT NULL, PRIMARY KEY (report, version, organisation));

-- A named group of a collection's readers. body: its name and who formed it, sealed.
CREATE TABLE threat_group (id {text} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), at {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX threat_group_by_collection ON threat_group (collection, at, id);
-- state: 0 asked to join, 1 joined, 2 left. body: who it is and who said so, sealed.
CREATE TABLE threat_group_member (threat_group {text} NOT NULL REFERENCES threat_group (id), organisation {blob} NOT NULL, state {int} NOT NULL, at {int} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (threat_group, organisation));
CREATE INDEX threat_group_member_by_organisation ON threat_group_member (organisation, state, threat_group);
