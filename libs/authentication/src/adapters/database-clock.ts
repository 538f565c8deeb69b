/** The database's clock in SQL, in epoch milliseconds: one clock for all processes. */
export const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
