-- Planned releases of threat objects to a wider audience, and recalls with their receipts.

-- id: of a planned release. due: when it fires, nothing once it can't any more; state: 0 asked, 1 planned, 2 fired, 3 withdrawn, 4 refused, 5 held. sender: a keyed hash of the organisation.
-- body: which objects, how far, by whom and why, sealed.
CREATE TABLE widening (id {text} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), sender {blob} NOT NULL, state {int} NOT NULL, due {int}, asked_at {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX widening_by_due ON widening (due);
CREATE INDEX widening_by_collection ON widening (collection, sender, asked_at);

-- An object that was called back. name: a keyed hash of its id; sender: a keyed hash of the organisation that did it; body: its id, how and why, sealed.
CREATE TABLE recall (id {text} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), name {blob} NOT NULL, at {int} NOT NULL, sender {blob} NOT NULL, body {blob} NOT NULL);
CREATE INDEX recall_by_object ON recall (collection, name, at);

-- Told to an organisation that had fetched it. fetched: when it did first; answered: when it said what it did; body: what it said, sealed.
CREATE TABLE recall_notice (recall {text} NOT NULL REFERENCES recall (id), organisation {blob} NOT NULL, at {int} NOT NULL, fetched {int} NOT NULL, answered {int}, body {blob}, PRIMARY KEY (recall, organisation));
CREATE INDEX recall_notice_by_organisation ON recall_notice (organisation, at, recall);

-- Whose client an organisation is, for TLP:AMBER. client: a keyed hash of it; body: the ids of those whose client it is, sealed.
CREATE TABLE client (client {blob} PRIMARY KEY, body {blob} NOT NULL);
