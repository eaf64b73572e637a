-- The newest deferrals and bounces, and their replies, are what the page asks for all day: one event in fifteen,
-- so the index costs the COPY next to nothing.
create index mail_event_trouble on mail_event (time desc) where action in ('deferred', 'bounced');
