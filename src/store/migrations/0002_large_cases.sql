-- How far a person has read in a case. mark: a keyed hash of person and case, so that the rows tell neither; positions: by compartment, sealed.
CREATE TABLE read_mark (mark {blob} PRIMARY KEY, positions {blob} NOT NULL);

-- A queue is read in the order of its index, however long it is: with `reads` in the middle, which is asked for as a range, all rows of an organisation had to be sorted for its first page.
DROP INDEX participant_by_organisation;
CREATE INDEX participant_in_order ON participant (organisation, rank, case_id, reads) WHERE reads > 0;
