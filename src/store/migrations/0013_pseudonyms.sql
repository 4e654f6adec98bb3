-- Pseudonyms of members in collections, what a collection asks of them, and who was told whose one is.

-- What a collection's administrator set: how many members must share what is said of a sender, how much may be said, who reveals. body: sealed.
CREATE TABLE pseudonym_policy (collection {int} PRIMARY KEY REFERENCES collection (n), body {blob} NOT NULL);

-- name: what readers see. sender: a keyed hash of the id that stands for the member where its objects are kept; member: a keyed hash of collection and organisation, so that pseudonyms in two collections
-- can't be joined. state: 0 in use, 1 replaced by a newer one. body: that id, whose it is, what is said of it, sealed.
CREATE TABLE pseudonym (name {text} PRIMARY KEY, collection {int} NOT NULL REFERENCES collection (n), sender {blob} NOT NULL UNIQUE, member {blob} NOT NULL, state {int} NOT NULL, made {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX pseudonym_by_member ON pseudonym (member, made);

-- Tokens that send under a pseudonym and in no other way. token: a keyed hash of its id; body: the pseudonym's name, sealed.
CREATE TABLE pseudonym_token (token {blob} PRIMARY KEY, body {blob} NOT NULL);

-- That somebody asked whose a pseudonym is. state: 0 asked, 1 one trustee agreed, 2 revealed, 3 refused. pseudonym: its name; body: who asked, who answered, and why, sealed.
CREATE TABLE reveal (id {text} PRIMARY KEY, pseudonym {text} NOT NULL REFERENCES pseudonym (name), asked_at {int} NOT NULL, state {int} NOT NULL, body {blob} NOT NULL);
CREATE INDEX reveal_by_pseudonym ON reveal (pseudonym, asked_at);
CREATE INDEX reveal_by_time ON reveal (asked_at);
