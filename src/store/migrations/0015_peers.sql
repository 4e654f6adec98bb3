-- Collections of other TAXII servers that are read on a schedule, and through which of them an object came.

-- state: 0 active, 1 paused, 2 removed. due: when it is asked next; held_until, holder: the process that asks it now, and until when it may. organisation: a keyed hash of the one in whose name its objects are sent.
-- card: its address and credentials and where its objects go; progress: the place in its collection; health: what came of it. All three are sealed.
CREATE TABLE peer (
  id {text} PRIMARY KEY, state {int} NOT NULL, due {int} NOT NULL, held_until {int} NOT NULL, holder {blob}, organisation {blob} NOT NULL, card {blob} NOT NULL, progress {blob} NOT NULL, health {blob} NOT NULL
);
CREATE INDEX peer_by_due ON peer (state, due);

-- That a version of an object came through a peer. at: when it first did; body: the peer's own dates and the marks that it came with, sealed.
CREATE TABLE object_origin (object {int} NOT NULL, peer {text} NOT NULL, at {int} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (object, peer));
