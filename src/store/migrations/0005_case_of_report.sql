-- The case of a report without its row: for whom the report is hidden it must cost what no report costs (EXI-1).
CREATE INDEX report_in_case ON report (id, case_id);
