-- Acts in the process; the note that somebody signed in wrote a decision is none of the evidence.
SELECT 'process_event' AS what, count(*)::BIGINT AS amount FROM process_event WHERE kind <> 'signed_act'
