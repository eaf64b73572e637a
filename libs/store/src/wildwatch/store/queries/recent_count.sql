-- Rows whose own time lies within the last minute.
select count(*) from mail_event where time > now() - interval '1 minute' and time <= now()
