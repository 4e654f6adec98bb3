-- How an organisation named a person when it added it, sealed: who adds somebody by a known address doesn't learn how others spell it (EXI-8).
ALTER TABLE affiliation ADD COLUMN given {blob};
