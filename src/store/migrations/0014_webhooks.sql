-- Webhooks: where what a member follows in a collection is sent, and how far it was. Recalls get a place in the order of their collection, so that one cursor is good for both.

-- collection: of the recall; posted: when it was told, as a date_added that no posting of the collection has.
ALTER TABLE recall_notice ADD COLUMN collection {int} NOT NULL DEFAULT 0;
ALTER TABLE recall_notice ADD COLUMN posted {int} NOT NULL DEFAULT 0;
UPDATE recall_notice SET posted = at, collection = (SELECT recall.collection FROM recall WHERE recall.id = recall_notice.recall);
CREATE INDEX recall_notice_by_date ON recall_notice (collection, posted, organisation);
CREATE INDEX recall_notice_by_reader ON recall_notice (organisation, collection, posted);

-- owner: a keyed hash of the organisation. state: 0 active, 1 paused, 2 suspended, 3 failed, 4 gone. changed: grows with each change of any row. place, told: how far objects and recalls were delivered, as dates
-- of the collection. due: when the next attempt is made, nothing for at once; failing: since when attempts fail in a row. held: until when the node that delivers has it.
-- body: whose it is, where it sends, what it picks, its secrets; report: what is under way and what became of the last attempts; both sealed.
CREATE TABLE webhook (id {text} PRIMARY KEY, owner {blob} NOT NULL, state {int} NOT NULL, changed {int} NOT NULL, place {int} NOT NULL, told {int} NOT NULL, due {int}, failing {int}, held {int}, body {blob} NOT NULL, report {blob} NOT NULL);
CREATE INDEX webhook_by_owner ON webhook (owner, id);
CREATE INDEX webhook_by_state ON webhook (state, id);
CREATE INDEX webhook_by_change ON webhook (changed);
