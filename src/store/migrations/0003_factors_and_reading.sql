-- The second factor, disabled people, break-glass, and who of those that must be watched read how much (AUT-2, AUT-4, ACC-5, ACC-12).

-- factor: sealed, with its secret, the last step that was used and the hashes of recovery codes. disabled_at: none of the person's affiliations counts.
ALTER TABLE person ADD COLUMN factor {blob};
ALTER TABLE person ADD COLUMN disabled_at {int};

-- One person asked that this person's factor be taken away; another one confirms.
CREATE TABLE factor_reset (person {text} PRIMARY KEY, asked_by {text} NOT NULL, asked_for {text} NOT NULL, asked_at {int} NOT NULL, expires {int} NOT NULL);

-- Which case, and why, is sealed in `body`: a row says no more of a case that is there than of one that never was.
CREATE TABLE glass (id {text} PRIMARY KEY, asked_by {text} NOT NULL, asked_at {int} NOT NULL, expires {int} NOT NULL, state {int} NOT NULL, answered_by {text}, answered_at {int}, until {int}, closed_at {int}, body {blob} NOT NULL);
CREATE INDEX glass_by_person ON glass (asked_by, state);

-- One row a person, hour and thing that was read; `object` is a keyed tag, and `hour` its first microsecond.
CREATE TABLE case_read (person {text} NOT NULL, organisation {text} NOT NULL, object {blob} NOT NULL, hour {int} NOT NULL, first_at {int} NOT NULL, last_at {int} NOT NULL, reads {int} NOT NULL, PRIMARY KEY (person, organisation, object, hour));
CREATE INDEX case_read_by_hour ON case_read (hour);
CREATE INDEX case_read_by_time ON case_read (person, last_at);
CREATE TABLE reading_alarm (person {text} NOT NULL, at {int} NOT NULL, organisation {text} NOT NULL, cases {int} NOT NULL, PRIMARY KEY (person, at));
