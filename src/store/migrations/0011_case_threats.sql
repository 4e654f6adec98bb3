-- What ties cases and threat objects: how far a reader's objects were looked at, which of them touch its cases, and public lists of what is exploited.

-- reader: a keyed hash of the organisation; date_added: of the last object that was looked at for its cases.
CREATE TABLE case_threat_place (reader {blob} NOT NULL, collection {int} NOT NULL, date_added {int} NOT NULL, PRIMARY KEY (reader, collection));

-- name: a keyed hash of the organisation and an object's id. body: the cases and vulnerabilities that it touches, sealed.
CREATE TABLE case_touch (name {blob} PRIMARY KEY, body {blob} NOT NULL);

-- Public lists, as somebody imported them: nothing here is secret. since: when it was listed, or is said to be exploited; imported: when it first stood in a list that came in.
CREATE TABLE known_exploited (list {text} NOT NULL, cve {text} NOT NULL, since {int}, version {text} NOT NULL, imported {int} NOT NULL, PRIMARY KEY (list, cve));
CREATE INDEX known_exploited_by_cve ON known_exploited (cve);
