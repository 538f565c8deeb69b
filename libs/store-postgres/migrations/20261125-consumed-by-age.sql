-- Old ones are found by age, and go.
create index consumed_at on consumed (at);
